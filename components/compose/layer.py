"""A layer: the files of one project directory, made one tree. The main files are one; each `include` is one more.

The order of its phases is the order of the functions called in `load`.
"""

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import ComposeError, Problem
from . import defaults, dotenv, extension, interpolate, merge, old_names, paths, read, schema, short_forms
from .extends import Extender
from .read import Document
from .tree import List, Map, where

_SHARED = ("services", "jobs", "volumes", "networks", "secrets", "configs", "models")


@dataclass(frozen=True)
class Layer:
    """Where a layer is.

    Attributes:
        files: its files, as they are named in messages; relative to the working directory.
        directory: what its relative paths are relative to; absolute.
        env: its variables.
        trail: the files that included it, outermost first.
        warnings: what is suspicious in its files; one list for all layers of an application.
    """

    files: tuple[str, ...]
    directory: str
    env: Mapping[str, str]
    trail: tuple[str, ...] = field(default=())
    warnings: list[Problem] = field(default_factory=list)


def documents(files: Iterable[str]) -> list[Document]:
    """Read files; raises all that is wrong with any of them."""
    found: list[Document] = []
    problems: list[Problem] = []
    for file in files:
        try:
            found += read.read(file)
        except ComposeError as error:
            problems += error.problems
    report(problems)
    return found


def prepare(found: list[Document], layer: Layer, fragments: Collection[int]) -> list[Document]:
    """The phases that look at one document at a time.

    Args:
        found: the documents.
        layer: where they are.
        fragments: which of them are not whole, by their places in the list.
    """

    def types(index: int, root: Map, problems: list[Problem]) -> None:
        _types(root, problems, fragment=index in fragments)

    phases: tuple[Callable[[int, Map, list[Problem]], None], ...] = (
        lambda _, root, problems: interpolate.interpolate(root, layer.env, problems, layer.warnings),
        lambda _, root, problems: old_names.promote(root, problems),
        types,
        lambda _, root, problems: short_forms.lengthen(root, problems),
    )
    for phase in phases:
        problems: list[Problem] = []
        for index, document in enumerate(found):
            phase(index, document.root, problems)
        report(problems)
    for document in found:
        document.root.pop("version", None)  # obsolete: the specification tells to ignore it
    return found


def _types(root: Map, problems: list[Problem], *, fragment: bool) -> None:
    """Types by path, then the schema; a value that has no type is not reported by both."""
    interpolate.cast(root, problems)
    places = {problem.where for problem in problems}
    found: list[Problem] = []
    schema.validate(root, found, fragment=fragment)
    extension.check(root, found)
    problems += [problem for problem in found if problem.where not in places]


def _fragments(found: list[Document]) -> set[int]:
    """Which documents are merged with others before they have to be whole: all but a first one that stands alone."""
    return {index for index, document in enumerate(found) if index or _leans(document.root)}


def _leans(root: Map) -> bool:
    """Whether a document includes others, or a service of it extends another."""
    groups = [group for kind in ("services", "jobs") if isinstance(group := root.get(kind), Map)]
    return "include" in root or any(
        isinstance(service, Map) and "extends" in service for group in groups for service in group.values()
    )


def load(layer: Layer, found: list[Document] | None = None) -> Map:
    """One tree of a layer's files: merged, with defaults, with absolute paths.

    Args:
        layer: where it is.
        found: its documents, where they were read already.

    Raises:
        ComposeError: all problems of the first phase that found any.
    """
    given = documents(layer.files) if found is None else found
    fragments = _fragments(given)
    prepared = prepare(given, layer, fragments)
    extender = Extender(layer.directory, lambda file: _extended(file, layer))
    problems: list[Problem] = []
    result = Map()
    for document in prepared:
        _include(document, layer)
        merge.clear(result, document.cleared)
        extender.apply(document)
        if not result:
            merge.unify(document.root)
            result = document.root
        else:
            merge.merge(result, document.root, problems)
    report(problems)
    if fragments:
        schema.validate(result, problems)
        report(problems)
    defaults.apply(result, problems)
    report(problems)
    paths.resolve(result, layer.directory)
    _environment(result, layer.env)
    return result


def report(problems: list[Problem]) -> None:
    """Raise problems, if there are any."""
    if problems:
        raise ComposeError(problems)


def _extended(file: str, layer: Layer) -> Document:
    """A file that is extended: its documents merged, with absolute paths; not what it includes."""
    found = documents([paths.shown(file)])
    first, *others = prepare(found, layer, range(len(found)))
    problems: list[Problem] = []
    for other in others:
        merge.clear(first.root, other.cleared)
        merge.merge(first.root, other.root, problems)
    report(problems)
    paths.resolve(first.root, os.path.dirname(file))  # noqa: PTH120 - strings in, strings out
    return first


def _environment(root: Map, env: Mapping[str, str]) -> None:
    """Variables without a value take it from the layer's environment where it has one."""
    for kind in ("services", "jobs"):
        for service in (root.get(kind) or {}).values():
            variables: dict[str, Any] = (service.get("environment") if isinstance(service, Map) else None) or {}
            for name, value in variables.items():
                if value is None and name in env:
                    variables[name] = env[name]


# --- include ---------------------------------------------------------------------------------------------------------


def _include(document: Document, layer: Layer) -> None:
    """Bring what a document includes into it; what it says itself wins."""
    entries = document.root.pop("include", None)
    problems: list[Problem] = []
    for index, written in enumerate(entries or ()):
        entry = written if isinstance(written, Map) else Map.of({"path": written})
        if not entry.get("path"):
            continue
        place = where(Map.of({"include": entries}), ("include", index))
        try:
            included = load(_included(entry, document.file, layer, place))
        except ComposeError as error:
            problems += error.problems
        else:
            _import(included, document, problems)
    report(problems)


def _included(entry: Map, by: str, layer: Layer, place: str) -> Layer:
    for written in _strings(entry["path"]):
        if reason := paths.unread(written):
            raise ComposeError(Problem(reason, place, "copy the file into the project"))
    files = [paths.absolute(file, layer.directory) for file in _strings(entry.get("path"))]
    own = os.path.dirname(files[0])  # noqa: PTH120 - strings in, strings out
    directory = paths.absolute(entry.get("project_directory") or own, layer.directory)
    trail = (*layer.trail, os.path.abspath(by))  # noqa: PTH100 - keeps links as named
    for file in files:
        if not os.path.exists(file):  # noqa: PTH110 - strings in, strings out
            raise ComposeError(Problem(f'no such file "{paths.shown(file)}"', place, "correct the path"))
        if file in trail:
            steps = " -> ".join(paths.shown(step) for step in (*trail[trail.index(file) :], file))
            raise ComposeError(Problem(f"includes itself: {steps}", place, "take one of them out"))
    env_files = [paths.absolute(file, layer.directory) for file in _strings(entry.get("env_file"))]
    if not env_files and os.path.isfile(os.path.join(directory, ".env")):  # noqa: PTH113, PTH118 - the same
        env_files = [os.path.join(directory, ".env")]  # noqa: PTH118 - the same
    env: dict[str, str] = {}
    for file in env_files:
        if file != os.devnull:
            env |= dotenv.parse_file(paths.shown(file), {**env, **layer.env}, layer.warnings)
    named = tuple(paths.shown(file) for file in files)
    return replace(layer, files=named, directory=directory, env={**env, **layer.env}, trail=trail)


def _strings(value: Any) -> list[str]:
    return [] if value is None else list(value) if isinstance(value, List) else [value]


def _import(included: Map, document: Document, problems: list[Problem]) -> None:
    merge.clear(included, document.cleared)
    for kind in _SHARED:
        source = included.get(kind)
        if not source:
            continue
        own = document.root.get(kind) or Map()
        for name, value in own.items():
            theirs = source.get(name)
            if isinstance(value, Map) and isinstance(theirs, Map):
                merge.merge(theirs, value, problems, (kind, name))
            elif value is not None or name not in source:
                source.put(name, value, own.marks.get(name))
        document.root.put(kind, source, document.root.marks.get(kind))
