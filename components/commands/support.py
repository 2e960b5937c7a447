"""The support table: what becomes of every key of a Compose file, on every target that is built."""

import argparse
import re
from collections.abc import Sequence

from .. import targets
from ..errors import InputError, Problem, suggest
from ..support import Row, Table, Verdict

HELP = "print what becomes of every key on every target, or of one"

INTRODUCTION = """\
# What becomes of every Compose key

<!-- written by `make docs` from the targets' tables; do not edit -->

A key is *honoured* (it means what `docker compose up` or the Compose Specification means by it), *approximated* (it
becomes something weaker, and a warning says what) or *rejected* (nothing is deployed until it is removed, or its path
is in `slipway:accept`). `*` stands for a name of yours, `**` for everything below; places in lists are left out. Of
several rows for one key, one with a condition goes first. `slipway:mode` is `warn`; `strict` refuses what is
approximated too, `loose` refuses nothing.
"""


def add(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("key", nargs="?", help="one key, such as services.*.deploy.placement; default: the whole page")
    parser.add_argument(
        "--target", action="append", metavar="TARGET", help="repeatable; default: every target that is built"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the page `docs/support.md`, or the rows of one key and of those below it."""
    names = arguments.target or list(targets.TARGETS)
    tables = {name: targets.support_table(name) for name in names}
    if arguments.key is None:
        print(page(tables), end="")
        return 0
    for name, table in tables.items():
        for row in rows_of(arguments.key, table):
            print(f"{name}: {row.path}: {row.verdict.value}{_said(row)}")
    return 0


def rows_of(key: str, table: Table) -> list[Row]:
    """The rows of a key, and of the keys below it, in the order of the table.

    Args:
        key: with `*` for names, or with the names of a file; places in lists may be written.
        table: of a target.

    Raises:
        InputError: there is no such key.
    """
    keys = re.sub(r"\[\w+\]", "", key).split(".")
    depth, below = table.known(keys)
    rows = [row for row, _ in table.candidates(keys)]
    if depth == len(keys):
        rows += [row for row in table.rows if row not in rows and _is_below(row, keys)]
    if not rows:
        place = f' of "{".".join(keys[:depth])}"' if depth else ""
        raise InputError(Problem(f'"{keys[depth]}" is no key{place}: {suggest(keys[depth], below)}'))
    return rows


def _is_below(row: Row, keys: Sequence[str]) -> bool:
    own = row.path.split(".")
    return len(own) > len(keys) and all(word in ("*", key) for word, key in zip(own, keys, strict=False))


def page(tables: dict[str, Table]) -> str:
    """The documentation in Markdown: a chapter per target, in it what is lost first, then what is honoured."""
    return INTRODUCTION + "".join(_chapter(name, table) for name, table in tables.items())


def _chapter(target: str, table: Table) -> str:
    lines = ["", f"## {target}"]
    for verdict in (Verdict.REJECTED, Verdict.APPROXIMATED, Verdict.HONOURED):
        rows = sorted((row for row in table.rows if row.verdict is verdict), key=lambda row: (row.path, row.condition))
        lines += ["", f"### {verdict.value} on {target}", "", "| key | what, and when |", "|---|---|"]
        lines += [f"| `{row.path}` | {_cell(row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _said(row: Row) -> str:
    text = _cell(row)
    return f" ({text})" if text else ""


def _cell(row: Row) -> str:
    return "; ".join(text for text in (row.reason, f"when: {row.condition}" if row.condition else "") if text)
