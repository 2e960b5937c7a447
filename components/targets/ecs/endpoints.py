"""How a managed service is reached: under the container's own names, by what shares a network with it, in private."""

from collections.abc import Iterator
from typing import Any

from ...model import App, Service
from ...support import Conflict
from .. import discovery, sharing
from ..discovery import ServicePort
from ..rows import Ref, Row
from . import cloud_map, reach, security_groups
from .given import Scope
from .managed import IMAGES, Engine, engine, is_managed, version

SUBNETS = "managed"
"""The key of the group of subnets in which the application's managed services are."""


def services(scope: Scope, kind: str) -> Iterator[tuple[Service, Engine]]:
    """The managed services that become a kind of resource, in the file's order."""
    for service in scope.app.services.values():
        found = engine(service) if is_managed(service) else None
        if found is not None and found.kind == kind:
            yield service, found


def port(service: Service, found: Engine) -> int:
    """At which port it is called: the engine's, unless the file knows the container at one other port alone."""
    known = [each.number for each in discovery.ports(service) if each.protocol == "tcp"]
    return known[0] if len(known) == 1 else found.port


def group(scope: Scope, service: Service, found: Engine) -> Iterator[Row]:
    """The security group: the tasks on its networks may call it at its port, and nobody else."""
    yield security_groups.group(scope, service.name, f"{service.name} of {scope.app.name}", service=service.name)
    worn = {key for each in reach.workloads(scope) for key in reach.networks(scope, each)}
    for key in reach.networks(scope, service):
        if key in worn:
            source = security_groups.network(key)
            caller = Ref("SecurityGroup", source, "id")
            at = ServicePort(port(service, found))
            yield security_groups.allow(scope, service.name, source, caller, at, service=service.name)


def names(scope: Scope, service: Service, address: Ref) -> Iterator[Row]:
    """The names that the container would have, each for AWS's own."""
    if reach.is_called(scope, service):
        for name in scope.called[service.name]:
            yield from cloud_map.stands_for(scope, name, address, service)


def identifier(*words: str) -> str:
    """Words as RDS and ElastiCache take them: lower case, a letter first, no two hyphens in a row."""
    text = "-".join(words).lower()
    plain = "-".join(part for part in "".join(c if c.isalnum() else "-" for c in text).split("-") if part)
    return plain if plain[:1].isalpha() else f"x-{plain}"


def subnets(scope: Scope, kind: str) -> Row:
    """The subnets of the tasks, as a group."""
    args: dict[str, Any] = {
        "description": f"managed services of {scope.app.name}",
        "subnet_ids": list(scope.access.subnets.values()),
    }
    return scope.row(kind, SUBNETS, args)


def conflicts(app: App) -> Iterator[Conflict]:
    """Managed services that AWS has no engine for, and containers that would be in the tasks of one."""
    for name, service in app.services.items():
        owner = app.services[sharing.network_owner(service, app)]
        if owner is not service and (is_managed(owner) or is_managed(service)):
            what = f"services.{owner.name} and it share a task, and AWS's own service has none"
            yield Conflict(("services", name, "network_mode"), what, "take network_mode or managed away")
        if is_managed(service):
            yield from _engine(service)


def _engine(service: Service) -> Iterator[Conflict]:
    found, word = engine(service), service.x_slipway.managed if service.x_slipway is not None else None
    path, way_out = ("services", service.name, "image"), "or take x-slipway.managed away"
    if found is None:
        what = f'"{service.image or "what is built"}" is no image of a {word} server that is known'
        yield Conflict(path, what, f"name one of {', '.join(sorted(IMAGES))}, {way_out}")
    elif found.word != word:
        managed_path = ("services", service.name, "x-slipway", "managed")
        yield Conflict(managed_path, f'"{service.image}" is no {word}', f"write {found.word}, {way_out}")
    elif version(service) is None:
        what = f'the tag of "{service.image}" names no version that AWS has'
        yield Conflict(path, what, f"name one, such as {EXAMPLES[found.name]}")


EXAMPLES = {"mariadb": "mariadb:11.4", "mysql": "mysql:8.4", "postgres": "postgres:17", "valkey": "valkey:8.1"}
"""Engine -> an image with a version that AWS has."""
