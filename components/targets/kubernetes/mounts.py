"""A container's mounts, and the pod's volumes behind them."""

from typing import Any

from ...model import App, Bytes, Mount, Service
from .. import project_files
from . import files, names, resources, volumes
from .given import Scope

SHARED_MEMORY = "/dev/shm"  # noqa: S108 - where POSIX has it, not a temporary file


def pod_volumes(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """The pod's `volumes`: what each container of the service mounts."""
    found = [_volume(mount, name, scope) for mount, name in _named(service, scope.app)]
    found += [{"name": name, "emptyDir": _memory(size)} for name, _, size in _in_memory(service)]
    own = set(volumes.per_replica(service, scope.app))
    listed = {volume["name"]: volume for volume in found if volume["name"] not in {names.label(key) for key in own}}
    return [*listed.values(), *files.volumes(scope, service)]


def container_mounts(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """A container's `volumeMounts`."""
    found = [_mount(mount, name) for mount, name in _named(service, scope.app)]
    found += [{"name": name, "mountPath": path} for name, path, _ in _in_memory(service)]
    return [*found, *files.mounts(scope, service)]


def _named(service: Service, app: App) -> list[tuple[Mount, str]]:
    """The mounts that stand for a volume of the pod, each with that volume's name."""
    kept = [
        mount
        for mount in service.volumes
        if mount.type in ("volume", "image") and not project_files.of_project(mount, app)
    ]
    return [(mount, _name(mount, index)) for index, mount in enumerate(kept)]


def _name(mount: Mount, index: int) -> str:
    if mount.type == "volume" and mount.source is not None:
        return names.label(mount.source)
    return f"{mount.type}-{index}"


def _volume(mount: Mount, name: str, scope: Scope) -> dict[str, Any]:
    if mount.type == "image":
        return {"name": name, "image": {"reference": mount.source}}
    if mount.source is None:
        return {"name": name, "emptyDir": {}}
    return {"name": name, "persistentVolumeClaim": {"claimName": volumes.claim_name(mount.source, scope.app)}}


def _mount(mount: Mount, name: str) -> dict[str, Any]:
    options = mount.volume or mount.image
    found: dict[str, Any] = {"name": name, "mountPath": mount.target}
    if mount.read_only or mount.type == "image":
        found["readOnly"] = True
    if options is not None and options.subpath:
        found["subPath"] = options.subpath
    return found


def _in_memory(service: Service) -> list[tuple[str, str, Bytes | int | None]]:
    """Name, path and size of everything that is in memory: tmpfs in both of Compose's forms, and `/dev/shm`."""
    found: list[tuple[str, Bytes | int | None]] = [_tmpfs(entry) for entry in service.tmpfs]
    found += [
        (mount.target, mount.tmpfs.size if mount.tmpfs else None) for mount in service.volumes if mount.type == "tmpfs"
    ]
    listed = [(f"tmpfs-{index}", path, size) for index, (path, size) in enumerate(found)]
    return [*listed, *([("shm", SHARED_MEMORY, service.shm_size)] if service.shm_size is not None else [])]


UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


def _tmpfs(entry: str) -> tuple[str, int | None]:
    """`/run:size=64m,mode=1777` as path and size; the mode is the node's."""
    path, _, options = entry.partition(":")
    for option in options.split(","):
        name, _, value = option.partition("=")
        number, unit = value.rstrip("kmgKMG"), value[-1:].lower() if value[-1:].isalpha() else ""
        if name == "size" and number.isdigit():
            return path, int(number) * UNITS[unit]
    return path, None


def _memory(size: Bytes | int | None) -> dict[str, Any]:
    return {"medium": "Memory", **({"sizeLimit": resources.memory(size)} if size else {})}
