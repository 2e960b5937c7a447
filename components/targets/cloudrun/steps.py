"""Steps before a service. Cloud Run runs no container to its end before another one starts, but it has jobs.

So each step is a service of its own here, which runs to its end before its service is made or changed: once for all
instances, and not again where one of them is started anew. What it writes is seen in named volumes alone.
"""

import dataclasses
import re
from collections.abc import Iterator

from ...access import Images
from ...model import App, Container, Dependency, Path, PreStart, Service
from .. import sharing
from ..sharing import COMPLETED

NAME = re.compile(r"(?P<service>.+)-pre-start-(?P<number>\d+)")
_SHARED = frozenset(spec.name for spec in dataclasses.fields(Container))


def name(service: str, index: int) -> str:
    """The name of a service's step, counted from 0."""
    return f"{service}-pre-start-{index + 1}"


def apart(app: App) -> App:
    """An application with each step as a service, in the order that they run in; itself where there is none."""
    if not any(service.pre_start for service in app.services.values()):
        return app
    return dataclasses.replace(app, services={each.name: each for each in _services(app)})


def _services(app: App) -> Iterator[Service]:
    for service in app.services.values():
        waits = _outside(service, app)
        for index, step in enumerate(service.pre_start):
            yield _as_service(service, index, step, app, waits)
            waits = {name(service.name, index): Dependency(condition=COMPLETED)}
        last = waits if service.pre_start else {}
        yield dataclasses.replace(service, pre_start=(), depends_on={**service.depends_on, **last})


def _as_service(service: Service, index: int, step: PreStart, app: App, waits: dict[str, Dependency]) -> Service:
    own = {key: getattr(step, key) for key in _SHARED}
    seen = {"volumes": tuple(sharing.seen(service, step, app)), "volumes_from": (), "networks": service.networks}
    image = step.image or service.image
    return Service(**{**own, **seen, "image": image, "name": name(service.name, index), "depends_on": waits})


def _outside(service: Service, app: App) -> dict[str, Dependency]:
    """What a service waits for that is not in the same instances."""
    owner = sharing.network_owner(service, app)
    return {
        key: dependency
        for key, dependency in service.depends_on.items()
        if key not in app.services or sharing.network_owner(app.services[key], app) != owner
    }


def images(app: App, known: Images) -> Images:
    """What each service runs, with each step: its service's image where it names no other.

    Args:
        app: the application, with its steps in their services.
        known: what its services run.
    """
    found = dict(known)
    for service in app.services.values():
        for index, step in enumerate(service.pre_start):
            if service.name in known and step.image in (None, service.image):
                found[name(service.name, index)] = known[service.name]
    return found


def owner(app: App, member: str) -> str:
    """The service whose step something is; what is none is its own.

    Args:
        app: with its steps in their services, or apart.
        member: the name of a service, of a job, or of a step as `name` gives it.
    """
    found = NAME.fullmatch(member)
    return member if found is None or found["service"] not in app.services else found["service"]


def path(app: App, member: str) -> Path:
    """Where in the application a service, a job or a step is.

    Args:
        app: see `owner`.
        member: see `owner`.
    """
    if member in app.jobs:
        return ("jobs", member)
    service = owner(app, member)
    if service == member:
        return ("services", member)
    return ("services", service, "pre_start", int(member.rpartition("-")[2]) - 1)
