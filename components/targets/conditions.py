"""Conditions of support tables: for which values a row holds. Each takes application, path and value."""

import dataclasses
from typing import Any, TypeVar

from ..model import App, Mount, Parts, Path, Port, Service, key_of
from ..support import Condition


def is_secret(_app: App, _path: Path, value: Any) -> bool:
    """The value holds a secret."""
    return isinstance(value, Parts) and value.secret


def one_of(*values: Any) -> Condition:
    """The value is one of these."""
    return lambda _app, _path, value: value in values


def none_of(*values: Any) -> Condition:
    """The value is none of these."""
    return lambda _app, _path, value: value not in values


def external(kind: str) -> Condition:
    """The entry of a top-level group that the path is in is external."""
    return lambda app, path, _value: getattr(app, kind)[path[1]].external


def aliased(_app: App, _path: Path, value: Any) -> bool:
    """The value is a link with an alias of its own."""
    name, colon, alias = str(value).partition(":")
    return bool(colon) and alias != name


T = TypeVar("T")


def nearest(kind: type[T], app: App, path: Path) -> T:
    """The innermost part of an application of a kind that a path leads through.

    Args:
        kind: a class of the model, such as `Mount`, which services, jobs and steps have alike.
        app: the application.
        path: of a leaf in it.

    Raises:
        LookupError: the path leads through none.
    """
    found: list[T] = []
    node: Any = app
    for key in path:
        node = _inside(node, key)
        if isinstance(node, kind):
            found.append(node)
    if not found:
        raise LookupError(f"no {kind.__name__} on the way to {path}")
    return found[-1]


def _inside(node: Any, key: str | int) -> Any:
    if not dataclasses.is_dataclass(node):
        return node[key]
    name = next((each.name for each in dataclasses.fields(node) if key_of(each) == key), None)
    return None if name is None else getattr(node, name)


def service_at(app: App, path: Path) -> Service:
    """The service that a path is in."""
    return app.services[str(path[1])]


def mount_at(app: App, path: Path) -> Mount:
    """The entry of a service's `volumes` that a path is in."""
    return service_at(app, path).volumes[int(path[3])]


def port_at(app: App, path: Path) -> Port:
    """The entry of a service's `ports` that a path is in."""
    return service_at(app, path).ports[int(path[3])]
