"""For which values a row of the kubernetes column holds (`support.Condition`), where it does not hold for all."""

import re
from typing import Any

from ...model import App, Container, DeviceRequest, Mount, Path, Service, Workload
from .. import discovery, project_files
from ..conditions import last, may_end, nearest, no_new_privileges
from . import given, names, placement, resources, security, services, volumes, workloads

OF_NODE = "the path is that of whichever node runs the pod, where a folder is made of what is missing"
NFS_OPTIONS = {"addr", "ro", "rw"}
OPTION = re.compile(r"no-new-privileges:false|seccomp:unconfined|apparmor:.+|label:(user|role|type|level):.+")
"""Values of `security_opt` that a security context has a field for."""

_scope = last(given.of)
"""The scope of the application that is judged."""


# --- mounts ----------------------------------------------------------------------------------------------------------


def bind_of_node(app: App, path: Path, value: Any) -> bool:
    """A bind of a node's path. The short form says `create_host_path` too, and is told there."""
    mount = nearest(Mount, app, path)
    told = mount.bind is not None and mount.bind.create_host_path is True
    return value == "bind" and not told and not project_files.of_project(mount, app)


def shared_unprivileged(app: App, path: Path, value: Any) -> bool:
    """Mounts that go both ways, of a container that is not privileged."""
    return value in ("shared", "rshared") and not nearest(Container, app, path).privileged


def by_nfs(app: App, path: Path, _value: Any) -> bool:
    """Of a volume that is a folder of an NFS server."""
    return volumes.nfs(app.volumes[str(path[1])]) is not None


def more_nfs_options(app: App, path: Path, value: Any) -> bool:
    """Options of a mount that a pod has no field for."""
    return path[-1] == "o" and by_nfs(app, path, value) and not set(volumes.nfs_options(str(value))) <= NFS_OPTIONS


def per_replica(app: App, path: Path, value: Any) -> bool:
    """A volume of which every replica has its own."""
    return path[0] == "services" and value in volumes.per_replica(_scope(app), nearest(Service, app, path))


def on_every_node(app: App, path: Path, value: Any) -> bool:
    """A volume of one writer, of which every node has a pod."""
    if path[0] != "services" or value not in app.volumes or app.volumes[value].external:
        return False
    return workloads.is_global(nearest(Service, app, path)) and not volumes.is_shared(value, app)


# --- names -----------------------------------------------------------------------------------------------------------


def not_annotation(_app: App, path: Path, _value: Any) -> bool:
    """A key that no annotation can have."""
    return not names.is_annotation(str(path[-1]))


def not_label(_app: App, _path: Path, value: Any) -> bool:
    """Not a DNS label, whose letters are of no case."""
    return not names.is_label(str(value).lower())


def not_hostname(_app: App, _path: Path, value: Any) -> bool:
    """Not a DNS label as it is written."""
    return not names.is_label(str(value))


def renamed(app: App, path: Path, _value: Any) -> bool:
    """Of a service whose name is no DNS label."""
    return path[0] == "services" and path[2] in ("image", "build") and not_label(app, path, path[1])


def moving_tag(app: App, path: Path, value: Any) -> bool:
    """A reference without a digest, of an image that is not built here."""
    container = nearest(Container, app, path)
    built = isinstance(container, Workload) and container.build is not None
    return not built and "@sha256:" not in str(value)


# --- workloads -------------------------------------------------------------------------------------------------------


def job(app: App, path: Path, _value: Any) -> bool:
    """Of a service that runs to completion."""
    return _kind(app, path) == "Job"


def stateful(app: App, path: Path, value: Any) -> bool:
    """Of a StatefulSet, and not what that does by itself."""
    return value not in (1, "stop-first") and _kind(app, path) == "StatefulSet"


def recreated(app: App, path: Path, value: Any) -> bool:
    """Of a Deployment whose old pods all go first, and not what that does by itself."""
    service = nearest(Service, app, path)
    wanted = value == "start-first" or (isinstance(value, int) and 0 < value < service.replicas)
    return (
        wanted and _kind(app, path) == "Deployment" and workloads.strategy(_scope(app), service)["type"] == "Recreate"
    )


def rolls(app: App, path: Path, value: Any) -> bool:
    """New pods first, of a Deployment."""
    return value == "start-first" and _kind(app, path) == "Deployment"


def _kind(app: App, path: Path) -> str:
    return workloads.kind(_scope(app), nearest(Service, app, path))


def ends(app: App, path: Path, value: Any) -> bool:
    """The same, where Kubernetes has a Job of it; a number of attempts is of a Job alone."""
    return (isinstance(value, int) or may_end(app, path, value)) and job(app, path, value)


def no_constraint(_app: App, _path: Path, value: Any) -> bool:
    """A constraint on what a node has no label for."""
    return placement.expression(str(value)) is None


def no_topology(_app: App, _path: Path, value: Any) -> bool:
    """A preference for what a node has no label for."""
    return placement.topology(str(value)) is None


# --- rights ----------------------------------------------------------------------------------------------------------


def named(_app: App, _path: Path, value: Any) -> bool:
    """A user or group by another name than root's."""
    return any(security.number(part) is None for part in str(value).split(":"))


def unsafe(_app: App, path: Path, _value: Any) -> bool:
    """A kernel parameter that is not of the safe set."""
    return path[-1] not in security.SAFE_SYSCTLS


def no_option(app: App, path: Path, value: Any) -> bool:
    """An option that Kubernetes has no field for."""
    return not no_new_privileges(app, path, value) and OPTION.fullmatch(str(value).replace("=", ":")) is None


# --- devices ---------------------------------------------------------------------------------------------------------


def no_driver(_app: App, _path: Path, value: Any) -> bool:
    """A driver of which no device plugin is known."""
    return resources.gpu(DeviceRequest(driver=str(value))) is None


def no_resource(_app: App, _path: Path, value: Any) -> bool:
    """A kind of resource without a domain."""
    return "/" not in str(value)


# --- ports -----------------------------------------------------------------------------------------------------------


def mixed_modes(app: App, path: Path, value: Any) -> bool:
    """A port in host mode beside one that is not: both are of one Service."""
    return value == "host" and any(port.mode != "host" for port in discovery.published(nearest(Service, app, path)))


def node_port(_app: App, _path: Path, value: Any) -> bool:
    """A port that may be a node's."""
    return str(value).isdigit() and int(value) in services.NODE_PORTS
