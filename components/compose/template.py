"""Variables in a string: `$X`, `${X}`, `${X:-default}`, `${X-default}`, `${X:?message}`, `${X?message}`,
`${X:+other}`, `${X+other}`, nested, and `$$` for a dollar.

Source: https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md, and `template/` of the reference for
what the specification leaves open: a dollar that begins none of these is a dollar; a form ends on its line, at the
brace that closes it, or at the last one of the line where braces do not pair.
"""  # noqa: D205 - the forms are the summary

import re
from collections.abc import Callable, Mapping

from ..errors import Problem
from .tree import Invalid

MAX_DEPTH = 32
"""How deep variables may nest in each other's defaults: far more than anybody writes, less than Python's stack."""

MAX_LENGTH = 10_000_000
"""How many characters the variables of one file may come to: a few lines of variables of variables are a bomb too."""

_NAME = "[_a-zA-Z][_a-zA-Z0-9]*"
_DOLLAR = re.compile(
    rf"\$(?:(?P<escaped>\$)|(?P<named>{_NAME})|(?P<brace>\{{)(?:(?P<name>{_NAME})(?P<form>:?[-?+]|\}}))?)"
)
_BRACE = re.compile(r"\{.?|\}|\n")  # as in the reference, what follows an opening brace closes nothing


def _ignore(_name: str) -> None:
    pass


def substitute(template: str, env: Mapping[str, str], unset: Callable[[str], object] = _ignore) -> str:
    """Replace the variables of a string.

    Args:
        template: the string.
        env: the variables.
        unset: is told the name of each variable that is replaced by nothing because it is not set.

    Returns:
        The string; an unset variable without a default is empty.

    Raises:
        Invalid: a required variable is missing, or `${` does not begin a valid form.
    """
    return _expand(template, env, unset, 0)


def blank(name: str, place: str) -> Problem:
    """The warning about a variable that is not set."""
    fix = f"give it a value in .env, slipway:env or slipway:secrets, or write ${{{name}:-}}"
    return Problem(f"variable {name} is not set and stands for nothing", place, fix)


def too_long(what: str) -> Invalid:
    """The verdict on variables that come to more than `MAX_LENGTH`."""
    return Invalid(f"{what} more than {MAX_LENGTH} characters", "write fewer variables of variables")


def _expand(template: str, env: Mapping[str, str], unset: Callable[[str], object], depth: int) -> str:
    if "$" not in template:
        return template
    pieces: list[str] = []
    position = length = 0
    while (match := _DOLLAR.search(template, position)) is not None:
        pieces.append(template[position : match.start()])
        name, position = match["named"] or match["name"], match.end()
        if match["escaped"]:
            piece = "$"
        elif name is None:
            raise _malformed(template)
        elif match["named"] or match["form"] == "}":
            piece = _plain(name, env, unset)
        else:
            end = _end(template, match.start())
            piece, position = _choice(match["form"], name, template[match.end() : end], env, unset, depth), end + 1
        pieces.append(piece)
        length += len(piece)
        if length > MAX_LENGTH:
            raise too_long("its variables come to")
    pieces.append(template[position:])
    return "".join(pieces)


def _plain(name: str, env: Mapping[str, str], unset: Callable[[str], object]) -> str:
    value = env.get(name)
    if value is None:
        unset(name)
        return ""
    return value


def _end(template: str, start: int) -> int:
    """Where the form that begins at `start` ends: the place of its brace."""
    depth, last = 0, None
    for brace in _BRACE.finditer(template, start):
        if brace[0] == "\n":
            break
        depth += 1 if brace[0][0] == "{" else -1
        if brace[0][-1] == "}":
            last = brace.end() - 1
        if depth == 0:
            return brace.start()
    if last is None:
        raise _malformed(template)
    return last


def _choice(form: str, name: str, word: str, env: Mapping[str, str], unset: Callable[[str], object], depth: int) -> str:
    if depth == MAX_DEPTH:
        raise Invalid(f"variables nest more than {MAX_DEPTH} deep", "write fewer defaults of defaults")
    value = env.get(name)
    present = bool(value) if form[0] == ":" else value is not None
    if form[-1] == "+":
        return _expand(word, env, unset, depth + 1) if present else value or ""
    if present:
        return value or ""
    other = _expand(word, env, unset, depth + 1)
    if form[-1] == "-":
        return other
    raise Invalid(
        f"required variable {name} is {'empty' if value == '' else 'not set'}{f': {other}' if other else ''}",
        "give it a value in .env, slipway:env or slipway:secrets",
    )


def _malformed(template: str) -> Invalid:
    shown = template if len(template) <= 100 else f"{template[:100]}..."
    return Invalid(f'"{shown}" has an invalid ${{...}}', "write ${NAME} or ${NAME:-default}, or $$ for a dollar")
