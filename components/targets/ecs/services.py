"""What keeps a service's tasks running: an ECS service, and how an update of it goes.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
"""

import math
from collections.abc import Iterator
from typing import Any

from ...model import App, Job, Service, UpdateConfig, VolumeExtension
from ...support import Conflict
from .. import autoscale, sharing, workloads
from ..dependencies import waited
from ..managed import is_managed
from ..rows import Key, Ref, Row
from . import cloud_map, given, managed, names, reach, security_groups, service_connect, tags, targets, tasks
from .entrances import entrances
from .given import Scope

START_MARGIN = 60
"""Seconds for which a load balancer's verdict does not count, beside the start period of the health check."""


def rows(scope: Scope, service: Service) -> Iterator[Row]:
    """The ECS service; nothing for what runs to its end, is in another's tasks, or is AWS's own service."""
    if not workloads.is_kept_running(scope, service):
        return
    groups = targets.attached(scope, service)
    registry = cloud_map.registry(scope, service)
    args: dict[str, Any] = {
        # several applications are on one cluster
        "name": tasks.family(scope, service.name),
        "cluster": scope.access.cluster,
        "task_definition": Ref("TaskDefinition", service.name, "arn"),
        "desired_count": desired(service),
        **capacity(scope),
        "network_configuration": network(scope, service),
        **rollout(scope, service),
        "load_balancers": groups or None,
        "health_check_grace_period_seconds": grace(service) if groups else None,
        "service_registries": None if registry is None else {"registry_arn": registry},
        "service_connect_configuration": service_connect.configuration(scope, service),
        "enable_execute_command": scope.access.execute_command or None,
        "enable_ecs_managed_tags": True,
        "propagate_tags": "SERVICE",
        "wait_for_steady_state": True,
        "tags": tags.of(service.deploy.labels if service.deploy is not None else {}),
    }
    yield scope.row(
        "Service",
        service.name,
        args,
        service=service.name,
        after=tuple(dict.fromkeys((*needs(scope, service), *waits(scope, service)))),
        completed=tuple(dict.fromkeys(completed(scope, service))),
        # the name is fixed: where a change replaces the service, the old one has to go first
        stop_first=True,
        # else every update would undo what the autoscaler has decided
        unasked=("desiredCount",) if scaled(service) else (),
    )


def desired(service: Service) -> int:
    """How many tasks there are at rest; of what would be on every node, one."""
    return 1 if is_everywhere(service) else service.replicas


def is_everywhere(service: Service) -> bool:
    """Whether there would be one task on every node, of which Fargate has none."""
    return service.deploy is not None and service.deploy.mode == "global"


def scaled(service: Service) -> bool:
    """Whether the number of tasks is the autoscaler's to decide."""
    return autoscale.of(service) is not None


def capacity(scope: Scope) -> dict[str, Any]:
    """On what tasks run. Fargate itself needs no capacity provider that the cluster would have to have."""
    if scope.access.capacity == "FARGATE":
        return {"launch_type": "FARGATE"}
    return {"capacity_provider_strategies": [{"capacity_provider": scope.access.capacity, "weight": 1}]}


def network(scope: Scope, workload: Service | Job) -> dict[str, Any]:
    """Where tasks are."""
    return {
        "subnets": list(scope.access.subnets.values()),
        "security_groups": security_groups.of(scope, workload),
        "assign_public_ip": scope.access.public_ip,
    }


def grace(service: Service) -> int:
    """Seconds after a task's start in which a load balancer's verdict does not count."""
    start = service.healthcheck.start_period if service.healthcheck is not None else None
    return math.ceil(start or 0.0) + START_MARGIN


# --- order -----------------------------------------------------------------------------------------------------------


def needs(scope: Scope, service: Service) -> Iterator[Key]:
    """The rules of its groups; and what makes its target groups those of a load balancer, which ECS demands."""
    yield from security_groups.needs(scope, service)
    if targets.balanced(scope, service) is not None:
        yield ("ListenerRule", service.name)
    for each in entrances(scope, service):
        yield ("Listener", each.key)


def waits(scope: Scope, service: Service) -> Iterator[Key]:
    """What has to be in its steady state before a service's tasks start."""
    for name in waited(scope.members(service), scope.app):
        other = scope.app.services[name]
        if is_managed(other):
            # the name by which it is called comes last
            yield ("DiscoveryInstance", name) if reach.is_called(scope, other) else managed.key(other)
        elif workloads.is_kept_running(scope, other):
            yield ("Service", name)


def completed(scope: Scope, service: Service) -> Iterator[Key]:
    """What has to have ended with exit code 0."""
    for name in waited(scope.members(service), scope.app):
        if scope.is_run(scope.app.services[name]):
            yield ("Invocation", name)


# --- rollout ---------------------------------------------------------------------------------------------------------


def rollout(scope: Scope, service: Service) -> dict[str, Any]:
    """How old tasks make room for new ones, and what becomes of an update that fails."""
    least, most = shares(scope, service)
    return {
        "deployment_minimum_healthy_percent": least,
        "deployment_maximum_percent": most,
        "deployment_circuit_breaker": {"enable": True, "rollback": _update(service).failure_action != "pause"},
        # moving a task to another zone starts the new one first
        # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html)
        "availability_zone_rebalancing": "ENABLED" if most > 100 else "DISABLED",
    }


def shares(scope: Scope, service: Service) -> tuple[int, int]:
    """How many tasks there are at least and at most during an update, in percent of those that are wanted.

    Of a volume that one task alone may write, the old task goes before the new one comes. Else the new one comes
    first, so that no request fails, unless the file says otherwise.
    """
    given = _update(service)
    count = max(desired(service), 1)
    if writes_alone(scope, service):
        return 0, 100
    if given.order == "stop-first":
        return 100 * (count - _at_once(given.parallelism, 1, count)) // count, 100
    return 100, 100 + math.ceil(100 * _at_once(given.parallelism, 0, count) / count)


def writes_alone(scope: Scope, service: Service) -> bool:
    """Whether a service's tasks write to a volume that is not for several writers."""
    written = sharing.written(scope.members(service), scope.app)
    return any(not (scope.app.volumes[key].x_slipway or VolumeExtension()).shared for key in written)


def _at_once(parallelism: int | None, default: int, count: int) -> int:
    """Tasks that are updated at the same time; 0 is all of them."""
    return min((default if parallelism is None else parallelism) or count, count)


def _update(service: Service) -> UpdateConfig:
    return (service.deploy.update_config if service.deploy is not None else None) or UpdateConfig()


def conflicts(app: App) -> Iterator[Conflict]:
    """Services of one name in ECS, and services with more target groups than one can have."""
    scope = given.of(app)
    taken: dict[str, str] = {}
    for workload in workloads.of(scope):
        kind = "services" if isinstance(workload, Service) else "jobs"
        other = taken.setdefault(names.plain(workload.name).lower(), workload.name)
        if other != workload.name or (kind == "jobs" and other in app.services):
            what = f'"{workload.name}" and "{other}" are both "{names.plain(workload.name)}" in the cluster'
            yield Conflict((kind, workload.name), what, "rename one of them")
    for name, service in app.services.items():
        count = len(targets.of(scope, service))
        if count > targets.LIMIT:
            what = f"it has {count} ports behind load balancers, and {targets.LIMIT} are the most of an ECS service"
            yield Conflict(("services", name, "ports"), what, "publish fewer")
