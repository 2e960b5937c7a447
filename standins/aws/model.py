"""AWS' own service models, as botocore ships them: what goes into a call, and what is wrong with it. Pure.

Names differ by rules that hold throughout: the provider writes `loadBalancers`, the API `loadBalancers`,
`LoadBalancers` or `LoadBalancer`; where the API has a list or texts, the provider may have one object, a map or a
number. `body` goes by the model's shape, so that only what has another name altogether needs a row (`spelled`). A name
that the model does not know stays as it is, and `problems` refuses it: nothing is dropped.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import botocore.session
from botocore.model import ListShape, MapShape, Shape, StructureShape

from components.errors import suggest
from standins.spelling import member_of, shown
from standins.values import UNKNOWN, Properties, Value

Spelled = Mapping[str, str]
"""Path of an input, without positions (`healthCheck.timeout`) -> the member's name in the API."""


@functools.cache
def operation(service: str, name: str) -> StructureShape:
    """What goes into a call: `operation("ecs", "CreateService")`."""
    shape = _models(service).operation_model(name).input_shape
    assert isinstance(shape, StructureShape)  # noqa: S101 - every call that is used here takes something
    return shape


def shape(service: str, name: str) -> Shape:
    """A shape of a service by its name, for texts that hold JSON: `shape("ecs", "ContainerDefinitions")`."""
    return _models(service).shape_for(name)


def body(wanted: StructureShape, given: Mapping[str, Value], spelled: Spelled, path: str = "") -> Properties:
    """The members of a call, or of an object inside one, from inputs of the provider; what is unset is left out."""
    made: Properties = {}
    for name, value in given.items():
        if value is None or value in ("", [], {}):
            continue
        where = f"{path}.{name}" if path else name
        member = spelled.get(where) or member_of(wanted.members, name)
        made[member or name] = _value(wanted.members[member], value, spelled, where) if member else value
    return made


def seen(found: Value) -> Value:
    """What the API answered, spelled as the provider spells it; a list of tags becomes a map."""
    if isinstance(found, Mapping):
        return {name[:1].lower() + name[1:]: seen(value) for name, value in found.items()}
    if isinstance(found, list):
        if found and all(
            isinstance(each, Mapping) and {key.lower() for key in each} == {"key", "value"} for each in found
        ):
            pairs = [{key.lower(): value for key, value in each.items()} for each in found]
            return {each["key"]: each["value"] for each in pairs}
        return [seen(each) for each in found]
    return found


def problems(wanted: Shape, value: Value, path: str = "") -> Iterator[tuple[str, str]]:
    """What the model has against a value: (path, what is wrong). A part that is not known yet is taken as right."""
    if value is None or value is UNKNOWN:
        return
    kind = wanted.type_name
    if isinstance(wanted, StructureShape):
        yield from _structure(wanted, value, path)
    elif isinstance(wanted, ListShape):
        yield from _list(wanted, value, path)
    elif isinstance(wanted, MapShape):
        yield from _map(wanted, value, path)
    elif kind in _SCALARS:
        words, types = _SCALARS[kind]
        # a bool is an int to Python, never to AWS
        if not isinstance(value, types) or (isinstance(value, bool) and kind != "boolean"):
            yield path, f"must be {words}, not {_shown(wanted, value)}"
        else:
            yield from _scalar(wanted, value, path)


_SCALARS: Final[Mapping[str, tuple[str, tuple[type, ...]]]] = {
    "string": ("a string", (str,)),
    "integer": ("a whole number", (int,)),
    "long": ("a whole number", (int,)),
    "double": ("a number", (int, float)),
    "float": ("a number", (int, float)),
    "boolean": ("true or false", (bool,)),
}


@functools.cache
def _models(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


def _value(wanted: Shape, value: Value, spelled: Spelled, path: str) -> Value:  # noqa: PLR0911 - one for each shape
    if value is UNKNOWN:
        return value
    if isinstance(wanted, StructureShape):
        one = value[0] if isinstance(value, list) and len(value) == 1 else value
        return body(wanted, one, spelled, path) if isinstance(one, Mapping) else one
    if isinstance(wanted, ListShape):
        return [_value(wanted.member, each, spelled, path) for each in _items(wanted, value)]
    if isinstance(wanted, MapShape) and isinstance(value, Mapping):
        return {key: _value(wanted.value, each, spelled, path) for key, each in value.items()}
    if wanted.type_name == "string" and isinstance(value, bool):
        return "true" if value else "false"
    if wanted.type_name == "string" and isinstance(value, int):
        return str(value)
    if wanted.type_name in ("integer", "long") and isinstance(value, str) and value.isdecimal():
        return int(value)
    return value


def _items(wanted: ListShape, value: Value) -> list[Value]:
    if isinstance(value, list):
        return value
    members = list(wanted.member.members) if isinstance(wanted.member, StructureShape) else []
    named = sorted(members, key=lambda each: each.lower().endswith("value"))
    is_pairs = len(named) == 2 and named[0].lower().endswith(("key", "name")) and named[1].lower().endswith("value")
    if isinstance(value, Mapping) and is_pairs:
        return [{named[0]: key, named[1]: each} for key, each in value.items()]
    return [value]


def _structure(wanted: StructureShape, value: Value, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, Mapping):
        yield path, f"must be an object, not {_shown(wanted, value)}"
        return
    for name, each in value.items():
        where = f"{path}.{name}" if path else name
        if name in wanted.members:
            yield from problems(wanted.members[name], each, where)
        else:
            yield where, f"no such member of {wanted.name}; {suggest(name, wanted.members)}"
    for name in wanted.required_members:
        # botocore makes up a token by itself
        if value.get(name) is None and not wanted.members[name].metadata.get("idempotencyToken"):
            yield (f"{path}.{name}" if path else name), "is required"
    if getattr(wanted, "is_tagged_union", False) and len([each for each in value.values() if each is not None]) != 1:
        yield path, f"must have exactly one of {', '.join(wanted.members)}"


def _list(wanted: ListShape, value: Value, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield path, f"must be a list, not {_shown(wanted, value)}"
        return
    yield from _bounds(wanted, len(value), path, "items")
    for position, each in enumerate(value):
        yield from problems(wanted.member, each, f"{path}[{position}]")


def _map(wanted: MapShape, value: Value, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, Mapping):
        yield path, f"must be a map, not {_shown(wanted, value)}"
        return
    yield from _bounds(wanted, len(value), path, "entries")
    for key, each in value.items():
        yield from problems(wanted.key, key, f"{path}[{key}]")
        yield from problems(wanted.value, each, f"{path}[{key}]")


def _scalar(wanted: Shape, value: Value, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield from _bounds(wanted, len(value), path, "characters")
        known = wanted.metadata.get("enum")
        pattern = _pattern(wanted.metadata.get("pattern", ""))
        if known and value not in known:
            yield path, f"{_shown(wanted, value)} is not one of {', '.join(known)}"
        elif pattern and not pattern.fullmatch(value):
            yield path, f"{_shown(wanted, value)} does not match {pattern.pattern}"
    elif not isinstance(value, bool):
        yield from _bounds(wanted, value, path, "")


def _bounds(wanted: Shape, size: float, path: str, unit: str) -> Iterator[tuple[str, str]]:
    words = f" {unit}" if unit else ""
    least, most = wanted.metadata.get("min"), wanted.metadata.get("max")
    if least is not None and size < least:
        yield path, f"{size}{words}, and the least is {least}"
    if most is not None and size > most:
        yield path, f"{size}{words}, and the most is {most}"


@functools.cache
def _pattern(text: str) -> re.Pattern[str] | None:
    """The pattern, where Python can read it: some are written for Java, and say nothing here then."""
    try:
        return re.compile(text) if text else None
    except re.error:
        return None


def _shown(wanted: Shape, value: Value) -> str:
    return "a value that is secret" if wanted.metadata.get("sensitive") else shown(value)
