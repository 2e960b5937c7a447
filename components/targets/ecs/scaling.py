"""How many tasks there are, by load: Application Auto Scaling keeps a load where the file wants it.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
"""

from collections.abc import Iterator
from typing import Any

from ...access import EcsAccess
from ...errors import Problem
from ...model import App, Autoscale, Service
from ...support import Conflict
from .. import autoscale, workloads
from ..rows import Joined, Ref, Row, part
from . import given, services, targets
from .given import Scope

DEFAULT_CPU = 80.0
"""Percent, where the file does not say which load to keep."""
METRICS = {"cpu": "ECSServiceAverageCPUUtilization", "memory": "ECSServiceAverageMemoryUtilization"}
REQUESTS = "ALBRequestCountPerTarget"
"""Requests of a minute for each task behind the load balancer
(https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredefinedMetricSpecification.html)."""
MINUTE = 60


def rows(scope: Scope, service: Service) -> Iterator[Row]:
    """Between how many tasks a service has, and a policy for each load; nothing where the number is fixed."""
    asked = autoscale.of(service)
    if asked is None or asked.max is None or not workloads.is_kept_running(scope, service):
        return
    common = {
        # the last part of its ARN, `service/CLUSTER/SERVICE`
        "resource_id": part(Ref("Service", service.name, "id"), ":(service/.+)"),
        "scalable_dimension": "ecs:service:DesiredCount",
        "service_namespace": "ecs",
    }
    bounds = {"min_capacity": service.replicas, "max_capacity": asked.max}
    yield scope.row("ScalingTarget", service.name, {**common, **bounds}, service=service.name)
    for load, metric, value in _loads(scope, service, asked):
        args = {
            **{key: Ref("ScalingTarget", service.name, key) for key in common},
            "policy_type": "TargetTrackingScaling",
            "target_tracking_scaling_policy_configuration": {
                "predefined_metric_specification": metric,
                "target_value": value,
            },
        }
        yield scope.row("ScalingPolicy", f"{service.name}-{load}", args, service=service.name)


def problems(app: App, access: EcsAccess) -> Iterator[Problem]:
    """Requests that nobody counts, since they come by no load balancer."""
    scope = Scope(app, {}, given.Given(access=access))
    for service, asked, path in autoscale.asking(app):
        if asked.requests is not None and targets.balanced(scope, service) is None:
            where = app.where((*path, "requests"))
            what = "requests are counted by the cluster's load balancer, and none come to this service by it"
            yield Problem(what, where, "write x-slipway.ingress, or scale by cpu")


def conflicts(app: App) -> Iterator[Conflict]:
    """Services that cannot be scaled."""
    scope = given.of(app)
    for service, asked, path in autoscale.asking(app):
        if scope.is_companion(service):
            yield Conflict(path, "it is a part of another service's tasks", "remove it")
        elif not workloads.is_kept_running(scope, service) or services.is_everywhere(service):
            yield Conflict(path, "it has no number of tasks to scale", "remove it")
        else:
            yield from autoscale.without_max(path, asked)
            yield from autoscale.below_least(path, asked, service)


def _loads(scope: Scope, service: Service, asked: Autoscale) -> Iterator[tuple[str, dict[str, Any], float]]:
    """Name, metric and value of each load to keep."""
    given = {load: getattr(asked, load) for load in METRICS}
    if asked.requests is None and not any(value is not None for value in given.values()):
        given["cpu"] = DEFAULT_CPU
    for load, value in given.items():
        if value is not None:
            yield load, {"predefined_metric_type": METRICS[load]}, float(value)
    port, balancer = targets.balanced(scope, service), scope.access.balancer
    if asked.requests is not None and port is not None and balancer is not None:
        group = Ref("TargetGroup", targets.key(service, port, "http"), "arn_suffix")
        # `app/NAME/ID` of the load balancer, which the ARN of its listener has
        label = Joined((part(balancer.https or balancer.http, "listener/(.+)/"), "/", group))
        yield "requests", {"predefined_metric_type": REQUESTS, "resource_label": label}, asked.requests * MINUTE
