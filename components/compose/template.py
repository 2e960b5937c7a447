"""Variables in a string: `$X`, `${X}`, `${X:-default}`, `${X-default}`, `${X:?message}`, `${X?message}`,
`${X:+other}`, `${X+other}`, nested, and `$$` for a dollar.

Source: https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md. As in the reference, a dollar that
begins none of these is a dollar.
"""  # noqa: D205 - the forms are the summary

import re
from collections.abc import Mapping

from .tree import Invalid

_DOLLAR = re.compile(r"\$(?:(?P<escaped>\$)|(?P<named>[_a-zA-Z][_a-zA-Z0-9]*)|(?P<brace>\{))")
_NAME = re.compile(r"[_a-zA-Z][_a-zA-Z0-9]*")
_OPERATORS = (":-", ":?", ":+", "-", "?", "+")


def substitute(template: str, env: Mapping[str, str]) -> str:
    """Replace the variables of a string.

    Args:
        template: the string.
        env: the variables.

    Returns:
        The string; an unset variable without a default is empty.

    Raises:
        Invalid: a required variable is missing, or `${` does not begin a valid form.
    """
    if "$" not in template:
        return template
    result, position = "", 0
    while (match := _DOLLAR.search(template, position)) is not None:
        result += template[position : match.start()]
        if match["escaped"]:
            result, position = result + "$", match.end()
        elif match["named"]:
            result, position = result + env.get(match["named"], ""), match.end()
        else:
            end = _closing(template, match.end())
            result, position = result + _braced(template, template[match.end() : end], env), end + 1
    return result + template[position:]


def _closing(template: str, start: int) -> int:
    depth = 1
    for index in range(start, len(template)):
        depth += {"{": 1, "}": -1}.get(template[index], 0)
        if depth == 0:
            return index
    raise _malformed(template)


def _braced(template: str, inside: str, env: Mapping[str, str]) -> str:
    match = _NAME.match(inside)
    if match is None:
        raise _malformed(template)
    name, rest = match[0], inside[match.end() :]
    if not rest:
        return env.get(name, "")
    operator = next((one for one in _OPERATORS if rest.startswith(one)), None)
    if operator is None:
        raise _malformed(template)
    word = rest[len(operator) :]
    value = env.get(name)
    present = bool(value) if operator[0] == ":" else value is not None
    if operator[-1] == "+":
        return substitute(word, env) if present else value or ""
    if present:
        return value or ""
    if operator[-1] == "-":
        return substitute(word, env)
    reason = substitute(word, env)
    raise Invalid(
        f"required variable {name} is {'empty' if value == '' else 'not set'}{f': {reason}' if reason else ''}",
        "give it a value in .env, slipway:env or slipway:secrets",
    )


def _malformed(template: str) -> Invalid:
    return Invalid(f'"{template}" has an invalid ${{...}}', "write ${NAME} or ${NAME:-default}, or $$ for a dollar")
