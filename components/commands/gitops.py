"""What Argo CD and Flux have to be told, where `pulumi up` does it itself; as annotations, and only where it matters.

- A Job that has to end before something else is created or changed: Argo CD's sync waves
  (https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/). An object is in the wave of the service that it
  belongs to: a claim that no pod asks for, or an autoscaler without its target, would hold up a wave before.
- A Job never changes: where an apply is refused, it is deleted and made anew, and where nothing changed, it is not
  (https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#force-sync, which with `Replace=true` would run it
  at every sync; https://fluxcd.io/flux/components/kustomize/kustomizations/#force).
- What is kept when its stack goes is kept here too: it is not pruned.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ..targets.rows import Key, Row

WAVE = "argocd.argoproj.io/sync-wave"
ARGO_OPTIONS = "argocd.argoproj.io/sync-options"
FLUX_FORCE = "kustomize.toolkit.fluxcd.io/force"
FLUX_PRUNE = "kustomize.toolkit.fluxcd.io/prune"
PULUMI = "pulumi.com/"
"""Begins the annotations that speak to Pulumi's plugin, and to nobody else."""
JOB = "Job"
WORKLOADS = ("DaemonSet", "Deployment", JOB, "StatefulSet")
CLAIM = "PersistentVolumeClaim"


def annotations(row: Row, wave: int) -> dict[str, Any]:
    """All annotations of an object: its own without Pulumi's, and what Argo CD and Flux have to be told."""
    own: Mapping[str, Any] = row.args["metadata"].get("annotations", {})
    told = {key: value for key, value in own.items() if not key.startswith(PULUMI)}
    if wave:
        told[WAVE] = str(wave)
    if row.kind == JOB:
        told |= {ARGO_OPTIONS: "Force=true", FLUX_FORCE: "enabled"}
    if row.retain:
        told |= {ARGO_OPTIONS: "Prune=false,Delete=false", FLUX_PRUNE: "disabled"}
    return told


def waves(rows: Sequence[Row]) -> dict[Key, int]:
    """In which wave each object is applied; 0 for all where nothing waits for a Job.

    Args:
        rows: in the order of their creation, each with all that it needs in `after`.
    """
    found: dict[Key, int] = {}
    for row in rows:
        found[row.kind, row.key] = max((found[key] + (key[0] == JOB) for key in row.after), default=0)
    of_service = {row.service: found[row.kind, row.key] for row in rows if row.kind in WORKLOADS}
    for row in rows:
        if row.kind not in WORKLOADS and row.service in of_service:
            found[row.kind, row.key] = max(found[row.kind, row.key], of_service[row.service])
    return {**found, **_of_claims(rows, found)}


def _of_claims(rows: Sequence[Row], found: Mapping[Key, int]) -> dict[Key, int]:
    """The wave of each claim that something needs: that of the first which does."""
    first: dict[Key, int] = {}
    for row in rows:
        wave = found[row.kind, row.key]
        for key in row.after:
            if key[0] == CLAIM:
                first[key] = min(first.get(key, wave), wave)
    return first
