"""The names by which services of an application call each other: a private domain of Cloud Map.

ECS registers the tasks of a service under its name, and takes out those that are not healthy. That the name alone is
enough, without the domain, is the search domain's doing, which the init container writes.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
"""

from collections.abc import Iterator
from typing import Any

from ...model import App, Service
from ...support import Conflict
from .. import conditions, discovery, dns_names
from ..managed import is_managed
from ..rows import Ref, Row
from . import names, reach
from .given import Scope

NAMESPACE = ("Namespace", "discovery")
"""The row of the private domain."""
TTL = 10
"""Seconds for which an answer is kept: how long a task that has gone may still be called."""


@conditions.last
def is_needed(scope: Scope) -> bool:
    """Whether any service is called by its name."""
    return any(reach.is_called(scope, service) for service in scope.app.services.values())


def rows(scope: Scope) -> Iterator[Row]:
    """The private domain, and the names of every service that has tasks; nothing where none is called."""
    if not is_needed(scope):
        return
    kind, key = NAMESPACE
    yield scope.row(kind, key, {"name": scope.namespace, "vpc": scope.access.vpc})
    for service in scope.app.services.values():
        if not reach.is_called(scope, service) or is_managed(service):
            continue
        own, *aliases = scope.called[service.name]
        yield _name(scope, own, {"type": "A"}, service)
        for alias in aliases:
            yield from stands_for(scope, alias, host(scope, own), service)


def registry(scope: Scope, service: Service) -> Ref | None:
    """Where ECS registers the tasks of a service; None: nobody calls it."""
    return Ref("DiscoveryService", service.name, "arn") if reach.is_called(scope, service) else None


def host(scope: Scope, name: str) -> str:
    """The whole name of a service."""
    return f"{label(name)}.{scope.namespace}"


def label(name: str) -> str:
    """A name of the file as Cloud Map takes it."""
    return dns_names.label(name, names.BESIDE)


def conflicts(app: App) -> Iterator[Conflict]:
    """Names that two services would share, and values that call a service by a name that no DNS has."""
    yield from discovery.conflicts(app, names.BESIDE)


def stands_for(scope: Scope, name: str, target: Any, service: Service) -> Iterator[Row]:
    """A name that means another one.

    Args:
        scope: the application.
        name: as the file writes it.
        target: the whole name that it means.
        service: the Compose service that it belongs to.
    """
    yield _name(scope, name, {"type": "CNAME"}, service)
    args = {
        "service_id": Ref("DiscoveryService", name, "id"),
        "instance_id": label(name),
        "attributes": {"AWS_INSTANCE_CNAME": target},
    }
    yield scope.row("DiscoveryInstance", name, args, service=service.name)


def _name(scope: Scope, name: str, record: dict[str, Any], service: Service) -> Row:
    # what is answered: all tasks that are healthy, eight at most; a name that means another has one answer
    # (https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html)
    tasks = record["type"] == "A"
    args: dict[str, Any] = {
        "name": label(name),
        "dns_config": {
            "namespace_id": Ref(*NAMESPACE, "id"),
            "dns_records": [{**record, "ttl": TTL}],
            "routing_policy": "MULTIVALUE" if tasks else "WEIGHTED",
        },
        # tasks that ECS has not taken out yet do not keep the name from being deleted
        "force_destroy": True,
    }
    if tasks:
        args["health_check_custom_config"] = {"failure_threshold": 1}
    return scope.row("DiscoveryService", name, args, service=service.name)
