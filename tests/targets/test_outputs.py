"""What stands in rows for a text or a file that is known only when resources are made."""

from typing import Any

import pulumi
import pytest

from components.targets.outputs import resolved
from components.targets.rows import Archive, Extract, Joined, Ref, part, refs

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
