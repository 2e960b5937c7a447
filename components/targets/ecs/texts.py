"""How long a text will be of which some parts are not known before resources are made."""

import json
from typing import Any

from ..rows import Joined

UNKNOWN = "x" * 120
"""Stands for an ARN: none of those that a task definition names is longer by much."""


def length(value: Any) -> int:
    """Bytes of a value as JSON."""
    return len(json.dumps(value, default=_stand_in, separators=(",", ":")).encode())


def _stand_in(value: Any) -> str:
    if isinstance(value, Joined):
        return "".join(part if isinstance(part, str) else UNKNOWN for part in value.parts)
    return UNKNOWN
