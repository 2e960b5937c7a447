"""The kinds of objects that the target writes, and the API that each belongs to.

A row's kind is the object's kind, and its arguments are the manifest in the API's own names, without `apiVersion` and
`kind`, which stand here. That is also what `x-slipway.patch.kubernetes` merges into.
"""

from collections.abc import Mapping
from typing import Any

from ..rows import Row

API_VERSIONS: Mapping[str, str] = {
    "ConfigMap": "v1",
    "CronJob": "batch/v1",
    "DaemonSet": "apps/v1",
    "Deployment": "apps/v1",
    "ExternalSecret": "external-secrets.io/v1",
    "HTTPRoute": "gateway.networking.k8s.io/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "Ingress": "networking.k8s.io/v1",
    "Job": "batch/v1",
    "Namespace": "v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "PersistentVolumeClaim": "v1",
    "PodDisruptionBudget": "policy/v1",
    "Secret": "v1",
    "Service": "v1",
    "ServiceAccount": "v1",
    "StatefulSet": "apps/v1",
}
"""Kind -> `apiVersion` (https://kubernetes.io/docs/reference/kubernetes-api/, 1.36)."""


def manifest(row: Row) -> dict[str, Any]:
    """A row as a whole manifest; its opaque parts are as they were."""
    return {"apiVersion": API_VERSIONS[row.kind], "kind": row.kind, **row.args}
