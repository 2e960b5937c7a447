"""The forms that pulumi-docker takes values in."""

from collections.abc import Mapping
from typing import Any

from ..model import Seconds


def duration(seconds: Seconds) -> str:
    """`Seconds(1.5)` as Go writes it: `1.5s`; the Engine counts in nanoseconds."""
    return f"{seconds:.9f}".rstrip("0").rstrip(".") + "s"


def label_list(labels: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Labels as a list of pairs, sorted by name."""
    return [{"label": label, "value": labels[label]} for label in sorted(labels)]
