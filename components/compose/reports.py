"""Problems as a user reads them: in the order of the files, one line each, no longer than can be read.

What is wrong may be a value of megabytes, hold control characters, or be there a million times.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from ..errors import Problem

MAX_PROBLEMS = 100
"""How many problems one report has."""

MAX_LENGTH = 400
"""How many characters of each part of a problem are shown."""

_PLACE = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::(?P<column>\d+))?(?: |$)")


def ordered(problems: Iterable[Problem]) -> list[Problem]:
    """Problems by file, in the order in which the files first have one, then by line and column; none twice.

    Args:
        problems: in the order found, which holds among those of one place.

    Returns:
        At most `MAX_PROBLEMS`, and one that says that there are more (not all are looked for).
    """
    found = list(dict.fromkeys(problems))
    files: dict[str, int] = {}

    def key(problem: Problem) -> tuple[int, int, int]:
        place = _PLACE.match(problem.where)
        file = place["file"] if place else problem.where
        rank = files.setdefault(file, len(files))
        return (rank, int(place["line"]), int(place["column"] or 0)) if place else (rank, 0, 0)

    found.sort(key=key)
    more = len(found) - MAX_PROBLEMS
    if more <= 0:
        return found
    return [*found[:MAX_PROBLEMS], Problem(f"at least {more} more problems", fix="correct these first")]


def readable(problem: Problem) -> Problem:
    """The same problem, without control characters, and no longer than a few lines of a terminal."""
    return replace(problem, what=_text(problem.what), where=_text(problem.where), fix=_text(problem.fix))


def _text(text: str) -> str:
    if len(text) > MAX_LENGTH:
        text = f"{text[: MAX_LENGTH - 50]}...{text[-50:]}"
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)
