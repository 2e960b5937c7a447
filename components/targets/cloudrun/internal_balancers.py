"""`slipway:cloudrun.discovery: balancer`: a load balancer inside the network for each service that others call.

It takes plain HTTP at the service's own port, under `SERVICE.APPLICATION.DOMAIN`, which the network's DNS has: so any
form in which a value names a service keeps its meaning. It needs a subnet for proxies in the network, and costs by the
hour.
https://cloud.google.com/load-balancing/docs/l7-internal/setting-up-l7-internal-serverless
"""

from collections.abc import Iterator
from typing import Any

from ...access import CloudRunAccess
from ...errors import Problem
from ...model import App, Service
from .. import dns_names
from ..rows import Ref, Row
from . import balancer, reach
from .given import Scope

KEY = "inside"
"""The key of the private zone."""
MANAGED = "INTERNAL_MANAGED"
RECORD_SECONDS = 60


def is_chosen(scope: Scope) -> bool:
    """Whether the stack has services call each other by load balancers."""
    return scope.access.discovery == "balancer"


def host(scope: Scope, service: Service) -> str:
    """The name of a service in the network."""
    return f"{dns_names.label(service.name)}.{_domain(scope)}"


def rows(scope: Scope) -> Iterator[Row]:
    """The private zone, and a load balancer with its name for each service that is called; none by default."""
    called = _called(scope)
    if not called:
        return
    yield _zone(scope)
    for service in called:
        if not balancer.is_routed(scope, service):
            yield balancer.group(scope, service.name)
        for kind, args in _parts(scope, service).items():
            yield scope.row(kind, service.name, args, service=service.name)
        yield _record(scope, service)


def problems(app: App, access: CloudRunAccess) -> Iterator[Problem]:
    """Names that would be in no network."""
    if access.discovery == "balancer" and access.network is None:
        what = "slipway:cloudrun.discovery is balancer, and no network is known in which names could be"
        yield Problem(what, app.where(("name",)), "write slipway:cluster.existing.network")


def _called(scope: Scope) -> list[Service]:
    """The services that another one names in its values."""
    if not is_chosen(scope):
        return []
    called = frozenset().union(*reach.called(scope).values())
    return [
        service for name, service in scope.app.services.items() if name in called and reach.is_served(scope, service)
    ]


def _domain(scope: Scope) -> str:
    return f"{dns_names.label(scope.app.name)}.{scope.access.domain}"


def _zone(scope: Scope) -> Row:
    args = {
        "project": scope.access.project,
        "name": scope.name("Zone", KEY),
        "dns_name": f"{_domain(scope)}.",
        "description": f"services of {scope.app.name}",
        "visibility": "private",
        "private_visibility_config": {"networks": [{"network_url": scope.access.network}]},
    }
    return scope.row("Zone", KEY, args)


def _parts(scope: Scope, service: Service) -> dict[str, dict[str, Any]]:
    """Kind -> arguments of what a load balancer is made of, in order."""
    name, port = service.name, reach.port(scope, service)
    group = {"group": Ref("NetworkEndpointGroup", name, "id"), "balancing_mode": "UTILIZATION", "capacity_scaler": 1.0}
    args: dict[str, dict[str, Any]] = {
        "InternalBackend": {"load_balancing_scheme": MANAGED, "protocol": "HTTP", "backends": [group]},
        "InternalMap": {"default_service": Ref("InternalBackend", name, "id")},
        "InternalProxy": {"url_map": Ref("InternalMap", name, "id")},
        "InternalForwarding": {
            "load_balancing_scheme": MANAGED,
            "ip_protocol": "TCP",
            "port_range": str(port.number if port is not None else reach.HTTP),
            "target": Ref("InternalProxy", name, "id"),
            "network": scope.access.network,
            "subnetwork": scope.access.subnetwork,
        },
    }
    place = {"project": scope.access.project, "region": scope.access.region}
    return {kind: {**place, "name": scope.name(kind, name), **more} for kind, more in args.items()}


def _record(scope: Scope, service: Service) -> Row:
    args = {
        "project": scope.access.project,
        "managed_zone": Ref("Zone", KEY, "name"),
        "name": f"{host(scope, service)}.",
        "type": "A",
        "ttl": RECORD_SECONDS,
        "rrdatas": [Ref("InternalForwarding", service.name, "ip_address")],
    }
    return scope.row("Record", f"{KEY}-{service.name}", args, service=service.name)
