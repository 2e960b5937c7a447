"""What keeps a service's pods running: Deployment, StatefulSet, DaemonSet, or Job."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...model import Seconds, Service, UpdateConfig
from .. import autoscale, completion, health, sharing
from ..dependencies import waited
from ..rows import Key, Row
from . import accounts, awaits, files, names, pods, volumes
from .given import Scope

HISTORY = 5
"""Old ReplicaSets that are kept, for `kubectl rollout undo`."""
START_MARGIN = Seconds(30.0)
"""How long a container without a health check may take to start."""
PULL_MARGIN = Seconds(90.0)
"""How long a node may take to pull an image."""
NODES = 20
"""How many nodes a rollout to all of them is given time for."""


def kind(scope: Scope, service: Service) -> str:
    """The kind of object that runs a service, or that runs the service whose pods it is in."""
    owner = scope.app.services[sharing.network_owner(service, scope.app)]
    if completion.is_run(owner, scope.completing, scope.needed):
        return "Job"
    if is_global(owner):
        return "DaemonSet"
    return "StatefulSet" if volumes.per_replica(scope, owner) else "Deployment"


def key(scope: Scope, service: Service) -> Key:
    """The row of what runs a service."""
    return (kind(scope, service), names.label(sharing.network_owner(service, scope.app)))


def is_global(service: Service) -> bool:
    """Whether there is one pod on every node."""
    return service.deploy is not None and service.deploy.mode == "global"


def rows(scope: Scope, service: Service) -> Iterator[Row]:
    """The workload of a service; nothing for one that is in another's pods."""
    if sharing.network_owner(service, scope.app) != service.name:
        return
    found, name = key(scope, service)
    labels = service.deploy.labels if service.deploy is not None else {}
    allowed = {label: value for label, value in labels.items() if names.is_annotation(label)}
    spec = SPECS[found](scope, service)
    yield scope.row(
        found,
        name,
        {"spec": spec},
        service=service.name,
        annotations={**allowed, **_awaited(scope, service, spec)},
        after=tuple(dict.fromkeys(_after(scope, service))),
    )


def _awaited(scope: Scope, service: Service, spec: Mapping[str, Any]) -> Mapping[str, str]:
    """How long `up` waits: for a rollout as long as its pods may take, for a run that others wait for to its end."""
    if kind(scope, service) != "Job":
        return awaits.at_most(awaits.rollout(spec, _pods(service), deadline(scope, service)))
    return {**awaits.REPLACE_FAILED, **awaits.at_most(awaits.DAY)} if service.name in scope.completing else awaits.SKIP


def _pods(service: Service) -> int:
    """How many pods there are at most."""
    scaled = autoscale.of(service)
    if is_global(service):
        return NODES
    return service.replicas if scaled is None else max(scaled.max or 0, service.replicas)


def needs(scope: Scope, service: Service) -> Iterator[Key]:
    """The objects that a service's pods cannot start without, and that may go only after them."""
    yield ("ServiceAccount", accounts.service_account(scope))
    yield from files.keys(scope, service)
    yield from volumes.keys(scope, service)


def _after(scope: Scope, service: Service) -> Iterator[Key]:
    """What a workload needs, and what every dependency runs as: a Job is awaited to its end, others until ready."""
    yield from needs(scope, service)
    for name in waited(scope.members(service), scope.app):
        yield key(scope, scope.app.services[name])


# --- specs -----------------------------------------------------------------------------------------------------------


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
    return {} if autoscale.of(service) is not None else {"replicas": service.replicas}


def _deployment(scope: Scope, service: Service) -> dict[str, Any]:
    return {
        **_replicas(service),
        "revisionHistoryLimit": HISTORY,
        "progressDeadlineSeconds": deadline(scope, service),
        "strategy": strategy(scope, service),
        **_selected(scope, service),
    }


def strategy(scope: Scope, service: Service) -> dict[str, Any]:
    """How old pods make room for new ones.

    What one pod alone can have, a volume to write or the host's network, goes from the old one to the new: the old one
    goes first. Else the new one comes first, so that no request fails, unless the file says otherwise.
    """
    given = _update(service)
    if volumes.single_writer(scope, service) or service.network_mode == "host":
        return {"type": "Recreate"}
    if given.order == "stop-first":
        return {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": _at_once(given)}}
    return {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": _at_once(given), "maxUnavailable": 0}}


def deadline(scope: Scope, service: Service) -> int:
    """Seconds after which a rollout that does not get on has failed: every pod's start, and a margin to pull."""
    starts = [
        float(health.wait_timeout(each.healthcheck))
        if each.healthcheck is not None and health.checked(each)
        else START_MARGIN
        for each in scope.members(service)
    ]
    ready: int = _ready(service).get("minReadySeconds", 0)
    return math.ceil(max(starts) + PULL_MARGIN + ready)


def _update(service: Service) -> UpdateConfig:
    return (service.deploy.update_config if service.deploy is not None else None) or UpdateConfig()


def _at_once(given: UpdateConfig) -> int | str:
    """Pods that are updated at the same time; 0 is all of them."""
    return (1 if given.parallelism is None else given.parallelism) or awaits.ALL


def _stateful_set(scope: Scope, service: Service) -> dict[str, Any]:
    own = volumes.per_replica(scope, service)
    claims = [
        {
            "metadata": {
                "name": names.inner(each),
                "labels": scope.labels(service.name),
                **_annotated(volumes.annotations(scope.app.volumes[each])),
            },
            "spec": volumes.spec(each, scope),
        }
        for each in own
    ]
    kept = any(volumes.kept(each, scope) for each in own)
    return {
        **_replicas(service),
        "serviceName": names.label(service.name),
        "podManagementPolicy": "Parallel",
        "revisionHistoryLimit": HISTORY,
        "persistentVolumeClaimRetentionPolicy": {
            "whenDeleted": "Retain" if kept else "Delete",
            "whenScaled": "Retain",
        },
        **_selected(scope, service),
        "volumeClaimTemplates": claims,
    }


def _annotated(annotations: Mapping[str, Any]) -> dict[str, Any]:
    return {"annotations": dict(annotations)} if annotations else {}


def _daemon_set(scope: Scope, service: Service) -> dict[str, Any]:
    given = _update(service)
    rolling: dict[str, Any] = {"maxSurge": 0, "maxUnavailable": _at_once(given)}
    if given.order == "start-first" and not volumes.single_writer(scope, service) and service.network_mode != "host":
        rolling = {"maxSurge": _at_once(given), "maxUnavailable": 0}
    return {
        "revisionHistoryLimit": HISTORY,
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": rolling},
        **_selected(scope, service),
    }


def _job(scope: Scope, service: Service) -> dict[str, Any]:
    count = {} if service.replicas == 1 else {"completions": service.replicas, "parallelism": service.replicas}
    template = pods.template(scope, service, ends=True)
    tries = completion.tries(service)
    if tries == completion.UNLIMITED:
        # in place: else every failed run would leave a pod
        template["spec"]["restartPolicy"] = "OnFailure"
    return {"backoffLimit": tries, **count, "template": template}


SPECS: Mapping[str, Callable[[Scope, Service], dict[str, Any]]] = {
    "Deployment": _deployment,
    "StatefulSet": _stateful_set,
    "DaemonSet": _daemon_set,
    "Job": _job,
}
"""Kind -> what renders its `spec`."""
