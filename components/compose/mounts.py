"""The short form of `volumes`: `[source:]target[:options]`.

Source: https://github.com/compose-spec/compose-spec/blob/main/05-services.md#short-syntax-5.
"""

import posixpath
from typing import Any

from .tree import Invalid, Map

_BIND_OPTIONS = {
    **dict.fromkeys(("rprivate", "private", "rshared", "shared", "rslave", "slave"), "propagation"),
    **dict.fromkeys(("z", "Z"), "selinux"),
}
_FIX = "write target, source:target, source:target:ro or a mapping"


def mount(value: Any) -> Any:
    """An entry of `volumes` in the long form.

    Raises:
        Invalid: it has no target, an empty part, or too many parts.
    """
    if isinstance(value, Map):
        return value
    parts = _split(value)
    if "" in parts or len(parts) > 3:
        raise Invalid(f'"{value}" is not a volume', _FIX)
    if len(parts) == 1:
        return Map.of({"type": "volume", "target": clean(parts[0]), "volume": Map()})
    source, target, *rest = parts
    options = rest[0].split(",") if rest else []
    kind = "bind" if is_path(source) else "volume"
    result = Map.of({"type": kind, "source": source, "target": clean(target)})
    if [option for option in options if option in ("ro", "rw")][-1:] == ["ro"]:
        result["read_only"] = True
    # As in the reference, an option of the other kind is kept: the Engine ignores it.
    bind = {_BIND_OPTIONS[option]: option for option in options if option in _BIND_OPTIONS}
    if kind == "bind" or bind:
        result["bind"] = Map.of({**bind, "create_host_path": True} if kind == "bind" else bind)
    if kind == "volume" or "nocopy" in options:
        result["volume"] = Map.of({"nocopy": True} if "nocopy" in options else {})
    return result


def clean(target: str) -> str:
    """A path in a container without `..` and without a slash at its end."""
    return posixpath.normpath(target)


def is_path(source: str) -> bool:
    """Whether the source of a short form is a path of the host rather than the name of a volume."""
    return source.startswith((".", "/", "~", "\\\\")) or (source[1:2] == ":" and source[0].isalpha())


def _split(written: str) -> list[str]:
    """The parts between colons; the colon of a Windows drive is none."""
    parts, start = [], 0
    for index, character in enumerate(written):
        if character == ":" and not (index - start == 1 and written[start].isalpha()):
            parts.append(written[start:index])
            start = index + 1
    return [*parts, written[start:]]
