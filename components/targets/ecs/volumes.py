"""Named volumes: a file system of EFS for the application, and an access point of it for each volume.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html
"""

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from ...model import App, Mount, Service
from ...support import Conflict
from .. import sharing, workloads
from ..discovery import ServicePort
from ..rows import Json, Key, Ref, Row
from ..volumes import is_kept
from . import given, names, security_groups, tags
from .given import Scope

FILES = "volumes"
"""The key of the file system and of its security group."""
NFS = ServicePort(2049)
"""Where a mount target listens (https://docs.aws.amazon.com/efs/latest/ug/network-access.html)."""
EXTERNAL = "fs-"
"""Begins the ID of a file system, which is what `external: true` names: `fs-1234` or `fs-1234/fsap-5678`."""
PATH = re.compile(r"(/[^.$#<>;`|&?{}^*/\n][^$#<>;`|&?{}^*/\n]*){1,4}")
PATH_LIMIT = 100
"""https://docs.aws.amazon.com/efs/latest/ug/API_RootDirectory.html"""
OWNER = re.compile(r"(\d+)(?::(\d+))?")
ACTIONS = ("ClientMount", "ClientWrite", "ClientRootAccess")
"""What a task may do with its volumes: root in a container is root there, as on an Engine
(https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html)."""


def mounted(scope: Scope, service: Service) -> dict[str, Mount]:
    """Name of the task's volume -> a mount of it, for every named volume that a service's tasks mount."""
    return {
        task_volume(mount): mount
        for member in scope.members(service)
        for mount in sharing.volumes(member, scope.app)
        if str(mount.source) in scope.app.volumes
    }


def task_volume(mount: Mount) -> str:
    """What a task calls the volume behind a mount: a folder of a volume is one of its own."""
    return names.plain("-".join((str(mount.source), *_subpath(mount).split("/"))).strip("-"))


def kept(scope: Scope, key: str) -> bool:
    """Whether a volume stays when the stack goes: yes, unless the file says otherwise."""
    return scope.given.protect or is_kept(scope.app, key)


def own(scope: Scope) -> dict[str, Mount]:
    """Key of an access point -> a mount of it, for what is on the application's own file system."""
    found: dict[str, Mount] = {}
    for workload in workloads.of(scope):
        service = workloads.service(workload)
        for name, mount in mounted(scope, service).items():
            if not scope.app.volumes[str(mount.source)].external:
                found.setdefault(name, mount)
    return found


def rows(scope: Scope) -> Iterator[Row]:
    """The file system with its access points; nothing where no task mounts a volume of the application's own."""
    points = own(scope)
    if not points:
        return
    retain = any(kept(scope, str(mount.source)) for mount in points.values())
    file_system = {
        "encrypted": True,
        "kms_key_id": scope.access.kms_key,
        "throughput_mode": "elastic",
        "tags": {"Name": scope.app.name},
    }
    yield scope.row("FileSystem", FILES, file_system, retain=retain)
    identity = {"file_system_id": Ref("FileSystem", FILES, "id")}
    yield scope.row("FileSystemPolicy", FILES, {**identity, "policy": _policy()}, retain=retain)
    if scope.access.backup:
        yield scope.row("BackupPolicy", FILES, {**identity, "backup_policy": {"status": "ENABLED"}}, retain=retain)
    yield security_groups.group(scope, FILES, f"volumes of {scope.app.name}")
    yield from _callers(scope)
    groups = [Ref("SecurityGroup", FILES, "id")]
    for key, subnet in scope.access.subnets.items():
        target = {**identity, "subnet_id": subnet, "security_groups": groups}
        yield scope.row("MountTarget", f"{FILES}-{key}", target)
    for key, mount in points.items():
        yield _access_point(scope, key, mount)


def _access_point(scope: Scope, key: str, mount: Mount) -> Row:
    volume = str(mount.source)
    users = scope.users.get(volume, ())
    args = {
        "file_system_id": Ref("FileSystem", FILES, "id"),
        "root_directory": {"path": _folder(mount), "creation_info": _owner(scope, key)},
        "tags": {
            **tags.of(scope.app.volumes[volume].labels),
            "Name": f"{scope.app.name}-{key}",
            "slipway:volume": key,
        },
    }
    return scope.row("AccessPoint", key, args, service=users[0] if len(users) == 1 else "", retain=kept(scope, volume))


def _owner(scope: Scope, key: str) -> dict[str, Any]:
    """Who owns a new volume's folder: the user of the first service that writes to it.

    An Engine gives it to the owner of the image's own folder, which is not known here: where the file names no user by
    number, everybody in the tasks that mount it may write.
    """
    for workload in workloads.of(scope):
        for member in scope.members(workloads.service(workload)):
            for mount in sharing.volumes(member, scope.app):
                found = OWNER.fullmatch(str(member.user or ""))
                if found is not None and task_volume(mount) == key and not mount.read_only:
                    return {"owner_uid": int(found[1]), "owner_gid": int(found[2] or 0), "permissions": "0755"}
    return {"owner_uid": 0, "owner_gid": 0, "permissions": "0777"}


def _callers(scope: Scope) -> Iterator[Row]:
    """The file system is reached by the tasks that mount it, and by nobody else."""
    for workload in workloads.of(scope):
        service = workloads.service(workload)
        if any(not scope.app.volumes[str(each.source)].external for each in mounted(scope, service).values()):
            caller = Ref("SecurityGroup", workload.name, "id")
            yield security_groups.allow(scope, FILES, workload.name, caller, NFS, service=workload.name)


def _policy() -> Json:
    """Nobody without TLS or past the access points. Who may use which, the tasks' roles alone say."""
    conditions = {
        "EncryptedOnly": {"Bool": {"aws:SecureTransport": "false"}},
        "AccessPointsOnly": {"Null": {"elasticfilesystem:AccessPointArn": "true"}},
    }
    statements = [
        {
            "Sid": sid,
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": [f"elasticfilesystem:{action}" for action in ACTIONS],
            "Resource": Ref("FileSystem", FILES, "arn"),
            "Condition": condition,
        }
        for sid, condition in conditions.items()
    ]
    return Json({"Version": "2012-10-17", "Statement": statements}, secret=False)


# --- of a task -------------------------------------------------------------------------------------------------------


def of_task(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """The `volumes` of a task definition that are of EFS."""
    return [
        {"name": name, "efs_volume_configuration": _configuration(scope, name, mount)}
        for name, mount in mounted(scope, service).items()
    ]


def _configuration(scope: Scope, name: str, mount: Mount) -> dict[str, Any]:
    system, point = _place(scope, name, mount)
    authorization = {"iam": "ENABLED", **({"access_point_id": point} if point is not None else {})}
    return {"file_system_id": system, "transit_encryption": "ENABLED", "authorization_config": authorization}


def _place(scope: Scope, name: str, mount: Mount) -> tuple[Any, Any]:
    """File system and access point of a task's volume."""
    volume = scope.app.volumes[str(mount.source)]
    if volume.external:
        system, _, point = str(volume.name or mount.source).partition("/")
        return system, point or None
    return Ref("FileSystem", FILES, "id"), Ref("AccessPoint", name, "id")


def statements(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """What a task's own role may do with the volumes that it mounts, and with no others.

    A volume that is only read cannot be written either, whatever the process tries.
    """
    found = []
    for name, mount in mounted(scope, service).items():
        actions = ACTIONS if _written(scope, service, name) else ("ClientMount", "ClientRootAccess")
        statement: dict[str, Any] = {
            "Effect": "Allow",
            "Action": [f"elasticfilesystem:{action}" for action in actions],
            "Resource": _arn(scope, mount),
        }
        system, point = _place(scope, name, mount)
        if point is not None:
            arn = (
                Ref("AccessPoint", name, "arn")
                if isinstance(system, Ref)
                else scope.access.arn("elasticfilesystem", f"access-point/{point}")
            )
            statement["Condition"] = {"StringEquals": {"elasticfilesystem:AccessPointArn": arn}}
        found.append(statement)
    return found


def _arn(scope: Scope, mount: Mount) -> Any:
    volume = scope.app.volumes[str(mount.source)]
    if not volume.external:
        return Ref("FileSystem", FILES, "arn")
    system = str(volume.name or mount.source).partition("/")[0]
    return scope.access.arn("elasticfilesystem", f"file-system/{system}")


def _written(scope: Scope, service: Service, name: str) -> bool:
    return any(
        not mount.read_only
        for member in scope.members(service)
        for mount in sharing.volumes(member, scope.app)
        if task_volume(mount) == name
    )


def needs(scope: Scope, service: Service) -> list[Key]:
    """What a task's mounts need beside the access points that it names: mount targets, and the way to them."""
    own_volumes = [m for m in mounted(scope, service).values() if not scope.app.volumes[str(m.source)].external]
    if not own_volumes:
        return []
    rule = f"{FILES}-from-{service.name}-{NFS.number}"
    return [
        *(("MountTarget", f"{FILES}-{key}") for key in scope.access.subnets),
        ("FileSystemPolicy", FILES),
        ("IngressRule", rule),
    ]


def _folders(scope: Scope) -> Iterator[tuple[str, str, Mount]]:
    """What tasks call each volume and each folder of one that is mounted, where it is, and a mount of it; each once."""
    seen = set()
    for workload in workloads.of(scope):
        for member in scope.members(workloads.service(workload)):
            for mount in sharing.volumes(member, scope.app):
                path = _folder(mount)
                if str(mount.source) in scope.app.volumes and path not in seen:
                    seen.add(path)
                    yield task_volume(mount), path, mount


def _folder(mount: Mount) -> str:
    """Where a volume, or a folder of it, is on the file system."""
    return posixpath.normpath(posixpath.join("/", str(mount.source), _subpath(mount)))


def _subpath(mount: Mount) -> str:
    return (mount.volume.subpath or "").strip("/") if mount.volume is not None else ""


def conflicts(app: App) -> Iterator[Conflict]:
    """Volumes, and folders of volumes, that no access point can be, and externals that name no file system."""
    scope = given.of(app)
    for key, volume in app.volumes.items():
        if volume.external and key in scope.users and not str(volume.name or key).startswith(EXTERNAL):
            what = f'"{volume.name or key}" is no file system of EFS'
            yield Conflict(("volumes", key, "name"), what, "write fs-... or fs-.../fsap-...")
    taken: dict[str, str] = {}
    for name, path, mount in _folders(scope):
        other = taken.setdefault(name, path)
        if other != path:
            what = f'"{path}" and "{other}" are both "{name}" in a task'
            yield Conflict(("volumes", str(mount.source)), what, "rename one of them")
        external = scope.app.volumes[str(mount.source)].external
        if not external and (len(path) > PATH_LIMIT or not PATH.fullmatch(path)):
            what = f'"{path}" is no folder that an access point can have'
            yield Conflict(("volumes", str(mount.source)), what, "name it in other characters, and four folders deep")
