"""What pulumi-kubernetes waits for, and how long: annotations that are for the plugin alone.

https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/#pulumi-kubernetes-annotations
"""

import math
from collections.abc import Mapping
from typing import Any

SKIP = {"pulumi.com/skipAwait": "true"}
"""It waits for nothing."""
REPLACE_FAILED = {"pulumi.com/replaceUnready": "true"}
"""A Job that has failed is made anew by the next `up`."""
TIMEOUT = "pulumi.com/timeoutSeconds"
DAY = 86400
"""The longest that anything is waited for: a run to its end has no other limit."""
DEFAULT_GRACE = 30
"""Kubernetes' own `terminationGracePeriodSeconds`."""
ALL = "100%"


def at_most(seconds: int) -> dict[str, str]:
    """It waits so long, and then has failed; without it, ten minutes."""
    return {TIMEOUT: str(min(seconds, DAY))}


def rollout(spec: Mapping[str, Any], pods: int, start: int) -> int:
    """Seconds after which a rollout has failed, if every wave of it takes as long as it may.

    The plugin does not look at `progressDeadlineSeconds`: it would go on to wait for what Kubernetes has given up.

    Args:
        spec: of a Deployment, StatefulSet or DaemonSet.
        pods: how many there are.
        start: seconds that a pod may take to become ready.
    """
    grace = spec["template"]["spec"].get("terminationGracePeriodSeconds", DEFAULT_GRACE)
    return math.ceil(max(pods, 1) / _at_once(spec, pods)) * int(start + grace)


def _at_once(spec: Mapping[str, Any], pods: int) -> int:
    strategy = spec.get("strategy") or spec.get("updateStrategy") or {}
    steps = [step for step in strategy.get("rollingUpdate", {}).values() if step]
    if strategy.get("type") == "Recreate" or ALL in steps:
        return max(pods, 1)
    return max(steps, default=1)
