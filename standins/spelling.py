"""What providers and clouds call the same thing: names differ by rules that hold throughout. Pure."""

import json
from collections.abc import Iterable, Mapping
from typing import Final

from standins.values import Value

_SHOWN_LENGTH: Final = 60


def member_of(members: Iterable[str], name: str) -> str | None:
    """The member of a call that a property stands for: the same letters, with or without the plural."""
    known = {each.lower(): each for each in members}
    low = name.lower()
    ways = (
        low,
        f"{low}s",
        low.removesuffix("s"),
        low.removesuffix("es"),
        f"{low.removesuffix('y')}ies",
        f"{low.removesuffix('ies')}y",
    )
    return next((known[way] for way in ways if way in known), None)


def shown(value: Value) -> str:
    """A value in a message, not longer than it has to be."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = json.dumps(value) if isinstance(value, bool) else repr(value)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}..."
