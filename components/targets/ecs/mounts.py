"""Where containers see the volumes of their task, and what they have in memory.

A volume without a name is a container's own, and so is its disk: what is there stays there. Only under a root that is
read-only has it to be a volume of the task, which begins with what the image has in that place, as on an Engine.
"""

import hashlib
import math
from collections.abc import Iterator
from typing import Any

from ...model import Container, Service
from .. import sharing, tmpfs
from . import files, names, secrets, sizes, volumes
from .forms import listed
from .given import Scope

HASH = 7
OPTIONS = (
    *("async", "atime", "defaults", "dev", "diratime", "dirsync", "exec", "gid", "mand", "mode", "noatime", "nodev"),
    *("nodiratime", "noexec", "nomand", "norelatime", "nostrictatime", "nosuid", "nr_blocks", "nr_inodes", "relatime"),
    *("ro", "rw", "strictatime", "suid", "sync", "uid"),
)
"""Options of a tmpfs that ECS takes (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tmpfs.html)."""


def ephemeral(scope: Scope, service: Service) -> list[str]:
    """The volumes that a task has for itself."""
    found = {
        name: None
        for member in scope.members(service)
        for _, container in secrets.containers(member)
        for name in unnamed(scope, member, container)
    }
    return list(found)


def of(scope: Scope, member: Service, name: str, container: Container) -> list[dict[str, Any]]:
    """A container's `mountPoints`.

    Args:
        scope: the application.
        member: whose binds of project files there are.
        name: as `secrets.containers` gives it.
        container: the member's own, or one of its steps.
    """
    named = [
        point(volumes.task_volume(mount), mount.target, read_only=bool(mount.read_only))
        for mount in sharing.seen(member, container, scope.app)
        if mount.type == "volume" and mount.source is not None
    ]
    own = [point(volume, path, read_only=False) for volume, path in unnamed(scope, member, container).items()]
    return [*named, *own, *files.mounts(scope, member, name, container)]


def point(volume: str, path: str, *, read_only: bool) -> dict[str, Any]:
    """A container's mount of a volume of its task."""
    return {"sourceVolume": volume, "containerPath": path, "readOnly": read_only}


def unnamed(scope: Scope, member: Service, container: Container) -> dict[str, str]:
    """The task's volume -> where a container whose root is read-only has what has no name.

    Args:
        scope: the application.
        member: a service of the task.
        container: the member's own, or one of its steps.
    """
    if not container.read_only:
        return {}
    return {
        f"{names.plain(member.name)}-{hashlib.sha256(mount.target.encode()).hexdigest()[:HASH]}": mount.target
        for mount in sharing.seen(member, container, scope.app)
        if mount.type == "volume" and mount.source is None
    }


def in_memory(scope: Scope, member: Service, container: Container, memory: int) -> list[dict[str, Any]]:
    """A container's `tmpfs`, which counts as memory that it uses.

    Fargate has it since January 2026
    (https://aws.amazon.com/about-aws/whats-new/2026/01/amazon-ecs-tmpfs-mounts-aws-fargate-managed-instances/).

    Args:
        scope: the application.
        member: whose mounts a step sees too.
        container: the member's own, or one of its steps.
        memory: MiB of the task. ECS wants a size: where the file says none, they share the half of it.
    """
    found = list(_memory(scope, member, container))
    share = memory // 2 // max(sum(each.size is None for each in found), 1)
    return [
        {
            "containerPath": each.path,
            "size": max(share if each.size is None else math.ceil(each.size / sizes.MIB), 1),
            **listed("mountOptions", [option for option in each.options if option.partition("=")[0] in OPTIONS]),
        }
        for each in found
    ]


def targets(scope: Scope, member: Service, container: Container) -> Iterator[str]:
    """Where a container has something other than files mounted."""
    for mount in sharing.seen(member, container, scope.app):
        if mount.type == "volume" and mount.source is not None:
            yield mount.target
    yield from unnamed(scope, member, container).values()
    yield from (each.path for each in _memory(scope, member, container))


def _memory(scope: Scope, member: Service, container: Container) -> Iterator[tmpfs.Memory]:
    for mount in sharing.seen(member, container, scope.app):
        if mount.type == "tmpfs":
            yield tmpfs.of_mount(mount)
    yield from map(tmpfs.of, container.tmpfs)
