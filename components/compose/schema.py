"""Phase 3, schema: a document against the official Compose schema.

`compose-spec.json` is the official schema (https://github.com/compose-spec/compose-go, schema/compose-spec.json) as the
PyPI package check-jsonschema 0.39.0 carries it (`builtin_schemas/vendor/compose-spec.json`), unchanged.
"""

import functools
import itertools
import json
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

import jsonschema_rs

from ..errors import Problem, suggest
from ..model import Path
from .merge import UNIQUE
from .reports import MAX_PROBLEMS
from .scalars import text
from .tree import Branch, Map, where

_HERE = FilePath(__file__).parent
_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "a mapping",
    "string": "a string",
}


@functools.cache
def official() -> Any:
    """The official schema, parsed."""
    return json.loads((_HERE / "compose-spec.json").read_text(encoding="utf-8"))


@functools.cache
def _validator() -> Any:
    return jsonschema_rs.validator_for(official())


@functools.cache
def _fragment_validator() -> Any:
    return jsonschema_rs.validator_for(_optional(official()))


def _optional(schema: Any) -> Any:
    """A schema in which no key has to be there."""
    if isinstance(schema, dict):
        # A property may have that name too; then it is a schema, not a list.
        needed = isinstance(schema.get("required"), list)
        return {key: _optional(value) for key, value in schema.items() if not (needed and key == "required")}
    return [_optional(item) for item in schema] if isinstance(schema, list) else schema


def validate(root: Map, problems: list[Problem], *, fragment: bool = False) -> None:
    """Check a document.

    Args:
        root: the document, with its variables replaced.
        problems: what is wrong is added here.
        fragment: whether it is merged with others: keys may be missing, and null says nothing.
    """
    errors = _fragment_validator().iter_errors(_said(root)) if fragment else _validator().iter_errors(root)
    for error in itertools.islice(errors, MAX_PROBLEMS + 1):
        problems += report(root, official(), error, ())


def _said(value: Any) -> Any:
    """A copy without keys that are null."""
    if isinstance(value, dict):
        return {key: _said(element) for key, element in value.items() if element is not None}
    return [_said(item) for item in value] if isinstance(value, list) else value


def report(root: Map, schema: Any, error: Any, above: Path) -> Iterator[Problem]:
    """The problems that an error of the validator stands for.

    Args:
        root: the document, for places.
        schema: what it was held against.
        error: of the validator.
        above: where in the document the part stands that was validated.
    """
    path = (*above, *error.instance_path)
    kind = error.kind
    branches = getattr(kind, "context", None)
    if branches:
        yield from _alternatives(root, schema, error, above, branches)
    elif hasattr(kind, "unexpected"):
        yield from _unexpected(root, _known(schema, error.schema_path), path, kind)
    elif kind.name != "uniqueItems" or not _made_one(path):
        yield _simple(root, path, error)


def _made_one(path: Path) -> bool:
    """Whether the merge makes one of the equal items of a list, so that having two is no mistake."""
    branch: Branch | None = UNIQUE
    for step in path:
        branch = branch.step(str(step)) if branch is not None else None
    return branch is not None and branch.row is not None


def _alternatives(root: Map, schema: Any, error: Any, above: Path, branches: list[list[Any]]) -> Iterator[Problem]:
    """What is wrong with a value that has none of several forms: of the form that was meant, where that is clear."""
    path = (*above, *error.instance_path)
    wrong_type = [_types_of(branch[0]) for branch in branches if _is_wrong_type(branch, error)]
    meant = [branch for branch in branches if branch and not _is_wrong_type(branch, error)]
    if meant:
        for inner in meant[0]:
            yield from report(root, schema, inner, above)
    else:
        names = list(dict.fromkeys(name for names in wrong_type for name in names))
        yield _type_problem(root, path, error.instance, names)


def _is_wrong_type(branch: list[Any], error: Any) -> bool:
    return len(branch) == 1 and branch[0].kind.name == "type" and branch[0].instance_path == error.instance_path


def _types_of(error: Any) -> list[str]:
    return [str(name) for name in error.kind.types]


def _unexpected(root: Map, known: set[str], path: Path, kind: Any) -> Iterator[Problem]:
    # Of a mapping with one wrong value, the validator calls other keys unexpected too: those are known.
    unknown = (key for key in kind.unexpected if key not in known and not key.startswith("x-"))
    # a likeness takes a millisecond, and no more are shown
    for key in itertools.islice(unknown, MAX_PROBLEMS + 1):
        fix = suggest(key, known) if known else "use letters, digits, ., - and _"
        yield Problem(f'unknown key "{key}"', where(root, (*path, key)), fix)


def _known(schema: Any, schema_path: list[Any]) -> set[str]:
    """The keys that a mapping may have, by the place in the schema that refused one."""
    holder = schema
    for step in schema_path[:-1]:
        holder = holder[int(step) if isinstance(holder, list) else step]
    return _properties(schema, holder)


def _properties(schema: Any, holder: Any) -> set[str]:
    names = set(holder.get("properties", ()))
    for part in holder.get("allOf", ()):
        names |= _properties(schema, part)
    reference = holder.get("$ref", "")
    if reference:
        target = schema
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]
        names |= _properties(schema, target)
    return names


def _simple(root: Map, path: Path, error: Any) -> Problem:
    kind = error.kind
    name = kind.name
    if name == "type":
        return _type_problem(root, path, error.instance, _types_of(error))
    if name == "required":
        return Problem(f"{kind.property} is missing", where(root, path), f"add {kind.property}:")
    if name == "enum":
        options = [text(option) for option in kind.options if option is not None]
        return Problem(
            f"{_shown(error.instance)} is none of its values", where(root, path), suggest(text(error.instance), options)
        )
    if name == "pattern":
        return Problem(
            f"{_shown(error.instance)} is not well formed", where(root, path), f"it has to match {kind.pattern}"
        )
    if name == "uniqueItems":
        return Problem("has an item twice", where(root, path), "remove one of them")
    message = str(error.message)
    return Problem(message[:1].lower() + message[1:], where(root, path))


def _type_problem(root: Map, path: Path, value: Any, names: list[str]) -> Problem:
    wanted = [_TYPES[name] for name in names if name != "null"] or [_TYPES["null"]]
    listed = wanted[0] if len(wanted) == 1 else f"{', '.join(wanted[:-1])} or {wanted[-1]}"
    return Problem(f"{_shown(value)} is not {listed}", where(root, path), f"write {listed}")


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f'"{value}"' if isinstance(value, str) else text(value)
