"""Where containers see the volumes of their instance, and what they have in memory.

A volume without a name is a container's own, and so is its disk, which is in its memory: what is there stays there.
https://cloud.google.com/run/docs/configuring/services/in-memory-volume-mounts
"""

import hashlib
import math
import posixpath
import re
from collections.abc import Iterator
from typing import Any

from ...model import App, Service
from ...support import Conflict
from .. import placed, sharing, tmpfs
from . import given, members, names, sizes, steps, volumes
from .given import Scope

HASH = 7
SYSTEM = re.compile(r"/(dev|proc|sys)(/.*)?")
"""Where Cloud Run mounts nothing
(https://cloud.google.com/run/docs/configuring/services/cloud-storage-volume-mounts#disallowed-paths)."""


def of(scope: Scope, member: Service) -> list[dict[str, Any]]:
    """A container's `volume_mounts`, but for its files."""
    named = [volumes.mounted(scope, mount) for mount in volumes.mounts(scope, member)]
    return [*named, *({"name": name, "mount_path": each.path} for name, each in _in_memory(scope, member).items())]


def in_memory(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """The `volumes` of a service's instances that are in memory: each counts as memory of who writes to it."""
    return [
        {"name": name, "empty_dir": {"medium": "MEMORY", **_limit(each.size)}}
        for member in scope.members(service)
        for name, each in _in_memory(scope, member).items()
    ]


def targets(scope: Scope, member: Service) -> Iterator[str]:
    """Where a container has something other than files mounted."""
    yield from (mount.target for mount in volumes.mounts(scope, member))
    yield from (each.path for each in _in_memory(scope, member).values())


def _in_memory(scope: Scope, member: Service) -> dict[str, tmpfs.Memory]:
    """Name of the instance's volume -> a folder in memory."""
    found = [tmpfs.of_mount(mount) for mount in sharing.mounts(member, scope.app) if mount.type == "tmpfs"]
    found += map(tmpfs.of, member.tmpfs)
    return {f"memory-{names.container(member.name)}-{_hash(each.path)}": each for each in found}


def _limit(size: int | None) -> dict[str, str]:
    return {} if size is None else {"size_limit": f"{max(math.ceil(size / sizes.MIB), 1)}Mi"}


def _hash(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()[:HASH]


# --- what is known before --------------------------------------------------------------------------------------------


def conflicts(app: App) -> Iterator[Conflict]:
    """What would be mounted where Cloud Run mounts nothing."""
    for member in members.every(given.of(app)):
        above = steps.path(app, member.name)
        found = (
            *placed.places(app, above, member),
            *(((*above, "volumes", index), mount.target) for index, mount in enumerate(member.volumes)),
            *(((*above, "tmpfs", index), tmpfs.of(entry).path) for index, entry in enumerate(member.tmpfs)),
        )
        for where, path in dict(found).items():
            if SYSTEM.fullmatch(posixpath.normpath(path)):
                yield Conflict(where, f'"{path}" is where Cloud Run mounts nothing', "give it another target")
