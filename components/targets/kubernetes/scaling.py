"""How many pods there are: by load, and how many at least while nodes are emptied."""

from collections.abc import Iterator
from typing import Any

from ...model import App, Autoscale, Service
from ...support import Conflict
from .. import autoscale
from ..rows import Row
from . import given, names, resources, workloads
from .given import Scope
from .kinds import API_VERSIONS

SCALED = ("Deployment", "StatefulSet")
"""Kinds that have a number of replicas."""
DEFAULT_CPU = 80
"""Percent of what is reserved, where the file does not say which load to keep: the API's own default
(https://kubernetes.io/docs/reference/kubernetes-api/autoscaling/horizontal-pod-autoscaler-v2/)."""


def rows(scope: Scope, service: Service) -> Iterator[Row]:
    """The HorizontalPodAutoscaler and the PodDisruptionBudget of a service, where they have anything to say."""
    kind = workloads.kind(scope, service)
    if kind not in SCALED or scope.is_companion(service):
        return
    name = names.label(service.name)
    asked = autoscale.of(service)
    if asked is not None:
        target = {"apiVersion": API_VERSIONS[kind], "kind": kind, "name": name}
        spec = {"scaleTargetRef": target, **_bounds(service, asked), "metrics": list(_metrics(asked))}
        yield scope.row("HorizontalPodAutoscaler", name, {"spec": spec}, service=service.name)
    if max(service.replicas, (asked.max or 0) if asked is not None else 0) > 1:
        spec = {
            "maxUnavailable": 1,
            "selector": {"matchLabels": scope.selector(service.name)},
            # else a pod that cannot get ready keeps its node from being emptied
            # (https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy)
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        }
        yield scope.row("PodDisruptionBudget", name, {"spec": spec}, service=service.name)


def conflicts(app: App) -> Iterator[Conflict]:
    """Services that no HorizontalPodAutoscaler could scale."""
    scope = given.of(app)
    for service, asked, path in autoscale.asking(app):
        kind = workloads.kind(scope, service)
        if scope.is_companion(service):
            yield Conflict(path, "it is a part of another service's pods", "remove it")
        elif kind not in SCALED:
            yield Conflict(path, f"a {kind} has no replicas to scale", "remove it")
        elif asked.max is None or asked.max < service.replicas:
            yield from autoscale.without_max(path, asked)
            yield from autoscale.below_least(path, asked, service)
        else:
            yield from _without_requests(scope, service, asked)


def _without_requests(scope: Scope, service: Service, asked: Autoscale) -> Iterator[Conflict]:
    """A load is a part of what is reserved, by every container of the pod; where nothing is, there is no load."""
    for each in scope.members(service):
        amounts = resources.of(each).get("resources", {})
        known = {*amounts.get("limits", ()), *amounts.get("requests", ())}
        for what, _ in _loads(asked):
            if what not in known:
                key = "cpus" if what == "cpu" else "memory"
                yield Conflict(
                    ("services", each.name),
                    f"{what} is to be kept at a part of what is reserved, and nothing is reserved",
                    f"write deploy.resources.reservations.{key}",
                )


def _bounds(service: Service, asked: Autoscale) -> dict[str, Any]:
    # an autoscaler does not start from nothing, since it measures what runs
    return {"minReplicas": max(1, service.replicas), "maxReplicas": asked.max}


def _metrics(asked: Autoscale) -> Iterator[dict[str, Any]]:
    for name, percent in _loads(asked):
        target = {"type": "Utilization", "averageUtilization": max(1, round(percent))}
        yield {"type": "Resource", "resource": {"name": name, "target": target}}


def _loads(asked: Autoscale) -> list[tuple[str, float]]:
    given = [(name, percent) for name in ("cpu", "memory") if (percent := getattr(asked, name)) is not None]
    return given or [("cpu", DEFAULT_CPU)]
