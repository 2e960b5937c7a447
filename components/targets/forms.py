"""The forms that pulumi-docker takes values in."""

from collections.abc import Mapping
from typing import Any

from ..model import Seconds


def duration(seconds: Seconds) -> str:
    """`Seconds(90)` as Go prints it, `1m30s`: the official plugin compares this text with what the Engine says."""
    nanoseconds = round(seconds * 10**9)
    if nanoseconds < 10**9:
        return next(
            (f"{_number(nanoseconds / size)}{unit}" for unit, size in _SMALL.items() if nanoseconds >= size), "0s"
        )
    minutes, rest = divmod(nanoseconds, 60 * 10**9)
    hours, minutes = divmod(minutes, 60)
    before = f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else ""
    return f"{before}{_number(rest / 10**9)}s"


def short_duration(seconds: Seconds) -> str:
    """`Seconds(60)` as `1m`: what the official plugin makes of it in a Swarm's service."""
    text = duration(seconds)
    for zeros in ("m0s", "h0m"):
        text = text[:-2] if text.endswith(zeros) else text
    return text


def _number(value: float) -> str:
    return f"{value:.9f}".rstrip("0").rstrip(".")


_SMALL = {"ms": 10**6, "µs": 10**3, "ns": 1}


def label_list(labels: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Labels as a list of pairs, sorted by name."""
    return [{"label": label, "value": labels[label]} for label in sorted(labels)]
