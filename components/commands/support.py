"""What becomes of every key of a Compose file, on every target that is built, or on some of them.

Text: for each key a line per verdict, with the reason. Markdown: the page `docs/support.md`, a row per key and a column
per target, with the reasons as notes.

Exit code: 0, or 2 where there is no such key or target.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import targets
from ..compose import extension, schema
from ..errors import InputError, Problem, suggest
from ..support import REPEATED, Row, Table, Verdict, keys

HELP = "print what becomes of every key on every target, or of one"

INTRODUCTION = """\
# What becomes of every Compose key

<!-- written by `make docs` from the targets' tables; do not edit -->

- *honoured*: it means what the Compose Specification, and `docker compose up`, mean by it;
- *approximated*: it becomes something weaker, and a warning says what;
- *harmless*: it has no effect, and none is needed (`python -m slipway check --harmless` names these);
- *rejected*: nothing is deployed until it is removed, or until its path is in `slipway:accept`.

`slipway:mode` is `warn`; `strict` refuses what is approximated too, `loose` refuses nothing. `*` stands for a name of
yours, places in lists are left out. A verdict with *if* holds for these values alone. `**` stands for the keys of a
service, which may be written again for a job and for a `pre_start` step; *as for a service*: the verdict of the
service's own key, where its condition can hold there. What the keys of `x-slipway` mean is in
[x-slipway.md](x-slipway.md).
"""

Entry = tuple[str, Mapping[str, tuple[Row, ...]]]
"""A key, and by target the rows that may hold for it, the first that holds wins."""
AS_A_SERVICE: tuple[Row, ...] = ()
"""In place of rows: those of the service's key of the same name."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("--key", help="one key and those below it, such as services.web.deploy; default: every key")
    parser.add_argument(
        "--target", action="append", metavar="TARGET", help="repeatable; default: every target that is built"
    )
    parser.add_argument("--format", choices=["text", "markdown"], default="text", help="default: text")


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    tables = {name: targets.support_table(name) for name in arguments.target or targets.TARGETS}
    found = entries(tables)
    if arguments.key is not None:
        found = _chosen(found, arguments.key)
    names = list(tables)
    if arguments.format == "markdown":
        print(page(found, names), end="")
    elif arguments.key is not None:
        print("\n".join(_lines(found, names)))
    else:
        rows = folded(found)
        print("\n".join([*_lines(rows, names), "", *_summary(rows, names)]))
    return 0


def entries(tables: Mapping[str, Table]) -> list[Entry]:
    """Every key of Compose and of `x-slipway`; a service's that are written again are one where one row judges them."""
    grouped: dict[tuple[tuple[Row, ...], ...], list[str]] = {}
    for key in keys(schema.official(), extension.blocks()):
        judged = tuple(tuple(_until_certain(table, key)) for table in tables.values())
        grouped.setdefault(judged, []).append(key)
    found: list[Entry] = []
    for judged, alike in grouped.items():
        rows = dict(zip(tables, judged, strict=True))
        one = len(alike) > 1 and alike[0].startswith(REPEATED) and all(_is_subtree(each) for each in judged)
        found += [(name, rows) for name in ([f"{_common(alike)}.**"] if one else alike)]
    return sorted(found, key=lambda entry: entry[0])


def folded(found: Sequence[Entry]) -> list[Entry]:
    """Entries, where the keys that are written again, and are judged as the service's are, have become one."""
    services = [entry for entry in found if entry[0].startswith("services.*.")]
    one: dict[Any, Entry] = {}
    for key, judged in found:
        prefix = next((each for each in REPEATED if key.startswith(each)), "")
        like = f"services.*.{key.removeprefix(prefix).removesuffix('.**')}"
        rows = next((rows for name, rows in services if f"{name}.".startswith(f"{like}.")), {}) if prefix else {}
        cells = {name: _again(judged[name], rows.get(name, ()), f"{prefix}**") for name in judged}
        if any(cell is None for cell in cells.values()):
            one[key] = (key, judged)
        else:
            folds = {name: cell for name, cell in cells.items() if cell is not None}
            one.setdefault((prefix, *folds.values()), (f"{prefix}**", folds))
    return sorted(one.values(), key=lambda entry: entry[0])


def _again(rows: tuple[Row, ...], like: tuple[Row, ...], subtree: str) -> tuple[Row, ...] | None:
    """The cell of a key that is written again: what holds for all of them, or for the service's; None: its own."""
    if rows[-1].path == subtree:
        return rows
    said, wanted = ([(row.verdict, _said(row)) for row in each] for each in (rows, like))
    same = said[-1:] == wanted[-1:] and set(said) <= set(wanted)
    return AS_A_SERVICE if same else None


def _until_certain(table: Table, key: str) -> Iterator[Row]:
    """The rows that may hold, up to the first that holds for every value."""
    for row, _ in table.candidates(key.split(".")):
        yield row
        if row.when is None:
            return


def _is_subtree(rows: Sequence[Row]) -> bool:
    return bool(rows) and rows[-1].path.endswith(".**")


def _common(alike: Sequence[str]) -> str:
    """The keys that several paths begin with."""
    first, last = min(alike).split("."), max(alike).split(".")
    same = [one for one, other in zip(first, last, strict=False) if one == other]
    return ".".join(next(first[:end] for end in range(len(same), -1, -1) if first[:end] == last[:end]))


def _chosen(found: Sequence[Entry], key: str) -> list[Entry]:
    """The entries of a key, of those below it, and of the one that it is in.

    Args:
        found: all.
        key: with `*` for names, or with the names of a file; places in lists may be written.

    Raises:
        InputError: there is no such key.
    """
    asked = re.sub(r"\[\w+\]", "", key).split(".")
    paths = [(entry, entry[0].removesuffix(".**").split(".")) for entry in found]
    known = max(_matching(path, asked) for _, path in paths)
    chosen = [
        entry
        for entry, path in paths
        if _matching(path, asked) == len(asked)
        or (_matching(path, asked) == len(path) and any(_is_subtree(rows) for rows in entry[1].values()))
    ]
    if not chosen:
        below = {path[known] for _, path in paths if _matching(path, asked) == known < len(path)}
        place = f' of "{".".join(asked[:known])}"' if known else ""
        raise InputError(Problem(f'"{asked[known]}" is no key{place}: {suggest(asked[known], below)}'))
    return chosen


def _matching(path: Sequence[str], asked: Sequence[str]) -> int:
    """How many keys of two paths are the same, from the top; `*` of a path is any name."""
    for at, (own, word) in enumerate(zip(path, asked, strict=False)):
        if own not in ("*", word):
            return at
    return min(len(path), len(asked))


# --- text ------------------------------------------------------------------------------------------------------------


def _lines(found: Sequence[Entry], names: Sequence[str]) -> Iterator[str]:
    width = max(len(name) for name in names)
    for key, rows in found:
        yield key
        for name in names:
            if rows[name] is AS_A_SERVICE:
                yield f"  {name:{width}}  as for a service"
            for place, row in enumerate(rows[name]):
                yield f"  {'' if place else name:{width}}  {row.verdict.value:12}  {_said(row)}".rstrip()


def _summary(found: Sequence[Entry], names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield f"{name}: " + ", ".join(f"{part} {verdict}" for verdict, part in _percentages(found, name).items())


def _said(row: Row) -> str:
    condition = f"if {row.condition}" if row.condition else ""
    return "; ".join(part for part in (condition, row.reason, row.instead) if part)


def _percentages(found: Sequence[Entry], name: str) -> dict[str, str]:
    """Verdict -> its part of the entries, by the verdict that holds where no condition does."""
    count = Counter(rows[name][-1].verdict for _, rows in found if rows[name])
    return {verdict.value: f"{100 * count[verdict] / max(count.total(), 1):.0f} %" for verdict in Verdict}


# --- Markdown --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Notes:
    """Reasons in the order of their first use, each once."""

    texts: dict[str, int]

    def mark(self, row: Row) -> str:
        text = "; ".join(part for part in (row.reason, row.instead) if part)
        return f" [^{self.texts.setdefault(text, len(self.texts) + 1)}]" if text else ""


def page(found: Sequence[Entry], names: Sequence[str]) -> str:
    """The documentation: percentages, a row per key and a column per target, then the reasons."""
    notes = _Notes({})
    found = folded(found)
    parts = {name: _percentages(found, name) for name in names}
    head = "|".join(f" {name} " for name in names)
    rule = "---|" * (len(names) + 1)
    lines = [INTRODUCTION, f"| of {len(found)} rows |{head}|", f"|{rule}"]
    lines += [
        f"| {verdict.value} | " + " | ".join(parts[name][verdict.value] for name in names) + " |" for verdict in Verdict
    ]
    lines += ["", f"| key |{head}|", f"|{rule}"]
    lines += [f"| `{key}` | " + " | ".join(_cell(rows[name], notes) for name in names) + " |" for key, rows in found]
    lines += ["", *(f"[^{number}]: {text}" for text, number in notes.texts.items())]
    return "\n".join(lines) + "\n"


def _cell(rows: Sequence[Row], notes: _Notes) -> str:
    if rows is AS_A_SERVICE:
        return "as for a service"
    certain = [f"{row.verdict.value}{notes.mark(row)}" for row in rows if row.when is None]
    others = [f"*if {row.condition}*: {row.verdict.value}{notes.mark(row)}" for row in rows if row.when is not None]
    return "<br>".join((*certain, *others)).replace("|", "\\|")
