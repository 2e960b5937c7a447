"""What stands in rows for a text or a file that is known only when resources are made."""

from typing import Any

import pulumi
import pytest

from components.model import Opaque, Parts
from components.targets.outputs import resolved
from components.targets.rows import Archive, Digest, Extract, Joined, Json, Ref, part, refs

CLUSTER = "arn:aws:ecs:eu-central-1:123456789012:cluster/main"


def known(value: Any, look_up: Any = None) -> Any:
    """What a value is once all is known."""
    found: list[Any] = []
    output: pulumi.Output[Any] = resolved(value, look_up)
    output.apply(found.append)
    pulumi.runtime.sync_await._sync_await(output.future())
    return found[0]


@pytest.mark.parametrize(
    ("text", "meant"), [(CLUSTER, "main"), ("arn:aws:ecs:x:1:cluster/a/b", "a/b"), ("elsewhere", "elsewhere")]
)
def test_a_part_of_a_text_is_taken_by_a_pattern_at_once_or_when_it_is_known(text: str, meant: str) -> None:
    assert part(text, "cluster/(.+)") == meant
    assert known(part(pulumi.Output.from_input(text), "cluster/(.+)")) == meant


def test_a_part_is_taken_of_what_another_resource_puts_out() -> None:
    value = Joined(("service/", Extract(Ref("Service", "web", "id"), "cluster/(.+)")))
    assert known(value, lambda ref: pulumi.Output.from_input(CLUSTER)) == "service/main"
    assert list(refs(value)) == [Ref("Service", "web", "id")]


def test_files_are_one_archive() -> None:
    archive = resolved(Archive({"main.py": "pass"}), lambda ref: None)
    assert {name: asset.text for name, asset in archive.assets.items()} == {"main.py": "pass"}


def test_text_of_what_is_known_is_made_at_once() -> None:
    arguments = {
        "policy": Json({"b": [1, None, True], "a": "text"}, secret=False),
        "arn": Joined(("group", ":*")),
        "text": Parts(["a", Opaque("b", secret=False)]),
    }
    assert resolved(arguments, lambda ref: None) == {
        "policy": '{"a": "text", "b": [1, null, true]}',
        "arn": "group:*",
        "text": "ab",
    }


def test_json_waits_for_what_is_in_it_wherever_that_is() -> None:
    value = Json({"image": Ref("Image", "web", "name"), "list": [{"again": Ref("Image", "web", "name")}, "kept"]})
    name = pulumi.Output.from_input("web:1")
    assert known(value, lambda ref: name) == '{"image": "web:1", "list": [{"again": "web:1"}, "kept"]}'


def test_a_text_may_have_what_another_resource_puts_out_within() -> None:
    url = Parts(["postgres://", Opaque(Ref("DatabaseInstance", "db", "private_ip_address"), "db", secret=False), "/x"])
    assert known(url, lambda ref: pulumi.Output.from_input(f"{ref.key}.{ref.attribute}")) == (
        "postgres://db.private_ip_address/x"
    )
    assert list(refs({"value": url})) == [Ref("DatabaseInstance", "db", "private_ip_address")]


def test_a_value_that_is_awaited_is_waited_for_as_well() -> None:
    async def later() -> str:
        return "b"

    assert known(Parts(["a", Opaque(later(), secret=False)])) == "ab"


@pytest.mark.parametrize(
    ("value", "secret"),
    [
        (Json("plain"), True),
        (Json(pulumi.Output.from_input("x"), secret=False), False),
        (Json([pulumi.Output.secret("x")], secret=False), True),
        (Joined(("a", pulumi.Output.secret("x"))), True),
        (Parts([Opaque("x", secret=True)]), True),
    ],
)
def test_a_text_is_a_secret_where_it_is_said_to_be_or_a_part_is(value: Any, secret: bool) -> None:
    output = resolved(value, lambda ref: None)
    assert pulumi.runtime.sync_await._sync_await(output.is_secret()) is secret


def test_a_digest_is_another_one_where_anything_in_it_is() -> None:
    def of(name: str) -> str:
        value = Digest({"image": Ref("Image", "web", "name"), "list": [1, "kept"]}, 12)
        found: str = known(value, lambda ref: pulumi.Output.from_input(name))
        return found

    assert of("web:1") == "70f1d4d90b5d"
    assert of("web:2") != of("web:1")
    assert list(refs(Digest([Ref("Image", "web", "name")], 12))) == [Ref("Image", "web", "name")]


def test_a_digest_of_what_is_known_is_made_at_once() -> None:
    assert resolved(Digest({"b": 1, "a": 2}, 8), lambda ref: None) == resolved(Digest({"a": 2, "b": 1}, 8), None)
