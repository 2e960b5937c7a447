"""A service's `volumes` and `volumes_from` as arguments of `docker.Container`.

The plugin has two forms: `volumes` (the Engine's binds, which make a missing host folder, as Compose's short form does)
and `mounts` (which can say more, and do not). A mount takes the first where it can.
"""

from typing import Any

from ...model import App, Mount, Service
from ..forms import label_list
from ..rows import Ref


def arguments(service: Service, app: App) -> dict[str, Any]:
    """The arguments `volumes` and `mounts`; what is not used is left out."""
    volumes: list[dict[str, Any]] = []
    mounts: list[dict[str, Any]] = []
    for mount in service.volumes:
        if mount.type == "volume" and not _needs_mount(mount):
            volumes.append(_named(mount, app))
        elif mount.type == "bind" and _creates_host_path(mount):
            volumes.append(_bind(mount))
        else:
            mounts.append(_mount(mount, app))
    volumes += [_from(source) for source in service.volumes_from]
    return {name: rows for name, rows in (("volumes", volumes), ("mounts", mounts)) if rows}


def volume_name(source: str, app: App) -> Any:
    """What to mount for a top-level volume: its resource's name; an external one has no resource here."""
    volume = app.volumes[source]
    return (volume.name or source) if volume.external else Ref("volume", source, "name")


def _needs_mount(mount: Mount) -> bool:
    options = mount.volume
    return options is not None and bool(options.labels or options.nocopy or options.subpath)


def _creates_host_path(mount: Mount) -> bool:
    options = mount.bind
    if options is None:
        return False
    return options.create_host_path is not False and options.propagation is None


def _read_only(mount: Mount) -> dict[str, Any]:
    return {"read_only": True} if mount.read_only else {}


def _named(mount: Mount, app: App) -> dict[str, Any]:
    args: dict[str, Any] = {"container_path": mount.target, **_read_only(mount)}
    if mount.source is not None:
        args["volume_name"] = volume_name(mount.source, app)
    return args


def _bind(mount: Mount) -> dict[str, Any]:
    args = {"container_path": mount.target, "host_path": mount.source, **_read_only(mount)}
    if mount.bind is not None and mount.bind.selinux is not None:
        args["selinux_relabel"] = mount.bind.selinux
    return args


def _mount(mount: Mount, app: App) -> dict[str, Any]:
    args: dict[str, Any] = {"type": mount.type, "target": mount.target, **_read_only(mount)}
    if mount.source is not None:
        args["source"] = volume_name(mount.source, app) if mount.type == "volume" else mount.source
    if mount.bind is not None and mount.bind.propagation is not None:
        args["bind_options"] = {"propagation": mount.bind.propagation}
    if mount.volume is not None:
        options = {"no_copy": mount.volume.nocopy, "subpath": mount.volume.subpath}
        args["volume_options"] = {key: value for key, value in options.items() if value is not None}
        if mount.volume.labels:
            args["volume_options"]["labels"] = label_list(mount.volume.labels)
    if mount.tmpfs is not None:
        sizes = {"size_bytes": mount.tmpfs.size, "mode": mount.tmpfs.mode}
        args["tmpfs_options"] = {key: int(value) for key, value in sizes.items() if value is not None}
    return args


def _from(source: str) -> dict[str, Any]:
    """`service[:ro]` or `container:name[:ro]`: a service's first replica."""
    kind, _, rest = source.partition(":")
    name, _, access = rest.partition(":") if kind == "container" else (kind, "", rest)
    container: Any = name if kind == "container" else Ref("container", f"{name}-1", "id")
    return {"from_container": container, **({"read_only": True} if access == "ro" else {})}
