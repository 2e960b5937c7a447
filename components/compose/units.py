"""Durations, sizes and file modes: as Compose writes them, as numbers, and as the reference prints them.

Sources: https://github.com/compose-spec/compose-spec/blob/main/11-extension.md#specifying-durations and
`#specifying-byte-values`, and Docker's `go-units` (sizes are powers of 1024, with or without the `i`).
"""

import re
from decimal import Decimal
from typing import Any

from ..model import Bytes, Seconds
from .opaque import decided
from .tree import Invalid

_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9}
_UNITS |= {"h": 3600 * 10**9, "d": 86_400 * 10**9, "w": 604_800 * 10**9}
_TERM = re.compile(r"([0-9]{1,19}(?:\.[0-9]{,19})?|\.[0-9]{1,19})(ns|us|µs|μs|ms|s|m|h|d|w)")
_DURATION = re.compile(rf"([-+]?)((?:{_TERM.pattern})+)")
_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
_SIZE = re.compile(r"([0-9]{1,19}(?:\.[0-9]{1,19})?) ?(?:([kKmMgGtTpP])?[iI]?[bB]?)?")
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_OCTAL = re.compile(r"[0-7]{1,11}")
_MOST = 2**63 - 1  # the reference counts bytes and nanoseconds in 64 bits, and does not notice when they overflow


def nanoseconds(value: Any) -> int:
    """A duration (`1m30s`, `500ms`, `2d`) in nanoseconds.

    Raises:
        Invalid: it is not a duration.
    """
    text = decided(str(value), "a duration")
    if text in ("0", "+0", "-0"):
        return 0
    match = _DURATION.fullmatch(text)
    if match is None:
        raise Invalid(f'"{text}" is not a duration', "write a number with a unit, such as 30s or 1m30s")
    total = sum(int(Decimal(number) * _UNITS[unit]) for number, unit in _TERM.findall(match[2]))
    if total > _MOST:
        raise Invalid(f"{text} is too long", "write less than 292 years")
    return -total if match[1] == "-" else total


def seconds(value: Any) -> Seconds:
    """A duration in seconds; raises what `nanoseconds` raises."""
    return Seconds(nanoseconds(value) / 10**9)


def duration(value: Any) -> str:
    """A duration as the reference prints it: `1m30s`, `1h0m0s`, `1.5s`, `500ms`, `0s`."""
    total = nanoseconds(value)
    sign, rest = ("-", -total) if total < 0 else ("", total)
    if rest < 10**9:
        for unit in ("ms", "µs"):
            if rest >= _UNITS[unit]:
                return f"{sign}{_decimal(rest, _UNITS[unit])}{unit}"
        return f"{sign}{rest}ns" if rest else "0s"
    minutes, rest = divmod(rest, _UNITS["m"])
    hours, minutes = divmod(minutes, 60)
    text = f"{_decimal(rest, 10**9)}s"
    if hours or minutes:
        text = f"{minutes}m{text}"
    return f"{sign}{hours}h{text}" if hours else sign + text


def _decimal(amount: int, unit: int) -> str:
    whole, part = divmod(amount, unit)
    digits = len(str(unit)) - 1
    return f"{whole}.{part:0{digits}d}".rstrip("0").rstrip(".")


def size(value: Any) -> Bytes:
    """A size (`512m`, `1.5GiB`, a number of bytes) in bytes.

    Raises:
        Invalid: it is not a size.
    """
    text = decided(str(value), "a size")
    if _WHOLE.fullmatch(text):
        return _bytes(int(text), text)
    match = _SIZE.fullmatch(text)
    if match is None:
        raise Invalid(
            f'"{text}" is not a size', "write a number of bytes, or a number with a unit, such as 512m or 1gb"
        )
    return _bytes(int(float(match[1]) * 1024 ** _POWERS[(match[2] or "").lower()]), text)


def _bytes(amount: int, text: str) -> Bytes:
    if abs(amount) > _MOST:
        raise Invalid(f"{text} is too large", "write less than 8 EiB")
    return Bytes(amount)


def mode(value: Any) -> int:
    """A file mode: `"0440"` is octal, a number is what YAML made of it (`0440` is 288).

    Raises:
        Invalid: it is not a mode.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = decided(str(value), "a file mode")
    if _OCTAL.fullmatch(text) is None:
        raise Invalid(f'"{text}" is not a file mode', 'write octal digits, such as "0440"')
    return int(text, 8)
