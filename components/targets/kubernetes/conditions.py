"""For which values a row of the kubernetes column holds (`support.Condition`), where it does not hold for all."""

import re
from collections.abc import Callable
from typing import Any

from ...model import App, Container, DeviceRequest, Mount, Path, Port, Service, Workload
from ...support import Condition
from .. import discovery, project_files
from ..conditions import nearest
from . import given, names, placement, resources, security, services, volumes, workloads

OF_NODE = "the path is that of whichever node runs the pod, where a folder is made of what is missing"
WILDCARDS = ("0.0.0.0", "::", "")  # noqa: S104 - compared

NFS_OPTIONS = {"addr", "ro", "rw"}
GPU_WORDS = frozenset({"gpu", "nvidia", "compute", "compat32", "display", "graphics", "ngx", "utility", "video"})
"""What Docker calls capabilities of a GPU."""
OPTION = re.compile(r"no-new-privileges:false|seccomp:unconfined|apparmor:.+|label:(user|role|type|level):.+")
"""Values of `security_opt` that a security context has a field for."""

_scopes: dict[int, given.Scope] = {}


def _scope(app: App) -> given.Scope:
    """The scope of the application that is judged.

    It reads the whole application, and is asked for again and again: the last one is kept. It keeps its application,
    so that no other can have the same identity meanwhile.
    """
    found = _scopes.get(id(app))
    if found is None:
        _scopes.clear()
        found = _scopes[id(app)] = given.of(app)
    return found


# --- mounts ----------------------------------------------------------------------------------------------------------


def _project_bind(check: Callable[[Mount], bool]) -> Condition:
    def holds(app: App, path: Path, value: Any) -> bool:
        mount = nearest(Mount, app, path)
        return value == "bind" and project_files.of_project(mount, app) and check(mount)

    return holds


project_bind_missing = _project_bind(project_files.is_missing)
project_bind_written = _project_bind(lambda mount: not mount.read_only)
project_bind_too_large = _project_bind(project_files.too_large)


def sent(app: App, path: Path, _value: Any) -> bool:
    """A bind of what is the project's."""
    return project_files.of_project(nearest(Mount, app, path), app)


def bind_of_socket(app: App, path: Path, value: Any) -> bool:
    """A bind of the Docker Engine's socket."""
    return value == "bind" and of_socket(app, path, value)


def of_socket(app: App, path: Path, _value: Any) -> bool:
    """Of the Docker Engine's socket."""
    return project_files.is_socket(nearest(Mount, app, path))


def bind_of_node(app: App, path: Path, value: Any) -> bool:
    """A bind of a node's path. The short form says `create_host_path` too, and is told there."""
    mount = nearest(Mount, app, path)
    told = mount.bind is not None and mount.bind.create_host_path is True
    return value == "bind" and not told and not project_files.of_project(mount, app)


def shared_unprivileged(app: App, path: Path, value: Any) -> bool:
    """Mounts that go both ways, of a container that is not privileged."""
    return value in ("shared", "rshared") and not nearest(Container, app, path).privileged


def anonymous(app: App, path: Path, value: Any) -> bool:
    """A volume without a source."""
    return value == "volume" and nearest(Mount, app, path).source is None


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


def of_container(_app: App, _path: Path, value: Any) -> bool:
    """Another container's, by the container's name."""
    return str(value).startswith("container:")


def more_than_taken(app: App, _path: Path, value: Any) -> bool:
    """Volumes of a service of which some are its pods' own."""
    other = app.services.get(str(value).partition(":")[0])
    return other is not None and (
        bool(other.tmpfs) or any(mount.type == "tmpfs" or mount.source is None for mount in other.volumes)
    )


def more_than_size(_app: App, _path: Path, value: Any) -> bool:
    """A short tmpfs with another option than its size."""
    options = str(value).partition(":")[2].split(",")
    return any(option and not option.startswith("size=") for option in options)


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


def companion(app: App, path: Path, _value: Any) -> bool:
    """Of a service in the pods of another."""
    return (nearest(Service, app, path).network_mode or "").startswith("service:")


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


def of_service(_app: App, _path: Path, value: Any) -> bool:
    """Another service's, by its name."""
    return str(value).startswith("service:")


def linked(app: App, path: Path, _value: Any) -> bool:
    """A dependency that a link or a network says, which Compose restarts for the sake of its address."""
    workload, name = nearest(Workload, app, path), str(path[3])
    links = workload.links if isinstance(workload, Service) else ()
    return workload.network_mode == f"service:{name}" or name in (link.partition(":")[0] for link in links)


def on_job(app: App, path: Path, _value: Any) -> bool:
    """A dependency on a job."""
    return path[3] in app.jobs


def may_end(_app: App, _path: Path, value: Any) -> bool:
    """A restart policy by which a container may end."""
    return value in ("no", "none") or str(value).startswith("on-failure")


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


def no_new_privileges(_app: App, _path: Path, value: Any) -> bool:
    """What holds for every container anyway."""
    return str(value).replace("=", ":") in ("no-new-privileges", "no-new-privileges:true")


def no_option(app: App, path: Path, value: Any) -> bool:
    """An option that Kubernetes has no field for."""
    return not no_new_privileges(app, path, value) and OPTION.fullmatch(str(value).replace("=", ":")) is None


# --- devices ---------------------------------------------------------------------------------------------------------


def no_gpu(_app: App, _path: Path, value: Any) -> bool:
    """A capability that is none of a GPU."""
    return value not in GPU_WORDS


def no_driver(_app: App, _path: Path, value: Any) -> bool:
    """A driver of which no device plugin is known."""
    return resources.gpu(DeviceRequest(driver=str(value))) is None


def no_resource(_app: App, _path: Path, value: Any) -> bool:
    """A kind of resource without a domain."""
    return "/" not in str(value)


# --- ports -----------------------------------------------------------------------------------------------------------


def loopback(app: App, path: Path, _value: Any) -> bool:
    """A port that is for the host itself only."""
    return discovery.is_loopback(nearest(Port, app, path))


def one_address(app: App, path: Path, value: Any) -> bool:
    """A certain address of the host, from which others come in."""
    return value not in WILDCARDS and not loopback(app, path, value)


def is_range(_app: App, _path: Path, value: Any) -> bool:
    """A range of ports for one."""
    return "-" in str(value)


def mixed_modes(app: App, path: Path, value: Any) -> bool:
    """A port in host mode beside one that is not: both are of one Service."""
    return value == "host" and any(port.mode != "host" for port in discovery.published(nearest(Service, app, path)))


def node_port(_app: App, _path: Path, value: Any) -> bool:
    """A port that may be a node's."""
    return str(value).isdigit() and int(value) in services.NODE_PORTS


def by_time(_app: App, _path: Path, value: Any) -> bool:
    """A policy that asks the registry anew after a time."""
    return str(value) in ("daily", "weekly") or str(value).startswith("every_")
