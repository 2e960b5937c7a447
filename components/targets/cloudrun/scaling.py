"""How many instances there are: as many as replicas, or by load between `autoscale.min` and `autoscale.max`.

https://cloud.google.com/run/docs/about-instance-autoscaling
"""

from collections.abc import Iterator
from typing import Any

from ...model import App, Autoscale, Service
from ...support import Conflict
from .. import autoscale, ingress, workloads
from . import given

PERCENT = 100
CPU = (10, 90)
"""Percent of a processor that a service can be scaled by
(https://cloud.google.com/run/docs/configuring/scaling-controls)."""
AT_ONCE = (1, 1000)
"""Requests that an instance takes at once (https://cloud.google.com/run/docs/about-concurrency)."""


def service(scaled: Service) -> dict[str, Any]:
    """Of a service of Cloud Run: how many instances it has, whatever its revisions are.

    So another number makes no revision
    (https://cloud.google.com/run/docs/configuring/max-instances#service-vs-revision-level). Without `autoscale.max`,
    Google's own limit holds.
    """
    asked = autoscale.of(scaled)
    if asked is None and scaled.replicas == 0:
        return {"scaling": {"scaling_mode": "MANUAL", "manual_instance_count": 0}}
    most = scaled.replicas if asked is None else asked.max
    return {
        "scaling": {
            "min_instance_count": scaled.replicas,
            **({"max_instance_count": most} if most is not None else {}),
        }
    }


def template(scaled: Service) -> dict[str, Any]:
    """Of the template of a service: which load an instance takes, and whether a client stays with one.

    https://cloud.google.com/run/docs/configuring/session-affinity
    """
    asked, entry = autoscale.of(scaled) or Autoscale(), ingress.ingress(scaled)
    found: dict[str, Any] = {
        "scaling": None if asked.cpu is None else {"cpu_utilization": asked.cpu / PERCENT},
        "max_instance_request_concurrency": None if asked.requests is None else round(asked.requests),
        "session_affinity": True if entry is not None and entry.sticky else None,
    }
    return {key: value for key, value in found.items() if value is not None}


def instances(scaled: Service) -> int:
    """How many instances a worker pool has: none of Google's scales it by itself."""
    return scaled.replicas


def is_idle(scaled: Service) -> bool:
    """Whether a service may have no instance at all while nobody asks."""
    return scaled.replicas == 0


def conflicts(app: App) -> Iterator[Conflict]:
    """Services that cannot be scaled as asked."""
    scope = given.of(app)
    for scaled, asked, path in autoscale.asking(app):
        if scope.is_companion(scaled):
            yield Conflict(path, "it is in another service's instances", "remove it")
        elif not workloads.is_kept_running(scope, scaled):
            yield Conflict(path, "it has no number of instances to scale", "remove it")
        else:
            yield from autoscale.below_least(path, asked, scaled)
        for key, (least, most) in (("cpu", CPU), ("requests", AT_ONCE)):
            value = getattr(asked, key)
            if value is not None and not least <= value <= most:
                yield Conflict((*path, key), f"it is {value:g}", f"write {least} to {most}")
