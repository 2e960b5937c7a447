"""Commands written as one string.

Source: the reference splits with github.com/mattn/go-shellwords: quotes and backslashes as in a shell, no variables.
"""

import re

from .tree import Invalid

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+)
    | \\(?P<escaped>.)
    | '(?P<single>[^']*)'
    | "(?P<double>(?:\\.|[^"\\])*)"
    | (?P<open>['"\\])
    | (?P<substitution>\$\()
    | (?P<operator>[;&|<>()`])
    | (?P<text>(?:[^\s\\'";&|<>()`$]|\$(?!\())+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LETTERS = {"t": "\t", "n": "\n"}


def split(command: str) -> list[str]:
    """The words of a command.

    Raises:
        Invalid: a quote is not closed, or there is a shell operator outside quotes. (The reference drops what follows
            `;`, `&`, `|`, `<` and `>` without a word.)
    """
    words: list[str] = []
    word: str | None = None
    for token in _TOKEN.finditer(command):
        kind = token.lastgroup
        if kind == "space":
            words += [] if word is None else [word]
            word = None
        elif kind == "open":
            raise Invalid(f'"{command}" has a quote or backslash that is not closed', "close it, or write a list")
        elif token[0] == ";" and not command[token.end() :].strip():
            break  # it ends the command
        elif kind in ("operator", "substitution"):
            what = f'"{command}" has {token[0]} outside quotes, and no shell runs it'
            raise Invalid(what, 'write ["sh", "-c", "..."], or put it in quotes')
        else:
            word = (word or "") + _value(token)
    return words if word is None else [*words, word]


def _value(token: re.Match[str]) -> str:
    if token["escaped"] is not None:
        return _letter(token["escaped"])
    if token["double"] is not None:
        return _ESCAPED.sub(lambda match: _letter(match[1]), token["double"])
    return token["single"] if token["single"] is not None else token["text"]


def _letter(escaped: str) -> str:
    return _LETTERS.get(escaped, escaped)
