"""Compose's crontab expressions, read into the numbers that each of their fields means (crontab(5))."""

from collections.abc import Mapping
from dataclasses import dataclass

MACROS: Mapping[str, str] = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
ANY = "*"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a crontab.

    Attributes:
        name: what it is, for a message.
        least: number.
        most: number.
        words: that stand for numbers, from the least.
    """

    name: str
    least: int
    most: int
    words: tuple[str, ...] = ()


FIELDS = (
    Field("minute", 0, 59),
    Field("hour", 0, 23),
    Field("day of the month", 1, 31),
    Field("month", 1, 12, MONTHS),
    Field("day of the week", 0, 7, DAYS),
)


def written_out(text: str) -> tuple[str, str, str, str, str]:
    """An expression with every number of each field, in order: `0,30 3 * * 0` for `*/30 3 * * SUN`.

    A field of all its numbers is `*`. Sunday is 0.

    Args:
        text: five fields, or one of `MACROS`.

    Raises:
        ValueError: what is wrong with it.
    """
    words = MACROS.get(text, text).split()
    if len(words) != len(FIELDS):
        raise ValueError(f"it has {len(words)} fields instead of {len(FIELDS)}")
    minute, hour, day, month, week = (_written(word, field) for word, field in zip(words, FIELDS, strict=True))
    return minute, hour, day, month, week


def _written(word: str, field: Field) -> str:
    found = {number for part in word.split(",") for number in _numbers(part, field)}
    if field.words == DAYS:
        found = {number % len(DAYS) for number in found}
    every = len(DAYS) if field.words == DAYS else field.most - field.least + 1
    return ANY if len(found) == every else ",".join(map(str, sorted(found)))


def _numbers(part: str, field: Field) -> range:
    """`*`, `5`, `1-5`, `*/15`, `10-30/5`, `MON-FRI`."""
    span, slash, step = part.partition("/")
    first, dash, last = span.partition("-")
    begin = field.least if span == ANY else _number(first, field)
    end = _number(last, field) if dash else field.most if span == ANY or slash else begin
    width = int(step) if step.isascii() and step.isdigit() else 0
    if end < begin or (slash and not width):
        raise ValueError(f'"{part}" is no {field.name}')
    return range(begin, end + 1, width or 1)


def _number(word: str, field: Field) -> int:
    if word.upper() in field.words:
        return field.words.index(word.upper()) + field.least
    if not (word.isascii() and word.isdigit() and field.least <= int(word) <= field.most):
        raise ValueError(f'"{word}" is no {field.name}')
    return int(word)
