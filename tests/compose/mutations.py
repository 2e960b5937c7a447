"""Changes of a tree, for the tests that generate files."""

import contextlib
import copy
from collections.abc import Iterator
from typing import Any

HOW = ("set", "drop", "rename", "wrap", "nest", "move")


def entries(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every mapping or list in a tree, with each of its keys or places."""
    for key in list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ():
        yield tree, key
        yield from entries(tree[key])


def changed(tree: Any, changes: list[tuple[float, str, Any, str]]) -> Any:
    """A tree after some changes: where (from 0, its beginning, to 1, its end), which of `HOW`, a value, a name."""
    for place, how, value, name in changes:
        found = list(entries(tree))
        if not found:
            return tree
        holder, key = found[int(place * (len(found) - 1))]
        if how == "set":
            holder[key] = value
        elif how == "drop":
            del holder[key]
        elif how == "rename" and isinstance(holder, dict):
            holder[name] = holder.pop(key)
        elif how == "wrap":
            holder[key] = [holder[key]]
        elif how == "nest":
            holder[key] = {name: holder[key]}
        else:
            other, at = found[len(name) * 7 % len(found)]
            with contextlib.suppress(LookupError):
                holder[key] = copy.deepcopy(other[at])
    return tree
