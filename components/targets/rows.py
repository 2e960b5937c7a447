"""What rendering gives: rows, each one resource to create, in dependency order.

A row's arguments are plain values, `Text` with opaque parts, and `Ref`s to what another row's resource puts out; an
opaque part may hold a `Ref`, too.
Nothing here knows Pulumi: `create.py` turns rows into resources.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model import Opaque, Text

Key = tuple[str, str]
"""Kind and key of a row."""


@dataclass(frozen=True, slots=True)
class Ref:
    """An output of another row's resource: `Ref("network", "default", "name")`."""

    kind: str
    key: str
    attribute: str

    @property
    def row(self) -> Key:
        """The row that it refers to."""
        return (self.kind, self.key)


@dataclass(frozen=True, slots=True)
class Base64:
    """Content that the SDK takes in base64: a secret's.

    Attributes:
        content: what is encoded.
        name: what it is, for a message: `secrets.password`.
        limit: how many bytes it may have. A secret's size is known only when it is encoded.
    """

    content: Text | bytes = field(repr=False)
    name: str
    limit: int


@dataclass(frozen=True, slots=True)
class Json:
    """A value as JSON text.

    Attributes:
        value: mappings, lists and scalars, of which any may be an output, an opaque text or a `Ref`.
        secret: whether the text is a secret, whatever is in it; else it is one where a part of it is.
    """

    value: Any = field(repr=False)
    secret: bool = True


@dataclass(frozen=True, slots=True)
class Joined:
    """A text of parts that are known only when resources are made: `Joined((Ref("Secret", "a", "arn"), ":key::"))`.

    Attributes:
        parts: texts, opaque texts and `Ref`s.
    """

    parts: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Extract:
    """A part of a text that is known only when resources are made: a cluster's name in its ARN.

    Attributes:
        value: a text, an output or a `Ref`.
        pattern: a regular expression, whose first group is the part; a text in which it finds nothing is taken whole.
    """

    value: Any
    pattern: str

    def of(self, text: str) -> str:
        """The part of a text that is known."""
        found = re.search(self.pattern, text)
        return text if found is None else found[1]


def part(value: Any, pattern: str) -> Any:
    """A part of a text: at once where the text is known, else an `Extract`."""
    found = Extract(value, pattern)
    return found.of(value) if isinstance(value, str) else found


@dataclass(frozen=True, slots=True)
class Archive:
    """Files that are handed over as one archive: the source of a function.

    Attributes:
        files: name -> text.
    """

    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Checksum:
    """What stands for content that is not shown: its HMAC-SHA256 under a secret key, in hexadecimal.

    Attributes:
        contents: name -> what is told from something else by its checksum.
        key: a secret.
    """

    contents: Mapping[str, Any] = field(repr=False)
    key: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class Digest:
    """A short text that is another one where a value is: what starts a run anew when anything in it has changed.

    Attributes:
        value: mappings, lists and scalars, of which any may be an output or a `Ref`; nothing secret.
        length: hexadecimal digits, of the SHA-256 of the value as JSON.
    """

    value: Any
    length: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """One resource.

    Attributes:
        kind: the target's own word for the resource's type: network, volume, image, container.
        key: unique among the rows of the kind; the logical name is the application's name and this.
        args: the arguments in the SDK's snake_case.
        after: rows that must be there first, beside those that the arguments refer to.
        completed: rows that must have ended with exit code 0 first.
        stop_first: the old resource goes before the new one comes, where a change replaces it.
        retain: the real thing stays when the row goes.
        service: the Compose service that it belongs to.
        auxiliary: a means of the target's own, which no patch is meant for.
        unasked: properties, in the SDK's camelCase, that the provider sets although they were not asked for: what it
            sets is no change.
        replaced_by: properties whose change replaces the resource, although the provider would try it in place.
    """

    kind: str
    key: str
    args: Mapping[str, Any]
    after: tuple[Key, ...] = ()
    completed: tuple[Key, ...] = ()
    stop_first: bool = False
    retain: bool = False
    service: str = ""
    auxiliary: bool = False
    unasked: tuple[str, ...] = ()
    replaced_by: tuple[str, ...] = ()


def refs(value: Any) -> Iterator[Ref]:
    """Every `Ref` within arguments."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, (Digest, Extract, Json, Opaque)):
        yield from refs(value.value)
    elif isinstance(value, Joined):
        yield from refs(value.parts)
    elif isinstance(value, Mapping):
        for element in value.values():
            yield from refs(element)
    elif isinstance(value, (list, tuple)):
        for element in value:
            yield from refs(element)
