"""Cloud Storage: buckets, as volumes of the Engine; their objects are the files there."""

import os
import urllib.parse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import docker

from .calls import NUMBER, Call, RefusedError
from .place import Place
from .rest import Cloud, Methods, masked
from .store import Store, now

_WRITERS = frozenset({"roles/storage.objectUser", "roles/storage.objectAdmin", "roles/storage.admin"})
_READERS = frozenset({"roles/storage.objectViewer"}) | _WRITERS


def may_use(store: Store, account: str, bucket: str, *, read_only: bool) -> bool:
    """Whether an account reads, and writes, the objects of a bucket."""
    return store.may(account, _READERS if read_only else _WRITERS, "storage", f"b/{bucket}")


def mounted(bucket: str, options: Sequence[str], engine: docker.DockerClient, place: Place) -> Path:
    """The folder of a bucket's objects, owned as the mount's options say.

    Args:
        bucket: its name.
        options: such as `uid=1000` (https://cloud.google.com/storage/docs/cloud-storage-fuse/cli-options).
        engine: where its volume is.
        place: of this cloud.
    """
    folder = _folder(bucket, engine, place)
    chosen = dict(each.split("=", 1) for each in options if "=" in each)
    os.chown(folder, int(chosen.get("uid", 0)), int(chosen.get("gid", 0)))
    folder.chmod(int(chosen.get("dir-mode", "755"), 8))
    return folder


def _folder(bucket: str, engine: docker.DockerClient, place: Place) -> Path:
    name = f"{place.prefix}-bucket-{bucket}"
    try:
        found = engine.volumes.get(name)
    except docker.errors.NotFound:
        found = engine.volumes.create(name, labels=place.labels)
    return Path(found.attrs["Mountpoint"])


def _insert(cloud: Cloud, call: Call) -> dict[str, Any]:
    name = call.body.get("name", "")
    if cloud.store.find("storage", f"b/{name}"):
        raise RefusedError(
            "ALREADY_EXISTS", "The requested bucket name is not available. Please select a different name."
        )
    location = call.body.get("location", "US").upper()
    made = {
        "kind": "storage#bucket",
        "id": name,
        "selfLink": f"https://www.googleapis.com/storage/v1/b/{name}",
        "projectNumber": NUMBER,
        "metageneration": "1",
        "timeCreated": now(),
        "updated": now(),
        "etag": "CAE=",
        "locationType": "region",
        "storageClass": "STANDARD",
        "rpo": "DEFAULT",
        **call.body,
        "location": location,
    }
    return cloud.store.add("storage", f"b/{name}", made)


def _patch(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = cloud.store.get("storage", call.name)
    masked(found, call.body, None)
    found.pop("updateTime")
    found["metageneration"] = str(int(found["metageneration"]) + 1)
    return found


def _delete(cloud: Cloud, call: Call) -> dict[str, Any]:
    bucket = call.groups["bucket"]
    cloud.store.get("storage", call.name)
    if any(_objects(cloud, bucket)):
        raise RefusedError("ABORTED", "The bucket you tried to delete is not empty.")
    cloud.store.remove("storage", call.name)
    volume = f"{cloud.place.prefix}-bucket-{bucket}"
    for each in cloud.agent.engine.volumes.list(filters={"name": volume}):
        if each.name == volume:
            each.remove(force=True)
    return {}


def _objects(cloud: Cloud, bucket: str) -> Iterator[Path]:
    folder = _folder(bucket, cloud.agent.engine, cloud.place)
    return (each for each in sorted(folder.rglob("*")) if not each.is_dir())


def _list_objects(cloud: Cloud, call: Call) -> dict[str, Any]:
    bucket = call.groups["bucket"]
    cloud.store.get("storage", f"b/{bucket}")
    folder = _folder(bucket, cloud.agent.engine, cloud.place)
    items = [
        {"kind": "storage#object", "bucket": bucket, "name": str(each.relative_to(folder)), "generation": "1"}
        for each in _objects(cloud, bucket)
    ]
    return {"kind": "storage#objects", "items": items}


def _delete_object(cloud: Cloud, call: Call) -> dict[str, Any]:
    folder = _folder(call.groups["bucket"], cloud.agent.engine, cloud.place)
    name = urllib.parse.unquote(call.groups["object"])
    file = (folder / name).resolve()
    if not file.is_relative_to(folder) or not file.exists():
        raise RefusedError("NOT_FOUND", f"No such object: {call.groups['bucket']}/{name}")
    file.unlink()
    return {}


def _get_policy(cloud: Cloud, call: Call) -> dict[str, Any]:
    name = f"b/{call.groups['bucket']}"
    cloud.store.get("storage", name)
    return {
        "kind": "storage#policy",
        "resourceId": f"projects/_/buckets/{name[2:]}",
        **cloud.store.policy("storage", name),
    }


def _set_policy(cloud: Cloud, call: Call) -> dict[str, Any]:
    name = f"b/{call.groups['bucket']}"
    cloud.store.get("storage", name)
    policy: dict[str, Any] = {key: call.body[key] for key in ("bindings", "etag", "version") if key in call.body}
    return cloud.store.set_policy("storage", name, policy)


METHODS: Methods = {
    "storage.buckets.insert": _insert,
    "storage.buckets.patch": _patch,
    "storage.buckets.update": _patch,
    "storage.buckets.delete": _delete,
    "storage.buckets.getIamPolicy": _get_policy,
    "storage.buckets.setIamPolicy": _set_policy,
    "storage.objects.list": _list_objects,
    "storage.objects.delete": _delete_object,
}
