"""Rules on single values, as the official plugin has them; each returns what is wrong, or ""."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any, Final

Rule = Callable[[Any], str]

_DURATION: Final = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)(ns|us|µs|ms|s|m|h)")
_NANOSECONDS: Final = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}


def matches(pattern: str) -> Rule:
    """A rule: the text matches the regular expression."""
    compiled = re.compile(pattern)
    return lambda text: "" if compiled.search(text) else f"{text!r} does not match {pattern}"


def at_least(least: int) -> Rule:
    """A rule: the number is this, or more."""
    return lambda number: "" if number >= least else f"{number} is lower than {least}"


def base64_text(text: str) -> str:
    """The text is base64."""
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return "is not base64"
    return ""


def duration(text: str) -> str:
    """The text is a duration as Go writes it (`1m30s`), and not negative."""
    try:
        return "" if nanoseconds(text) >= 0 else f"{text!r} is negative"
    except ValueError:
        return f"{text!r} is not a duration such as 1m30s"


def nanoseconds(text: str) -> int:
    """A duration as Go writes it, in nanoseconds.

    Raises:
        ValueError: it is none.
    """
    sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text)
    if rest == "0":
        return 0
    parts = list(_DURATION.finditer(rest))
    if not parts or "".join(part.group() for part in parts) != rest:
        raise ValueError(text)
    return sign * sum(round(float(part.group()[: -len(part[1])]) * _NANOSECONDS[part[1]]) for part in parts)


def ratio(text: str) -> str:
    """The text is a number from 0 to 1."""
    try:
        return "" if 0 <= float(text) <= 1 else f"{text!r} is not between 0.0 and 1.0"
    except ValueError:
        return f"{text!r} is not a number"


def go_duration(number: int) -> str:
    """Nanoseconds as Go writes a duration: `1m30s`, `0s`, `1.5s`, `20ms`."""
    if number < 10**9:
        for unit in ("ms", "us", "ns"):
            if number >= _NANOSECONDS[unit]:
                return f"{number / _NANOSECONDS[unit]:g}{'µs' if unit == 'us' else unit}"
        return "0s"
    minutes, rest = divmod(number, _NANOSECONDS["m"])
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest / 10**9:.9f}".rstrip("0").rstrip(".") + "s"
    return (f"{hours}h{minutes}m" if hours else f"{minutes}m" if minutes else "") + seconds


def short_duration(number: int) -> str:
    """Nanoseconds as Go writes a duration, without the zeros at its end: `1h`, `1m`, `1m30s`."""
    text = go_duration(number)
    text = text[:-2] if text.endswith("m0s") else text
    return text[:-2] if text.endswith("h0m") else text
