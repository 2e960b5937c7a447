"""What the pods name and the application does not make: it has to be in the namespace."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...errors import Problem
from ..rows import Key, Row
from . import cluster
from .cluster import Cluster

BY_WORD: Mapping[str, str] = {"claimName": "PersistentVolumeClaim", "secretName": "Secret"}
"""Key whose value is a name -> kind of what it names."""
BY_BLOCK: Mapping[str, str] = {
    "configMap": "ConfigMap",
    "configMapKeyRef": "ConfigMap",
    "configMapRef": "ConfigMap",
    "secret": "Secret",
    "secretKeyRef": "Secret",
    "secretRef": "Secret",
}
"""Key whose value is a mapping with a `name` -> kind of what it names."""


def problems(rows: Sequence[Row], namespace: str, asked: Cluster, where: str) -> Iterator[Problem]:
    """What is named and not there; silent about what may not be looked at.

    Args:
        rows: all of the application.
        namespace: where its pods are.
        asked: the cluster.
        where: what messages begin with.
    """
    made = {(row.kind, row.key) for row in rows}
    # an Ingress names the Secret of its certificate, which its controller or cert-manager brings
    pods = [row for row in rows if row.kind != "Ingress"]
    wanted = {key for row in pods for key in named(row.args)}
    for kind, name in sorted(wanted - made):
        try:
            found = asked.get(kind, namespace, name)
        except cluster.Refused:
            continue
        if found is None:
            fix = "make it, or take `external: true` out of the file"
            yield Problem(f'there is no {kind} "{name}" in namespace "{namespace}"', where, fix)


def named(value: Any) -> Iterator[Key]:
    """Every object that a manifest names."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in BY_WORD and isinstance(inner, str):
                yield (BY_WORD[key], inner)
            if key in BY_BLOCK and isinstance(inner, Mapping) and isinstance(inner.get("name"), str):
                yield (BY_BLOCK[key], inner["name"])
            yield from named(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from named(inner)
