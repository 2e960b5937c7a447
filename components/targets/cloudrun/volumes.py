"""Named volumes: a bucket of Cloud Storage each, or a folder of the network's NFS share.

An instance sees a bucket as a folder by Cloud Storage FUSE, which is no file system of an Engine: whole files are
written, the last one to write wins, and nothing is locked. What needs more has the class `nfs`.
https://cloud.google.com/run/docs/configuring/services/cloud-storage-volume-mounts,
https://cloud.google.com/run/docs/configuring/services/nfs-volume-mounts
"""

from collections.abc import Iterator
from typing import Any

from ...errors import Problem
from ...model import App, Mount, Service
from ...support import Conflict
from .. import sharing
from ..managed import is_managed
from ..rows import Ref, Row
from ..volumes import extension, is_kept
from . import names
from .given import Scope, label_value

NFS = "nfs"
"""The class of volumes that are on the share."""
OPTIONS = ("implicit-dirs", "dir-mode=777", "file-mode=777")
"""Folders are seen that were made by other tools. As which user a process runs, which is not known here, makes no
difference: what may use the bucket at all, its account says
(https://cloud.google.com/storage/docs/cloud-storage-fuse/cli-options)."""
WRITER, VIEWER = "roles/storage.objectUser", "roles/storage.objectViewer"
"""What reads and writes objects, and what reads them (https://cloud.google.com/storage/docs/access-control/iam-roles)."""


def mounts(scope: Scope, member: Service) -> list[Mount]:
    """A container's mounts of named volumes."""
    return [mount for mount in sharing.volumes(member, scope.app) if str(mount.source) in scope.app.volumes]


def is_nfs(scope: Scope, key: str) -> bool:
    """Whether a volume is on the NFS share."""
    return extension(scope.app.volumes[key]).storage_class == NFS


def stays(scope: Scope, key: str) -> bool:
    """Whether a volume stays when the stack goes."""
    return scope.given.protect or is_kept(scope.app, key)


def bucket(scope: Scope, key: str) -> str:
    """The name of a volume's bucket, which no other one of Google's has."""
    return names.fitting("Bucket", scope.access.project, scope.app.name, key)


def rows(scope: Scope) -> Iterator[Row]:
    """A bucket for each volume of the application's own that is mounted."""
    for key, volume in scope.app.volumes.items():
        if volume.external or is_nfs(scope, key) or not _users(scope, key):
            continue
        keep, kms = stays(scope, key), scope.access.kms_key
        args = {
            "project": scope.access.project,
            "name": bucket(scope, key),
            "location": scope.access.region,
            "uniform_bucket_level_access": True,
            "public_access_prevention": "enforced",
            "force_destroy": not keep,
            "encryption": None if kms is None else {"default_kms_key_name": kms},
            "labels": {label_value(name): label_value(str(value)) for name, value in volume.labels.items()},
        }
        users = _users(scope, key)
        yield scope.row("Bucket", key, args, service=users[0] if len(users) == 1 else "", retain=keep)


def access(scope: Scope, service: Service, member: Any) -> Iterator[Row]:
    """What the account of a service may do with the buckets that its instances mount, and with no others.

    Args:
        scope: the application.
        service: it.
        member: the account, as IAM calls it.
    """
    for key, is_written in _used(scope, service).items():
        if not is_nfs(scope, key):
            role = WRITER if is_written else VIEWER
            args = {"bucket": _name(scope, key), "role": role, "member": member}
            yield scope.row("BucketAccess", f"{service.name}-{key}", args, service=service.name)


def of_instance(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """The `volumes` of a service's instances that have a name."""
    found = {
        _volume(mount): _source(scope, mount) for member in scope.members(service) for mount in mounts(scope, member)
    }
    return [{"name": name, **source} for name, source in found.items()]


def mounted(scope: Scope, mount: Mount) -> dict[str, Any]:
    """Where a container sees a named volume."""
    inside = (mount.volume.subpath or "").strip("/") if mount.volume is not None else ""
    if is_nfs(scope, str(mount.source)):
        inside = "/".join(filter(None, (scope.app.name, str(mount.source), inside)))
    return {
        "name": _volume(mount),
        "mount_path": mount.target,
        **({"sub_path": inside} if inside else {}),
    }


def _volume(mount: Mount) -> str:
    """What an instance calls the volume behind a mount: one that is only read is another than one that is written."""
    return names.container(f"volume-{mount.source}{'-read' if mount.read_only else ''}")


def _source(scope: Scope, mount: Mount) -> dict[str, Any]:
    key, only_read = str(mount.source), {"read_only": True} if mount.read_only else {}
    if is_nfs(scope, key):
        server, _, path = str(scope.access.nfs).partition(":")
        return {"nfs": {"server": server, "path": path or "/", **only_read}}
    return {"gcs": {"bucket": _name(scope, key), "mount_options": list(OPTIONS), **only_read}}


def _name(scope: Scope, key: str) -> Any:
    """The name of the bucket behind a volume."""
    volume = scope.app.volumes[key]
    return volume.name or key if volume.external else Ref("Bucket", key, "name")


def _users(scope: Scope, key: str) -> list[str]:
    """The services and jobs whose instances mount a volume."""
    services = scope.app.services
    return [name for name in scope.users.get(key, ()) if name not in services or not is_managed(services[name])]


def _used(scope: Scope, service: Service) -> dict[str, bool]:
    """The named volumes of a service's instances, and whether any container writes to them."""
    found: dict[str, bool] = {}
    for member in scope.members(service):
        for mount in mounts(scope, member):
            key = str(mount.source)
            found[key] = found.get(key, False) or not mount.read_only
    return found


def problems(scope: Scope) -> Iterator[Problem]:
    """Volumes on a share where there is none."""
    for key in scope.app.volumes:
        if is_nfs(scope, key) and scope.access.nfs is None and scope.users.get(key):
            where = scope.app.where(("volumes", key, "x-slipway", "class"))
            yield Problem("no NFS share is known", where, "write slipway:cloudrun.nfs, or remove the class")


def conflicts(app: App) -> Iterator[Conflict]:
    """Volumes of one name in an instance."""
    taken: dict[str, str] = {}
    for key in app.volumes:
        other = taken.setdefault(names.container(key), key)
        if other != key:
            what = f'"{key}" and "{other}" are both "{names.container(key)}" in an instance'
            yield Conflict(("volumes", key), what, "rename one of them")
