"""Where rendered arguments meet Pulumi: opaque texts are joined, references are replaced by outputs."""

import base64
import functools
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pulumi

from ..errors import Problem
from ..model import Opaque, Parts
from .rows import Archive, Base64, Checksum, Digest, Extract, Joined, Json, Ref

LookUp = Callable[[Ref], Any]
"""From a reference to the output that it means."""


def resolved(value: Any, look_up: LookUp) -> Any:
    """Arguments as Pulumi takes them.

    Args:
        value: rendered arguments.
        look_up: from a reference to the output that it means.
    """
    if value is None or isinstance(value, (str, int, float)):  # first, because most are
        return value
    if type(value) in _OF_OUTPUTS:
        return _OF_OUTPUTS[type(value)](value, look_up)
    if type(value) in _CONVERTED:
        return _CONVERTED[type(value)](value)
    if isinstance(value, Mapping):
        return {key: resolved(element, look_up) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [resolved(element, look_up) for element in value]
    return value


def joined(text: Any) -> Any:
    """A text as Pulumi takes it: an output where any of its parts is opaque, a secret one where any part is."""
    if not isinstance(text, Parts):
        return text
    found = once_known([part.value if isinstance(part, Opaque) else part for part in text], "".join)
    return pulumi.Output.secret(found) if text.secret else found


def once_known(value: Any, make: Callable[[Any], Any]) -> Any:
    """What is made of a value: at once where all of it is known, else an output.

    Pulumi's own `concat` and `json_dumps` make outputs of every element, which was a third of what a large application
    took to declare. Here only what is not known yet is waited for.

    Args:
        value: mappings and lists of plain values, any of which may be an output.
        make: from the same without outputs to what is wanted.
    """
    waited = {id(element): element for element in _waited(value)}
    if not waited:
        return make(value)
    known = pulumi.Output.all(*waited.values())
    return known.apply(lambda found: make(_filled(value, dict(zip(waited, found, strict=True)))))


def _waited(value: Any) -> Iterator[Any]:
    """What is not known yet, wherever it is in a value."""
    if isinstance(value, dict):
        for element in value.values():
            yield from _waited(element)
    elif isinstance(value, list):
        for element in value:
            yield from _waited(element)
    elif isinstance(value, (pulumi.Output, Awaitable)):
        yield value


def _filled(value: Any, known: Mapping[int, Any]) -> Any:
    """A value with what has become known, by the identity of what stood for it."""
    if isinstance(value, dict):
        return {key: _filled(element, known) for key, element in value.items()}
    if isinstance(value, list):
        return [_filled(element, known) for element in value]
    return known.get(id(value), value)


def _encoded(value: Base64) -> Any:
    def encode(content: str | bytes) -> str:
        raw = content.encode() if isinstance(content, str) else content
        problem = refused_size(len(raw), value)
        if problem is not None:
            raise pulumi.RunError(str(problem))
        return base64.b64encode(raw).decode()

    if not isinstance(value.content, Parts):
        return encode(value.content)
    # by Pulumi's own `concat`, and not by `joined`: what refuses where nothing was waited for has crashed Python 3.11
    content: Any = pulumi.Output.concat(*(part.value if isinstance(part, Opaque) else part for part in value.content))
    return (pulumi.Output.secret(content) if value.content.secret else content).apply(encode)


def _concatenated(value: Joined, look_up: LookUp) -> Any:
    return once_known(resolved(value.parts, look_up), "".join)


def _json(value: Json, look_up: LookUp) -> Any:
    text = once_known(resolved(value.value, look_up), functools.partial(json.dumps, sort_keys=True))
    return pulumi.Output.secret(text) if value.secret else text


def _digest(value: Digest, look_up: LookUp) -> Any:
    def shortened(known: Any) -> str:
        return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()[: value.length]

    return once_known(resolved(value.value, look_up), shortened)


def _extracted(value: Extract, look_up: LookUp) -> Any:
    return once_known(resolved(value.value, look_up), value.of)


def _archive(value: Archive) -> pulumi.AssetArchive:
    return pulumi.AssetArchive({name: pulumi.StringAsset(text) for name, text in value.files.items()})


def _checksum(value: Checksum) -> pulumi.Output[str]:
    """The checksum itself is no secret: without the key it tells nothing of the content."""

    def digest(known: list[Any]) -> str:
        key, contents = known
        given = hmac.new(key.encode(), digestmod=hashlib.sha256)
        for name, content in contents.items():
            raw = content.encode() if isinstance(content, str) else content
            given.update(f"{name}:{len(raw)}:".encode() + raw)
        return given.hexdigest()

    contents = {name: joined(content) for name, content in value.contents.items()}
    return pulumi.Output.unsecret(pulumi.Output.all(value.key, contents).apply(digest))


def refused_size(size: int, value: Base64) -> Problem | None:
    """What is wrong with so many bytes, if anything is."""
    if size == 0:
        return Problem("it is empty", value.name, "give it content")
    if size > value.limit:
        return Problem(f"it has {size} bytes, and {value.limit} are the most", value.name, "make it smaller")
    return None


def _text(value: Parts, look_up: LookUp) -> Any:
    return joined(Parts(_looked_up(part, look_up) for part in value))


def _looked_up(part: str | Opaque, look_up: LookUp) -> str | Opaque:
    """A part of a text, with the output in place of a reference."""
    if isinstance(part, Opaque) and isinstance(part.value, Ref):
        return replace(part, value=look_up(part.value))
    return part


_CONVERTED: Mapping[type, Callable[[Any], Any]] = {
    Archive: _archive,
    Base64: _encoded,
    Checksum: _checksum,
}
"""What stands for a value that Pulumi takes otherwise -> what makes it."""
_OF_OUTPUTS: Mapping[type, Callable[[Any, LookUp], Any]] = {
    Digest: _digest,
    Extract: _extracted,
    Joined: _concatenated,
    Json: _json,
    Parts: _text,
    Ref: lambda value, look_up: look_up(value),
}
"""The same of what is made from other resources' outputs."""
