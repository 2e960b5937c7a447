"""For which values a row of the ecs column holds (`support.Condition`), where it does not hold for all."""

import re
from typing import Any

from ...model import App, Container, Mount, Path, Service, Workload
from ...support import Condition
from .. import dns_names, managed, sharing, tmpfs, workloads
from ..conditions import anonymous, asks, last, may_end, nearest, no_new_privileges
from . import containers, given, mounts, names, reach, secrets, services, sizes, tags
from .managed import ENGINES

PLATFORM = re.compile(r"linux(/(amd64|x86_64|arm64|aarch64)(/v?8|/v[1-4])?)?")
"""What Fargate runs: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html."""

_scope = last(given.of)
"""The scope of the application that is judged."""


# --- mounts ----------------------------------------------------------------------------------------------------------


def unnamed_under_read_only(app: App, path: Path, value: Any) -> bool:
    """A volume without a name, of a container whose root is read-only."""
    return anonymous(app, path, value) and bool(nearest(Container, app, path).read_only)


def other_options(_app: App, _path: Path, value: Any) -> bool:
    """A short tmpfs with an option that ECS does not take."""
    return any(option.partition("=")[0] not in mounts.OPTIONS for option in tmpfs.of(str(value)).options)


def of_database(app: App, path: Path, value: Any) -> bool:
    """A named volume that a known database keeps its data in."""
    if path[0] != "services" or value not in app.volumes:
        return False
    engine, mount = ENGINES.of(nearest(Service, app, path)), nearest(Mount, app, path)
    return engine is not None and not mount.read_only and mount.target.startswith(engine.data)


# --- names -----------------------------------------------------------------------------------------------------------


def not_label(_app: App, _path: Path, value: Any) -> bool:
    """Not a DNS label, whose letters are of no case, and which may have an underscore in Cloud Map."""
    return not dns_names.is_label(str(value).lower(), names.BESIDE)


def not_tag(_app: App, path: Path, value: Any) -> bool:
    """A label that no tag can be."""
    return not tags.is_tag(str(path[-1]), value)


# --- network ---------------------------------------------------------------------------------------------------------


def open_to_members(app: App, path: Path, _value: Any) -> bool:
    """Of a service that others can call, and of which no port is known."""
    if path[0] != "services" or path[2] not in ("image", "build"):
        return False
    service, scope = nearest(Service, app, path), _scope(app)
    alone = scope.is_companion(service) or managed.is_managed(service)
    return not alone and reach.is_called(scope, service) and not reach.ports(scope, service)


def elsewhere(app: App, path: Path, value: Any) -> bool:
    """The processes of a service whose containers are in other tasks."""
    kind, _, name = str(value).partition(":")
    service = nearest(Workload, app, path)
    if kind != "service" or name not in app.services or not isinstance(service, Service):
        return True
    return sharing.network_owner(app.services[name], app) != sharing.network_owner(service, app)


# --- what runs a service ---------------------------------------------------------------------------------------------


def run(app: App, path: Path, _value: Any) -> bool:
    """Of a service that runs to its end."""
    return path[0] == "services" and _scope(app).is_run(nearest(Service, app, path))


def ends(app: App, path: Path, value: Any) -> bool:
    """A restart policy by which a container may end, or a number of tries, of a service that runs to its end."""
    return (isinstance(value, int) or may_end(app, path, value)) and run(app, path, value)


def image_check(app: App, path: Path, _value: Any) -> bool:
    """Of a health check whose command is the image's."""
    return not asks(nearest(Workload, app, path))


def beyond(limit: str) -> Condition:
    """A time or number of a health check that ECS does not take.

    Args:
        limit: key of `containers.CHECK_LIMITS`.
    """
    least, most = containers.CHECK_LIMITS[limit]
    return lambda app, path, value: not image_check(app, path, value) and not least <= value <= most


def words(limit: str) -> str:
    """What ECS takes of a time or number of a health check, in words."""
    least, most = containers.CHECK_LIMITS[limit]
    return f"{least} to {most}{'' if limit == 'retries' else ' seconds'}"


def beyond_grace(_app: App, _path: Path, value: Any) -> bool:
    """A time to stop in that Fargate does not give."""
    least, most = containers.STOP_LIMITS
    return not least <= value <= most


def old_first(app: App, path: Path, value: Any) -> bool:
    """An update that would have two tasks at a time write to one volume, and not what is done anyway."""
    service = nearest(Service, app, path)
    wanted = value == "start-first" or (isinstance(value, int) and 0 < value < service.replicas)
    return wanted and services.writes_alone(_scope(app), service)


def more_than_asked(app: App, path: Path, _value: Any) -> bool:
    """Processors of a task that is larger than its container may use."""
    size = sizes.of(secrets.of_members(_scope(app), _task(app, path)))
    return size.cpu != sizes.asked([nearest(Container, app, path)]).cpu


def _task(app: App, path: Path) -> Service:
    """The service or job in whose tasks a container is."""
    name = str(path[1])
    if path[0] == "jobs":
        return workloads.service(app.jobs[name])
    return app.services[sharing.network_owner(app.services[name], app)]


# --- rights ----------------------------------------------------------------------------------------------------------


def not_added(_app: App, _path: Path, value: Any) -> bool:
    """A capability that Fargate does not add."""
    return containers.capability(str(value)) not in containers.ADDED


def no_option(app: App, path: Path, value: Any) -> bool:
    """A security option that says more than what privileges a process may gain."""
    plain = str(value).replace("=", ":")
    return not no_new_privileges(app, path, value) and plain != "no-new-privileges:false"


def not_namespaced(_app: App, path: Path, _value: Any) -> bool:
    """A kernel parameter that is the machine's."""
    return containers.SYSCTL.fullmatch(str(path[-1])) is None


def not_limited(_app: App, path: Path, _value: Any) -> bool:
    """A limit that Fargate sets itself."""
    return path[path.index("ulimits") + 1] not in containers.ULIMITS


def no_platform(_app: App, _path: Path, value: Any) -> bool:
    """A platform that Fargate does not run."""
    return PLATFORM.fullmatch(str(value)) is None
