"""Files of variables (`.env`, `env_file`, `label_file`), in the dialect of the reference (its `dotenv/`).

`KEY=VALUE` or `KEY: VALUE`, an optional `export`, comments, single quotes (literal) and double quotes (escapes and
variables), values over several lines inside quotes. A key alone takes its value from the environment.
"""

import re
from collections import ChainMap
from collections.abc import Mapping

from ..errors import ComposeError, Problem
from .read import read_text
from .template import substitute
from .tree import Invalid

_EXPORT = re.compile(r"export\s+")
_BLANK = re.compile(r"(?:\s+|#[^\n]*)+")
_KEY = re.compile(r"[^=:\n]*")
_NAME = re.compile(r"[\w.\-\[\]]*")
_ESCAPE = re.compile(r"\\(?:[abcfnrtv$\"\\]|0[0-7]{0,3})")
_ESCAPES = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    '"': '"',
    "\\": "\\",
    "$": "$$",
}
_INLINE = " \t\v\f\r\x85\xa0"


def parse_file(file: str, env: Mapping[str, str]) -> dict[str, str]:
    """The variables of a file.

    Args:
        file: its path.
        env: what values may refer to, before the file's own earlier variables.

    Raises:
        ComposeError: the file cannot be read, or a line is not an assignment.
    """
    return parse(read_text(file), env, file)


def parse(text: str, env: Mapping[str, str], file: str) -> dict[str, str]:
    """The variables of a text; `file` is for messages; see `parse_file`."""
    return _Parser(text.replace("\r\n", "\n"), env, file).variables()


class _Parser:
    def __init__(self, text: str, env: Mapping[str, str], file: str) -> None:
        self.text = text
        self.env = dict(env)
        self.file = file
        self.position = 0
        self.found: dict[str, str] = {}

    def variables(self) -> dict[str, str]:
        while self.skip_blank():
            key, inherited = self.key()
            if not inherited:
                self.found[key] = self.value()
            elif key in self.env:
                self.found[key] = self.env[key]
        return self.found

    def skip_blank(self) -> bool:
        match = _BLANK.match(self.text, self.position)
        self.position = match.end() if match else self.position
        return self.position < len(self.text)

    def wrong(self, what: str, fix: str) -> ComposeError:
        line = self.text.count("\n", 0, self.position) + 1
        return ComposeError(Problem(what, f"{self.file}:{line}", fix))

    def key(self) -> tuple[str, bool]:
        """The next key, and whether it stands alone."""
        match = _EXPORT.match(self.text, self.position)
        start = match.end() if match else self.position
        end = _match_end(_KEY, self.text, start)
        key = self.text[start:end].strip()
        if _NAME.fullmatch(key) is None or not key:
            raise self.wrong(f'"{key}" is not a name of a variable', "write NAME=value")
        inherited = end == len(self.text) or self.text[end] == "\n"
        self.position = end + 1
        return key, inherited

    def value(self) -> str:
        while self.position < len(self.text) and self.text[self.position] in _INLINE:
            self.position += 1
        quote = self.text[self.position : self.position + 1]
        if quote in ("'", '"'):
            return self.quoted(quote)
        end = self.text.find("\n", self.position)
        end = len(self.text) if end < 0 else end
        line = self.text[self.position : end]
        expanded = self.expand(line.partition(" #")[0].rstrip())
        self.position = end
        return expanded

    def quoted(self, quote: str) -> str:
        characters: list[str] = []
        index = self.position + 1
        while index < len(self.text):
            character = self.text[index]
            if character == "\\" and index + 1 < len(self.text):
                following = self.text[index + 1]
                characters.append(following if following == quote else character + following)
                index += 2
                continue
            if character == quote:
                inside = "".join(characters)
                value = self.expand(_unescape(inside)) if quote == '"' else inside
                self.position = index + 1
                return value
            characters.append(character)
            index += 1
        raise self.wrong(f"a value begins with {quote} and never ends", f"close it with {quote}")

    def expand(self, value: str) -> str:
        try:
            return substitute(value, ChainMap(self.env, self.found))
        except Invalid as invalid:
            raise self.wrong(invalid.what, invalid.fix) from None


def _match_end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return start if match is None else match.end()


def _unescape(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        code = match[0][1:]
        if code.startswith("0"):
            return chr(int(code[1:], 8)) if len(code) == 4 else match[0]
        return _ESCAPES.get(code, match[0])

    return _ESCAPE.sub(one, text)
