"""What outlived its stack. Not proved here: that Pulumi takes it up (a real test does)."""

from typing import Any

import pulumi
import pytest
from aws_api import Answers, Refused
from ecs_scopes import access

from components.targets.ecs import client, kept
from components.targets.rows import Ref, Row

OURS = {"slipway:application": "shop", "slipway:stack": "a/b/c"}
POINT = {**OURS, "slipway:volume": "data"}
SYSTEM = Row(kind="FileSystem", key="volumes", args={"tags": {**OURS, "Name": "shop"}}, retain=True)
ENTRY = Row(
    kind="AccessPoint",
    key="data",
    args={"tags": POINT, "file_system_id": Ref("FileSystem", "volumes", "id")},
    retain=True,
)


@pytest.fixture(autouse=True)
def an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "is_mocked", lambda: False)


def marked(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def system(name: str, tags: dict[str, str]) -> dict[str, Any]:
    return {
        "FileSystemId": name,
        "Tags": marked(tags),
        "OwnerId": "123456789012",
        "CreationToken": name,
        "CreationTime": 0,
        "LifeCycleState": "available",
        "NumberOfMountTargets": 0,
        "SizeInBytes": {"Value": 0},
        "PerformanceMode": "generalPurpose",
    }


def answers(*systems: dict[str, Any], points: dict[str, dict[str, str]] | None = None) -> Answers:
    listed = [{"AccessPointId": name, "Tags": marked(tags)} for name, tags in (points or {}).items()]
    return Answers(
        {
            "efs.DescribeFileSystems": {"FileSystems": list(systems)},
            "efs.DescribeAccessPoints": lambda asked: {
                "AccessPoints": listed if asked["FileSystemId"] == "fs-1" else []
            },
        }
    )


def imported(monkeypatch: pytest.MonkeyPatch, given: Answers, *rows: Row) -> dict[Any, str]:
    monkeypatch.setattr(client, "Clients", lambda _access: given)
    return kept.imports(rows or (SYSTEM, ENTRY), access())


def test_a_file_system_with_the_volumes_on_it_is_imported_by_its_tags(monkeypatch) -> None:
    there = answers(
        system("fs-0", {**OURS, "slipway:stack": "a/b/other"}),
        system("fs-1", {**OURS, "Name": "renamed"}),
        points={"fsap-0": {**OURS, "slipway:volume": "other"}, "fsap-1": POINT},
    )
    assert imported(monkeypatch, there) == {("FileSystem", "volumes"): "fs-1", ("AccessPoint", "data"): "fsap-1"}


def test_a_volume_is_not_looked_for_on_a_file_system_that_is_new(monkeypatch) -> None:
    there = answers(points={"fsap-1": POINT})
    assert imported(monkeypatch, there) == {}
    assert there.asked == ["efs.DescribeFileSystems"]


def test_of_two_file_systems_of_the_stack_none_is_imported_and_the_user_is_told(monkeypatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", told.append)
    assert imported(monkeypatch, answers(system("fs-1", OURS), system("fs-2", OURS))) == {}
    assert told == ["volumes: fs-1, fs-2 are all this stack's FileSystem; none is taken up again"]


def test_what_is_not_kept_is_not_even_asked_for(monkeypatch) -> None:
    there = answers()
    assert imported(monkeypatch, there, Row(kind="FileSystem", key="volumes", args={"tags": OURS})) == {}
    assert there.asked == []


def test_who_may_not_look_has_nothing_to_import(monkeypatch) -> None:
    refused = Answers({"efs.DescribeFileSystems": Refused("AccessDeniedException")})
    assert imported(monkeypatch, refused) == {}


def test_in_a_unit_test_nothing_is_asked(monkeypatch) -> None:
    monkeypatch.setattr(kept, "is_mocked", lambda: True)
    there = answers()
    assert imported(monkeypatch, there) == {}
    assert there.asked == []
