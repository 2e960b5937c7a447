"""Target groups: where a load balancer sends requests, and how it sees whether a task is well."""

from collections.abc import Iterator
from typing import Any

from ...model import Service
from .. import checks, health, workloads
from ..checks import Http
from ..ingress import container_port, ingress
from ..rows import Ref, Row
from . import names
from .entrances import checked_port, entrances
from .given import Scope

DRAIN = 30
"""Seconds for which requests that are under way go on after a task has been taken out; AWS's own default, 300, would
keep every update waiting for five minutes."""
CHECK = {"interval": 10, "timeout": 5, "healthy_threshold": 2, "unhealthy_threshold": 3}
"""Seconds and counts: a task gets requests 20 s after it answers, and none 30 s after it has stopped to
(https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html)."""
WELL, ANSWERS = "200-399", "200-499"
"""Statuses of a path that the file names, and of one that is guessed: there only the server's own errors are bad."""
STICKY_SECONDS = 86400
"""How long a client stays with its task."""
LIMIT = 5
"""Target groups of one ECS service
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/register-multiple-targetgroups.html)."""


def key(service: Service, port: int, protocol: str) -> str:
    """The key of a target group.

    Args:
        service: it.
        port: of its container.
        protocol: http, tcp, udp or tcp_udp.
    """
    return f"{service.name}-{port}-{protocol.replace('_', '-')}"


def of(scope: Scope, service: Service) -> list[tuple[str, int]]:
    """Key and container port of each of a service's target groups."""
    found = []
    port = balanced(scope, service)
    if port is not None:
        found.append((key(service, port, "http"), port))
    behind = dict.fromkeys((each.target, each.protocol) for each in entrances(scope, service))
    return [*found, *((key(service, target, protocol), target) for target, protocol in behind)]


def attached(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """The `load_balancers` of an ECS service."""
    return [
        {
            "target_group_arn": Ref("TargetGroup", group, "arn"),
            "container_name": names.plain(service.name),
            "container_port": port,
        }
        for group, port in of(scope, service)
    ]


def balanced(scope: Scope, service: Service) -> int | None:
    """The container's port to which the cluster's balancer sends requests; None: it sends none."""
    if ingress(service) is None or scope.access.balancer is None or not workloads.is_kept_running(scope, service):
        return None
    return container_port(service)


def http(scope: Scope, service: Service, port: int) -> Row:
    """What is behind the cluster's application load balancer."""
    asked = ingress(service)
    checked = {"protocol": "HTTP", **(_http(service, port) or {"path": "/", "matcher": ANSWERS})}
    sticky = {"type": "lb_cookie", "enabled": True, "cookie_duration": STICKY_SECONDS}
    args = {"protocol": "HTTP", "health_check": {**checked, **CHECK}}
    return _row(scope, service, port, "http", {**args, "stickiness": sticky if asked and asked.sticky else None})


def published_rows(scope: Scope, service: Service) -> Iterator[Row]:
    """What is behind the application's network load balancer: one for each port and protocol."""
    for target, protocol in dict.fromkeys((each.target, each.protocol) for each in entrances(scope, service)):
        args = {"protocol": protocol.upper(), "health_check": {**_transport(scope, service, target, protocol), **CHECK}}
        yield _row(scope, service, target, protocol, args)


def _row(scope: Scope, service: Service, port: int, protocol: str, args: dict[str, Any]) -> Row:
    name = key(service, port, protocol)
    common = {"target_type": "ip", "port": port, "vpc_id": scope.access.vpc, "deregistration_delay": DRAIN}
    named = names.prefix("TargetGroup", scope.app.name, name)
    return scope.row("TargetGroup", name, {**named, **common, **args}, service=service.name)


def _transport(scope: Scope, service: Service, target: int, protocol: str) -> dict[str, Any]:
    """A path where one is known, else a connection; to another port where this one takes none."""
    if protocol == "udp":
        return {"protocol": "TCP", "port": str(checked_port(scope, service, target))}
    path = _http(service, target)
    return {"protocol": "TCP"} if path is None else {"protocol": "HTTP", **path}


def _http(service: Service, port: int) -> dict[str, Any] | None:
    """The path that the file says to ask, else the one that its health check asks at the same port.

    The balancer calls a task by its address: a server that answers only to its name says 400, and is there.
    """
    asked = ingress(service)
    if asked is not None and asked.health_path is not None and container_port(service) == port:
        return {"path": asked.health_path, "matcher": WELL}
    if service.healthcheck is None or not health.checked(service) or not service.healthcheck.test:
        return None
    found = checks.known(service.healthcheck.test)
    if found is None or not isinstance(found.check, Http) or found.check.tls or found.check.port != port:
        return None
    return {"path": found.check.path, "matcher": ANSWERS}
