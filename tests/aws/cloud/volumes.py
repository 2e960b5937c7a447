"""The volumes of a task in the Engine: empty ones that go with it, and those of EFS, which stay."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docker
from docker.types import Mount
from ministack.services import efs

from .definitions import NotStartedError
from .place import Place

_FAILED = "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes"


def names(definition: Mapping[str, Any], task: str, engine: docker.DockerClient, place: Place) -> dict[str, str]:
    """Make the volumes of a task.

    Args:
        definition: of the task.
        task: its ID.
        engine: where they are made.
        place: of this cloud.

    Returns:
        A volume's name in the definition -> in the Engine.

    Raises:
        NotStartedError: there is no such file system or access point, or no mount target.
    """
    found = {}
    for volume in definition.get("volumes") or ():
        shared = volume.get("efsVolumeConfiguration")
        if shared:
            found[volume["name"]] = _shared(shared, engine, place)
        else:
            name = f"{place.prefix}-{task}-{volume['name']}"
            engine.volumes.create(name, labels={**place.labels, TASK: task})
            found[volume["name"]] = name
    return found


TASK = "slipway.aws.task"
"""The label of what goes with a task."""


def mounts(container: Mapping[str, Any], names: Mapping[str, str]) -> list[Mount]:
    """Where a container has volumes. What its image has in these places is not copied into them."""
    return [
        Mount(
            each["containerPath"], names[each["sourceVolume"]], type="volume", read_only=bool(each.get("readOnly")),
            no_copy=True,
        )
        for each in container.get("mountPoints") or ()
    ]  # fmt: skip


def _shared(given: Mapping[str, Any], engine: docker.DockerClient, place: Place) -> str:
    system = given["fileSystemId"]
    if system not in efs._file_systems:
        raise NotStartedError(f"{_FAILED}: there is no file system {system}")
    if not any(each["FileSystemId"] == system for each in efs._mount_targets.values()):
        raise NotStartedError(f"{_FAILED}: the file system {system} has no mount target")
    root, owner = given.get("rootDirectory") or "/", (0, 0, 0o755)
    point = (given.get("authorizationConfig") or {}).get("accessPointId")
    if point:
        if given.get("transitEncryption") != "ENABLED" or root != "/":
            raise NotStartedError(f"{_FAILED}: an access point wants transit encryption and no root directory")
        if point not in efs._access_points or efs._access_points[point]["FileSystemId"] != system:
            raise NotStartedError(f"{_FAILED}: there is no access point {point} of {system}")
        directory = efs._access_points[point]["RootDirectory"]
        root, owner = directory.get("Path", "/"), _owner(directory.get("CreationInfo"))
    return _folder(system, root, owner, engine, place)


def _owner(made: Mapping[str, Any] | None) -> tuple[int, int, int]:
    if not made:
        return 0, 0, 0o755
    return int(made["OwnerUid"]), int(made["OwnerGid"]), int(made["Permissions"], 8)


def _folder(
    system: str, root: str, owner: tuple[int, int, int], engine: docker.DockerClient, place: Place
) -> str:  # fmt: skip
    """One folder of a file system: it is made once, as an access point's root directory is."""
    name = f"{place.prefix}-{system}-{root.strip('/').replace('/', '_') or 'root'}"
    try:
        engine.volumes.get(name)
    except docker.errors.NotFound:
        made = Path(engine.volumes.create(name, labels=place.labels).attrs["Mountpoint"])
        uid, gid, mode = owner
        os.chown(made, uid, gid)
        made.chmod(mode)
    return name
