"""What services wait for, read from the application: the same for every target that has no order of its own."""

from collections.abc import Iterator, Mapping, Sequence

from ..model import App, Service
from ..support import Conflict
from .sharing import companions, network_owner


def in_dependency_order(app: App) -> list[Service]:
    """Services, each after those that it depends on; else in the file's order. The loader has refused cycles."""
    ordered: dict[str, Service] = {}

    def visit(service: Service) -> None:
        if service.name in ordered:
            return
        for name in service.depends_on:
            if name in app.services:
                visit(app.services[name])
        ordered[service.name] = service

    for service in app.services.values():
        visit(service)
    return list(ordered.values())


def in_starting_order(app: App) -> list[Service]:
    """Services, each after those that have to be there before its pods or tasks; else in the file's order.

    What the containers in one pod or task wait for, the pod or task waits for.
    """
    together = companions(app)
    ordered: dict[str, Service] = {}
    begun: set[str] = set()

    def visit(service: Service) -> None:
        if service.name in begun:
            return
        begun.add(service.name)
        for name in waited((service, *together.get(service.name, ())), app):
            visit(app.services[name])
        ordered[service.name] = service

    for service in app.services.values():
        visit(service)
    return list(ordered.values())


def waited(members: Sequence[Service], app: App) -> list[str]:
    """The services whose pods or tasks have to be there before those of a service, each once.

    Args:
        members: the services in its pods or tasks, itself first.
        app: the application.
    """
    names = (name for each in members for name in each.depends_on if name in app.services)
    owners = dict.fromkeys(network_owner(app.services[name], app) for name in names)
    return [owner for owner in owners if owner != members[0].name]


def circles(app: App) -> Iterator[Conflict]:
    """Services in another's pods or tasks that wait for what waits for these: none of them could start."""
    together = companions(app)
    for owner, services in together.items():
        for service in services:
            for name in filter(app.services.__contains__, service.depends_on):
                if owner in _reached(network_owner(app.services[name], app), owner, app, together):
                    path = ("services", service.name, "depends_on", name)
                    what = f'it is with "{owner}", which "{name}" waits for'
                    yield Conflict(path, what, "give it a network of its own, or remove one of the two")


def _reached(start: str, stop: str, app: App, together: Mapping[str, tuple[Service, ...]]) -> set[str]:
    """The services that one waits for, directly or not; none where it is the one that is looked for itself."""
    found: set[str] = set()
    left = [] if start == stop else [start]
    while left:
        name = left.pop()
        following = waited((app.services[name], *together.get(name, ())), app)
        left += [each for each in following if each not in found]
        found.update(following)
    return found


def runs_to_completion(name: str, app: App) -> bool:
    """Whether another service waits for this one to end with exit code 0."""
    return _awaited(name, app, "service_completed_successfully")


def must_be_healthy(name: str, app: App) -> bool:
    """Whether another service waits for this one to be healthy."""
    return _awaited(name, app, "service_healthy")


def _awaited(name: str, app: App, condition: str) -> bool:
    return any(
        service.depends_on[name].condition == condition
        for service in app.services.values()
        if name in service.depends_on
    )
