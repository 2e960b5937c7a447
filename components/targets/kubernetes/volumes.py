"""Named volumes: a PersistentVolumeClaim each, or one for every replica.

A volume with one writer that a service with several replicas mounts is not one volume on Kubernetes: each replica has
its own, by a StatefulSet.
"""

from collections.abc import Iterator
from typing import Any

from ...model import App, Mount, Service, Volume, VolumeExtension
from ..rows import Row
from . import names, resources
from .given import Scope

DEFAULT_SIZE = 1024 * 1024 * 1024
"""Bytes that a volume holds where the file does not say: Compose has no size, and Kubernetes demands one."""
LABEL = "slipway.dev/volume."
"""Label of the pods that share a volume with one writer: they have to be on one node."""


def extension(volume: Volume) -> VolumeExtension:
    """A volume's `x-slipway`, or what it means without."""
    return volume.x_slipway or VolumeExtension()


def claim_name(key: str, app: App) -> str:
    """The claim of a named volume; an external one has the name of its claim."""
    volume = app.volumes[key]
    return (volume.name or key) if volume.external else names.label(key)


def mounted(service: Service) -> list[Mount]:
    """A service's mounts of named volumes."""
    return [mount for mount in service.volumes if mount.type == "volume" and mount.source is not None]


def claimed(service: Service, app: App) -> list[str]:
    """The named volumes that a service mounts, in the file's order, each once."""
    return list(dict.fromkeys(str(mount.source) for mount in mounted(service) if mount.source in app.volumes))


def users(key: str, app: App) -> list[str]:
    """The services that mount a volume."""
    return [name for name, service in app.services.items() if key in claimed(service, app)]


def is_shared(key: str, app: App) -> bool:
    """Whether several nodes may write to a volume at once."""
    return extension(app.volumes[key]).shared


def single_writer(service: Service, app: App) -> bool:
    """Whether a service writes to a volume that only one node can have."""
    return any(not mount.read_only and not is_shared(str(mount.source), app) for mount in mounted(service))


def per_replica(service: Service, app: App) -> list[str]:
    """The volumes of which each replica has its own."""
    scale = service.x_slipway.autoscale if service.x_slipway else None
    if service.replicas < 2 and scale is None:
        return []
    return [
        key
        for key in claimed(service, app)
        if not is_shared(key, app) and not app.volumes[key].external and users(key, app) == [service.name]
    ]


def together(service: Service, app: App) -> list[str]:
    """The volumes with one writer that a service shares with others: all their pods have to be on one node."""
    return [key for key in claimed(service, app) if not is_shared(key, app) and len(users(key, app)) > 1]


def kept(key: str, app: App, *, protect: bool) -> bool:
    """Whether a volume stays when the stack goes: yes, unless the file says otherwise."""
    keep = extension(app.volumes[key]).keep
    return protect or keep is None or keep


def spec(key: str, scope: Scope) -> dict[str, Any]:
    """The `spec` of a volume's claim."""
    asked = extension(scope.app.volumes[key])
    access = scope.given.access
    default = access.shared_storage_class if asked.shared else access.storage_class
    wanted = asked.storage_class
    storage_class = default if wanted is None else access.storage_classes.get(wanted, wanted)
    return {
        "accessModes": ["ReadWriteMany" if asked.shared else "ReadWriteOnce"],
        "resources": {"requests": {"storage": resources.memory(asked.size or DEFAULT_SIZE)}},
        **({"storageClassName": storage_class} if storage_class is not None else {}),
    }


def rows(scope: Scope) -> Iterator[Row]:
    """A claim for every volume that is not external and not each replica's own."""
    app = scope.app
    own = {key for service in app.services.values() for key in per_replica(service, app)}
    for key, volume in app.volumes.items():
        if volume.external or key in own:
            continue
        yield scope.row(
            "PersistentVolumeClaim",
            claim_name(key, app),
            {"spec": spec(key, scope)},
            # a claim is bound when a pod needs it, which comes later (WaitForFirstConsumer)
            annotations={**dict(volume.labels), "pulumi.com/skipAwait": "true"},
            retain=kept(key, app, protect=scope.given.protect),
        )


def any_kept(scope: Scope) -> bool:
    """Whether the namespace has to stay for a volume's sake."""
    return any(
        kept(key, scope.app, protect=scope.given.protect)
        for key, volume in scope.app.volumes.items()
        if not volume.external
    )
