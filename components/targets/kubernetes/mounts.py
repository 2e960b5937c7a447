"""A container's mounts, and the pod's volumes behind them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...model import Container, Mount, Service
from .. import project_files, sharing, tmpfs
from . import files, names, resources, volumes
from .given import Scope

SHARED_MEMORY = "/dev/shm"  # noqa: S108 - where POSIX has it, not a temporary file
PROPAGATION = {
    "rshared": "Bidirectional",
    "shared": "Bidirectional",
    "rslave": "HostToContainer",
    "slave": "HostToContainer",
}
"""`bind.propagation` -> `mountPropagation`; private is Kubernetes' own
(https://kubernetes.io/docs/concepts/storage/volumes/#mount-propagation)."""


@dataclass(frozen=True, slots=True)
class Mounted:
    """A mount of a container, and what is behind it.

    Attributes:
        name: of the pod's volume.
        source: the pod's volume without its name.
        mount: the container's mount without the volume's name.
    """

    name: str
    source: dict[str, Any]
    mount: dict[str, Any]


def pod_volumes(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """The pod's `volumes`: what its containers mount, but for the claims that a StatefulSet makes."""
    own = {names.inner(key) for key in volumes.per_replica(scope, service)}
    found: dict[str, dict[str, Any]] = {}
    for each in scope.members(service):
        for container in (each, *each.pre_start):
            found |= {item.name: {"name": item.name, **item.source} for item in _mounted(scope, each, container)}
    return [*(volume for name, volume in found.items() if name not in own), *files.volumes(scope, service)]


def container_mounts(scope: Scope, service: Service, container: Container) -> list[dict[str, Any]]:
    """A container's `volumeMounts`.

    Args:
        scope: the application.
        service: that it belongs to.
        container: the service's own, or one of its steps, which sees what the service sees.
    """
    found = [{"name": item.name, **item.mount} for item in _mounted(scope, service, container)]
    return [*found, *files.mounts(scope, service, container)]


def _mounted(scope: Scope, service: Service, container: Container) -> Iterator[Mounted]:
    """Every mount but those of files; what is the pod's own has a name that begins with the service's."""
    own = names.label(service.name)
    for mount in sharing.seen(service, container, scope.app):
        if mount.type == "tmpfs":
            limit = mount.tmpfs.size if mount.tmpfs is not None else None
            yield _memory(f"{own}-tmpfs-{mount.target}", mount.target, limit)
        elif not project_files.of_project(mount, scope.app):
            name, source = _source(scope, own, mount)
            yield Mounted(name, source, _mount(mount))
    for entry in container.tmpfs:
        asked = tmpfs.of(entry)
        yield _memory(f"{own}-tmpfs-{asked.path}", asked.path, asked.size)
    if container.shm_size is not None:
        yield _memory(f"{own}-shm", SHARED_MEMORY, container.shm_size)


def _source(scope: Scope, own: str, mount: Mount) -> tuple[str, dict[str, Any]]:
    if mount.type == "image":
        return names.inner(f"image-{mount.source}"), {"image": {"reference": mount.source}}
    if mount.type == "bind":
        # without a type: whether it is a file or a folder is the node's, and the runtime makes a folder of nothing
        return names.inner(f"host-{mount.source}"), {"hostPath": {"path": mount.source}}
    if mount.source is None:
        return names.inner(f"{own}-anonymous-{mount.target}"), {"emptyDir": {}}
    folder = volumes.nfs(scope.app.volumes[mount.source])
    if folder is not None:
        return names.inner(mount.source), {"nfs": folder}
    claim = volumes.claim_name(mount.source, scope.app)
    return names.inner(mount.source), {"persistentVolumeClaim": {"claimName": claim}}


def _mount(mount: Mount) -> dict[str, Any]:
    found: dict[str, Any] = {"mountPath": mount.target}
    if mount.read_only or mount.type == "image":
        found["readOnly"] = True
    options = mount.volume or mount.image
    if options is not None and options.subpath:
        found["subPath"] = options.subpath
    if mount.bind is not None and mount.bind.propagation in PROPAGATION:
        found["mountPropagation"] = PROPAGATION[mount.bind.propagation]
    if mount.bind is not None and mount.bind.recursive == "readonly":
        found["recursiveReadOnly"] = "Enabled"
    return found


def _memory(name: str, path: str, size: int | None) -> Mounted:
    limit = {"sizeLimit": resources.memory(size)} if size else {}
    return Mounted(names.inner(name), {"emptyDir": {"medium": "Memory", **limit}}, {"mountPath": path})
