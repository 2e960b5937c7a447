"""What keeps a service's pods running: Deployment, StatefulSet, DaemonSet, or Job."""

import math
from collections.abc import Iterator
from typing import Any

from ...model import App, Seconds, Service, UpdateConfig
from .. import health
from ..dependencies import runs_to_completion
from ..rows import Key, Row
from . import names, pods, volumes
from .given import Scope

HISTORY = 5
"""Old ReplicaSets that are kept, for `kubectl rollout undo`."""
START_MARGIN = Seconds(30.0)
"""How long a container without a health check may take to start."""
PULL_MARGIN = Seconds(90.0)
"""How long a node may take to pull an image."""
TRIES = 6
"""Kubernetes's own number of tries of a Job."""


def kind(service: Service, app: App) -> str:
    """The kind of object that runs a service; "": it is a container in another's pods."""
    if (service.network_mode or "").startswith("service:"):
        return ""
    if is_job(service, app):
        return "Job"
    if service.deploy is not None and service.deploy.mode == "global":
        return "DaemonSet"
    return "StatefulSet" if volumes.per_replica(service, app) else "Deployment"


def key(service: Service, app: App) -> Key:
    """The row of what runs a service: its own, or that of the service whose pods it is in."""
    found = kind(service, app)
    if found:
        return (found, names.label(service.name))
    return key(app.services[(service.network_mode or "").removeprefix("service:")], app)


def is_job(service: Service, app: App) -> bool:
    """Whether a service runs to its end: another waits for that, or the file says in so many words that it ends."""
    return runs_to_completion(service.name, app) or (_ends(service) and not service.ports and not service.expose)


def _ends(service: Service) -> bool:
    mode = service.deploy.mode if service.deploy else None
    policy = service.deploy.restart_policy if service.deploy else None
    if mode in ("replicated-job", "global-job"):
        return True
    if policy is not None and policy.condition is not None:
        return policy.condition in ("none", "on-failure")
    return service.restart == "no" or (service.restart or "").startswith("on-failure")


def rows(scope: Scope, service: Service) -> Iterator[Row]:
    """The workload of a service; nothing for one that is in another's pods."""
    found = kind(service, scope.app)
    if not found:
        return
    labels = service.deploy.labels if service.deploy else {}
    annotations = {**labels, **({"pulumi.com/replaceUnready": "true"} if found == "Job" else {})}
    yield scope.row(
        found,
        names.label(service.name),
        {"spec": SPECS[found](scope, service)},
        service=service.name,
        annotations=annotations,
        after=tuple(dict.fromkeys(_after(scope, service))),
    )


def _after(scope: Scope, service: Service) -> Iterator[Key]:
    """What every dependency runs as: the deployment waits for it, a Job to its end, anything else until it is ready."""
    own = key(service, scope.app)
    for each in (service, *pods.companions(service.name, scope)):
        for name in each.depends_on:
            if name in scope.app.services and key(scope.app.services[name], scope.app) != own:
                yield key(scope.app.services[name], scope.app)


def _selected(scope: Scope, service: Service) -> dict[str, Any]:
    return {
        "selector": {"matchLabels": scope.selector(service.name)},
        "template": pods.template(scope, service),
        **_ready(service),
    }


def _ready(service: Service) -> dict[str, Any]:
    """How long a pod has to stay ready before it counts: what Compose watches an update for, or waits in between."""
    given = _update(service)
    seconds = math.ceil(max(given.monitor or 0.0, given.delay or 0.0))
    return {"minReadySeconds": seconds} if seconds else {}


def _replicas(service: Service) -> dict[str, Any]:
    """Left out where the autoscaler decides: each update would undo it."""
    scaled = service.x_slipway is not None and service.x_slipway.autoscale is not None
    return {} if scaled else {"replicas": service.replicas}


def _deployment(scope: Scope, service: Service) -> dict[str, Any]:
    return {
        **_replicas(service),
        "revisionHistoryLimit": HISTORY,
        "progressDeadlineSeconds": deadline(service),
        "strategy": strategy(service, scope.app),
        **_selected(scope, service),
    }


def strategy(service: Service, app: App) -> dict[str, Any]:
    """How old pods make room for new ones.

    A volume that one node alone can write to goes from the old pod to the new one: the old one goes first. Else the new
    one comes first, unless the file says otherwise.
    """
    given = _update(service)
    at_once = 1 if given.parallelism is None else given.parallelism
    amount: int | str = at_once or "100%"
    if volumes.single_writer(service, app) and given.order != "start-first":
        return {"type": "Recreate"}
    if given.order == "stop-first":
        return {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": amount}}
    return {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": amount, "maxUnavailable": 0}}


def deadline(service: Service) -> int:
    """Seconds after which a rollout that does not get on has failed."""
    check = service.healthcheck
    start = health.wait_timeout(check) if check is not None and health.checked(service) else START_MARGIN
    ready: int = _ready(service).get("minReadySeconds", 0)
    return math.ceil(start + PULL_MARGIN + ready)


def _update(service: Service) -> UpdateConfig:
    return (service.deploy.update_config if service.deploy else None) or UpdateConfig()


def _stateful_set(scope: Scope, service: Service) -> dict[str, Any]:
    claims = [
        {
            "metadata": {"name": names.label(each), "labels": scope.labels(service.name)},
            "spec": volumes.spec(each, scope),
        }
        for each in volumes.per_replica(service, scope.app)
    ]
    kept = [
        volumes.kept(each, scope.app, protect=scope.given.protect) for each in volumes.per_replica(service, scope.app)
    ]
    return {
        **_replicas(service),
        "serviceName": names.label(service.name),
        "podManagementPolicy": "Parallel",
        "revisionHistoryLimit": HISTORY,
        "persistentVolumeClaimRetentionPolicy": {
            "whenDeleted": "Retain" if any(kept) else "Delete",
            "whenScaled": "Retain",
        },
        **_selected(scope, service),
        "volumeClaimTemplates": claims,
    }


def _daemon_set(scope: Scope, service: Service) -> dict[str, Any]:
    given = _update(service)
    amount = (1 if given.parallelism is None else given.parallelism) or "100%"
    rolling = {"maxSurge": 0, "maxUnavailable": amount}
    if given.order == "start-first" and not service.ports:
        rolling = {"maxSurge": amount, "maxUnavailable": 0}
    return {
        "revisionHistoryLimit": HISTORY,
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": rolling},
        **_selected(scope, service),
    }


def _job(scope: Scope, service: Service) -> dict[str, Any]:
    template = pods.template(scope, service)
    template["spec"]["restartPolicy"] = "Never"
    return {"backoffLimit": tries(service), **_completions(service), "template": template}


def _completions(service: Service) -> dict[str, Any]:
    return {} if service.replicas == 1 else {"completions": service.replicas, "parallelism": service.replicas}


def tries(service: Service) -> int:
    """How often a failed run is tried again: as often as its restart policy says, never without one."""
    policy = service.deploy.restart_policy if service.deploy else None
    if policy is not None and policy.condition is not None:
        again = policy.condition != "none"
        return (TRIES if policy.max_attempts is None else policy.max_attempts) if again else 0
    name, _, attempts = (service.restart or "no").partition(":")
    if name != "on-failure":
        return 0
    return int(attempts) if attempts else TRIES


SPECS = {"Deployment": _deployment, "StatefulSet": _stateful_set, "DaemonSet": _daemon_set, "Job": _job}
"""Kind -> what renders its `spec`."""
