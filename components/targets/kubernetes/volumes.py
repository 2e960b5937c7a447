"""Named volumes: a PersistentVolumeClaim each, or one for every replica.

A volume with one writer that a service with several replicas mounts is not one volume on Kubernetes: each replica has
its own, by a StatefulSet. One that several services mount stays one: their pods are put on one node. What the local
driver would mount by NFS has a server, and needs no claim.
"""

from collections.abc import Iterator
from typing import Any

from ...model import App, Service, Volume
from .. import completion, sharing
from ..rows import Key, Row
from ..volumes import extension, is_kept
from . import awaits, names, resources
from .given import Scope

CLAIM = "PersistentVolumeClaim"
DEFAULT_SIZE = 1024 * 1024 * 1024
"""Bytes that a volume holds where the file does not say: Compose has no size, and Kubernetes demands one."""
NFS = ("nfs", "nfs4")
"""Values of the local driver's option `type` that mean a folder of an NFS server."""
LABEL = "slipway.dev/"
"""Begins the label of the pods that share a volume with one writer: they have to be on one node."""


def nfs(volume: Volume) -> dict[str, Any] | None:
    """The source of a pod's volume that is a folder of an NFS server; None: the volume is another.

    `driver_opts: {type: nfs, o: "addr=SERVER,ro", device: ":/FOLDER"}`, as the local driver takes it
    (https://docs.docker.com/reference/cli/docker/volume/create/#opt).
    """
    given = {name: str(value) for name, value in volume.driver_opts.items()}
    if volume.driver not in (None, "local") or given.get("type") not in NFS:
        return None
    options = nfs_options(given.get("o", ""))
    host, _, folder = given.get("device", "").partition(":")
    server = options.get("addr") or host
    if not server or not folder:
        return None
    return {"server": server, "path": folder, **({"readOnly": True} if "ro" in options else {})}


def nfs_options(written: str) -> dict[str, str]:
    """`addr=SERVER,ro` by name; a flag has an empty value."""
    return {name: value for name, _, value in (option.partition("=") for option in written.split(",")) if name}


def is_claimed(volume: Volume) -> bool:
    """Whether the application makes a claim for a volume."""
    return not volume.external and nfs(volume) is None


def claim_name(key: str, app: App) -> str:
    """The claim of a named volume; an external one has the name of its claim."""
    volume = app.volumes[key]
    return (volume.name or key) if volume.external else names.physical(volume.name, key, app.name)


def claimed(scope: Scope, service: Service) -> list[str]:
    """The named volumes that a service's pods mount, each once."""
    mounted = [mount for each in scope.members(service) for mount in sharing.volumes(each, scope.app)]
    return list(dict.fromkeys(str(mount.source) for mount in mounted))


def is_shared(key: str, app: App) -> bool:
    """Whether several nodes may write to a volume at once."""
    return extension(app.volumes[key]).shared or nfs(app.volumes[key]) is not None


def single_writer(scope: Scope, service: Service) -> bool:
    """Whether a service's pods write to a volume that only one node can have."""
    return any(not is_shared(key, scope.app) for key in sharing.written(scope.members(service), scope.app))


def per_replica(scope: Scope, service: Service) -> list[str]:
    """The volumes of which each replica has its own."""
    if not completion.several(service) or (service.deploy is not None and service.deploy.mode == "global"):
        return []
    return [
        key
        for key in claimed(scope, service)
        if not is_shared(key, scope.app) and not scope.app.volumes[key].external and scope.users[key] == (service.name,)
    ]


def together(scope: Scope, service: Service) -> list[str]:
    """The volumes with one writer that a service's pods share with others: all of them have to be on one node."""
    return [key for key in claimed(scope, service) if not is_shared(key, scope.app) and len(scope.users[key]) > 1]


def member(scope: Scope, key: str) -> dict[str, str]:
    """The label of the pods that share a volume; another application's volume may have the same name."""
    return {LABEL + names.inner(f"volume-{key}"): "true", **scope.selector("")}


def kept(key: str, scope: Scope) -> bool:
    """Whether a volume stays when the stack goes: yes, unless the file says otherwise."""
    return scope.given.protect or is_kept(scope.app, key)


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


def annotations(volume: Volume) -> dict[str, Any]:
    """A volume's labels, as far as they can be annotations."""
    return {name: value for name, value in volume.labels.items() if names.is_annotation(name)}


def rows(scope: Scope) -> Iterator[Row]:
    """A claim for every volume that is mounted, not external, and not each replica's own."""
    for key in _claims(scope):
        yield scope.row(
            CLAIM,
            claim_name(key, scope.app),
            {"spec": spec(key, scope)},
            # it belongs to the service that alone mounts it: so does a patch of it
            service=scope.users[key][0] if len(scope.users[key]) == 1 else "",
            # it is bound when a pod needs it, which comes later (WaitForFirstConsumer)
            annotations={**annotations(scope.app.volumes[key]), **awaits.SKIP},
            retain=kept(key, scope),
        )


def keys(scope: Scope, service: Service) -> list[Key]:
    """The claims that a service's pods need, and that are made beside them."""
    own = per_replica(scope, service)
    made = [key for key in claimed(scope, service) if key not in own and is_claimed(scope.app.volumes[key])]
    return [(CLAIM, claim_name(key, scope.app)) for key in made]


def _claims(scope: Scope) -> list[str]:
    own = {key for service in scope.app.services.values() for key in per_replica(scope, service)}
    made = (key for key, volume in scope.app.volumes.items() if is_claimed(volume) and key in scope.users)
    return [key for key in made if key not in own]


def any_kept(scope: Scope) -> bool:
    """Whether the namespace has to stay for a volume's sake."""
    return any(kept(key, scope) for key in scope.users if is_claimed(scope.app.volumes[key]))
