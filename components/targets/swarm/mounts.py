"""A service's `volumes`, `tmpfs` and `shm_size` as mounts of its tasks.

Swarm has no volumes of its own: a task's node makes the volume that the mount describes, by name, and keeps it.
"""

from collections.abc import Mapping
from typing import Any

from ...model import App, Bytes, Mount, Service, Volume
from .. import project_files
from ..forms import label_list

NETWORK_FILE_SYSTEMS = ("nfs", "nfs4", "cifs", "smb3")
"""Values of the local driver's option `type` with which every node sees the same files."""
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - the container's path, not a file of ours
UNITS = {"": 1, "b": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


def arguments(service: Service, app: App, own: Mapping[str, Any]) -> dict[str, Any]:
    """The argument `mounts`; what is not used is left out. Binds of project files are configs instead.

    Args:
        service: whose tasks.
        app: the application.
        own: labels of every volume that is made.
    """
    mounts = [_mount(mount, app, own) for mount in service.volumes if not project_files.of_project(mount, app)]
    mounts += [_short_tmpfs(entry) for entry in service.tmpfs]
    if service.shm_size is not None:
        mounts.append(_tmpfs(SHARED_MEMORY, service.shm_size, 0o1777))
    return {"mounts": mounts} if mounts else {}


def volume_name(source: str, app: App) -> str:
    """The physical name of a top-level volume."""
    volume = app.volumes[source]
    return volume.name or (source if volume.external else f"{app.name}_{source}")


def on_one_node(volume: Volume) -> bool:
    """Whether a volume's files are on the node that made it: the local driver, and no network file system."""
    local = volume.driver in (None, "local")
    return local and str(volume.driver_opts.get("type", "")) not in NETWORK_FILE_SYSTEMS


def node_volumes(service: Service, app: App) -> list[str]:
    """The named volumes of a service that bind it to one node, in the file's order."""
    named = [mount.source for mount in service.volumes if mount.type == "volume" and mount.source in app.volumes]
    return [name for name in dict.fromkeys(named) if name is not None and on_one_node(app.volumes[name])]


def _mount(mount: Mount, app: App, own: Mapping[str, Any]) -> dict[str, Any]:
    args: dict[str, Any] = {"type": mount.type, "target": mount.target}
    if mount.source is not None:
        args["source"] = volume_name(mount.source, app) if mount.type == "volume" else mount.source
    if mount.read_only:
        args["read_only"] = True
    if mount.bind is not None and mount.bind.propagation is not None:
        args["bind_options"] = {"propagation": mount.bind.propagation}
    options = _volume_options(mount, app, own) if mount.type == "volume" else {}
    if options:  # the official plugin does not survive an empty block
        args["volume_options"] = options
    if mount.type == "tmpfs" and mount.tmpfs is not None:
        return {**args, **_tmpfs_options(mount.tmpfs.size, mount.tmpfs.mode)}
    return args


def _volume_options(mount: Mount, app: App, own: Mapping[str, Any]) -> dict[str, Any]:
    volume = app.volumes.get(mount.source or "", Volume())
    labels = {**volume.labels, **(mount.volume.labels if mount.volume else {})}
    args: dict[str, Any] = {} if volume.external else {"labels": label_list({**labels, **own})}
    if mount.volume is not None and mount.volume.nocopy is not None:
        args["no_copy"] = mount.volume.nocopy
    if volume.driver is not None or volume.driver_opts:
        args["driver_name"] = volume.driver or "local"
    if volume.driver_opts:
        args["driver_options"] = dict(volume.driver_opts)
    return args


def _short_tmpfs(entry: str) -> dict[str, Any]:
    """`/run:size=64m,mode=1777`; the support table rejects every other option."""
    path, _, options = entry.partition(":")
    given = dict(each.partition("=")[::2] for each in options.split(",") if each)
    size = _size(given["size"]) if "size" in given else None
    return _tmpfs(path, size, int(given["mode"], 8) if "mode" in given else None)


def _tmpfs(path: str, size: Bytes | None, mode: int | None) -> dict[str, Any]:
    return {"type": "tmpfs", "target": path, **_tmpfs_options(size, mode)}


def _tmpfs_options(size: Bytes | None, mode: int | None) -> dict[str, Any]:
    given = {"size_bytes": size, "mode": mode}
    args = {name: int(value) for name, value in given.items() if value is not None}
    return {"tmpfs_options": args} if args else {}


def _size(text: str) -> Bytes:
    """`64m` as the kernel reads it."""
    number = text.rstrip("bkmgBKMG")
    return Bytes(int(number) * UNITS[text[len(number) :].lower()])


def tmpfs_readable(entry: str) -> bool:
    """Whether a short tmpfs says no more than a mount can: size and mode."""
    try:
        _short_tmpfs(entry)
    except (ValueError, KeyError):
        return False
    options = entry.partition(":")[2].split(",")
    return all(not option or option.partition("=")[0] in ("size", "mode") for option in options)
