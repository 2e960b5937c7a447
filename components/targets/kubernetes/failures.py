"""Why a workload failed, said beside the plugin's own message. It reports, it never gates.

Where the stack's settings ask for it, a failed rollout is taken back too; the update has failed all the same.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi

from ...access import KubernetesAccess
from ...errors import SlipwayError
from ...model import App
from ..create import is_mocked
from . import cluster, reasons, rollback

KINDS = ("DaemonSet", "Deployment", "Job", "StatefulSet")
"""What has pods, and is waited for."""
LOG_LINES = 15
"""How many of a failed container's last log lines are shown."""
EVENTS = 5
"""How many of the last warnings are shown."""


def report_failures(app: App, access: KubernetesAccess) -> pulumi.ResourceHookBinding | None:
    """Hooks that log why a failed workload's pods do not run, and their last log lines.

    Returns:
        None where the monitor takes no hooks, which is in a unit test.
    """
    if is_mocked():
        return None

    def report(args: pulumi.ErrorHookArgs) -> bool:
        if args.failed_operation not in ("create", "update"):
            return False
        inputs = args.new_inputs or {}
        metadata: Mapping[str, Any] = inputs.get("metadata", {})
        kind, name = str(inputs.get("kind", "")), str(metadata.get("name", args.name))
        namespace = str(metadata.get("namespace", ""))
        lines = known(kind, namespace, name, access)
        if lines:
            pulumi.log.error("\n".join((f"{name}: it failed, and this is what is known", *lines)))
        if access.rollback and kind == rollback.KIND and args.failed_operation == "update":
            _take_back(namespace, name, access)
        return False

    return pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook(f"slipway-failures-{app.name}", report)])


def _take_back(namespace: str, name: str, access: KubernetesAccess) -> None:
    try:
        if cluster.can_ask(access):
            with cluster.connect(access) as asked:
                done = rollback.undo(namespace, name, asked)
            if done:
                pulumi.log.warn(f"{name}: {done}")
    except (SlipwayError, cluster.Refused, *cluster.ERRORS) as error:
        pulumi.log.warn(f"{name}: it could not be taken back ({error}); run `kubectl rollout undo` yourself")


def known(kind: str, namespace: str, name: str, access: KubernetesAccess) -> list[str]:
    """What the cluster knows about a workload that failed; empty where it cannot be asked, or nothing is known."""
    try:
        if not cluster.can_ask(access):
            return []
        with cluster.connect(access) as asked:
            workload = asked.get(kind, namespace, name)
            return [] if workload is None else list(_known(workload, asked))
    except (SlipwayError, cluster.Refused, *cluster.ERRORS, KeyError):
        return []


def _known(workload: reasons.Object, asked: cluster.Cluster) -> Iterator[str]:
    namespace, name = workload["metadata"]["namespace"], workload["metadata"]["name"]
    labels = workload["spec"]["selector"]["matchLabels"]
    selector = ",".join(f"{key}={value}" for key, value in labels.items())
    pods = (asked.get("Pod", namespace, labelSelector=selector) or {}).get("items", ())
    unwell = [pod for pod in reasons.newest(pods) if not reasons.is_well(pod)]
    if not unwell:
        # it has none: quotas and admission speak by the events of what would have made them
        yield from _warnings(namespace, name, asked)
        return
    pod = unwell[0]
    yield from reasons.of_pod(pod)
    yield from _warnings(namespace, pod["metadata"]["name"], asked)
    container = reasons.troubled(pod)
    if container is not None:
        yield from _log(namespace, pod["metadata"]["name"], container, asked)


def _warnings(namespace: str, name: str, asked: cluster.Cluster) -> list[str]:
    """The last warnings about an object, and about what belongs to it: a ReplicaSet has its Deployment's name."""
    events = (asked.get("Event", namespace) or {}).get("items", ())
    about = [each for each in events if _is_about(each["involvedObject"].get("name", ""), name)]
    return reasons.of_events(about)[-EVENTS:]


def _is_about(candidate: str, name: str) -> bool:
    base, _, suffix = candidate.rpartition("-")
    return candidate == name or (base == name and suffix.isalnum())


def _log(namespace: str, pod: str, container: reasons.Object, asked: cluster.Cluster) -> Iterator[str]:
    place = f"{cluster.path('Pod', namespace, pod)}/log"
    query = {"container": container["name"], "tailLines": str(LOG_LINES)}
    if container.get("restartCount") and "running" not in container["state"]:
        query["previous"] = "true"
    try:
        text = asked.text("GET", place, query=query)
    except cluster.Refused:
        return  # the container has not started
    lines = (text or "").splitlines()
    if lines:
        yield f"last {len(lines)} log lines of container {container['name']}:"
        yield from (f"  {line}" for line in lines)
