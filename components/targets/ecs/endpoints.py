"""How a managed service is reached: under the container's own names, by what shares a network with it, in private."""

from collections.abc import Iterator
from typing import Any

from ...model import Service
from .. import workloads
from ..discovery import ServicePort
from ..managed import Engine, port
from ..rows import Ref, Row
from . import cloud_map, reach, security_groups
from .given import Scope

SUBNETS = "managed"
"""The key of the group of subnets in which the application's managed services are."""


def group(scope: Scope, service: Service, found: Engine) -> Iterator[Row]:
    """The security group: the tasks on its networks may call it at its port, and nobody else."""
    yield security_groups.group(scope, service.name, f"{service.name} of {scope.app.name}", service=service.name)
    worn = {key for each in workloads.of(scope) for key in reach.networks(scope, each)}
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
