"""The corpus leaves no rule out: every row of every table of the loader is at work in some case that is taken.

That a row is right is `test_differential.py`'s to prove.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.compose import canonical, defaults, interpolate, merge, paths, read, short_forms
from components.compose.tree import Branch, table
from components.errors import ComposeError

CORPUS = Path(__file__).parent / "corpus"
TAKEN = ("valid", "taken_here")
ALIKE = (("jobs.", "services."), ("services.*.pre_start.*.", "services.*."))
"""Tables repeat their rows for jobs and steps: one of them at work is enough."""
TABLES = {
    "canonical": canonical.ROWS,
    "casts": interpolate.CASTS,
    "defaults": defaults.ROWS,
    "merge": merge.RULES,
    "paths": table(paths._rows(str, str, str, str)),
    "short forms": short_forms.ROWS,
    "unicity": merge.UNIQUE,
}


def plain(path: str) -> str:
    for long, short in ALIKE:
        path = path.replace(long, short, 1) if path.startswith(long) else path
    return path


def rows(branch: Branch, path: str = "") -> Iterator[str]:
    if branch.row is not None:
        yield path
    for key, below in (*branch.named.items(), *([("*", branch.any)] if branch.any is not None else [])):
        yield from rows(below, f"{path}.{key}" if path else key)


def at_work(value: Any, branch: Branch, path: str = "") -> Iterator[str]:
    """The rows of a table that a value reaches."""
    if branch.row is not None:
        yield path
    pairs = (
        value.items() if isinstance(value, dict) else [("", item) for item in value] if isinstance(value, list) else ()
    )
    for key, element in pairs:
        name = key if key in branch.named else "*"
        below = branch.step(key)
        if below is not None:
            yield from at_work(element, below, f"{path}.{name}" if path else name)


def documents() -> Iterator[Any]:
    for file in (file for folder in TAKEN for file in (CORPUS / folder).rglob("*.y*ml")):
        try:
            yield from (document.root for document in read.read(str(file)))
        except ComposeError:  # a file of the reference's own output, or of another kind
            continue


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_a_table_is_at_work_in_a_case(name: str) -> None:
    wanted = {plain(path) for path in rows(TABLES[name])}
    found = {plain(path) for root in documents() for path in at_work(root, TABLES[name])}
    assert sorted(wanted - found) == []
