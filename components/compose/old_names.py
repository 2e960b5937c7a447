"""Between interpolation and schema: extensions that became keys of the specification, under their old names.

Source: `loader/aliases.go` of the reference. Where both names are written, the new one is merged over the old one.
"""

from typing import Any

from ..errors import Problem
from . import merge
from .tree import List, Map


def promote(root: Map, problems: list[Problem]) -> None:
    """Rename `x-develop`, and `x-initialSync` of what it watches, in place.

    Args:
        root: a document, with its variables replaced.
        problems: what is wrong is added here.
    """
    services = root.get("services")
    for name, service in services.items() if isinstance(services, Map) else ():
        if not isinstance(service, Map):
            continue
        _rename(service, "x-develop", "develop", problems, ("services", name))
        develop = service.get("develop")
        watches: Any = develop.get("watch") if isinstance(develop, Map) else None
        for watch in watches if isinstance(watches, List) else ():
            if isinstance(watch, Map):
                _rename(watch, "x-initialSync", "initial_sync", problems, ("services", name, "develop", "watch"))


def _rename(holder: Map, old: str, new: str, problems: list[Problem], path: tuple[str, ...]) -> None:
    if old not in holder:
        return
    value, mark = holder.pop(old), holder.marks.get(old)
    if isinstance(value, Map) and isinstance(holder.get(new), Map):
        value = merge.merge(value, holder[new], problems, (*path, new))
    elif holder.get(new) is not None:
        return
    holder.put(new, value, mark)
