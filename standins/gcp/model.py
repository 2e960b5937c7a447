"""Google's own models, the discovery documents: which method there is, what goes into it, what is wrong with it. Pure.

The documents come with `google-api-python-client`
(https://developers.google.com/discovery/v1/reference/apis). The provider spells by rules that hold throughout: a list
has a plural (`envs` for `env`), a list of at most one is the object itself. `body` goes by the model's shape, so that
only what has another name altogether needs a row (`spelled`). A name that the model does not know stays as it is, and
`problems` refuses it: nothing is dropped.
"""

import base64
import binascii
import functools
import importlib.util
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from components.errors import suggest
from standins.spelling import member_of, shown
from standins.values import UNKNOWN, Properties, Value

Spelled = Mapping[str, str]
"""Path of an input, without positions (`template.volumes.gcs`) -> the member's name in the API."""
Shape = Mapping[str, Any]
"""A JSON schema of a discovery document."""

_LARGE: Final = ("int64", "uint64")
"""Formats of whole numbers that travel as strings (https://developers.google.com/discovery/v1/type-format)."""
_FORMATS: Final[Mapping[str, re.Pattern[str]]] = {
    "google-duration": re.compile(r"-?\d+(\.\d{1,9})?s"),
    "google-datetime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)"),
    "int64": re.compile(r"-?\d+"),
    "uint64": re.compile(r"\d+"),
}
_OUTPUT_ONLY: Final = ("output only", "[output only]")
"""How older documents, which have no `readOnly`, begin the description of what only the API sets."""
_REQUIRED: Final = "required."
"""How the description of what has to be there begins (https://google.aip.dev/203)."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method of an API.

    Attributes:
        api: the document, `run.v2`.
        verb: of HTTP.
        path: below the API's `baseUrl`, with `{name}` or `{+name}` for parameters.
        parameters: name -> what the document says of it, `location` (path or query) among that.
        request: the schema of what goes in; None: nothing does.
        response: the name of the schema of what comes back.
    """

    api: str
    verb: str
    path: str
    parameters: Mapping[str, Shape]
    request: Shape | None
    response: str

    @property
    def members(self) -> Mapping[str, Shape]:
        """What goes in, by name."""
        return resolved(self.api, self.request).get("properties", {}) if self.request else {}


@functools.cache
def document(api: str) -> Mapping[str, Any]:
    """A discovery document: `document("run.v2")`."""
    found = importlib.util.find_spec("googleapiclient")
    assert found is not None  # noqa: S101 - it is among the requirements of development
    assert found.origin is not None  # noqa: S101 - it is a package of files
    path = Path(found.origin).parent / "discovery_cache" / "documents" / f"{api}.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


@functools.cache
def method(api: str, name: str) -> Method:
    """A method by its place in the document: `method("run.v2", "projects.locations.services.create")`."""
    place: Any = document(api)
    *folders, last = name.split(".")
    for folder in folders:
        place = place["resources"][folder]
    found = place["methods"][last]
    return Method(
        api=api,
        verb=found["httpMethod"],
        path=found["path"],
        parameters={**found.get("parameters", {})},
        request=found.get("request"),
        response=found.get("response", {}).get("$ref", ""),
    )


def resolved(api: str, wanted: Shape) -> Shape:
    """A schema where there is only its name; whether it may be set is said beside the name."""
    if "$ref" not in wanted:
        return wanted
    beside = {key: value for key, value in wanted.items() if key in ("readOnly", "description")}
    return {**document(api)["schemas"][wanted["$ref"]], **beside}


def body(api: str, wanted: Shape, given: Mapping[str, Value], spelled: Spelled, path: str = "") -> Properties:
    """The members of an object from inputs of the provider; what is unset is left out."""
    members = resolved(api, wanted).get("properties", {})
    made: Properties = {}
    for name, value in given.items():
        if value is None or value in ("", []):
            continue
        where = f"{path}.{name}" if path else name
        member = spelled.get(where) or member_of(members, name)
        made[member or name] = _value(api, members[member], value, spelled, where) if member else value
    return made


def covers(found: Value, wanted: Value) -> bool:
    """Whether what was found has all that is wanted; what the API filled in beside that is no difference."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(covers(found.get(name), each) for name, each in wanted.items())
    if isinstance(wanted, list):
        same = isinstance(found, list) and len(found) == len(wanted)
        return same and all(covers(one, other) for one, other in zip(found, wanted, strict=True))
    if wanted in (None, False, 0, "", "0"):
        return found in (None, False, 0, "", "0")
    return bool(found == wanted)


def problems(api: str, wanted: Shape, value: Value, path: str = "") -> Iterator[tuple[str, str]]:
    """What the model has against a value: (path, what is wrong). A part that is not known yet is taken as right."""
    if value is None or value is UNKNOWN:
        return
    shape = resolved(api, wanted)
    if shape.get("readOnly") or str(shape.get("description", "")).lower().startswith(_OUTPUT_ONLY):
        yield path, "is output only"
    elif shape.get("type") == "object":
        yield from _object(api, shape, value, path)
    elif shape.get("type") == "array":
        yield from _array(api, shape, value, path)
    else:
        yield from _scalar(shape, value, path)


def misplaced(found: Method, places: Mapping[str, Value]) -> Iterator[tuple[str, str]]:
    """What the model has against a method's parameters: (parameter, what is wrong)."""
    for name, shape in found.parameters.items():
        value = places.get(name)
        if value is not None and value is not UNKNOWN:
            yield from _scalar(shape, value, name)
    for name in places:
        if name not in found.parameters:
            yield name, f"no such parameter; {suggest(name, found.parameters)}"


def _value(api: str, wanted: Shape, value: Value, spelled: Spelled, path: str) -> Value:  # noqa: PLR0911 - one each
    shape = resolved(api, wanted)
    kind = shape.get("type")
    if value is UNKNOWN:
        return value
    if kind == "array":
        items = value if isinstance(value, list) else [value]
        return [_value(api, shape["items"], each, spelled, path) for each in items]
    if kind == "object" and "properties" in shape:
        one = value[0] if isinstance(value, list) and len(value) == 1 else value
        return body(api, shape, one, spelled, path) if isinstance(one, Mapping) else one
    if kind == "object" and isinstance(value, Mapping):
        inside = shape.get("additionalProperties", {})
        return {key: _value(api, inside, each, spelled, path) for key, each in value.items()}
    if kind == "string" and shape.get("format") in _LARGE and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if kind == "integer" and isinstance(value, str) and value.isdecimal():
        return int(value)
    return value


def _object(api: str, shape: Shape, value: Value, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, Mapping):
        yield path, f"must be an object, not {shown(value)}"
        return
    members, others = shape.get("properties", {}), shape.get("additionalProperties")
    for name, each in value.items():
        where = f"{path}.{name}" if path else name
        if name in members:
            yield from problems(api, members[name], each, where)
        elif others is not None:
            yield from problems(api, others, each, where)
        else:
            yield where, f"no such member of {shape.get('id', 'the request')}; {suggest(name, members)}"
    if path:  # what is required of the thing itself may be said by the call's parameters
        yield from (
            (f"{path}.{name}", "is required") for name in members if _is_missing(members[name], value.get(name))
        )


def _is_missing(shape: Shape, value: Value) -> bool:
    return value is None and str(shape.get("description", "")).lower().startswith(_REQUIRED)


def _array(api: str, shape: Shape, value: Value, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield path, f"must be a list, not {shown(value)}"
        return
    for position, each in enumerate(value):
        yield from problems(api, shape["items"], each, f"{path}[{position}]")


_SCALARS: Final[Mapping[str, tuple[str, tuple[type, ...]]]] = {
    "string": ("a string", (str,)),
    "integer": ("a whole number", (int,)),
    "number": ("a number", (int, float)),
    "boolean": ("true or false", (bool,)),
}


def _scalar(shape: Shape, value: Value, path: str) -> Iterator[tuple[str, str]]:
    kind = shape.get("type", "any")
    if kind not in _SCALARS:
        return
    words, types = _SCALARS[kind]
    # a bool is an int to Python, never to Google
    if not isinstance(value, types) or (isinstance(value, bool) and kind != "boolean"):
        yield path, f"must be {words}, not {shown(value)}"
    elif isinstance(value, str):
        yield from _text(shape, value, path)
    elif isinstance(value, int) and kind == "integer":
        least, most = _bounds(shape)
        if not least <= value <= most:
            yield path, f"{value} is not from {least:g} to {most:g}"


def _text(shape: Shape, value: str, path: str) -> Iterator[tuple[str, str]]:
    form, pattern = shape.get("format", ""), shape.get("pattern", "")
    known = [each for each in shape.get("enum", ()) if "UNSPECIFIED" not in each]
    if "enum" in shape and value not in known:
        yield path, f"{shown(value)} is not one of {', '.join(known)}"
    elif pattern and not re.fullmatch(pattern, value):
        yield path, f"{shown(value)} does not match {pattern}"
    elif form in _FORMATS and not _FORMATS[form].fullmatch(value):
        yield path, f"{shown(value)} is no {form.removeprefix('google-')}"
    elif form == "byte" and not _is_base64(value):
        yield path, "is not base64"


def _bounds(shape: Shape) -> tuple[float, float]:
    least, most = (0, 2**32 - 1) if shape.get("format") == "uint32" else (-(2**31), 2**31 - 1)
    return float(shape.get("minimum", least)), float(shape.get("maximum", most))


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error:
        return False
    return True
