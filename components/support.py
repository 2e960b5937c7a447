"""Findings: what becomes of every Compose key on a target. Nothing is dropped without a word.

A target has a table of rows, one per key. A row's `path` is written in Compose's own keys: `*` stands for a name that
the user chooses, `**` at the end for everything below; places in lists are left out (`services.*.ports.mode`). The
most specific row wins; of two with one path, a row whose condition holds.
"""

import enum
import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .errors import Problem, RejectedError
from .model import App, Path, dotted, used

ACCEPT = "slipway:accept"


class Verdict(enum.Enum):
    """What a target does with a key.

    HONOURED: what the specification says. APPROXIMATED: something weaker, which a warning names. HARMLESS: nothing, and
    nothing is lost by it. REJECTED: nothing that would be right, so that deploying is refused.
    """

    HONOURED = "honoured"
    APPROXIMATED = "approximated"
    HARMLESS = "harmless"
    REJECTED = "rejected"


Condition = Callable[[App, Path, Any], bool]
"""Application, path of the leaf, its value -> whether a row applies."""


@dataclass(frozen=True, slots=True)
class Row:
    """A verdict on one key.

    Attributes:
        path: see the module.
        verdict: what the target does.
        reason: what it becomes, why it cannot be, why nothing is lost; for what is honoured, a remark where one is due.
        when: for which values the row holds; None: for all.
        condition: `when` in words, for the documentation.
        instead: what to do about a rejected key: `publish a port`; empty: nothing but to remove it.
    """

    path: str
    verdict: Verdict
    reason: str = ""
    when: Condition | None = None
    condition: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What no single key tells: a combination that a target cannot create at all. No mode and no `accept` allows it.

    Attributes:
        path: the place to mend.
        what: what is wrong, with the value.
        fix: what to do about it.
    """

    path: Path
    what: str
    fix: str


Rule = Callable[[App], Iterable[Conflict]]
"""What a target looks at beyond its rows."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement that is not silent.

    Attributes:
        path: of the key, `services.web.deploy.placement`.
        where: with file, line and column where it was written in a file.
        verdict: approximated, rejected, or harmless where that was asked for.
        reason: of the row.
        what: what happens, as a sentence; `message` without the place.
        refused: whether the mode refuses it, so that nothing is deployed.
        fix: what to do about what is refused; empty for the others.
    """

    path: str
    where: str
    verdict: Verdict
    reason: str
    what: str
    refused: bool = False
    fix: str = ""

    @property
    def message(self) -> str:
        """The whole text: place, and what happens."""
        return f"{self.where}: {self.what}"


Candidates = tuple[tuple[Row, int], ...]
"""Rows that may hold for a path, the most specific first, each with how many keys it names."""


@dataclass(slots=True)
class _Node:
    """A key of the table's paths.

    Attributes:
        at: candidates for the key itself.
        under: candidates for every key below it that has no node.
    """

    children: "dict[str, _Node]" = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    below: list[Row] = field(default_factory=list)
    at: Candidates = ()
    under: Candidates = ()

    def settle(self, inherited: Candidates, depth: int) -> None:
        """Put the candidates in their order, here and below: once for a table, not once for a look-up."""
        self.under = (*_ordered(self.below, depth), *inherited)
        self.at = (*_ordered(self.rows, depth), *self.under)
        for child in self.children.values():
            child.settle(self.under, depth + 1)


def _ordered(rows: Iterable[Row], depth: int) -> Candidates:
    return tuple((row, depth) for row in sorted(rows, key=lambda row: row.when is None))


class Table:
    """A target's rows, looked up by path, and its rules.

    Attributes:
        rows: in the order of the documentation.
        rules: what they look at, no row can.
    """

    def __init__(self, rows: Iterable[Row], rules: Iterable[Rule] = ()) -> None:
        """Index the rows."""
        self.rows = tuple(rows)
        self.rules = tuple(rules)
        self._root = _Node()
        for row in self.rows:
            node = self._root
            *parents, last = row.path.split(".")
            for name in parents if last == "**" else (*parents, last):
                node = node.children.setdefault(name, _Node())
            (node.below if last == "**" else node.rows).append(row)
        self._root.settle((), 0)

    def candidates(self, keys: Sequence[str]) -> Candidates:
        """Rows for a path of keys, the most specific first, each with how many keys it names."""
        node, depth = self._walk(keys)
        return node.at if depth == len(keys) else node.under

    def known(self, keys: Sequence[str]) -> tuple[int, tuple[str, ...]]:
        """How many keys of a path the table names, and what it knows below these."""
        node, depth = self._walk(keys)
        return depth, tuple(node.children)

    def judge(self, app: App, path: Path, value: Any) -> tuple[Row, int] | None:
        """The row for a leaf; None: the table does not know the key, which the contract tests rule out."""
        keys = [key for key in path if isinstance(key, str)]
        for row, depth in self.candidates(keys):
            if row.when is None or row.when(app, path, value):
                return row, depth
        # an empty mapping asks for nothing by itself, where the keys that it could have are known
        return (BLOCK, len(keys)) if self._walk(keys)[1] == len(keys) else None

    def _walk(self, keys: Sequence[str]) -> tuple[_Node, int]:
        """The deepest node on the way, and how deep it is."""
        node = self._root
        for depth, key in enumerate(keys):
            child = node.children.get(key) or node.children.get("*")
            if child is None:
                return node, depth
            node = child
        return node, len(keys)


REPEATED = ("jobs.*.", "services.*.pre_start.")
"""Below these, the keys of a service may be written again."""


def keys(schema: Mapping[str, Any], blocks: Mapping[str, Any]) -> tuple[str, ...]:
    """Every property path that a file can have, down to the leaves, in the form of a row's path.

    Short forms are their long forms; what is gone when the files are read (`include.*`, the old form of `external`) is
    left out.

    Args:
        schema: the official Compose schema.
        blocks: the schema of `x-slipway`: `$defs` by the group in which the block may stand.
    """
    found = set(_paths(schema, schema, (), ()))
    for group, block in blocks["$defs"].items():
        found |= set(_paths(block, blocks, (group, "*", "x-slipway"), ()))
    gone = {path for path in found if (path[0] == "include" and len(path) > 1) or path[-2:-1] == ("external",)}
    kept = {path for path in found - gone if path[0] in schema["properties"]}
    above = {path[:end] for path in kept for end in range(len(path))}
    return tuple(sorted(".".join(path) for path in kept - above))


def _paths(node: Any, schema: Any, path: tuple[str, ...], seen: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    reference = node.get("$ref")
    if reference is not None:
        name = reference.rpartition("/")[2]
        if name not in seen:  # a definition that refers to itself: the first time says all
            yield from _paths(schema["$defs"][name], schema, path, (*seen, name))
        return
    for combined in ("allOf", "oneOf", "anyOf"):
        for option in node.get(combined, ()):
            yield from _paths(option, schema, path, seen)
    if "items" in node:
        yield from _paths(node["items"], schema, path, seen)
    for key, below in node.get("properties", {}).items():
        yield (*path, key)
        yield from _paths(below, schema, (*path, key), seen)
    for pattern, below in node.get("patternProperties", {}).items():
        if not pattern.startswith("^x-"):
            yield (*path, "*")
            yield from _paths(below, schema, (*path, "*"), seen)


BLOCK = Row("", Verdict.HONOURED, "a block of other keys")


def check(
    app: App, table: Table, target: str, *, mode: str = "warn", accept: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Judge everything that an application uses.

    Args and Returns: as `findings`.

    Raises:
        RejectedError: with everything that is refused.
    """
    found = findings(app, table, target, mode=mode, accept=accept)
    problems = [Problem(finding.what, finding.where, finding.fix) for finding in found if finding.refused]
    if problems:
        raise RejectedError(problems)
    return found


def findings(
    app: App, table: Table, target: str, *, mode: str = "warn", accept: Sequence[str] = (), harmless: bool = False
) -> tuple[Finding, ...]:
    """As `check`, but what is refused is among what is returned.

    Args:
        app: the application.
        table: of the target.
        target: its name, for the messages.
        mode: `warn` reports approximations and refuses what is rejected; `strict` refuses both; `loose` reports both
            (Compose Specification, 01-status.md, "Requirements and optional attributes").
        accept: paths whose loss is accepted, and everything below them; `*` is any one name, or a part of one.
        harmless: whether to report what has no effect and needs none, too.

    Returns:
        In the order of the files, each once; then a finding for each of `accept` that accepts nothing.

    Raises:
        LookupError: the table does not know a key. This is an error in the table, not in the application.
    """
    found = _found(app, table, target, mode, harmless=harmless)
    kept = {path: finding for path, finding in found if not any(_matches(pattern, path) for pattern in accept)}
    idle = [pattern for pattern in accept if not any(_matches(pattern, path) for path, _ in found)]
    conflicts = [(conflict.path, _conflict(app, conflict)) for rule in table.rules for conflict in rule(app)]
    files = _files(app) if kept or conflicts else {}
    ordered = sorted([*kept.items(), *conflicts], key=lambda item: _order(app, files, item[0]))
    return (*(finding for _, finding in ordered), *(_idle(pattern) for pattern in idle))


REFUSED: Mapping[str, frozenset[Verdict]] = {
    "warn": frozenset({Verdict.REJECTED}),
    "strict": frozenset({Verdict.REJECTED, Verdict.APPROXIMATED}),
    "loose": frozenset(),
}
"""Mode -> what it refuses."""


def _found(app: App, table: Table, target: str, mode: str, *, harmless: bool) -> list[tuple[Path, Finding]]:
    silent = {Verdict.HONOURED} if harmless else {Verdict.HONOURED, Verdict.HARMLESS}
    seen: dict[Path, Row] = {}
    for path, value in used(app):
        judged = table.judge(app, path, value)
        if judged is None:
            raise LookupError(f"the support table of {target} does not know {dotted(path)}")
        row, depth = judged
        if row.verdict not in silent:
            seen.setdefault(_cut(path, depth), row)
    return [(path, _finding(app, path, row, target, mode)) for path, row in seen.items()]


def _finding(app: App, path: Path, row: Row, target: str, mode: str) -> Finding:
    refused = row.verdict in REFUSED[mode]
    if row.verdict is Verdict.REJECTED:
        what = f"{'not supported' if refused else 'ignored'} on {target} ({row.reason})"
    elif row.verdict is Verdict.HARMLESS:
        what = f"no effect on {target}, and none is needed ({row.reason})"
    else:
        what = f"on {target}, {row.reason}"
    fix = f"{row.instead or 'remove it'}{',' if row.instead else ''} or accept it with {ACCEPT}" if refused else ""
    return Finding(dotted(path), app.where(path), row.verdict, row.reason, what, refused, fix)


def _conflict(app: App, conflict: Conflict) -> Finding:
    where = app.where(conflict.path)
    return Finding(
        dotted(conflict.path), where, Verdict.REJECTED, conflict.what, conflict.what, refused=True, fix=conflict.fix
    )


def _files(app: App) -> dict[str, int]:
    """Files, in the order in which they first say something."""
    return {file: place for place, file in enumerate(dict.fromkeys(mark.file for mark in app.marks.values()))}


def _cut(path: Path, depth: int) -> Path:
    """The first `depth` keys of a path, with the places in lists between them."""
    keys = 0
    for end, element in enumerate(path):
        if isinstance(element, str):
            keys += 1
        if keys == depth:
            return path[: end + 1]
    return path


def _order(app: App, files: Mapping[str, int], path: Path) -> tuple[int, int, int]:
    for end in range(len(path), 0, -1):
        mark = app.marks.get(path[:end])
        if mark is not None:
            return (files[mark.file], mark.line, mark.column)
    return (-1, 0, 0)


def _matches(pattern: str, path: Path) -> bool:
    """Whether an accepted path is this one or one above it; a list's places may be left out."""
    wanted = [word for word in re.split(r"[.\[\]]+", pattern) if word]
    return any(_same(wanted, elements) for elements in (path, [key for key in path if isinstance(key, str)]))


def _same(wanted: Sequence[str], elements: Sequence[str | int]) -> bool:
    return len(wanted) <= len(elements) and all(
        fnmatch.fnmatchcase(str(element), word) for word, element in zip(wanted, elements, strict=False)
    )


def _idle(pattern: str) -> Finding:
    reason = f'"{pattern}" accepts nothing that is lost'
    return Finding(pattern, ACCEPT, Verdict.APPROXIMATED, reason, f"{reason}; remove it")
