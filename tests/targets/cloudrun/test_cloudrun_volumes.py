"""Named volumes as buckets and folders of a share, and what is in memory.

Not proved: how Cloud Storage FUSE behaves under an application; docs/targets/cloudrun.md tells what it is not.
"""

import dataclasses
from typing import Any

from apps import app, service
from cloudrun_scopes import by_key, labels, scope

from components.model import (
    Bytes,
    FileGrant,
    FileObject,
    Mount,
    Service,
    TmpfsOptions,
    Volume,
    VolumeExtension,
    VolumeOptions,
)
from components.support import Conflict
from components.targets.cloudrun import accounts, containers, instances, volumes
from components.targets.cloudrun.mounts import conflicts as place_conflicts
from components.targets.rows import Ref

DATA = Mount(type="volume", source="data", target="/data")
READ = Mount(type="volume", source="data", target="/data", read_only=True)
OPTIONS = ["implicit-dirs", "dir-mode=777", "file-mode=777"]
VOLUMES = {"data": Volume(labels={"Team.Name": "Shop"})}
NFS = {"data": Volume(x_slipway=VolumeExtension(storage_class="nfs"))}


def web(*mounts: Mount, **keys: Any) -> Service:
    return service("web", volumes=mounts, **keys)


def mounts(found: Service, **keys: Any) -> list[dict[str, Any]]:
    [own, *_] = containers.of_instance(scope(app(found, **keys), reached={"nfs": "10.0.0.2:/share"}), found)
    mounted: list[dict[str, Any]] = own["volume_mounts"]
    return mounted


def of_instance(found: Service, **keys: Any) -> list[dict[str, Any]]:
    return instances.volumes_of(scope(app(found, **keys), reached={"nfs": "10.0.0.2:/share"}), found)


def test_a_volume_is_a_bucket_that_nobody_else_reaches_and_that_stays() -> None:
    row = by_key(volumes.rows(scope(app(web(DATA), volumes=VOLUMES))))[("Bucket", "data")]
    assert row.args == {
        "project": "shop-1",
        "name": "shop-1-shop-data",
        "location": "europe-west1",
        "uniform_bucket_level_access": True,
        "public_access_prevention": "enforced",
        "force_destroy": False,
        "labels": {**labels("web"), "team-name": "shop"},
    }
    assert row.retain


def test_it_goes_with_the_stack_where_the_file_says_so() -> None:
    gone = {"data": Volume(x_slipway=VolumeExtension(keep=False))}
    row = by_key(volumes.rows(scope(app(web(DATA), volumes=gone))))[("Bucket", "data")]
    assert (row.args["force_destroy"], row.retain) == (True, False)
    row = by_key(volumes.rows(scope(app(web(DATA), volumes=gone), protect=True)))[("Bucket", "data")]
    assert (row.args["force_destroy"], row.retain) == (False, True)


def test_a_key_of_the_stack_encrypts_it() -> None:
    reached = scope(app(web(DATA), volumes=VOLUMES), reached={"kms_key": "k"})
    assert by_key(volumes.rows(reached))[("Bucket", "data")].args["encryption"] == {"default_kms_key_name": "k"}


def test_a_bucket_of_several_services_is_none_of_theirs() -> None:
    other = service("other", volumes=(READ,))
    row = by_key(volumes.rows(scope(app(web(DATA), other, volumes=VOLUMES))))[("Bucket", "data")]
    assert (row.service, row.args["labels"]) == ("", {**labels(), "team-name": "shop"})


def test_what_nothing_mounts_is_on_a_share_or_there_already_has_no_bucket() -> None:
    assert list(volumes.rows(scope(app(service("web"), volumes=VOLUMES)))) == []
    assert list(volumes.rows(scope(app(web(DATA), volumes=NFS)))) == []
    assert list(volumes.rows(scope(app(web(DATA), volumes={"data": Volume(external=True)})))) == []


def test_an_instance_sees_it_as_a_folder() -> None:
    assert mounts(web(DATA), volumes=VOLUMES) == [{"name": "volume-data", "mount_path": "/data"}]
    assert of_instance(web(DATA), volumes=VOLUMES) == [
        {"name": "volume-data", "gcs": {"bucket": Ref("Bucket", "data", "name"), "mount_options": OPTIONS}}
    ]


def test_what_is_only_read_cannot_be_written() -> None:
    twice = Mount(type="volume", source="data", target="/old", read_only=True)
    assert mounts(web(DATA, twice), volumes=VOLUMES) == [
        {"name": "volume-data", "mount_path": "/data"},
        {"name": "volume-data-read", "mount_path": "/old"},
    ]
    assert of_instance(web(READ), volumes=VOLUMES) == [
        {
            "name": "volume-data-read",
            "gcs": {"bucket": Ref("Bucket", "data", "name"), "mount_options": OPTIONS, "read_only": True},
        }
    ]


def test_a_folder_of_a_volume_is_mounted_alone() -> None:
    inside = Mount(type="volume", source="data", target="/data", volume=VolumeOptions(subpath="/logs/"))
    assert mounts(web(inside), volumes=VOLUMES) == [{"name": "volume-data", "mount_path": "/data", "sub_path": "logs"}]


def test_a_volume_of_the_share_is_a_folder_of_the_applications() -> None:
    inside = Mount(type="volume", source="data", target="/data", volume=VolumeOptions(subpath="logs"))
    assert mounts(web(inside), volumes=NFS) == [
        {"name": "volume-data", "mount_path": "/data", "sub_path": "shop/data/logs"}
    ]
    assert of_instance(web(DATA), volumes=NFS) == [
        {"name": "volume-data", "nfs": {"server": "10.0.0.2", "path": "/share"}}
    ]


def test_a_bucket_that_is_there_already_is_mounted_by_its_name() -> None:
    there = {"data": Volume(external=True, name="team-data")}
    [volume] = of_instance(web(DATA), volumes=there)
    assert volume["gcs"]["bucket"] == "team-data"


def roles(found: Service, **keys: Any) -> dict[str, tuple[Any, str]]:
    rows = accounts.rows(scope(app(found, **keys), reached={"nfs": "10.0.0.2:/share"}), found)
    return {row.key: (row.args["bucket"], row.args["role"]) for row in rows if row.kind == "BucketAccess"}


def test_an_account_may_write_what_its_service_writes_and_read_what_it_reads() -> None:
    bucket = Ref("Bucket", "data", "name")
    assert roles(web(DATA), volumes=VOLUMES) == {"web-data": (bucket, "roles/storage.objectUser")}
    assert roles(web(READ), volumes=VOLUMES) == {"web-data": (bucket, "roles/storage.objectViewer")}
    assert roles(web(READ, Mount(type="volume", source="data", target="/w")), volumes=VOLUMES) == {
        "web-data": (bucket, "roles/storage.objectUser")
    }
    assert roles(web(DATA), volumes=NFS) == {}


def test_a_share_that_is_not_known_is_refused() -> None:
    assert [str(each) for each in volumes.problems(scope(app(web(DATA), volumes=NFS)))] == [
        "volumes.data.x-slipway.class: no NFS share is known; write slipway:cloudrun.nfs, or remove the class"
    ]
    assert list(volumes.problems(scope(app(service("web"), volumes=NFS)))) == []


def test_two_volumes_of_one_name_are_refused() -> None:
    both = {"my_data": Volume(), "my-data": Volume()}
    assert list(volumes.conflicts(app(volumes=both))) == [
        Conflict(
            ("volumes", "my-data"), '"my-data" and "my_data" are both "my-data" in an instance', "rename one of them"
        )
    ]


def test_what_would_be_mounted_at_a_path_of_the_system_is_refused() -> None:
    found = web(DATA, Mount(type="volume", source="data", target="/sys/"), tmpfs=("/dev/shm:size=1m", "/devices"))
    page = FileGrant(source="page", target="/proc/app/page")
    refused = "is where Cloud Run mounts nothing"
    application = app(dataclasses.replace(found, configs=(page,)), volumes=VOLUMES, configs={"page": FileObject()})
    assert list(place_conflicts(application)) == [
        Conflict(("services", "web", "configs", 0), f'"/proc/app/page" {refused}', "give it another target"),
        Conflict(("services", "web", "volumes", 1), f'"/sys/" {refused}', "give it another target"),
        Conflict(("services", "web", "tmpfs", 0), f'"/dev/shm" {refused}', "give it another target"),
    ]


# --- in memory -------------------------------------------------------------------------------------------------------


def test_what_is_in_memory_is_a_volume_of_the_instance_with_the_size_that_is_said() -> None:
    found = web(Mount(type="tmpfs", target="/cache", tmpfs=TmpfsOptions(size=Bytes(1))), tmpfs=("/run:size=64m", "/t"))
    assert mounts(found) == [
        {"name": "memory-web-4f7cfe6", "mount_path": "/cache"},
        {"name": "memory-web-b3d46fe", "mount_path": "/run"},
        {"name": "memory-web-599c83a", "mount_path": "/t"},
    ]
    assert [each["empty_dir"] for each in of_instance(found)] == [
        {"medium": "MEMORY", "size_limit": "1Mi"},
        {"medium": "MEMORY", "size_limit": "64Mi"},
        {"medium": "MEMORY"},
    ]


def test_a_volume_without_a_name_is_a_containers_own_disk() -> None:
    found = web(Mount(type="volume", target="/scratch"))
    [own] = containers.of_instance(scope(app(found)), found)
    assert "volume_mounts" not in own
