"""How many instances there are: as many as replicas, or by load between `autoscale.min` and `autoscale.max`.

https://cloud.google.com/run/docs/about-instance-autoscaling
"""

from typing import Any

from ...model import Autoscale, Service

PERCENT = 100


def autoscale(service: Service) -> Autoscale | None:
    """How the service is scaled; None: its number of instances is fixed."""
    return service.x_slipway.autoscale if service.x_slipway is not None else None


def service(scaled: Service) -> dict[str, Any]:
    """Of a service of Cloud Run: between how many instances it has, whatever its revisions are.

    So another number makes no revision
    (https://cloud.google.com/run/docs/configuring/max-instances#service-vs-revision-level).
    """
    return {"scaling": {"min_instance_count": scaled.replicas, "max_instance_count": most(scaled)}}


def template(scaled: Service) -> dict[str, Any]:
    """Of the template of a service: which load it keeps to.

    https://cloud.google.com/run/docs/configuring/scaling-controls, https://cloud.google.com/run/docs/about-concurrency
    """
    asked = autoscale(scaled)
    if asked is None:
        return {}
    cpu = {} if asked.cpu is None else {"scaling": {"cpu_utilization": asked.cpu / PERCENT}}
    at_once = {} if asked.requests is None else {"max_instance_request_concurrency": round(asked.requests)}
    return {**cpu, **at_once}


def instances(scaled: Service) -> int:
    """How many instances a worker pool has: it is not scaled by requests, because there are none."""
    return scaled.replicas


def most(scaled: Service) -> int:
    """How many instances there are at most."""
    asked = autoscale(scaled)
    return max(scaled.replicas, 1) if asked is None or asked.max is None else asked.max


def is_idle(scaled: Service) -> bool:
    """Whether a service may have no instance at all while nobody asks."""
    return scaled.replicas == 0
