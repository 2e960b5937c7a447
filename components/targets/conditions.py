"""Conditions of support tables: for which values a row holds. Each takes application, path and value."""

import dataclasses
import functools
import posixpath
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .. import model
from ..model import App, Container, FileGrant, Mount, Path, Port, Service, Workload, key_of
from ..support import Condition
from . import discovery, health, project_files, tmpfs
from .files import SECRETS_DIRECTORY, granted

GPU_WORDS = frozenset({"gpu", "nvidia", "compute", "compat32", "display", "graphics", "ngx", "utility", "video"})
"""What Docker calls capabilities of a GPU."""
WILDCARDS = ("0.0.0.0", "::", "")  # noqa: S104 - compared
"""Addresses that stand for all of a host's."""


def is_secret(_app: App, _path: Path, value: Any) -> bool:
    """The value holds a secret."""
    return model.is_secret(value)


def one_of(*values: Any) -> Condition:
    """The value is one of these."""
    return lambda _app, _path, value: value in values


def none_of(*values: Any) -> Condition:
    """The value is none of these."""
    return lambda _app, _path, value: value not in values


def external(kind: str) -> Condition:
    """The entry of a top-level group that the path is in is external."""
    return lambda app, path, _value: getattr(app, kind)[path[1]].external


def aliased(_app: App, _path: Path, value: Any) -> bool:
    """The value is a link with an alias of its own."""
    name, colon, alias = str(value).partition(":")
    return bool(colon) and alias != name


T = TypeVar("T")


def nearest(kind: type[T], app: App, path: Path) -> T:
    """The innermost part of an application of a kind that a path leads through.

    Args:
        kind: a class of the model, such as `Mount`, which services, jobs and steps have alike.
        app: the application.
        path: of a leaf in it.

    Raises:
        LookupError: the path leads through none.
    """
    found: list[T] = []
    node: Any = app
    for key in path:
        node = _inside(node, key)
        if isinstance(node, kind):
            found.append(node)
    if not found:
        raise LookupError(f"no {kind.__name__} on the way to {path}")
    return found[-1]


def _inside(node: Any, key: str | int) -> Any:
    if not dataclasses.is_dataclass(node):
        return node[key]
    kind: Any = type(node)
    name = _names(kind).get(key)
    return None if name is None else getattr(node, name)


@functools.cache
def _names(kind: Any) -> Mapping[str | int, str]:
    """Of each field of a class of the model that has a Compose key: the key -> its name."""
    return {key: each.name for each in dataclasses.fields(kind) if (key := key_of(each)) is not None}


K = TypeVar("K")


def last(read: Callable[[K], T]) -> Callable[[K], T]:
    """A reading of a whole application, or of a scope, that is asked for again and again: the last one is kept.

    It is kept with what it was read from, so that nothing else can have the same identity meanwhile.
    """
    kept: list[tuple[K, T]] = []

    def of(given: K) -> T:
        if not kept or kept[0][0] is not given:
            kept[:] = [(given, read(given))]
        return kept[0][1]

    return of


def service_at(app: App, path: Path) -> Service:
    """The service that a path is in."""
    return app.services[str(path[1])]


def mount_at(app: App, path: Path) -> Mount:
    """The entry of a service's `volumes` that a path is in."""
    return service_at(app, path).volumes[int(path[3])]


def port_at(app: App, path: Path) -> Port:
    """The entry of a service's `ports` that a path is in."""
    return service_at(app, path).ports[int(path[3])]


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


def bind_of_machine(app: App, path: Path, value: Any) -> bool:
    """A bind of anything that is not the project's."""
    return bool(value == "bind") and not project_files.of_project(nearest(Mount, app, path), app)


def bind_of_file(app: App, path: Path, value: Any) -> bool:
    """A bind of one file of the project's."""
    mount = nearest(Mount, app, path)
    sent = value == "bind" and project_files.of_project(mount, app) and not project_files.is_folder(mount)
    return sent and _seeded(mount.target)


def beside_image(app: App, path: Path, _value: Any) -> bool:
    """A secret or config in a folder that may be the image's."""
    grant = nearest(FileGrant, app, path)
    found = next(file for file in granted(nearest(Container, app, path)) if file.grant is grant)
    return _seeded(found.path)


def _seeded(path: str) -> bool:
    """Whether what the image has in a file's folder is copied; a file right below the root is refused."""
    return posixpath.dirname(path) not in (SECRETS_DIRECTORY, "/")


def anonymous(app: App, path: Path, value: Any) -> bool:
    """A volume without a source."""
    return value == "volume" and nearest(Mount, app, path).source is None


def more_than_taken(app: App, _path: Path, value: Any) -> bool:
    """Volumes of a service of which some are its pods' own."""
    other = app.services.get(str(value).partition(":")[0])
    return other is not None and (
        bool(other.tmpfs) or any(mount.type == "tmpfs" or mount.source is None for mount in other.volumes)
    )


def is_external(app: App, path: Path, _value: Any) -> bool:
    """Of a secret, config or volume that is there already."""
    return bool(getattr(app, str(path[0]))[path[1]].external)


def more_than_size(_app: App, _path: Path, value: Any) -> bool:
    """A short tmpfs with another option than its size."""
    return bool(tmpfs.of(str(value)).options)


# --- services and containers -----------------------------------------------------------------------------------------


def companion(app: App, path: Path, _value: Any) -> bool:
    """Of a service in the pods of another."""
    return (nearest(Service, app, path).network_mode or "").startswith("service:")


def of_service(_app: App, _path: Path, value: Any) -> bool:
    """Another service's, by its name."""
    return str(value).startswith("service:")


def of_its_service(app: App, path: Path, _value: Any) -> bool:
    """A network of a step, on which its service is, too."""
    return path[-1] in nearest(Service, app, path).networks


def of_container(_app: App, _path: Path, value: Any) -> bool:
    """Another container's, by the container's name."""
    return str(value).startswith("container:")


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


def no_new_privileges(_app: App, _path: Path, value: Any) -> bool:
    """What holds for every container anyway."""
    return str(value).replace("=", ":") in ("no-new-privileges", "no-new-privileges:true")


def by_time(_app: App, _path: Path, value: Any) -> bool:
    """A policy that asks the registry anew after a time."""
    return str(value) in ("daily", "weekly") or str(value).startswith("every_")


def unchecked(app: App, path: Path, value: Any) -> bool:
    """A wait for the health of a service that the file has no health check of."""
    other = app.services.get(str(path[3]))
    return bool(value == "service_healthy") and other is not None and not asks(other)


def asks(workload: Workload) -> bool:
    """Whether the file itself says how a service or job is asked whether it is well."""
    return health.checked(workload) and workload.healthcheck is not None and bool(workload.healthcheck.test)


# --- devices ---------------------------------------------------------------------------------------------------------


def no_gpu(_app: App, _path: Path, value: Any) -> bool:
    """A capability that is none of a GPU."""
    return value not in GPU_WORDS


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
