"""Security groups: who may talk to whom, as Compose's networks say.

The tasks of a service have a group of its own, whose rules say at which ports they are reached. On every network they
also wear the network's group, which has no rules: it is what the rules of the others name. So there is one rule for
each network and port, however many services call, and AWS' quota of 60 rules for a group is not in the way
(https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups). Nothing is open
to the world but what is published.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ...model import App, Job, Service
from ...support import Conflict
from .. import workloads
from ..discovery import ServicePort
from ..ingress import container_port, ingress
from ..managed import is_managed
from ..rows import Key, Ref, Row
from . import entrances, given, reach, tags
from .given import Scope

GROUPS_LIMIT = 5
"""Security groups of one network interface, a quota that AWS raises on demand: the page above."""
ANYWHERE = "0.0.0.0/0"
ALL = "-1"
"""`ipProtocol` that stands for every protocol and port
(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html)."""


def rows(scope: Scope) -> Iterator[Row]:
    """The groups of networks and of tasks, then what tasks may send, and what may be sent to them."""
    owners = list(workloads.of(scope))
    worn = {key for workload in owners for key in reach.networks(scope, workload)}
    for key in scope.app.networks:
        if key in worn:
            labels = tags.of(scope.app.networks[key].labels)
            yield group(scope, network(key), f"on the network {key} of {scope.app.name}", labels)
    for workload in owners:
        yield group(scope, workload.name, f"{workload.name} of {scope.app.name}", service=workload.name)
    opened = [service for service in scope.app.services.values() if entrances.entrances(scope, service)]
    if opened:
        yield group(scope, entrances.KEY, f"published ports of {scope.app.name}")
    for workload in owners:
        yield from _rules(scope, workload)
    for service in opened:
        yield from _published(scope, service)


def group(
    scope: Scope, key: str, description: str, labels: Mapping[str, str] | None = None, *, service: str = ""
) -> Row:
    """A group without rules.

    Args:
        scope: the application.
        key: of the row.
        description: what AWS shows beside it; it cannot be changed.
        labels: tags, beside those of every resource.
        service: the Compose service that it belongs to; "": several share it.
    """
    args = {"description": description, "vpc_id": scope.access.vpc, "tags": labels}
    return scope.row("SecurityGroup", key, args, service=service)


def network(key: str) -> str:
    """The key of the group that members of a network wear."""
    return f"network-{key}"


def of(scope: Scope, workload: Service | Job) -> list[Ref]:
    """The groups that the tasks of a service or job wear."""
    keys = (workload.name, *(network(key) for key in reach.networks(scope, workload)))
    return [Ref("SecurityGroup", key, "id") for key in keys]


def needs(scope: Scope, workload: Service | Job) -> tuple[Key, ...]:
    """The rules without which tasks would start in vain: they could pull no image, and nothing would reach them."""
    return tuple((row.kind, row.key) for row in _rules(scope, workload))


def allow(scope: Scope, to: str, source: str, caller: Any, port: ServicePort | None, *, service: str = "") -> Row:
    """A rule: who may send to a group.

    Args:
        scope: the application.
        to: key of the group.
        source: who it is, for the rule's own key.
        caller: the caller's group, or a block of addresses.
        port: at which port; None: at all.
        service: the Compose service that it belongs to; "": several share it.
    """
    key = f"{to}-from-{source}-{_name(port)}"
    args = {"security_group_id": Ref("SecurityGroup", to, "id"), **_who(caller), **_what(port)}
    return scope.row("IngressRule", key, args, service=service)


def send(scope: Scope, sender: str, target: str, called: Any, port: ServicePort | None, *, service: str = "") -> Row:
    """A rule: to whom a group may send.

    Args:
        scope: the application.
        sender: key of the group.
        target: who it is, for the rule's own key.
        called: the other's group, or a block of addresses.
        port: at which port; None: at all.
        service: the Compose service that it belongs to; "": several share it.
    """
    key = f"{sender}-to-{target}" if port is None else f"{sender}-to-{target}-{_name(port)}"
    args = {"security_group_id": Ref("SecurityGroup", sender, "id"), **_who(called), **_what(port)}
    return scope.row("EgressRule", key, args, service=service)


def from_networks(scope: Scope, service: Service) -> Iterator[Row]:
    """The rules by which what shares a network with a service calls it; at all ports where none is known."""
    for key in reach.networks(scope, service):
        source = network(key)
        for port in reach.ports(scope, service) or (None,):
            caller = Ref("SecurityGroup", source, "id")
            yield allow(scope, service.name, source, caller, port, service=service.name)


def conflicts(app: App) -> Iterator[Conflict]:
    """Names that are not free, and services and jobs that are on more networks than their tasks can wear groups."""
    scope = given.of(app)
    kept = {entrances.KEY, "volumes", *map(network, app.networks)}
    owners = list(workloads.of(scope))
    for owner in (*owners, *filter(is_managed, app.services.values())):
        if owner.name in kept:
            what = f'"{owner.name}" is the name of a security group that is not this service\'s'
            yield Conflict((_kind(owner), owner.name), what, "rename it")
    for workload in owners:
        count = len(of(scope, workload))
        if count > GROUPS_LIMIT:
            what = f"it is on {count - 1} networks with others, and {GROUPS_LIMIT - 1} are the most for a task"
            path = (_kind(workload), workload.name, "networks")
            yield Conflict(path, what, "put services that call each other on one network")


def _kind(workload: Service | Job) -> str:
    return "services" if isinstance(workload, Service) else "jobs"


def _rules(scope: Scope, workload: Service | Job) -> Iterator[Row]:
    """What a service or job may send, which is anything to anywhere, and what may be sent to a service."""
    yield send(scope, workload.name, "world", ANYWHERE, None, service=workload.name)
    if isinstance(workload, Job):
        return
    if reach.is_called(scope, workload):
        yield from from_networks(scope, workload)
    balancer = scope.access.balancer
    asked = container_port(workload) if ingress(workload) is not None else None
    if balancer is not None and asked is not None:
        yield allow(
            scope, workload.name, "balancer", balancer.security_group, ServicePort(asked), service=workload.name
        )
    for port in entrances.reached(scope, workload):
        yield allow(
            scope,
            workload.name,
            "published",
            Ref("SecurityGroup", entrances.KEY, "id"),
            port,
            service=workload.name,
        )


def _published(scope: Scope, service: Service) -> Iterator[Row]:
    """What the load balancer takes from the world, and what it sends to a service."""
    for each in entrances.entrances(scope, service):
        for protocol in each.protocol.split("_"):
            port = ServicePort(each.number, protocol)
            yield allow(scope, entrances.KEY, "world", ANYWHERE, port, service=service.name)
    for port in entrances.reached(scope, service):
        called = Ref("SecurityGroup", service.name, "id")
        yield send(scope, entrances.KEY, service.name, called, port, service=service.name)


def _who(other: Any) -> dict[str, Any]:
    return {"cidr_ipv4": other} if other == ANYWHERE else {"referenced_security_group_id": other}


def _what(port: ServicePort | None) -> dict[str, Any]:
    if port is None:
        return {"ip_protocol": ALL}
    return {"ip_protocol": port.protocol, "from_port": port.number, "to_port": port.number}


def _name(port: ServicePort | None) -> str:
    if port is None:
        return "all"
    return str(port.number) if port.protocol == "tcp" else f"{port.number}-{port.protocol}"
