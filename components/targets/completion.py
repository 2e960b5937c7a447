"""Which services run to their end instead of being kept running, and how often a run is tried: read from the file."""

from collections.abc import Collection

from ..model import Service
from . import autoscale, discovery, health

UNLIMITED = 2**31 - 1
"""Tries of a run whose restart policy has no limit."""


def several(service: Service) -> bool:
    """Whether a service has, or may get, more than one replica."""
    return service.replicas > 1 or autoscale.of(service) is not None


def is_run(service: Service, completing: Collection[str], called: Collection[str]) -> bool:
    """Whether a service runs to its end.

    Args:
        service: it.
        completing: the services that something waits for to end; see `sharing.completing`.
        called: the services that something needs running: waits for, or names with a port.
    """
    return service.name in completing or (ends(service) and service.name not in called)


def ends(service: Service) -> bool:
    """Whether the file says in so many words that a service is not kept running, and nothing else needs that it is.

    What listens, is looked after by a health check, or is scaled, is kept running whatever its restart policy says.
    """
    policy = service.deploy.restart_policy if service.deploy is not None else None
    if service.deploy is not None and service.deploy.mode == "replicated-job":
        return True
    if discovery.ports(service) or health.checked(service) or several(service):
        return False
    if policy is not None and policy.condition is not None:
        return policy.condition in ("none", "on-failure")
    return (service.restart or "").partition(":")[0] in ("no", "on-failure")


def tries(service: Service) -> int:
    """How often a failed run is tried again: as often as its restart policy says, never without one."""
    policy = service.deploy.restart_policy if service.deploy is not None else None
    if policy is not None and policy.condition is not None:
        limit = UNLIMITED if policy.max_attempts is None else policy.max_attempts
        return 0 if policy.condition == "none" else limit
    name, _, attempts = (service.restart or "no").partition(":")
    if name != "on-failure":
        return 0
    return int(attempts) if attempts else UNLIMITED
