"""Why a workload's pods do not run: what Kubernetes says of them, from the objects as its API has them. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Object = Mapping[str, Any]
"""An object of the API, as JSON has it."""

COMBINED = "(combined from similar events): "
POD = re.compile(r"(?<=-)[a-z0-9]{5}(?=\")")
"""The end of a pod's name, which Kubernetes makes up."""
QUIET = ("ContainerCreating", "PodInitializing")
"""Reasons of waiting that everything has in its beginning."""


def newest(pods: Sequence[Object]) -> list[Object]:
    """Pods, the newest first; those that are on their way out are no failure."""
    alive = [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]
    return sorted(alive, key=lambda pod: str(pod["metadata"]["creationTimestamp"]), reverse=True)


def is_well(pod: Object) -> bool:
    """Whether a pod is ready, or has done what it was for."""
    status = pod.get("status", {})
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in status.get("conditions", ()))
    return ready or status.get("phase") == "Succeeded"


def of_pod(pod: Object) -> Iterator[str]:
    """What a pod's status tells: why it is on no node, why a container waits or ended."""
    status = pod.get("status", {})
    name = pod["metadata"]["name"]
    for condition in status.get("conditions", ()):
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            yield f"pod {name} is on no node: {condition.get('message') or condition.get('reason')}"
    if status.get("reason"):
        yield f"pod {name}: {status['reason']}: {status.get('message', '')}".rstrip(": ")
    for container in containers(pod):
        for said in _of_container(container):
            yield f"pod {name}, container {container['name']} {said}"


def containers(pod: Object) -> list[Object]:
    """The statuses of a pod's containers, in the order in which they start."""
    status = pod.get("status", {})
    return [*status.get("initContainerStatuses", ()), *status.get("containerStatuses", ())]


def troubled(pod: Object) -> Object | None:
    """The first container that is in the way; None: none of them, such as where the pod is on no node."""
    for container in containers(pod):
        done = container["state"].get("terminated", {}).get("exitCode") == 0
        if not done and not container.get("ready"):
            return container
    return None


def _of_container(container: Object) -> Iterator[str]:
    state = container["state"]
    waiting = state.get("waiting", {})
    if waiting and waiting.get("reason") not in QUIET:
        yield f"waits: {waiting.get('reason')}: {waiting.get('message', '')}".rstrip(": ")
    for ended in (state.get("terminated"), container.get("lastState", {}).get("terminated")):
        if ended and ended.get("exitCode"):
            why = "" if ended.get("reason") in (None, "Error") else f" ({ended['reason']})"
            yield f"exited with code {ended['exitCode']}{why}"
            return
    if "running" in state and not container.get("ready") and container.get("started") is not None:
        yield "runs, but is not ready"


def of_events(events: Iterable[Object]) -> list[str]:
    """Warnings, the latest last, each once: what differs in the made-up end of a pod's name alone is the same."""
    warnings = [each for each in events if each.get("type") == "Warning" and each.get("message")]
    ordered = sorted(warnings, key=lambda each: str(each.get("lastTimestamp") or each.get("eventTime") or ""))
    said = [f"{each['reason']}: {each['message'].strip().removeprefix(COMBINED)}" for each in ordered]
    return list({POD.sub("", line): line for line in said}.values())
