"""What services of an application share: pods, volumes, and the order in which they start."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from ..model import App, Container, Job, Mount, Path, Service, Workload
from ..support import Conflict

COMPLETED = "service_completed_successfully"


def network_owner(service: Service, app: App) -> str:
    """The service whose pods a service's container is in: the one that `network_mode: service:x` names, else itself."""
    seen = {service.name}
    while (service.network_mode or "").startswith("service:"):
        name = str(service.network_mode).removeprefix("service:")
        if name in seen or name not in app.services:
            break
        seen.add(name)
        service = app.services[name]
    return service.name


def companions(app: App) -> Mapping[str, tuple[Service, ...]]:
    """Service -> the services whose containers are in its pods, in the file's order; without it itself."""
    found: dict[str, list[Service]] = {}
    for service in app.services.values():
        owner = network_owner(service, app)
        if owner != service.name:
            found.setdefault(owner, []).append(service)
    return {name: tuple(services) for name, services in found.items()}


def companion_conflicts(app: App, units: str) -> Iterator[Conflict]:
    """Services in another's network, which are as many as these, and run as long as these.

    Args:
        app: the application.
        units: what the containers are in: pods, tasks.
    """
    ending = completing(app)
    for name, service in app.services.items():
        owner = network_owner(service, app)
        if owner == name:
            continue
        path: Path = ("services", name, "network_mode")
        if service.replicas != app.services[owner].replicas:
            what = f'it is in the {units} of "{owner}", of which there are {app.services[owner].replicas}'
            yield Conflict(path, what, "give both the same number of replicas")
        if name in ending:
            what = f'it is in the {units} of "{owner}", and something waits for it to end'
            yield Conflict(path, what, "give it a network of its own, or make it a step of pre_start")
        if owner in service.depends_on and service.depends_on[owner].condition == COMPLETED:
            what = f'it is in the {units} of "{owner}", and waits for it to end'
            yield Conflict(path, what, "give it a network of its own")


def mounts(container: Container, app: App) -> list[Mount]:
    """A container's `volumes`, and those that `volumes_from` takes over; of one path, its own.

    What is a pod's own, in memory or without a name, is nothing that another pod could take over.
    """
    found = {mount.target: mount for mount in container.volumes}
    for source in container.volumes_from:
        name, _, access = source.partition(":")
        if name not in app.services:
            continue
        for mount in mounts(app.services[name], app):
            if mount.type in ("volume", "bind") and mount.source is not None:
                taken = dataclasses.replace(mount, read_only=True) if access == "ro" else mount
                found.setdefault(mount.target, taken)
    return list(found.values())


def seen(service: Service, container: Container, app: App) -> list[Mount]:
    """The mounts of a service's own container or of a step before it, which sees what the service sees."""
    found = {mount.target: mount for mount in mounts(container, app)}
    for mount in mounts(service, app):
        found.setdefault(mount.target, mount)
    return list(found.values())


def volumes(workload: Service | Job, app: App) -> list[Mount]:
    """The mounts of named volumes of a service and of its steps, or of a job."""
    steps = workload.pre_start if isinstance(workload, Service) else ()
    return [
        mount
        for container in (workload, *steps)
        for mount in mounts(container, app)
        if mount.type == "volume" and mount.source is not None
    ]


def written(services: Iterable[Service], app: App) -> set[str]:
    """The named volumes that services write to."""
    return {str(mount.source) for each in services for mount in volumes(each, app) if not mount.read_only}


def members(app: App) -> Mapping[str, tuple[str, ...]]:
    """Network -> the services and jobs that are on it."""
    found: dict[str, list[str]] = {}
    for workload in _workloads(app):
        for key in workload.networks:
            found.setdefault(key, []).append(workload.name)
    return {key: tuple(names) for key, names in found.items()}


def users(app: App) -> Mapping[str, tuple[str, ...]]:
    """Volume -> the services and jobs whose pods mount it, each once."""
    found: dict[str, dict[str, None]] = {}
    for workload in _workloads(app):
        owner = network_owner(workload, app) if isinstance(workload, Service) else workload.name
        for mount in volumes(workload, app):
            found.setdefault(str(mount.source), {})[owner] = None
    return {key: tuple(names) for key, names in found.items()}


def completing(app: App) -> frozenset[str]:
    """The services that something waits for to end with exit code 0."""
    return frozenset(name for name, condition in _conditions(app) if condition == COMPLETED)


def kept_running(app: App) -> frozenset[str]:
    """The services that something waits for to have started, or to be healthy."""
    return frozenset(name for name, condition in _conditions(app) if condition != COMPLETED)


def as_service(job: Job) -> Service:
    """A job as a service that has what both have in common."""
    return Service(**{spec.name: getattr(job, spec.name) for spec in dataclasses.fields(Workload)})


def _conditions(app: App) -> Iterator[tuple[str, str]]:
    for workload in _workloads(app):
        for name, dependency in workload.depends_on.items():
            yield name, dependency.condition


def _workloads(app: App) -> Iterator[Service | Job]:
    yield from app.services.values()
    yield from app.jobs.values()
