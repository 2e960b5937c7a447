"""Where rendered arguments meet Pulumi: opaque texts are joined, references are replaced by outputs."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

import pulumi

from ..errors import Problem
from ..model import Opaque, Parts
from .rows import Archive, Base64, Checksum, Extract, Joined, Json, Ref

LookUp = Callable[[Ref], Any]
"""From a reference to the output that it means."""


def resolved(value: Any, look_up: LookUp) -> Any:
    """Arguments as Pulumi takes them.

    Args:
        value: rendered arguments.
        look_up: from a reference to the output that it means.
    """
    if isinstance(value, Ref):
        return look_up(value)
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
    output = pulumi.Output.concat(*(part.value if isinstance(part, Opaque) else part for part in text))
    return pulumi.Output.secret(output) if text.secret else output


def _encoded(value: Base64) -> Any:
    def encode(content: str | bytes) -> str:
        raw = content.encode() if isinstance(content, str) else content
        problem = refused_size(len(raw), value)
        if problem is not None:
            raise pulumi.RunError(str(problem))
        return base64.b64encode(raw).decode()

    content = joined(value.content)
    return content.apply(encode) if isinstance(content, pulumi.Output) else encode(content)


def _concatenated(value: Joined, look_up: LookUp) -> pulumi.Output[str]:
    return pulumi.Output.concat(*resolved(value.parts, look_up))


def _json(value: Json, look_up: LookUp) -> pulumi.Output[str]:
    text = pulumi.Output.json_dumps(resolved(value.value, look_up), sort_keys=True)
    return pulumi.Output.secret(text) if value.secret else text


def _extracted(value: Extract, look_up: LookUp) -> pulumi.Output[str]:
    return pulumi.Output.from_input(resolved(value.value, look_up)).apply(value.of)


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


_CONVERTED: Mapping[type, Callable[[Any], Any]] = {
    Parts: joined,
    Archive: _archive,
    Base64: _encoded,
    Checksum: _checksum,
}
"""What stands for a value that Pulumi takes otherwise -> what makes it."""
_OF_OUTPUTS: Mapping[type, Callable[[Any, LookUp], Any]] = {
    Extract: _extracted,
    Joined: _concatenated,
    Json: _json,
}
"""The same of what is made from other resources' outputs."""
