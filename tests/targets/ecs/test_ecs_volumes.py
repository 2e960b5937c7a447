"""Named volumes: a file system, its access points, who reaches it, and what may be done with it.

Not proved: that EFS mounts it.
"""

from typing import Any

import pytest
from apps import app, service
from ecs_scopes import by_key, scope, tags

from components.model import App, Job, Mount, Service, Volume, VolumeExtension, VolumeOptions
from components.targets.ecs import mounts, volumes
from components.targets.ecs.render import RULES
from components.targets.rows import Ref, Row

DATA = Mount(type="volume", source="data", target="/data")
READ = Mount(type="volume", source="data", target="/data", read_only=True)
SYSTEM = Ref("FileSystem", "volumes", "id")


def shop(*services: Service, **keys: Any) -> App:
    return app(*(services or (service("db", volumes=(DATA,)),)), **{"volumes": {"data": Volume()}, **keys})


def rows(application: App, **given: Any) -> dict[tuple[str, str], Row]:
    return by_key(volumes.rows(scope(application, **given)))


def test_a_volume_is_an_access_point_of_the_applications_file_system() -> None:
    found = rows(shop())
    assert list(found) == [
        ("FileSystem", "volumes"),
        ("FileSystemPolicy", "volumes"),
        ("SecurityGroup", "volumes"),
        ("IngressRule", "volumes-from-db-2049"),
        ("MountTarget", "volumes-a"),
        ("MountTarget", "volumes-b"),
        ("AccessPoint", "data"),
    ]
    assert found[("FileSystem", "volumes")].args == {
        "encrypted": True,
        "throughput_mode": "elastic",
        "tags": {**tags(), "Name": "shop"},
    }
    point = found[("AccessPoint", "data")]
    assert point.args["file_system_id"] == SYSTEM
    assert point.args["root_directory"]["path"] == "/data"
    assert point.args["tags"] == {**tags("db"), "Name": "shop-data", "slipway:volume": "data"}
    assert found[("MountTarget", "volumes-b")].args == {
        "file_system_id": SYSTEM,
        "subnet_id": "subnet-b",
        "security_groups": [Ref("SecurityGroup", "volumes", "id")],
    }


def test_only_the_tasks_that_mount_it_reach_the_file_system() -> None:
    found = rows(
        shop(service("db", volumes=(DATA,)), service("web"), jobs={"backup": Job(name="backup", volumes=(READ,))})
    )
    rules = {key: row.args for (kind, key), row in found.items() if kind == "IngressRule"}
    assert list(rules) == ["volumes-from-db-2049", "volumes-from-backup-2049"]
    assert rules["volumes-from-db-2049"] == {
        "security_group_id": Ref("SecurityGroup", "volumes", "id"),
        "referenced_security_group_id": Ref("SecurityGroup", "db", "id"),
        "ip_protocol": "tcp",
        "from_port": 2049,
        "to_port": 2049,
        "tags": tags("db"),
    }


def test_nothing_is_made_where_no_volume_is_mounted_or_all_are_anothers() -> None:
    assert rows(shop(service("web"))) == {}
    assert rows(shop(volumes={"data": Volume(external=True, name="fs-1/fsap-2")})) == {}


def test_backups_and_a_key_are_as_the_stack_says() -> None:
    found = rows(shop(), reached={"backup": True, "kms_key": "arn:key"})
    assert found[("BackupPolicy", "volumes")].args["backup_policy"] == {"status": "ENABLED"}
    assert found[("FileSystem", "volumes")].args["kms_key_id"] == "arn:key"


def test_the_file_system_is_kept_where_any_volume_is() -> None:
    gone = Volume(x_slipway=VolumeExtension(keep=False))
    both = (DATA, Mount(type="volume", source="cache", target="/cache"))
    some = rows(shop(service("db", volumes=both), volumes={"data": Volume(), "cache": gone}))
    assert [row.retain for (kind, _), row in some.items() if kind in ("FileSystem", "FileSystemPolicy")] == [True, True]
    assert [row.retain for (kind, _), row in some.items() if kind == "AccessPoint"] == [True, False]
    assert not any(row.retain for row in rows(shop(volumes={"data": gone})).values())
    protected = rows(shop(volumes={"data": gone}), protect=True)
    assert protected[("AccessPoint", "data")].retain


def test_nobody_comes_in_without_tls_or_past_an_access_point() -> None:
    policy = rows(shop())[("FileSystemPolicy", "volumes")].args["policy"].value
    assert [(each["Effect"], each["Principal"], each["Condition"]) for each in policy["Statement"]] == [
        ("Deny", {"AWS": "*"}, {"Bool": {"aws:SecureTransport": "false"}}),
        ("Deny", {"AWS": "*"}, {"Null": {"elasticfilesystem:AccessPointArn": "true"}}),
    ]


@pytest.mark.parametrize(
    ("services", "owner"),
    [
        ((service("db", volumes=(DATA,)),), (0, 0, "0777")),
        ((service("db", volumes=(DATA,), user="postgres"),), (0, 0, "0777")),
        ((service("db", volumes=(DATA,), user="1000"),), (1000, 0, "0755")),
        ((service("db", volumes=(DATA,), user="1000:101"),), (1000, 101, "0755")),
        ((service("a", volumes=(READ,), user="1"), service("b", volumes=(DATA,), user="2:3")), (2, 3, "0755")),
    ],
)
def test_a_new_volume_belongs_to_who_writes_to_it(services: tuple[Service, ...], owner: tuple[int, int, str]) -> None:
    info = rows(shop(*services))[("AccessPoint", "data")].args["root_directory"]["creation_info"]
    assert (info["owner_uid"], info["owner_gid"], info["permissions"]) == owner


def test_labels_are_tags() -> None:
    found = rows(shop(volumes={"data": Volume(labels={"team": "blue"})}))
    assert found[("AccessPoint", "data")].args["tags"]["team"] == "blue"


def test_a_folder_of_a_volume_is_an_access_point_of_its_own() -> None:
    part = Mount(type="volume", source="data", target="/part", volume=VolumeOptions(subpath="a/b"))
    web = service("web", volumes=(DATA, part))
    found = rows(shop(web))
    paths = {key: row.args["root_directory"]["path"] for (kind, key), row in found.items() if kind == "AccessPoint"}
    assert paths == {"data": "/data", "data-a-b": "/data/a/b"}
    points = mounts.of(scope(shop(web)), web, "web", web)
    assert [(each["sourceVolume"], each["containerPath"]) for each in points] == [
        ("data", "/data"),
        ("data-a-b", "/part"),
    ]


# --- of a task -------------------------------------------------------------------------------------------------------


def test_a_task_mounts_it_with_tls_and_its_own_role() -> None:
    db = service("db", volumes=(READ,))
    reached = scope(shop(db))
    assert volumes.of_task(reached, db) == [
        {
            "name": "data",
            "efs_volume_configuration": {
                "file_system_id": SYSTEM,
                "transit_encryption": "ENABLED",
                "authorization_config": {"iam": "ENABLED", "access_point_id": Ref("AccessPoint", "data", "id")},
            },
        }
    ]
    assert mounts.of(reached, db, "db", db) == [{"sourceVolume": "data", "containerPath": "/data", "readOnly": True}]


@pytest.mark.parametrize(
    ("mount", "actions"),
    [(DATA, ["ClientMount", "ClientWrite", "ClientRootAccess"]), (READ, ["ClientMount", "ClientRootAccess"])],
)
def test_its_role_may_do_what_it_does_at_that_access_point_alone(mount: Mount, actions: list[str]) -> None:
    db = service("db", volumes=(mount,))
    assert volumes.statements(scope(shop(db)), db) == [
        {
            "Effect": "Allow",
            "Action": [f"elasticfilesystem:{action}" for action in actions],
            "Resource": Ref("FileSystem", "volumes", "arn"),
            "Condition": {"StringEquals": {"elasticfilesystem:AccessPointArn": Ref("AccessPoint", "data", "arn")}},
        }
    ]


def test_it_starts_when_there_is_something_to_mount() -> None:
    db = service("db", volumes=(DATA,))
    assert volumes.needs(scope(shop(db)), db) == [
        ("MountTarget", "volumes-a"),
        ("MountTarget", "volumes-b"),
        ("FileSystemPolicy", "volumes"),
        ("IngressRule", "volumes-from-db-2049"),
    ]


@pytest.mark.parametrize(
    ("name", "configuration", "condition"),
    [
        (
            "fs-1/fsap-2",
            {"iam": "ENABLED", "access_point_id": "fsap-2"},
            "arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-2",
        ),
        ("fs-1", {"iam": "ENABLED"}, None),
    ],
)
def test_a_file_system_of_someone_else_is_mounted_as_its_name_says(
    name: str, configuration: dict[str, str], condition: str | None
) -> None:
    db = service("db", volumes=(DATA,))
    reached = scope(shop(db, volumes={"data": Volume(external=True, name=name)}))
    [volume] = volumes.of_task(reached, db)
    assert volume["efs_volume_configuration"]["file_system_id"] == "fs-1"
    assert volume["efs_volume_configuration"]["authorization_config"] == configuration
    [statement] = volumes.statements(reached, db)
    assert statement["Resource"] == "arn:aws:elasticfilesystem:eu-central-1:123456789012:file-system/fs-1"
    found = statement.get("Condition", {}).get("StringEquals", {}).get("elasticfilesystem:AccessPointArn")
    assert found == condition
    assert volumes.needs(reached, db) == []


# --- what is refused -------------------------------------------------------------------------------------------------


def refused(application: App) -> list[str]:
    return [f"{application.where(each.path)}: {each.what}; {each.fix}" for rule in RULES for each in rule(application)]


def test_an_external_volume_names_a_file_system() -> None:
    assert refused(shop(volumes={"data": Volume(external=True, name="nas")})) == [
        'volumes.data.name: "nas" is no file system of EFS; write fs-... or fs-.../fsap-...'
    ]


@pytest.mark.parametrize(
    ("subpath", "path"), [("a/b/c/d", "/data/a/b/c/d"), (".git", "/data/.git"), ("a$", "/data/a$")]
)
def test_a_folder_that_no_access_point_can_have_is_refused(subpath: str, path: str) -> None:
    part = Mount(type="volume", source="data", target="/part", volume=VolumeOptions(subpath=subpath))
    assert refused(shop(service("web", volumes=(part,)))) == [
        f'volumes.data: "{path}" is no folder that an access point can have; '
        "name it in other characters, and four folders deep"
    ]


def test_two_that_a_task_would_call_the_same_are_refused() -> None:
    part = Mount(type="volume", source="data", target="/part", volume=VolumeOptions(subpath="log"))
    other = Mount(type="volume", source="data-log", target="/log")
    web = service("web", volumes=(part, other))
    assert refused(shop(web, volumes={"data": Volume(), "data-log": Volume()})) == [
        'volumes.data-log: "/data-log" and "/data/log" are both "data-log" in a task; rename one of them'
    ]
