"""What an object names of others, which have to be there first.

A pod that names a Secret that is still the old one would start with the old content: a change of the Secret comes
before the workload's, and on the way down the workload goes before what it names.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..rows import Key, Row

BY_WORD: Mapping[str, str] = {
    "claimName": "PersistentVolumeClaim",
    "secretName": "Secret",
    "serviceAccountName": "ServiceAccount",
}
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


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Rows, each after all that it names: in the order of creation, and known to Pulumi."""
    known = {(row.kind, row.key) for row in rows}
    found: dict[Key, Row] = {}
    for row in rows:
        after = dict.fromkeys((*row.after, *(key for key in named(row.args) if key in known)))
        found[row.kind, row.key] = dataclasses.replace(row, after=tuple(after))
    done: dict[Key, Row] = {}
    for row in found.values():
        _add(row, found, done)
    return list(done.values())


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


def _add(row: Row, rows: Mapping[Key, Row], done: dict[Key, Row]) -> None:
    if (row.kind, row.key) in done:
        return
    for key in row.after:
        _add(rows[key], rows, done)
    done[row.kind, row.key] = row
