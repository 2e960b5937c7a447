"""`support`: the support table, or the verdict on one key."""

import argparse

from .. import targets
from ..errors import InputError, Problem
from ..support import Row, Verdict

HELP = "print what becomes of every key on every target"
ORDER = {Verdict.REJECTED: 0, Verdict.APPROXIMATED: 1, Verdict.HONOURED: 2}


def add(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("key", nargs="?", help="one key, such as services.*.deploy.placement; default: the whole page")
    parser.add_argument("--target", action="append", help="repeatable; default: every target that is built")


def run(arguments: argparse.Namespace) -> int:
    """Print the page `docs/support.md`, or the rows of one key."""
    names = arguments.target or list(targets.TARGETS)
    for name in names:
        table = targets.support_table(name)
        if arguments.key is None:
            print(page(name, table.rows), end="")
            continue
        found = [row for row, _ in table.candidates(arguments.key.split("."))]
        if not found:
            raise InputError(Problem(f'"{arguments.key}" is no key of a Compose file', "", "write it with * for names"))
        for row in found:
            print(f"{name}: {row.path}: {row.verdict.value}{_said(row)}")
    return 0


def page(target: str, rows: tuple[Row, ...]) -> str:
    """The documentation of one target, in Markdown: what is lost first, then what is honoured."""
    lines = [
        f"# Compose keys on {target}",
        "",
        "<!-- written by `make docs` from components/targets; do not edit -->",
        "",
        "A key is *honoured* (it means what the Compose Specification says), *approximated* (a warning says what it",
        "became) or *rejected* (nothing is deployed). `*` stands for a name of yours, `**` for everything below.",
        "",
        "| key | verdict | what, and when |",
        "|---|---|---|",
    ]
    ordered = sorted(rows, key=lambda row: (ORDER[row.verdict], row.path, row.condition))
    lines += [f"| `{row.path}` | {row.verdict.value} | {_cell(row)} |" for row in ordered]
    return "\n".join(lines) + "\n"


def _said(row: Row) -> str:
    text = _cell(row)
    return f" ({text})" if text else ""


def _cell(row: Row) -> str:
    return "; ".join(text for text in (row.reason, f"when: {row.condition}" if row.condition else "") if text)
