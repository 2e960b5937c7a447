"""Where containers see the volumes of their task."""

import hashlib
from typing import Any

from ...model import Container, Mount, Service
from .. import sharing
from . import files, names, secrets, volumes
from .given import Scope

HASH = 7


def ephemeral(scope: Scope, service: Service) -> list[str]:
    """The volumes that a task has for itself: of what is in memory or has no name elsewhere."""
    found = {
        _ephemeral(member, path): None
        for member in scope.members(service)
        for _, container in secrets.containers(member)
        for path in _unnamed(scope, member, container)
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
        for mount in _seen(scope, member, container)
        if mount.type == "volume" and mount.source is not None
    ]
    own = [point(_ephemeral(member, path), path, read_only=False) for path in _unnamed(scope, member, container)]
    return [*named, *own, *files.mounts(scope, member, name, container)]


def point(volume: str, path: str, *, read_only: bool) -> dict[str, Any]:
    """A container's mount of a volume of its task."""
    return {"sourceVolume": volume, "containerPath": path, "readOnly": read_only}


def _seen(scope: Scope, member: Service, container: Container) -> list[Mount]:
    """A container's mounts; a step sees what its service sees."""
    found = {mount.target: mount for mount in sharing.mounts(container, scope.app)}
    for mount in sharing.mounts(member, scope.app):
        found.setdefault(mount.target, mount)
    return list(found.values())


def _unnamed(scope: Scope, member: Service, container: Container) -> list[str]:
    """Where a container has room of its own: without a name, or in memory, which Fargate has on its disk."""
    found = [
        mount.target
        for mount in _seen(scope, member, container)
        if mount.type == "tmpfs" or (mount.type == "volume" and mount.source is None)
    ]
    return [*found, *(entry.partition(":")[0] for entry in container.tmpfs)]


def _ephemeral(member: Service, path: str) -> str:
    return f"{names.plain(member.name)}-{hashlib.sha256(path.encode()).hexdigest()[:HASH]}"
