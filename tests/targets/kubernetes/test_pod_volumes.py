"""Claims, and what a container mounts of them, of memory and of its node."""

from typing import Any

import pytest
from apps import app, service
from scopes import scope

from components.model import (
    App,
    Autoscale,
    BindOptions,
    Bytes,
    Deploy,
    ImageOptions,
    Job,
    Mount,
    PreStart,
    Service,
    ServiceExtension,
    TmpfsOptions,
    Volume,
    VolumeExtension,
    VolumeOptions,
)
from components.targets.kubernetes import mounts, volumes
from components.targets.rows import Row

DATA = Mount(type="volume", source="data", target="/data")
SHARED = Volume(x_slipway=VolumeExtension(shared=True))
LIMITED = Volume(x_slipway=VolumeExtension(size=Bytes(64 * 1024**2), storage_class="fast"))


def shop(*services: Service, data: Volume | None = None, **keys: Any) -> App:
    return app(*services, volumes={"data": data or Volume()}, **keys)


def rows(application: App, **given: Any) -> dict[str, Row]:
    return {row.key: row for row in volumes.rows(scope(application, **given))}


def mounted(web: Service, *others: Service, **keys: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    given = scope(shop(web, *others, **keys))
    return mounts.pod_volumes(given, web), mounts.container_mounts(given, web, web)


# --- claims ----------------------------------------------------------------------------------------------------------


def test_a_volume_is_a_claim_of_one_node_that_is_kept() -> None:
    web = service("web", volumes=(DATA,))
    row = rows(shop(web))["data"]
    assert (row.kind, row.service, row.retain) == ("PersistentVolumeClaim", "web", True)
    assert row.args["metadata"]["annotations"] == {"pulumi.com/skipAwait": "true"}
    assert row.args["spec"] == {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    assert volumes.keys(scope(shop(web)), web) == [("PersistentVolumeClaim", "data")]


def test_size_and_class_are_as_the_file_says() -> None:
    web = service("web", volumes=(DATA,))
    spec = rows(shop(web, data=LIMITED))["data"].args["spec"]
    assert spec["resources"] == {"requests": {"storage": "64Mi"}}
    assert spec["storageClassName"] == "fast"


def test_the_stack_names_the_classes() -> None:
    web = service("web", volumes=(DATA,))
    access = {"storage_class": "block", "shared_storage_class": "nfs", "storage_classes": {"fast": "nvme"}}
    found = [
        rows(shop(web, data=data), access=access)["data"].args["spec"]["storageClassName"]
        for data in (Volume(), SHARED, LIMITED)
    ]
    assert found == ["block", "nfs", "nvme"]


def test_a_shared_volume_may_be_on_several_nodes() -> None:
    web = service("web", volumes=(DATA,))
    assert rows(shop(web, data=SHARED))["data"].args["spec"]["accessModes"] == ["ReadWriteMany"]


@pytest.mark.parametrize(
    ("keep", "protect", "retain"), [(None, False, True), (False, False, False), (False, True, True)]
)
def test_a_volume_is_kept_unless_the_file_says_otherwise(keep: bool | None, protect: bool, retain: bool) -> None:
    data = Volume(x_slipway=VolumeExtension(keep=keep))
    application = shop(service("web", volumes=(DATA,)), data=data)
    assert rows(application, protect=protect)["data"].retain is retain
    assert volumes.any_kept(scope(application, protect=protect)) is retain


@pytest.mark.parametrize(("name", "claim"), [(None, "data"), ("shop_data", "data"), ("Old_Data", "old-data")])
def test_a_claim_is_named_as_the_file_says_but_for_the_loader_s_own_name(name: str | None, claim: str) -> None:
    assert list(rows(shop(service("web", volumes=(DATA,)), data=Volume(name=name)))) == [claim]


def test_an_external_volume_is_a_claim_that_is_there() -> None:
    web = service("web", volumes=(DATA,))
    data = Volume(name="Old.Data", external=True)
    assert rows(shop(web, data=data)) == {}
    assert volumes.keys(scope(shop(web, data=data)), web) == []
    assert mounted(web, data=data)[0] == [{"name": "data", "persistentVolumeClaim": {"claimName": "Old.Data"}}]


def test_what_nothing_mounts_is_not_made() -> None:
    assert rows(shop(service("web"))) == {}
    assert volumes.any_kept(scope(shop(service("web")))) is False


def test_labels_become_annotations_where_they_can() -> None:
    data = Volume(labels={"team": "a", "not a name": "b"})
    notes = rows(shop(service("web", volumes=(DATA,)), data=data))["data"].args["metadata"]["annotations"]
    assert notes == {"team": "a", "pulumi.com/skipAwait": "true"}


@pytest.mark.parametrize(
    ("keys", "own"),
    [
        ({}, []),
        ({"scale": 2}, ["data"]),
        ({"x_slipway": ServiceExtension(autoscale=Autoscale(max=3))}, ["data"]),
        ({"scale": 2, "deploy": Deploy(mode="global")}, []),
    ],
)
def test_each_of_several_replicas_has_a_volume_of_its_own(keys: dict[str, Any], own: list[str]) -> None:
    web = service("web", volumes=(DATA,), **keys)
    given = scope(shop(web))
    assert volumes.per_replica(given, web) == own
    assert list(rows(shop(web))) == ([] if own else ["data"])
    assert [volume["name"] for volume in mounts.pod_volumes(given, web)] == ([] if own else ["data"])
    assert mounts.container_mounts(given, web, web) == [{"name": "data", "mountPath": "/data"}]


def test_replicas_share_what_is_shared_and_what_another_service_uses() -> None:
    web, db = service("web", scale=2, volumes=(DATA,)), service("db", volumes=(DATA,))
    assert volumes.per_replica(scope(shop(web, data=SHARED)), web) == []
    assert volumes.per_replica(scope(shop(web, db)), web) == []
    assert rows(shop(web, db))["data"].service == ""


def test_pods_that_share_a_volume_of_one_node_are_told_by_a_label() -> None:
    web, db = service("web", volumes=(DATA,)), service("db", volumes=(DATA,))
    given = scope(shop(web, db))
    assert volumes.together(given, web) == ["data"]
    assert volumes.member(given, "data") == {
        "slipway.dev/volume-data": "true",
        "app.kubernetes.io/instance": "shop",
    }
    assert volumes.together(scope(shop(web, db, data=SHARED)), web) == []
    assert volumes.together(scope(shop(web)), web) == []


def test_a_job_that_mounts_a_volume_has_to_be_where_the_service_is() -> None:
    web = service("web", volumes=(DATA,))
    assert volumes.together(scope(shop(web, jobs={"backup": Job(name="backup", volumes=(DATA,))})), web) == ["data"]


@pytest.mark.parametrize(
    ("mount", "writes"), [(DATA, True), (Mount(type="volume", source="data", target="/d", read_only=True), False)]
)
def test_who_writes_to_a_volume_of_one_node(mount: Mount, writes: bool) -> None:
    web = service("web", volumes=(mount,))
    assert volumes.single_writer(scope(shop(web)), web) is writes
    assert volumes.single_writer(scope(shop(web, data=SHARED)), web) is False


# --- mounts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mount", "volume", "seen"),
    [
        (
            Mount(type="volume", source="data", target="/d", read_only=True, volume=VolumeOptions(subpath="a/b")),
            {"name": "data", "persistentVolumeClaim": {"claimName": "data"}},
            {"name": "data", "mountPath": "/d", "readOnly": True, "subPath": "a/b"},
        ),
        (
            Mount(type="volume", target="/var/lib/x"),
            {"name": "web-anonymous-var-lib-x", "emptyDir": {}},
            {"name": "web-anonymous-var-lib-x", "mountPath": "/var/lib/x"},
        ),
        (
            Mount(type="tmpfs", target="/run", tmpfs=TmpfsOptions(size=Bytes(64 * 1024**2))),
            {"name": "web-tmpfs-run", "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}},
            {"name": "web-tmpfs-run", "mountPath": "/run"},
        ),
        (
            Mount(type="image", source="shop/pages:1", target="/srv", image=ImageOptions(subpath="html")),
            {"name": "image-shop-pages-1", "image": {"reference": "shop/pages:1"}},
            {"name": "image-shop-pages-1", "mountPath": "/srv", "readOnly": True, "subPath": "html"},
        ),
        (
            Mount(
                type="bind",
                source="/mnt",
                target="/mnt",
                read_only=True,
                bind=BindOptions(propagation="rslave", recursive="readonly"),
            ),
            {"name": "host-mnt", "hostPath": {"path": "/mnt"}},
            {
                "name": "host-mnt",
                "mountPath": "/mnt",
                "readOnly": True,
                "mountPropagation": "HostToContainer",
                "recursiveReadOnly": "Enabled",
            },
        ),
    ],
)
def test_a_mount_is_a_volume_of_the_pod_and_a_place_in_the_container(
    mount: Mount, volume: dict[str, Any], seen: dict[str, Any]
) -> None:
    assert mounted(service("web", volumes=(mount,))) == ([volume], [seen])


def test_memory_in_the_short_form_and_shared_memory() -> None:
    found, seen = mounted(service("web", tmpfs=("/tmp:size=64m,mode=1777", "/run"), shm_size=Bytes(1024)))
    assert found == [
        {"name": "web-tmpfs-tmp", "emptyDir": {"medium": "Memory", "sizeLimit": "64Mi"}},
        {"name": "web-tmpfs-run", "emptyDir": {"medium": "Memory"}},
        {"name": "web-shm", "emptyDir": {"medium": "Memory", "sizeLimit": "1Ki"}},
    ]
    assert [(each["name"], each["mountPath"]) for each in seen] == [
        ("web-tmpfs-tmp", "/tmp"),
        ("web-tmpfs-run", "/run"),
        ("web-shm", "/dev/shm"),
    ]


def test_volumes_from_another_service_are_the_same_volumes() -> None:
    scratch = Mount(type="tmpfs", target="/scratch")
    db = service("db", volumes=(DATA, scratch))
    web = service("web", volumes_from=("db:ro",))
    found, seen = mounted(web, db)
    assert found == [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    assert seen == [{"name": "data", "mountPath": "/data", "readOnly": True}]


def test_of_one_path_the_container_s_own_volume_is_mounted() -> None:
    web = service("web", volumes=(Mount(type="tmpfs", target="/data"),), volumes_from=("db",))
    assert [each["name"] for each in mounted(web, service("db", volumes=(DATA,)))[1]] == ["web-tmpfs-data"]


def test_a_step_sees_what_its_service_sees_and_its_own() -> None:
    step = PreStart(tmpfs=("/work",))
    web = service("web", volumes=(DATA,), pre_start=(step,))
    given = scope(shop(web))
    assert [each["mountPath"] for each in mounts.container_mounts(given, web, step)] == ["/data", "/work"]
    assert [each["name"] for each in mounts.pod_volumes(given, web)] == ["data", "web-tmpfs-work"]


def test_containers_of_one_pod_have_memory_of_their_own() -> None:
    web = service("web", tmpfs=("/tmp",))
    beside = service("beside", tmpfs=("/tmp",), network_mode="service:web")
    assert [each["name"] for each in mounted(web, beside)[0]] == ["web-tmpfs-tmp", "beside-tmpfs-tmp"]


def test_a_long_path_still_is_a_name() -> None:
    long = Mount(type="volume", target="/" + "a" * 80)
    [volume], [seen] = mounted(service("web", volumes=(long,)))
    assert len(volume["name"]) <= 63
    assert volume["name"] == seen["name"]
    assert volume["name"].startswith("web-anonymous-aaa")


# --- NFS -------------------------------------------------------------------------------------------------------------

FOLDER = Volume(driver_opts={"type": "nfs", "o": "addr=nfs.example.com,rw", "device": ":/srv/data"})


def test_a_folder_of_an_nfs_server_is_mounted_without_a_claim() -> None:
    web = service("web", volumes=(DATA,), deploy=Deploy(replicas=3))
    assert rows(shop(web, data=FOLDER)) == {}
    assert mounted(web, data=FOLDER) == (
        [{"name": "data", "nfs": {"server": "nfs.example.com", "path": "/srv/data"}}],
        [{"name": "data", "mountPath": "/data"}],
    )


def test_several_replicas_write_to_a_folder_of_an_nfs_server_at_once() -> None:
    web = service("web", volumes=(DATA,), deploy=Deploy(replicas=3))
    given = scope(shop(web, service("worker", volumes=(DATA,)), data=FOLDER))
    found = (volumes.single_writer(given, web), volumes.per_replica(given, web), volumes.together(given, web))
    assert found == (False, [], [])
    assert not volumes.any_kept(given)


@pytest.mark.parametrize(
    ("options", "source"),
    [
        ({"type": "nfs4", "device": "10.0.0.1:/srv"}, {"server": "10.0.0.1", "path": "/srv"}),
        ({"type": "nfs", "o": "addr=a,ro", "device": ":/b"}, {"server": "a", "path": "/b", "readOnly": True}),
        ({"type": "nfs", "o": "rw", "device": ":/b"}, None),
        ({"type": "none", "o": "bind", "device": "/srv"}, None),
        ({}, None),
    ],
)
def test_what_is_an_nfs_servers_is_told_by_the_local_drivers_options(
    options: dict[str, str], source: dict[str, Any] | None
) -> None:
    assert volumes.nfs(Volume(driver_opts=options)) == source
    assert volumes.nfs(Volume(driver="other", driver_opts=options)) is None
