"""Findings: what becomes of every Compose key on a target. Nothing is dropped without a word.

A target has a table of rows, one per key. A row's `path` is written in Compose's own keys: `*` stands for a name that
the user chooses, `**` at the end for everything below; places in lists are left out (`services.*.ports.mode`). The
most specific row wins; of two with one path, a row whose condition holds.
"""

import enum
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .errors import Problem, RejectedError
from .model import App, Path, dotted, used

ACCEPT = "slipway:accept"


class Verdict(enum.Enum):
    """What a target does with a key.

    HONOURED: what the specification says. APPROXIMATED: something weaker, which a warning names. REJECTED: nothing that
    would be right, so that deploying is refused.
    """

    HONOURED = "honoured"
    APPROXIMATED = "approximated"
    REJECTED = "rejected"


Condition = Callable[[App, Path, Any], bool]
"""Application, path of the leaf, its value -> whether a row applies."""


@dataclass(frozen=True, slots=True)
class Row:
    """A verdict on one key.

    Attributes:
        path: see the module.
        verdict: what the target does.
        reason: what it becomes, or why it cannot be; for what is honoured, a remark where one is due.
        when: for which values the row holds; None: for all.
        condition: `when` in words, for the documentation.
    """

    path: str
    verdict: Verdict
    reason: str = ""
    when: Condition | None = None
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One judgement that is not silent.

    Attributes:
        path: of the key, `services.web.deploy.placement`.
        where: with file, line and column where it was written in a file.
        verdict: approximated or rejected.
        reason: of the row.
        message: the whole text.
    """

    path: str
    where: str
    verdict: Verdict
    reason: str
    message: str


@dataclass(slots=True)
class _Node:
    children: "dict[str, _Node]" = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    below: list[Row] = field(default_factory=list)


class Table:
    """A target's rows, looked up by path."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Index the rows.

        Args:
            rows: in the order of the documentation.
        """
        self.rows = tuple(rows)
        self._root = _Node()
        for row in self.rows:
            node = self._root
            *parents, last = row.path.split(".")
            for name in parents if last == "**" else (*parents, last):
                node = node.children.setdefault(name, _Node())
            (node.below if last == "**" else node.rows).append(row)

    def candidates(self, keys: Sequence[str]) -> list[tuple[Row, int]]:
        """Rows for a path of keys, the most specific first, each with how many keys it names."""
        found: list[tuple[Row, int]] = []
        node: _Node | None = self._root
        for depth in range(len(keys) + 1):
            if node is None:
                break
            found[:0] = [(row, depth) for row in node.below]
            if depth == len(keys):
                found[:0] = [(row, depth) for row in node.rows]
                break
            node = node.children.get(keys[depth]) or node.children.get("*")
        return sorted(found, key=lambda item: (-item[1], item[0].path.endswith("**"), item[0].when is None))

    def judge(self, app: App, path: Path, value: Any) -> tuple[Row, int] | None:
        """The row for a leaf; None: the table has none, which the contract tests rule out."""
        for row, depth in self.candidates([key for key in path if isinstance(key, str)]):
            if row.when is None or row.when(app, path, value):
                return row, depth
        return None


def check(
    app: App, table: Table, target: str, *, mode: str = "warn", accept: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Judge everything that an application uses.

    Args:
        app: the application.
        table: of the target.
        target: its name, for the messages.
        mode: `warn` reports approximations and refuses what is rejected; `strict` refuses both; `loose` reports both
            (Compose Specification, 01-status.md, "Requirements and optional attributes").
        accept: paths whose loss is accepted, with `*` for any one name.

    Returns:
        What was not refused, in the order of the file, each once.

    Raises:
        RejectedError: with everything that is refused.
    """
    findings = list(_findings(app, table, target))
    refused = {"warn": {Verdict.REJECTED}, "strict": {Verdict.REJECTED, Verdict.APPROXIMATED}, "loose": set()}[mode]
    accepted = {finding.path for finding in findings for pattern in accept if _matches(pattern, finding.path)}
    problems = [
        Problem(
            finding.message.removeprefix(f"{finding.where}: "), finding.where, f"remove it or accept it with {ACCEPT}"
        )
        for finding in findings
        if finding.verdict in refused and finding.path not in accepted
    ]
    if problems:
        raise RejectedError(problems)
    idle = [pattern for pattern in accept if not any(_matches(pattern, finding.path) for finding in findings)]
    return (
        *(finding for finding in findings if finding.path not in accepted),
        *(_idle(pattern) for pattern in idle),
    )


def _findings(app: App, table: Table, target: str) -> Iterator[Finding]:
    seen: dict[str, tuple[tuple[str, int, int], Finding]] = {}
    for path, value in used(app):
        judged = table.judge(app, path, value)
        if judged is None or judged[0].verdict is Verdict.HONOURED:
            continue
        row, depth = judged
        at = _cut(path, depth)
        text = dotted(at)
        if text not in seen:
            where = app.where(at)
            how = f"not supported on {target} ({row.reason})"
            what = how if row.verdict is Verdict.REJECTED else f"on {target}, {row.reason}"
            finding = Finding(text, where, row.verdict, row.reason, f"{where}: {what}")
            seen[text] = (_order(app, at), finding)
    yield from (finding for _, finding in sorted(seen.values(), key=lambda item: item[0]))


def _cut(path: Path, depth: int) -> Path:
    """The first `depth` keys of a path, with the places in lists between them."""
    keys = 0
    for end, element in enumerate(path):
        if isinstance(element, str):
            keys += 1
        if keys == depth:
            return path[: end + 1]
    return path


def _order(app: App, path: Path) -> tuple[str, int, int]:
    for end in range(len(path), 0, -1):
        mark = app.marks.get(path[:end])
        if mark is not None:
            return (mark.file, mark.line, mark.column)
    return ("", 0, 0)


def _matches(pattern: str, path: str) -> bool:
    """Whether an accepted path is this one or one above it; `*` is any one name, a list's places may be left out."""
    words = [r"[^.\[\]]+" if word == "*" else re.escape(word) for word in pattern.split(".")]
    places = r"(\[\d+\])?"
    return re.fullmatch(r"\.".join(f"{word}{places}" for word in words) + r"([.\[].*)?", path) is not None


def _idle(pattern: str) -> Finding:
    reason = f'"{pattern}" accepts nothing that is lost'
    return Finding(pattern, ACCEPT, Verdict.APPROXIMATED, reason, f"{ACCEPT}: {reason}; remove it")
