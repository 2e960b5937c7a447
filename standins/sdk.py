"""An installed Pulumi SDK read as a schema: tokens, property names, types, and which are required.

The SDK's classes say all of it: `_utilities.register` in the package's `__init__` maps tokens to classes, `XArgs` has a
getter per input, `X` a getter per output, annotated with their types. So a misspelt property, or one that this version
of the SDK lacks, is refused here as the official plugin would refuse it.
"""

import collections.abc
import enum
import functools
import importlib
import inspect
import json
import re
import sys
import threading
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from components.errors import suggest
from standins.values import UNKNOWN, Asset, Secret, Value, plain

_WRAPPERS: Final = ("Output", "Awaitable")
_LOADING: Final = threading.Lock()
"""A large SDK loads its modules when they are asked for, which no two threads may do at once."""


@dataclass(frozen=True, slots=True)
class Property:
    """One input of a resource, or of an object inside one."""

    type: Any
    required: bool


@dataclass(frozen=True, slots=True)
class Schema:
    """What the SDK says about one resource.

    Attributes:
        inputs: the inputs by their name on the wire (camelCase).
        outputs: the names of all outputs, those of inputs among them.
    """

    inputs: Mapping[str, Property]
    outputs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sdk:
    """One installed SDK.

    Attributes:
        module: the Python package, `pulumi_docker`.
    """

    module: str

    def version(self) -> str:
        """The SDK's version, which is the version of the plugin that it asks for."""
        return str(importlib.import_module(f"{self.module}._utilities").get_version())

    def tokens(self) -> Mapping[str, str]:
        """Type token -> full name of the class, of every resource and of the provider."""
        return _tokens(self.module)

    def schema(self, token: str) -> Schema:
        """The schema of a token that `tokens` has."""
        with _LOADING:
            return _schema(self.module, token)


def problems(schema: Schema, inputs: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """What is wrong with the inputs: (path, what is wrong). Keys that begin with two underscores are the plugin's own.

    Args:
        schema: what the SDK says.
        inputs: decoded properties; a part that is not known yet is taken as right.
    """
    yield from _check_object(schema.inputs, plain(inputs), "")


def inside(hint: Any) -> Mapping[str, Property]:
    """The properties of the objects that a property holds, as one or as a list; none where it holds no object."""
    hint, _ = _unwrap(hint)
    if typing.get_origin(hint) in (list, collections.abc.Sequence):
        hint, _ = _unwrap(typing.get_args(hint)[0])
    return _properties(hint) if hasattr(hint, "_pulumi_input_type") else {}


@functools.cache
def _tokens(module: str) -> Mapping[str, str]:
    package = importlib.import_module(module)
    source = inspect.getsource(package)
    found: dict[str, str] = {}
    for block in re.findall(r'resource_modules="""(.*?)"""', source, re.DOTALL):
        for row in json.loads(block):
            found.update({token: f"{row['fqn']}.{name}" for token, name in row["classes"].items()})
    for block in re.findall(r'resource_packages="""(.*?)"""', source, re.DOTALL):
        for row in json.loads(block):
            found[row["token"]] = f"{row['fqn']}.{row['class']}"
    return found


@functools.cache
def _schema(module: str, token: str) -> Schema:
    place, name = _tokens(module)[token].rsplit(".", 1)
    package = importlib.import_module(place)
    resource, args = getattr(package, name), getattr(package, f"{name}Args")
    return Schema(_properties(args), frozenset(_getters(resource)))


@functools.cache
def _properties(cls: Any) -> Mapping[str, Property]:
    found: dict[str, Property] = {}
    for name, getter in _getters(cls).items():
        kind, optional = _unwrap(typing.get_type_hints(getter, _namespace(cls))["return"])
        found[name] = Property(kind, required=not optional)
    return found


def _getters(cls: Any) -> dict[str, Any]:
    members = {name: member.fget for name, member in vars(cls).items() if isinstance(member, property)}
    return {getattr(getter, "_pulumi_name", None) or name: getter for name, getter in members.items()}


def _namespace(cls: Any) -> dict[str, Any]:
    output = importlib.import_module("pulumi.output")
    return {**vars(output), **vars(sys.modules[cls.__module__])}


def _unwrap(hint: Any) -> tuple[Any, bool]:
    """The type inside Input and Optional, and whether it was optional; a TypedDict twin of a class is dropped."""
    optional = False
    while typing.get_origin(hint) in (typing.Union, types.UnionType):
        members = [member for member in typing.get_args(hint) if not _is_wrapper(member)]
        optional = optional or type(None) in members
        members = [m for m in members if m is not type(None) and not typing.is_typeddict(m)]
        if len(members) > 1:
            return typing.Union[tuple(members)], optional  # noqa: UP007 - the members are known at run time only
        hint = members[0]
    return hint, optional


def _is_wrapper(member: Any) -> bool:
    return getattr(typing.get_origin(member) or member, "__name__", "") in _WRAPPERS


def _check_object(schema: Mapping[str, Property], value: Mapping[str, Value], path: str) -> Iterator[tuple[str, str]]:
    for key, item in value.items():
        where = f"{path}.{key}" if path else key
        if key.startswith("__"):
            continue
        if key not in schema:
            yield where, f"no such property; {suggest(key, schema)}"
        elif item is not None:
            yield from _check(schema[key].type, item, where)
    for key, prop in schema.items():
        if prop.required and value.get(key) is None:
            yield (f"{path}.{key}" if path else key), "is required"


def _check(hint: Any, value: Value, path: str) -> Iterator[tuple[str, str]]:
    if value is UNKNOWN or value is None:
        return
    hint, _ = _unwrap(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        results = [list(_check(member, value, path)) for member in args]
        if all(results):
            yield from min(results, key=len)
    elif origin in (list, collections.abc.Sequence):
        yield from _check_items(args[0], value, path)
    elif origin in (dict, collections.abc.Mapping):
        yield from _check_entries(args[1], value, path)
    elif hasattr(hint, "_pulumi_input_type"):
        if isinstance(value, dict):
            yield from _check_object(_properties(hint), value, path)
        else:
            yield path, f"must be an object, not {_shown(value)}"
    else:
        yield from _check_scalar(hint, value, path)


def _check_items(hint: Any, value: Value, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield path, f"must be a list, not {_shown(value)}"
        return
    for position, item in enumerate(value):
        yield from _check(hint, item, f"{path}[{position}]")


def _check_entries(hint: Any, value: Value, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield path, f"must be a map, not {_shown(value)}"
        return
    for key, item in value.items():
        yield from _check(hint, item, f"{path}.{key}")


_SCALARS: Final[Mapping[Any, tuple[str, tuple[type, ...]]]] = {
    str: ("a string", (str,)),
    bool: ("true or false", (bool,)),
    int: ("a whole number", (int,)),
    float: ("a number", (int, float)),
}


def _check_scalar(hint: Any, value: Value, path: str) -> Iterator[tuple[str, str]]:
    if inspect.isclass(hint) and issubclass(hint, enum.Enum):
        known = [member.value for member in hint]
        if value not in known:
            yield path, f"{_shown(value)} is not one of {', '.join(map(str, known))}"
        return
    if hint not in _SCALARS:
        return
    name, accepted = _SCALARS[hint]
    # a bool is an int to Python, never to a property
    if not isinstance(value, accepted) or (isinstance(value, bool) and hint is not bool):
        yield path, f"must be {name}, not {_shown(value)}"


def _shown(value: Value) -> str:
    if isinstance(value, Asset):
        return "an asset"
    if isinstance(value, dict | Secret):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return json.dumps(value) if isinstance(value, bool) else repr(value)
