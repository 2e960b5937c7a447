"""The forms that pulumi-docker takes values in, the same of a container and of a Swarm's service."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..model import Healthcheck, Seconds, Service

DEFAULT_GRACE = Seconds(10.0)
"""Compose's default of `stop_grace_period`."""


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


def converted(
    service: Service, same: Mapping[str, str], forms: Mapping[str, Callable[[Any], dict[str, Any]]]
) -> dict[str, Any]:
    """What stands alone in a service; what is not set is left out.

    Args:
        service: it.
        same: key -> argument, the value as it is.
        forms: key -> what makes arguments of its value.
    """
    args: dict[str, Any] = {}
    for key, argument in same.items():
        value = getattr(service, key)
        if value is not None:
            args[argument] = value
    for key, convert in forms.items():
        value = getattr(service, key)
        if value not in (None, (), {}):
            args.update(convert(value))
    return args


def healthcheck(check: Healthcheck, times: Iterable[str], spelled: Callable[[Seconds], str]) -> dict[str, Any]:
    """The argument `healthcheck`.

    Args:
        check: a service's.
        times: the keys that are durations.
        spelled: how a duration is written.
    """
    if check.disable or check.test[:1] == ("NONE",):
        return {"healthcheck": {"tests": ["NONE"]}}
    args: dict[str, Any] = {"tests": list(check.test)} if check.test else {}
    for key in times:
        value = getattr(check, key)
        if value is not None:
            args[key] = spelled(value)
    if check.retries is not None:
        args["retries"] = check.retries
    return {"healthcheck": args}


def hosts(names: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """The argument `hosts`: a pair per name and address."""
    return {"hosts": [{"host": host, "ip": ip} for host, ips in names.items() for ip in ips]}
