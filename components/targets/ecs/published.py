"""Published ports: one network load balancer of the application, with a listener for each.

An application that publishes nothing has none.
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html
"""

from collections.abc import Iterator

from ...access import EcsAccess
from ...errors import Problem
from ...model import App, Service
from ...support import Conflict
from .. import discovery
from ..rows import Ref, Row
from . import given, names, targets
from .entrances import KEY, Entrance, checked_port, entrances
from .given import Scope

LISTENERS_LIMIT = 50
"""Listeners of a network load balancer
(https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html)."""


def rows(scope: Scope) -> Iterator[Row]:
    """The load balancer, and for each published port a listener and what is behind it."""
    opened = {name: found for name, service in scope.app.services.items() if (found := entrances(scope, service))}
    if not opened:
        return
    yield _balancer(scope)
    for name, found in opened.items():
        service = scope.app.services[name]
        yield from targets.published_rows(scope, service)
        for each in found:
            group = targets.key(service, each.target, each.protocol)
            args = {
                "load_balancer_arn": Ref("LoadBalancer", KEY, "arn"),
                "port": each.number,
                "protocol": each.protocol.upper(),
                "default_actions": [{"type": "forward", "target_group_arn": Ref("TargetGroup", group, "arn")}],
            }
            yield scope.row("Listener", each.key, args, service=name)


def _balancer(scope: Scope) -> Row:
    internal = scope.access.publish == "internal"
    subnets = scope.access.subnets if internal else scope.access.public_subnets
    args = {
        **names.prefix("LoadBalancer", scope.app.name, KEY),
        "load_balancer_type": "network",
        "internal": internal,
        "subnets": list(subnets.values()),
        "security_groups": [Ref("SecurityGroup", KEY, "id")],
        # else the address in a zone answers only while a task runs in that zone
        "enable_cross_zone_load_balancing": True,
    }
    return scope.row("LoadBalancer", KEY, args)


def problems(app: App, access: EcsAccess) -> Iterator[Problem]:
    """What stands in the way of a load balancer, and only access tells."""
    if access.publish != "public" or access.public_subnets:
        return
    for name, service in app.services.items():
        if discovery.published(service):
            where = app.where(("services", name, "ports"))
            fix = "name them with slipway:ecs.publicSubnets, or set slipway:ecs.publish to internal or none"
            yield Problem("there are no public subnets that are known here", where, fix)


def conflicts(app: App) -> Iterator[Conflict]:
    """Ports that two services publish, or that no load balancer can serve."""
    scope = given.of(app)
    taken: dict[int, tuple[str, int]] = {}
    for name, service in app.services.items():
        for each in entrances(scope, service):
            yield from _unserved(scope, service, each)
            other, behind = taken.setdefault(each.number, (name, each.target))
            if (other, behind) != (name, each.target):
                what = f"port {each.number} leads to port {behind} of services.{other}"
                yield Conflict(("services", name, "ports"), what, "publish another port")
    if len(taken) > LISTENERS_LIMIT:
        what = f"{len(taken)} ports are published, and {LISTENERS_LIMIT} are the most of a load balancer"
        yield Conflict(("services",), what, "publish fewer")


def _unserved(scope: Scope, service: Service, each: Entrance) -> Iterator[Conflict]:
    if each.protocol == "udp" and checked_port(scope, service, each.target) is None:
        what = f"port {each.target} takes UDP, and no port that takes TCP tells whether a task is well"
        yield Conflict(("services", service.name, "ports"), what, "expose one that does")
