"""Property values: what travels in a protobuf `Struct`, as Python values, and back.

On the wire a secret, an asset and an unknown value are a mapping or a string with a signature (the constants below are
the protocol's own, see `sdk/go/common/resource` in pulumi/pulumi). Here they are `Secret`, `Asset` and `UNKNOWN`.
"""

import enum
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf import struct_pb2

Value = Any
Properties = dict[str, Value]

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the protocol's mark of a secret, not one
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class _Unknown(enum.Enum):
    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN: Final = _Unknown.UNKNOWN
"""A value that is not known before the update runs."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that the engine encrypts in the state and hides on the terminal; never nested in another secret."""

    value: Value

    def __repr__(self) -> str:
        return "Secret(...)"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, or with `archive` a folder or an archive, by its text, path or address; `fields` as on the wire."""

    fields: Mapping[str, Value]
    archive: bool = False


def decode(struct: struct_pb2.Struct) -> Properties:
    """The properties in a message, in the order of their names. Whole numbers become ints: the wire knows no ints."""
    return {key: _decode(value) for key, value in sorted(struct.fields.items())}


def encode(properties: Mapping[str, Value]) -> struct_pb2.Struct:
    """The message that holds these properties; a key whose value is None is left out."""
    struct = struct_pb2.Struct()
    struct.update({key: _encode(value) for key, value in properties.items() if value is not None})
    return struct


def plain(value: Value) -> Value:
    """The value without its secret wrappers, at every depth."""
    return _walk(value, lambda secret: plain(secret.value))


def has_secret(value: Value) -> bool:
    """Whether any part of the value is secret."""
    return _any(value, lambda part: isinstance(part, Secret))


def has_unknown(value: Value) -> bool:
    """Whether any part of the value is not known yet."""
    return _any(value, lambda part: part is UNKNOWN)


def keep_secret(properties: Mapping[str, Value], like: Mapping[str, Value]) -> Properties:
    """The properties, each wrapped as a secret whose namesake in `like` is secret, wholly or in part."""
    return {
        key: Secret(plain(value)) if has_secret(like.get(key)) and value is not None else value
        for key, value in properties.items()
    }


def from_json(text: Value) -> Value:
    """A provider's setting: the engine passes all but strings as JSON text. What is no JSON is the text itself."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _decode(value: struct_pb2.Value) -> Value:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _decode_mapping(value.struct_value)
    if kind == "list_value":
        return [_decode(item) for item in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "string_value":
        return UNKNOWN if value.string_value == UNKNOWN_TEXT else value.string_value
    return value.bool_value if kind == "bool_value" else None


def _decode_mapping(struct: struct_pb2.Struct) -> Value:
    fields = decode(struct)
    signature = fields.pop(SIGNATURE, None)
    if signature == SECRET:
        return _secret(fields.get("value"))
    if signature == OUTPUT:
        value = fields.get("value", UNKNOWN)
        return _secret(value) if fields.get("secret") else value
    if signature in (ASSET, ARCHIVE):
        return Asset(fields, archive=signature == ARCHIVE)
    return fields


def _secret(value: Value) -> Secret:
    return Secret(plain(value))


def _encode(value: Value) -> Value:
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    if isinstance(value, Secret):
        return {SIGNATURE: SECRET, "value": _encode(value.value)}
    if isinstance(value, Asset):
        return {SIGNATURE: ARCHIVE if value.archive else ASSET, **{k: _encode(v) for k, v in value.fields.items()}}
    if isinstance(value, Mapping):
        return {key: _encode(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_encode(item) for item in value]
    return value


def _walk(value: Value, secret: Callable[[Secret], Value]) -> Value:
    if isinstance(value, Secret):
        return secret(value)
    if isinstance(value, Mapping):
        return {key: _walk(item, secret) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_walk(item, secret) for item in value]
    return value


def _any(value: Value, test: Callable[[Value], bool]) -> bool:
    if test(value):
        return True
    if isinstance(value, Secret):
        return _any(value.value, test)
    items: Iterable[Value] = ()
    if isinstance(value, Mapping):
        items = value.values()
    elif isinstance(value, list | tuple):
        items = value
    return any(_any(item, test) for item in items)
