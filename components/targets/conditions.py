"""Conditions of support tables: for which values a row holds. Each takes application, path and value."""

from typing import Any

from ..model import App, Mount, Parts, Path, Port, Service
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


def service_at(app: App, path: Path) -> Service:
    """The service that a path is in."""
    return app.services[str(path[1])]


def mount_at(app: App, path: Path) -> Mount:
    """The entry of a service's `volumes` that a path is in."""
    return service_at(app, path).volumes[int(path[3])]


def port_at(app: App, path: Path) -> Port:
    """The entry of a service's `ports` that a path is in."""
    return service_at(app, path).ports[int(path[3])]
