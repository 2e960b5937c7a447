"""`x-slipway.ingress`: rules at the listeners of the cluster's application load balancer.

The load balancer belongs to the cluster's stack; an application adds rules, a certificate where the file names one, and
the host's record where the cluster's zone covers it.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...access import EcsAccess, EntryBalancer
from ...errors import Problem
from ...model import App, Ingress, Service
from ...support import Conflict
from .. import ingress
from ..rows import Joined, Ref, Row
from . import priorities, targets
from .given import Scope

PATH = re.compile(r"[A-Za-z0-9_.$/~\"'@:+&-]{1,126}")
"""A path that a rule takes; with `/*` behind it, it has 128 characters
(https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#path-conditions)."""
Action = Mapping[str, Any]
REDIRECT: Action = {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"}}


def rows(scope: Scope) -> Iterator[Row]:
    """The target groups, rules and certificates of every service that asks for them, and the records of hosts."""
    balancer = scope.access.balancer
    if balancer is None:
        return
    asking = _asking(scope)
    numbers = priorities.of(scope.app, asking, scope.access.rule_priority)
    for name, asked in asking.items():
        yield from _route(scope, balancer, scope.app.services[name], asked, numbers[name])
    yield from _certificates(scope, balancer, asking)
    yield from _records(scope, balancer, asking)


def url(scope: Scope, service: Service) -> Joined | None:
    """Where a service answers; None: it asks for nothing, or there is no load balancer."""
    asked, balancer = ingress.ingress(service), scope.access.balancer
    if asked is None or balancer is None or targets.balanced(scope, service) is None:
        return None
    scheme = "https" if _secure(asked, balancer) else "http"
    return Joined((f"{scheme}://", asked.host or balancer.name, asked.path.rstrip("/")))


def problems(app: App, access: EcsAccess) -> Iterator[Problem]:
    """What stands in the way of a route, and only access and the whole service tell."""
    for service, asked, path in ingress.asking(app):
        where = app.where(path)
        yield from ingress.without_port(app, service, path)
        if access.balancer is None:
            fix = "write slipway:cluster.new.ingress where the cluster is made, or publish a port"
            yield Problem("this cluster has no load balancer that is known here", where, fix)
        else:
            for key, what, fix in _of_balancer(asked, access.balancer):
                yield Problem(what, f"{where}.{key}", fix)


def conflicts(app: App) -> Iterator[Conflict]:
    """Two services that ask for the same requests, and what no rule can say."""
    yield from ingress.twice_asked(app)
    yield from priorities.conflicts(app)
    for _, asked, path in ingress.asking(app):
        if not PATH.fullmatch(asked.path):
            what = f'"{asked.path}" is no path that a rule of a load balancer takes'
            yield Conflict((*path, "path"), what, "use letters, digits and slashes, 126 characters at most")
        if isinstance(asked.tls, Mapping) and not str(asked.tls["certificate"]).startswith("arn:"):
            what = f'"{asked.tls["certificate"]}" is not the ARN of a certificate of ACM'
            yield Conflict((*path, "tls"), what, "write the ARN")


def _asking(scope: Scope) -> dict[str, Ingress]:
    """Service -> what it asks for, of those that the load balancer can send requests to."""
    return {
        service.name: asked
        for service, asked, _ in ingress.asking(scope.app)
        if targets.balanced(scope, service) is not None
    }


def _of_balancer(asked: Ingress, balancer: EntryBalancer) -> Iterator[tuple[str, str, str]]:
    """What the cluster's load balancer cannot do: key, what is wrong, what to do."""
    if asked.internal and not balancer.internal:
        fix = "remove it, or use a cluster whose load balancer is internal"
        yield "internal", "the cluster's load balancer is reachable from outside", fix
    if asked.tls not in (None, "off") and balancer.https is None:
        yield "tls", "the cluster's load balancer has no listener for HTTPS", "write tls: off, or give the cluster one"
    if not _secure(asked, balancer) and balancer.http is None:
        yield "tls", "the cluster's load balancer has no listener for HTTP", "write tls: auto"
    if asked.redirect_http and not _secure(asked, balancer):
        yield "redirect_http", "there is no HTTPS to send requests on to", "remove it"


def _secure(asked: Ingress, balancer: EntryBalancer) -> bool:
    """Whether requests come by TLS: as the file says, else where there is a host and a listener for it."""
    return ingress.secure(asked) and (asked.tls is not None or balancer.https is not None)


def _route(scope: Scope, balancer: EntryBalancer, service: Service, asked: Ingress, number: int) -> Iterator[Row]:
    port = targets.balanced(scope, service)
    if port is None:
        return
    group = targets.http(scope, service, port)
    yield group
    forward = {"type": "forward", "target_group_arn": Ref(group.kind, group.key, "arn")}
    for key, listener, action in _wanted(service.name, asked, balancer, forward):
        if listener is not None:
            args = {
                "listener_arn": listener,
                "priority": number,
                "conditions": _conditions(asked),
                "actions": [action],
            }
            yield scope.row("ListenerRule", key, args, service=service.name, auxiliary=key != service.name)


def _wanted(name: str, asked: Ingress, balancer: EntryBalancer, forward: Action) -> Iterator[tuple[str, Any, Action]]:
    """Key, listener and action of each rule: the one that hands requests on, and what becomes of plain HTTP."""
    if not _secure(asked, balancer):
        yield name, balancer.http, forward
        return
    yield name, balancer.https, forward
    if asked.redirect_http is False:
        yield f"{name}-http", balancer.http, forward
    else:
        yield f"{name}-redirect", balancer.http, REDIRECT


def _conditions(asked: Ingress) -> list[dict[str, Any]]:
    """The host, and the path with all that is below it; a rule has one of the two at least."""
    prefix = asked.path.rstrip("/")
    found: list[dict[str, Any]] = []
    if asked.host is not None:
        found.append({"host_header": {"values": [asked.host]}})
    if prefix or asked.host is None:
        found.append({"path_pattern": {"values": [prefix, f"{prefix}/*"] if prefix else ["/*"]}})
    return found


def _certificates(scope: Scope, balancer: EntryBalancer, asking: Mapping[str, Ingress]) -> Iterator[Row]:
    """Each certificate once, that the file names: the listener picks among them by the host."""
    named = {str(asked.tls["certificate"]): name for name, asked in asking.items() if isinstance(asked.tls, Mapping)}
    for arn, name in named.items():
        digest = hashlib.sha256(arn.encode()).hexdigest()[:8]
        args = {"listener_arn": balancer.https, "certificate_arn": arn}
        yield scope.row("ListenerCertificate", f"certificate-{digest}", args, service=name)


def _records(scope: Scope, balancer: EntryBalancer, asking: Mapping[str, Ingress]) -> Iterator[Row]:
    """A record of each host that the cluster's zone covers."""
    zone, domain = scope.access.zone, scope.access.zone_name
    hosts = {asked.host: name for name, asked in asking.items() if asked.host is not None}
    for host, name in hosts.items():
        if zone is None or not ingress.covers(domain, host):
            continue
        alias = {"name": balancer.name, "zone_id": balancer.zone, "evaluate_target_health": True}
        args = {"zone_id": zone, "name": host, "type": "A", "aliases": [alias]}
        yield scope.row("Record", host, args, service=name)
