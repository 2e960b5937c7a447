"""`slipway:kubernetes.rollback`: a Deployment's failed rollout is taken back, as `kubectl rollout undo` does.

Without it the old pods keep serving, but for a Deployment that stops the old ones first: its service is down until the
next update. The state of the stack says what was asked for, and that it failed: the next `up` asks for it again, and
what was undone is not in its way.
"""

from collections.abc import Mapping
from typing import Any

from . import cluster

KIND = "Deployment"
"""What is taken back. Pods of a StatefulSet are replaced one by one, and the others stay as they are."""
REVISION = "deployment.kubernetes.io/revision"
HASH = "pod-template-hash"
"""https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label"""
FORCE = {"pulumi.com/patchForce": "true"}
"""Annotation: the plugin takes back what another writer has changed, which the undoing is."""
MANAGER = "slipway"


def undo(namespace: str, name: str, asked: cluster.Cluster) -> str:
    """Give a Deployment the pod template that it had before.

    Returns:
        What was done, in words; empty where there is nothing to go back to.

    Raises:
        Refused: the cluster does not let do it.
    """
    deployment = asked.get(KIND, namespace, name)
    if deployment is None:
        return ""
    before = _before(deployment, (asked.get("ReplicaSet", namespace) or {}).get("items", ()))
    if before is None:
        return ""
    template = before["spec"]["template"]
    labels = {key: value for key, value in template["metadata"].get("labels", {}).items() if key != HASH}
    body = {
        "spec": {
            "template": {
                "$patch": "replace",
                **template,
                "metadata": {**template["metadata"], "labels": labels},
            }
        }
    }
    asked.call("PATCH", cluster.path(KIND, namespace, name), query={"fieldManager": MANAGER}, body=body)
    return f"it was taken back to revision {_revision(before)}; the next `pulumi up` tries again"


def _before(deployment: Mapping[str, Any], sets: Any) -> Mapping[str, Any] | None:
    """The newest of the older ReplicaSets, if possible one whose pods serve."""
    identity, current = deployment["metadata"]["uid"], _revision(deployment)
    older = [each for each in sets if _owner(each) == identity and _revision(each) < current]
    return max(older, key=lambda each: (each["status"].get("availableReplicas", 0) > 0, _revision(each)), default=None)


def _owner(each: Mapping[str, Any]) -> str:
    return next((str(owner["uid"]) for owner in each["metadata"].get("ownerReferences", ())), "")


def _revision(each: Mapping[str, Any]) -> int:
    return int(each["metadata"].get("annotations", {}).get(REVISION, 0))
