"""Phase 13, bind: the finished tree -> the dataclasses of `model`, by their type hints. One binder for all of them."""

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import Problem
from ..model import (
    App,
    Bytes,
    Opaque,
    Parts,
    Path,
    Seconds,
    Text,
    Ulimit,
    key_of,
)
from . import units
from .scalars import text
from .tree import Invalid, List, Map, Marks, where

Converter = Callable[[Any, "_Binding", Path], Any]


class _Binding:
    """One run: the tree, for places, and the problems."""

    def __init__(self, root: Map, problems: list[Problem]) -> None:
        self.root = root
        self.problems = problems

    def report(self, path: Path, what: str, fix: str) -> None:
        self.problems.append(Problem(what, where(self.root, path), fix))


def bind(root: Map, directory: str, env: Mapping[str, Text], problems: list[Problem]) -> App:
    """The application that a tree describes.

    Args:
        root: the tree after every other phase.
        directory: the project's directory.
        env: what interpolation saw.
        problems: what is wrong is added here; the application is then not to be used.
    """
    app: App = _dataclass(App)(root, _Binding(root, problems), ())
    return dataclasses.replace(app, directory=directory, env=env, marks=Marks(root))


# --- converters by type ----------------------------------------------------------------------------------------------


def _plain(value: Any, _binding: _Binding, _path: Path) -> Any:
    """A tree as plain dicts and lists: what the model carries without looking into it."""
    if isinstance(value, Map):
        return {key: _plain(element, _binding, _path) for key, element in value.items()}
    if isinstance(value, List):
        return [_plain(element, _binding, _path) for element in value]
    return value


def _text(value: Any, binding: _Binding, path: Path) -> Any:
    return value if isinstance(value, (str, Parts)) else _SCALARS[str](value, binding, path)


def _decided(kind: str, convert: Callable[[Any], Any]) -> Converter:
    """A converter of a value that the loader has to understand."""

    def converter(value: Any, binding: _Binding, path: Path) -> Any:
        if isinstance(value, Parts):
            names = ", ".join(part.name or "an output" for part in value if isinstance(part, Opaque))
            binding.report(path, f"{kind} depends on {names}, which is opaque here", "write a plain value")
            return None
        try:
            return convert(value)
        except Invalid as invalid:
            binding.report(path, invalid.what, invalid.fix)
        except (TypeError, ValueError):
            binding.report(path, f'"{text(value)}" is not {kind}', f"write {kind}")
        return None

    return converter


def _string(value: Any) -> str:
    if isinstance(value, (Map, List)):
        kind = "a mapping" if isinstance(value, Map) else "a list"
        raise Invalid(f"{kind} is not a plain string", "write a plain string")
    return text(value)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    raise ValueError(value)


def _integer(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError(value)
    return int(value)


_SCALARS: dict[Any, Converter] = {
    Any: _plain,
    Text: _text,
    str: _decided("a plain string", _string),
    bool: _decided("true or false", _boolean),
    int: _decided("a whole number", _integer),
    float: _decided("a number", float),
    Seconds: _decided("a duration", units.seconds),
    Bytes: _decided("a size", units.size),
}


@functools.cache
def _converter(hint: Any) -> Converter:
    known = _SCALARS.get(hint)
    if known is not None:
        return known
    origin = typing.get_origin(hint)
    return _dataclass(hint) if origin is None else _ORIGINS[origin](typing.get_args(hint))


def _ulimit(value: Any, binding: _Binding, path: Path) -> Any:
    if isinstance(value, Map):
        return _dataclass(Ulimit)(value, binding, path)
    limit = _SCALARS[int](value, binding, path)
    return Ulimit(soft=limit, hard=limit)


def _union(arguments: tuple[Any, ...]) -> Converter:
    rest = tuple(argument for argument in arguments if argument is not types.NoneType)
    return _optional(_text if set(rest) == {str, Parts} else _converter(rest[0]))


def _optional(inner: Converter) -> Converter:
    return lambda value, binding, path: None if value is None else inner(value, binding, path)


def _tuple(arguments: tuple[Any, ...]) -> Converter:
    inner = _converter(arguments[0])

    def converter(value: Any, binding: _Binding, path: Path) -> Any:
        return tuple(inner(element, binding, (*path, index)) for index, element in enumerate(value))

    return converter


def _mapping(arguments: tuple[Any, ...]) -> Converter:
    if arguments[1] == tuple[str, ...]:
        return _hosts
    inner = _converter(arguments[1])

    def converter(value: Any, binding: _Binding, path: Path) -> Any:
        return {key: inner(element, binding, (*path, key)) for key, element in value.items()}

    return converter


def _hosts(value: Any, binding: _Binding, path: Path) -> Any:
    """`HOST=ADDRESS` items, each host with its addresses in order."""
    result: dict[str, tuple[str, ...]] = {}
    for index, item in enumerate(value):
        plain = _SCALARS[str](item, binding, (*path, index))
        host, _, address = (plain or "").partition("=")
        result[host] = (*result.get(host, ()), address)
    return result


_SCALARS[Ulimit] = _ulimit
_ORIGINS: dict[Any, Callable[[tuple[Any, ...]], Converter]] = {
    tuple: _tuple,
    Mapping: _mapping,
    types.UnionType: _union,
    typing.Union: _union,
}


@functools.cache
def _dataclass(kind: Any) -> Converter:
    fields = _fields(kind)
    named = any(spec.name == "name" and key_of(spec) is None for spec in dataclasses.fields(kind))
    required = {name for name, _, needed in fields.values() if needed}

    def converter(value: Any, binding: _Binding, path: Path) -> Any:
        given: dict[str, Any] = {"name": path[-1]} if named else {}
        for key, element in (value or {}).items():
            known = fields.get(key)
            if known is not None and element is not None:
                given[known[0]] = known[1](element, binding, (*path, key))
        for name in required - given.keys():
            binding.report(path, f"{name} is missing", f"add {name}:")
            given[name] = None
        return kind(**given)

    return converter


def _fields(kind: Any) -> dict[str, tuple[str, Converter, bool]]:
    """By Compose key: the field's name, its converter, and whether it has to be there."""
    hints = typing.get_type_hints(kind)
    result: dict[str, tuple[str, Converter, bool]] = {}
    for spec in dataclasses.fields(kind):
        key = key_of(spec)
        if key is not None:
            needed = spec.default is dataclasses.MISSING and spec.default_factory is dataclasses.MISSING
            convert = _modes(kind, spec.name) or _converter(hints[spec.name])
            result[key] = (spec.name, convert, needed)
    return result


def _modes(kind: Any, name: str) -> Converter | None:
    """File modes are octal strings in the tree and numbers in the model."""
    return _decided("a file mode", units.mode) if (kind.__name__, name) in _MODES else None


_MODES = {("FileGrant", "mode"), ("TmpfsOptions", "mode"), ("Container", "umask"), ("Service", "umask")}
