"""Files in folders, where a platform mounts folders alone. The targets' own tests show what they make of it."""

import pytest

from components.access import Contents
from components.model import App, FileGrant, FileObject, Service
from components.support import Conflict
from components.targets import placed
from components.targets.placed import File

APP = App(
    name="shop",
    secrets={"key": FileObject(environment="KEY"), "there": FileObject(external=True)},
    configs={"page": FileObject(content="hello")},
)
WEB = Service(
    name="web",
    secrets=(FileGrant(source="key"), FileGrant(source="there", target="/etc/there", uid="7", mode=0o400)),
    configs=(FileGrant(source="page", target="/etc/app/page"),),
)


def test_what_the_platform_keeps_is_not_shown() -> None:
    contents = Contents(secrets={"key": b"\xff"}, configs={"page": "hello"})
    found = placed.granted(APP, contents, WEB, lambda file, _: file.grant.source if file.kind == "secrets" else None)
    assert list(found) == [
        File("/run/secrets/key", "/run/secrets", whole=False, mode=0o444, kept="key", coding="base64"),
        File("/etc/there", "/etc", whole=False, mode=0o400, owner="7:0", kept="there"),
        File("/etc/app/page", "/etc/app", whole=False, mode=0o444, content="hello"),
    ]


def test_a_folder_within_another_ones_is_in_the_volume_of_that() -> None:
    outer = File("/etc/a", "/etc", whole=True, mode=0o444)
    inner = File("/etc/app/b", "/etc/app", whole=False, mode=0o444)
    assert placed.in_one_volume([inner, outer]) == [
        File("/etc/app/b", "/etc", whole=True, mode=0o444),
        outer,
    ]


@pytest.mark.parametrize(("limit", "more"), [(7, True), (8, False)])
def test_contents_are_counted_as_they_are_shown(limit: int, more: bool) -> None:
    text = File("/a/t", "/a", whole=False, mode=0o444, content="four")
    binary = File("/a/b", "/a", whole=False, mode=0o444, content=b"\xff", coding="base64")
    kept = File("/a/k", "/a", whole=False, mode=0o444, kept="key")
    assert placed.inline(binary) == "/w=="
    assert placed.are_more([text, binary, kept], limit) is more


def test_only_what_an_image_may_have_is_copied_from_it() -> None:
    found = [
        File("/run/secrets/key", "/run/secrets", whole=False, mode=0o444),
        File("/srv/page", "/srv", whole=True, mode=0o444),
        File("/etc/app/a", "/etc/app", whole=False, mode=0o444),
        File("/etc/app/b", "/etc/app", whole=False, mode=0o444),
    ]
    assert placed.seeds(found) == ["/etc/app"]


def test_each_file_has_its_place_in_the_application() -> None:
    assert list(placed.places(APP, ("services", "web"), WEB)) == [
        (("services", "web", "secrets", 0), "/run/secrets/key"),
        (("services", "web", "secrets", 1), "/etc/there"),
        (("services", "web", "configs", 0), "/etc/app/page"),
    ]


def test_a_file_right_below_the_root_has_no_folder() -> None:
    assert list(placed.below_root([(("services", "web", "configs", 0), "/page")], "Fargate")) == [
        Conflict(
            ("services", "web", "configs", 0),
            '"/page" is right below the root, and Fargate mounts folders alone',
            "give it a target in a folder",
        )
    ]


def test_a_file_in_the_folder_of_a_volume_is_hidden_by_it() -> None:
    where = ("services", "web", "configs", 0)
    assert list(placed.hidden([(where, "/data/page"), (where, "/data/in/page")], ["/data/"])) == [
        Conflict(
            where, '"/data/page" is in /data, where a volume or a tmpfs is', "give it a target in a folder of its own"
        )
    ]
