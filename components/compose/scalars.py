"""YAML 1.2's core scalars, as the reference implementation of Compose reads and prints them.

Source: https://yaml.org/spec/1.2.2/#1032-tag-resolution, and go.yaml.in/yaml (`resolve.go`), which also takes `0777`
as octal, `0b1` as binary and `_` between digits. `2222:22`, `yes`, `on` and dates are strings.
"""

import math
import re
from decimal import Decimal
from typing import Any

_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys(("-0", "-0.0"), -0.0),
}
_FIRST = frozenset("0123456789+-.")
_INT = re.compile(r"[-+]?(?:0[bB][01]+|0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LONGEST = 4000
"""Digits beyond which a number is a string: no 64 bits need as many, and Python refuses to read more than 4300."""


def plain(text: str) -> Any:
    """The value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _FIRST or len(text) > _LONGEST:
        return text
    digits = text.replace("_", "")
    if _INT.fullmatch(digits):
        value = _integer(digits)
        if -(2**63) <= value < 2 ** (64 if digits[0].isdigit() else 63):
            return value
    return _real(text, digits)


def _integer(digits: str) -> int:
    sign = -1 if digits[0] == "-" else 1
    bare = digits.lstrip("+-")
    if len(bare) > 1 and bare[0] == "0" and bare[1].isdigit():
        return sign * int(bare, 8)
    return sign * int(bare, 0)


def _real(text: str, digits: str) -> float | str:
    if _FLOAT.fullmatch(digits) is None:
        return text
    value = float(digits)
    return text if math.isinf(value) else value  # what no float can hold stays a string


def text(value: Any) -> str:
    """A scalar as the reference prints it where a string is wanted: `true`, `80`, `1.1` for 1.10."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    return "" if value is None else str(value)


def _float(value: float) -> str:
    # Go's %v: the shortest digits that read back the same, with an exponent below -4 and from 6 on.
    if math.isinf(value) or math.isnan(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    exact = Decimal(repr(value)).normalize()
    exponent = exact.adjusted()
    if value == 0 or -4 <= exponent < 6:
        return repr(value).removesuffix(".0")
    first, *others = exact.as_tuple().digits
    mantissa = f"{first}.{''.join(map(str, others))}".removesuffix(".")
    return f"{'-' if value < 0 else ''}{mantissa}e{exponent:+03d}"
