"""`x-slipway.patch`: the way out where the portable keys do not reach. Deep-merged into what a target has rendered.

    x-slipway: {patch: {docker: {Container: {stop_timeout: 90}}}}

A patch belongs to a service: it changes the service's own rows of that kind, and those that several services share (a
network, a volume) where the service uses them. It merges as RFC 7396 (JSON Merge Patch) says: mappings key by key, null
takes a key away, anything else is replaced. Beyond that, a list of mappings merges item by item where its items have a
name of their own: an item with the same name is merged, another one is added.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import Problem, RejectedError, suggest
from ..model import App, Parts, Path, Service
from ..support import Conflict
from .rows import Json, Key, Row, refs

Shape = Any
"""What arguments may look like: `"string"`, `"integer"`, `"number"` or `"boolean"`; `[Shape]`, a list of it; a mapping
of key -> Shape, in which the key `*` stands for any; None: anything."""

_SCALARS: Mapping[str, tuple[str, type | tuple[type, ...]]] = {
    "string": ("a string", (str, Parts)),
    "integer": ("a whole number", int),
    "number": ("a number", (int, float)),
    "boolean": ("true or false", bool),
}
_WORDS = {"true": True, "false": False}


def of(service: Service, target: str) -> Mapping[str, Any]:
    """Kind -> what is merged into the service's rows of that kind; empty where nothing is patched."""
    extension = service.x_slipway
    found: Mapping[str, Any] = (extension.patch.get(target) or {}) if extension is not None else {}
    return found


@dataclass(frozen=True, kw_only=True)
class Patchable:
    """What the patches of a target can reach.

    Attributes:
        target: its name.
        kinds: how a kind is written in a patch -> the kind of its rows.
        shapes: how a kind is written in a patch -> the arguments that it has.
        names: the keys by which the items of a list are told apart, such as `name` and `label`.
    """

    target: str
    kinds: Mapping[str, str]
    shapes: Mapping[str, Shape]
    names: Sequence[str]


def conflicts(app: App, patchable: Patchable) -> Iterator[Conflict]:
    """Paths of the application's patches that the target's resources do not have, and values of a wrong type."""
    for name, service in app.services.items():
        above: Path = ("services", name, "x-slipway", "patch", patchable.target)
        for kind, change in of(service, patchable.target).items():
            if kind not in patchable.kinds:
                what = f'there is no kind "{kind}" on {patchable.target}'
                yield Conflict((*above, kind), what, suggest(kind, patchable.kinds))
            else:
                yield from _mismatches(change, patchable.shapes[kind], (*above, kind))


def apply(rows: Sequence[Row], app: App, patchable: Patchable) -> tuple[Row, ...]:
    """Rows with the application's patches merged into them.

    Args:
        rows: all that was rendered.
        app: one without conflicts.
        patchable: what the patches can reach.

    Raises:
        RejectedError: a service has nothing of a kind that it patches.
    """
    patched = {(row.kind, row.key): row for row in rows}
    problems: list[Problem] = []
    for name, service in app.services.items():
        for kind, change in of(service, patchable.target).items():
            own = [key for key in _used(rows, name) if key[0] == patchable.kinds[kind]]
            if not own:
                where = app.where(("services", name, "x-slipway", "patch", patchable.target, kind))
                problems.append(Problem(f"the service has no {kind} of the application", where, "remove it"))
            for key in own:
                args = merged(patched[key].args, _typed(change, patchable.shapes[kind]), patchable.names)
                patched[key] = dataclasses.replace(patched[key], args=args)
    if problems:
        raise RejectedError(problems)
    return tuple(patched.values())


def _used(rows: Sequence[Row], service: str) -> set[Key]:
    """A service's own rows, and the shared ones that these refer to, or come after."""
    own = [row for row in rows if row.service == service and not row.auxiliary]
    shared = {(row.kind, row.key) for row in rows if not row.service}
    named = {ref.row for row in own for ref in refs(row.args)} | {key for row in own for key in row.after}
    return {(row.kind, row.key) for row in own} | (shared & named)


def merged(value: Any, change: Any, names: Sequence[str]) -> Any:
    """A change merged into a value; neither is altered.

    Args:
        value: what there is.
        change: what is to be; None stands for nothing at all.
        names: see `Patchable`.
    """
    if isinstance(value, Json):
        return dataclasses.replace(value, value=merged(value.value, change, names))
    if isinstance(change, Mapping):
        result = dict(value) if isinstance(value, Mapping) else {}
        for key, inner in change.items():
            if inner is None:
                result.pop(key, None)
            else:
                result[key] = merged(result.get(key), inner, names)
        return result
    if isinstance(change, (list, tuple)) and not isinstance(change, Parts):
        return _merged_items(value, change, names)
    return change


def _merged_items(value: Any, change: Sequence[Any], names: Sequence[str]) -> list[Any]:
    name = next((name for name in names if change and all(isinstance(x, Mapping) and name in x for x in change)), None)
    if name is None or not isinstance(value, (list, tuple)):
        return list(change)
    result = list(value)
    for item in change:
        same = next(
            (at for at, one in enumerate(result) if isinstance(one, Mapping) and one.get(name) == item[name]), None
        )
        if same is None:
            result.append(item)
        else:
            result[same] = merged(result[same], item, names)
    return result


# --- shapes ----------------------------------------------------------------------------------------------------------


def _mismatches(value: Any, shape: Shape, path: Path) -> Iterator[Conflict]:
    if value is None or shape is None:
        return
    if isinstance(shape, Mapping):
        if not isinstance(value, Mapping):
            yield Conflict(path, f"{_shown(value)} is not a mapping", "write a mapping")
            return
        for key, inner in value.items():
            if key in shape or "*" in shape:
                yield from _mismatches(inner, shape.get(key, shape.get("*")), (*path, key))
            else:
                yield Conflict((*path, key), f'there is no "{key}"', suggest(key, shape))
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield Conflict(path, f"{_shown(value)} is not a list", "write a list")
            return
        for index, item in enumerate(value):
            yield from _mismatches(item, shape[0], (*path, index))
    else:
        name, types = _SCALARS[shape]
        found = _typed(value, shape)
        # a bool is an int to Python, never to an argument
        if not isinstance(found, types) or (isinstance(found, bool) and shape != "boolean"):
            yield Conflict(path, f"{_shown(value)} is not {name}", f"write {name}")


def _typed(value: Any, shape: Shape) -> Any:
    """A patch with the types that its target wants: what comes from a variable is a string."""
    if isinstance(shape, Mapping) and isinstance(value, Mapping):
        return {key: _typed(inner, shape.get(key, shape.get("*"))) for key, inner in value.items()}
    if isinstance(shape, list) and isinstance(value, list):
        return [_typed(item, shape[0]) for item in value]
    if isinstance(value, str) and shape in ("integer", "number", "boolean"):
        return _parsed(value, shape)
    return value


def _parsed(value: str, shape: str) -> Any:
    if shape == "boolean":
        return _WORDS.get(value, value)
    try:
        return int(value) if shape == "integer" else float(value)
    except ValueError:
        return value


def _shown(value: Any) -> str:
    if isinstance(value, (Mapping, list)):
        return "a mapping" if isinstance(value, Mapping) else "a list"
    return f'"{value}"' if isinstance(value, (str, Parts)) else str(value).lower()
