"""Labels: a list of objects to the SDK, a map to the Engine."""

from collections.abc import Iterable, Mapping
from typing import Any


def to_engine(labels: Iterable[Mapping[str, Any]] | None) -> dict[str, str]:
    """`[{label, value}]` as a map; of two with one name the last counts."""
    return {entry["label"]: entry["value"] for entry in labels or ()}


def to_sdk(labels: Mapping[str, str] | None) -> list[dict[str, str]]:
    """A map as `[{label, value}]`, in the order of the names."""
    return [{"label": name, "value": value} for name, value in sorted((labels or {}).items())]
