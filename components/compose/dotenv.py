"""Files of variables (`.env`, `env_file`, `label_file`), in the dialect of the reference (its `dotenv/`).

`KEY=VALUE` or `KEY: VALUE`, an optional `export`, comments, single quotes (literal) and double quotes (escapes and
variables), values over several lines inside quotes. A key alone takes its value from the environment.
"""

import re
from collections import ChainMap
from collections.abc import Mapping

from ..errors import ComposeError, Problem
from .read import read_text
from .template import MAX_LENGTH, blank, substitute, too_long
from .tree import Invalid

_INLINE = " \t\v\f\r\x85\xa0"
_BLANKS = f"{_INLINE}\n\u1680{''.join(map(chr, range(0x2000, 0x200B)))}\u2028\u2029\u202f\u205f\u3000"  # as Go has it
_EXPORT = re.compile(rf"export[ \t\f\r][{_INLINE}]*")
_BLANK = re.compile(rf"(?:[{_BLANKS}]++|#[^\n]*+)*+")
_BEFORE_VALUE = re.compile(rf"[{_INLINE}]*")
_KEY = re.compile(r"[^=:\n]*")
_NAME = re.compile(rf"[\w.\-\[\]{_INLINE}]+")  # with blanks, which are looked at apart
_QUOTED = {quote: re.compile(rf"{quote}((?:\\.|[^\\{quote}]++)*+){quote}", re.DOTALL) for quote in "'\""}
_ESCAPE = re.compile(r'\\(?:([abfnrtv"\\$])|0([0-7]{3})|0([0-9]{0,3}))')
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


def parse_file(
    file: str,
    env: Mapping[str, str],
    warnings: list[Problem] | None = None,
    earlier: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The variables of a file.

    Args:
        file: its path.
        env: what values may refer to, before the file's own earlier variables.
        warnings: variables that are not set are added here.
        earlier: what files before it said; its own variables win over them, and values may refer to both.

    Raises:
        ComposeError: the file cannot be read, or a line is not an assignment.
    """
    return parse(read_text(file), env, file, warnings, earlier)


def parse(
    text: str,
    env: Mapping[str, str],
    file: str,
    warnings: list[Problem] | None = None,
    earlier: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The variables of a text; `file` is for messages; see `parse_file`."""
    parser = _Parser(text, env, file, [] if warnings is None else warnings)
    parser.found.update(earlier or {})
    return parser.variables()


def parse_raw_file(file: str, env: Mapping[str, str]) -> dict[str, str]:
    """The variables of a file with `format: raw`: `KEY=VALUE` lines, taken as they are, and comments.

    Args:
        file: its path.
        env: where a key alone takes its value from.

    Raises:
        ComposeError: the file cannot be read, or a line is not an assignment; all such lines.
    """
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for number, line in enumerate(read_text(file).split("\n"), 1):
        text = line.removesuffix("\r").lstrip(_BLANKS)
        if not text or text.startswith("#"):
            continue
        key, equals, value = text.partition("=")
        if not key or " " in key or "\t" in key:
            problems.append(_no_name(key, f"{file}:{number}"))
        elif equals:
            found[key] = value
        elif key in env:
            found[key] = env[key]
    if problems:
        raise ComposeError(problems)
    return found


def _no_name(key: str, place: str) -> Problem:
    shown = key if len(key) <= 100 else f"{key[:100]}..."
    return Problem(f'"{shown}" is not a name of a variable', place, "write NAME=value")


class _Parser:
    def __init__(self, text: str, env: Mapping[str, str], file: str, warnings: list[Problem]) -> None:
        self.text = text
        self.env = dict(env)
        self.file = file
        self.warnings = warnings
        self.position = self.counted = 0
        self.line = 1
        self.found: dict[str, str] = {}
        self.length = 0

    def variables(self) -> dict[str, str]:
        while self.skip_blank():
            key, inherited = self.key()
            if not inherited:
                self.found[key] = self.value()
            elif key in self.env:
                self.found[key] = self.env[key]
        return self.found

    def skip_blank(self) -> bool:
        self.position = _match_end(_BLANK, self.text, self.position)
        return self.position < len(self.text)

    def place(self) -> str:
        self.line += self.text.count("\n", self.counted, self.position)
        self.counted = self.position
        return f"{self.file}:{self.line}"

    def wrong(self, what: str, fix: str) -> ComposeError:
        return ComposeError(Problem(what, self.place(), fix))

    def key(self) -> tuple[str, bool]:
        """The next key, and whether it stands alone."""
        start = _match_end(_EXPORT, self.text, self.position)
        end = _match_end(_KEY, self.text, start)
        written = self.text[start:end]
        key = written.rstrip(_INLINE)
        if not key or " " in key or _NAME.fullmatch(written) is None:
            raise ComposeError(_no_name(key, self.place()))
        inherited = end == len(self.text) or self.text[end] == "\n"
        self.position = end + 1
        return key, inherited

    def value(self) -> str:
        self.position = _match_end(_BEFORE_VALUE, self.text, self.position)
        quote = self.text[self.position : self.position + 1]
        if quote in _QUOTED:
            return self.quoted(quote)
        end = self.text.find("\n", self.position)
        end = len(self.text) if end < 0 else end
        value = self.expand(self.text[self.position : end].partition(" #")[0].rstrip(_BLANKS))
        self.position = end
        return value

    def quoted(self, quote: str) -> str:
        match = _QUOTED[quote].match(self.text, self.position)
        if match is None:
            raise self.wrong(f"a value begins with {quote} and never ends", f"close it with {quote}")
        value = match[1].replace(f"\\{quote}", quote)
        if quote == '"':
            value = self.expand(_ESCAPE.sub(_unescaped, value))
        self.position = match.end()
        return value

    def expand(self, value: str) -> str:
        names: list[str] = []
        try:
            expanded = substitute(value, ChainMap(self.env, self.found), names.append)
            self.length += len(expanded)
            if self.length > MAX_LENGTH:
                raise too_long("the variables of the file come to")
        except Invalid as invalid:
            raise self.wrong(invalid.what, invalid.fix) from None
        self.warnings += [blank(name, self.place()) for name in names]
        return expanded


def _match_end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return start if match is None else match.end()


def _unescaped(match: re.Match[str]) -> str:
    if match[1] is not None:
        return _ESCAPES[match[1]]
    if match[2] is not None and (code := int(match[2], 8)) < 256:
        return chr(code)
    return f"\\{match[2] or match[3]}"
