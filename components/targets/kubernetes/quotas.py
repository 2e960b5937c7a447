"""Quotas of a namespace that the application alone exceeds: its pods would never start.

https://kubernetes.io/docs/concepts/policy/resource-quotas/
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from ...errors import Problem
from ..rows import Row
from . import cluster
from .cluster import Cluster

UNITS: Mapping[str, Decimal] = {
    "m": Decimal("0.001"),
    "": Decimal(1),
    **{unit: Decimal(1000) ** power for power, unit in enumerate("kMGTPE", 1)},
    **{f"{unit}i": Decimal(1024) ** power for power, unit in enumerate("KMGTPE", 1)},
}
"""https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/"""
QUANTITY = re.compile(r"([0-9.]+(?:[eE][0-9]+)?)([a-zA-Z]*)")
SAME = {"cpu": "requests.cpu", "memory": "requests.memory"}
"""Two words for one resource."""
FIX = "ask for less (deploy.resources, deploy.replicas), or have the quota raised"


def problems(rows: Iterable[Row], namespace: str, asked: Cluster, where: str) -> Iterator[Problem]:
    """Quotas that are smaller than what the application asks for; what else is in the namespace does not count.

    Args:
        rows: all of the application.
        namespace: where it is.
        asked: the cluster.
        where: what messages begin with.
    """
    try:
        quotas = (asked.get("ResourceQuota", namespace) or {}).get("items", ())
    except cluster.Refused:
        return
    needed = dict(_needed(rows)) if quotas else {}
    for quota in quotas:
        if quota["spec"].get("scopes") or quota["spec"].get("scopeSelector"):
            continue  # it counts only some pods
        for resource, most in sorted(quota["spec"].get("hard", {}).items()):
            wanted = needed.get(SAME.get(resource, resource), Decimal(0))
            if wanted > number(most):
                what = f'the quota "{quota["metadata"]["name"]}" allows {most} {resource}, and the application asks for'
                yield Problem(f"{what} {wanted.normalize():f}", where, FIX)


def number(quantity: Any) -> Decimal:
    """A quantity of the API, such as `500m` or `1Gi`, as a number."""
    found = QUANTITY.fullmatch(str(quantity))
    if found is None or found[2] not in UNITS:
        raise ValueError(f"{quantity!r} is no quantity")
    return Decimal(found[1]) * UNITS[found[2]]


def _needed(rows: Iterable[Row]) -> Iterator[tuple[str, Decimal]]:
    total: dict[str, Decimal] = {}
    for row in rows:
        for resource, amount in _of(row):
            total[resource] = total.get(resource, Decimal(0)) + amount
    yield from total.items()


def _of(row: Row) -> Iterator[tuple[str, Decimal]]:
    group = cluster.group(row.kind)
    plural = cluster.plural(row.kind)
    yield f"count/{plural}.{group}" if group else plural, Decimal(1)
    if row.kind in ("Deployment", "StatefulSet", "Job"):
        spec = row.args["spec"]
        pods = Decimal(spec.get("replicas", spec.get("parallelism", 1)))
        yield "pods", pods
        for container in spec["template"]["spec"]["containers"]:
            for kind, amounts in container.get("resources", {}).items():
                for resource, amount in amounts.items() if isinstance(amounts, Mapping) else ():
                    yield f"{kind}.{resource}", number(amount) * pods
    if row.kind == "PersistentVolumeClaim":
        yield "requests.storage", number(row.args["spec"]["resources"]["requests"]["storage"])
