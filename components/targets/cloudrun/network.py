"""Who may call a service, and by which way it calls others.

A service that is called from inside only takes what comes from the network; so who calls it sends its requests through
that: directly, without a connector. No token is asked for: applications send none, and what may call is told by the
network alone (`invoker_iam_disabled`).
https://cloud.google.com/run/docs/securing/ingress, https://cloud.google.com/run/docs/securing/private-networking
"""

from collections.abc import Iterator
from typing import Any

from ...access import CloudRunAccess
from ...errors import Problem
from ...model import App, Job, Service
from .. import discovery, workloads
from ..ingress import ingress as asked_of
from ..managed import is_managed
from . import balancer, given, internal_balancers, reach, references, volumes
from .given import Scope

ALL, INTERNAL, BALANCER = (
    "INGRESS_TRAFFIC_ALL",
    "INGRESS_TRAFFIC_INTERNAL_ONLY",
    "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
)
EGRESS = {"all": "ALL_TRAFFIC", "private": "PRIVATE_RANGES_ONLY"}
"""`access.egress` -> what goes through the network
(https://cloud.google.com/run/docs/configuring/vpc-direct-vpc)."""


def ingress(scope: Scope, service: Service) -> str:
    """From where a service takes requests: everywhere, the network, or the network and the load balancer."""
    if scope.access.publish == "public" and discovery.published(service):
        return ALL
    if balancer.is_routed(scope, service):
        return BALANCER
    asked = asked_of(service)
    return INTERNAL if asked is None or asked.internal or scope.access.balancer == "internal" else ALL


def vpc_access(scope: Scope, workload: Service | Job) -> dict[str, Any] | None:
    """`vpc_access` of a template; None: it calls nothing that is in the network.

    Args:
        scope: the application.
        workload: a service or job that has instances of its own.
    """
    access = scope.access
    if not (needs_network(scope, workload) and is_known(access)):
        return None
    interface = {"network": access.network, "subnetwork": access.subnetwork}
    return {
        "network_interfaces": [{key: value for key, value in interface.items() if value is not None}],
        "egress": EGRESS[access.egress],
    }


def needs_network(scope: Scope, workload: Service | Job) -> bool:
    """Whether what is in a service's or job's instances calls another service, or mounts what is in the network."""
    members = scope.members(workload) if isinstance(workload, Service) else (workload,)
    return any(_calls(scope, member) or _mounts(scope, member) for member in members)


def _calls(scope: Scope, member: Service | Job) -> bool:
    return any(
        _is_called(scope, scope.app.services[name])
        for name in references.calls(scope, member)
        if name in scope.app.services
    )


def _is_called(scope: Scope, callee: Service) -> bool:
    """Whether a service is called through the network; one that takes requests from everywhere need not be."""
    if is_managed(callee):
        return True
    inside = internal_balancers.is_chosen(scope) or ingress(scope, callee) != ALL
    return inside and reach.is_served(scope, callee)


def _mounts(scope: Scope, member: Service | Job) -> bool:
    """Whether a volume is on a share, which is a server in the network."""
    found = volumes.mounts(scope, workloads.service(member))
    return any(volumes.is_nfs(scope, str(mount.source)) for mount in found)


def is_known(access: CloudRunAccess) -> bool:
    """Whether there is a network that services can be in."""
    return access.network is not None or access.subnetwork is not None


def problems(app: App, access: CloudRunAccess) -> Iterator[Problem]:
    """Services that need a network, where none is known."""
    if is_known(access):
        return
    scope = given.Scope(app, {}, given.Given(access=access))
    for workload in workloads.of(scope):
        if needs_network(scope, workload):
            where = app.where(("services" if isinstance(workload, Service) else "jobs", workload.name))
            what = "it calls another service through a network, and none is known here"
            yield Problem(what, where, "deploy the platform's stack, or write slipway:cluster.existing.subnetwork")
