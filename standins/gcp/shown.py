"""What an API answered, as the provider shows it: the SDK's names and types in the place of the model's. Pure."""

import collections.abc
import typing
from collections.abc import Mapping
from typing import Any

from standins.sdk import inside
from standins.spelling import member_of
from standins.values import Value


def shown(hint: Any, value: Value, spelled: Mapping[str, str], path: str) -> Value:
    """A value of the API under the names of a property of the SDK, parts that the SDK lacks left out.

    Args:
        hint: the property's type.
        value: as the API says it.
        spelled: path of an input, without positions -> the member's name in the API.
        path: of the property.
    """
    if value is None:
        return None
    parts = inside(hint)
    if not parts:
        return int(value) if hint is int and isinstance(value, str) and value.isdecimal() else value
    items = value if isinstance(value, list) else [value]
    made = [
        {
            name: shown(part.type, item[member], spelled, f"{path}.{name}")
            for name, part in parts.items()
            if (member := spelled.get(f"{path}.{name}") or member_of(item, name)) and member in item
        }
        for item in items
        if isinstance(item, Mapping)
    ]
    if _is_list(hint):
        return made
    return made[0] if made else None


def _is_list(hint: Any) -> bool:
    return typing.get_origin(hint) in (list, collections.abc.Sequence)
