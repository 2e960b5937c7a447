"""`.dockerignore`, as BuildKit reads it: what it leaves out of a build context.

The rules are those of https://github.com/moby/patternmatcher, which BuildKit walks a context with; where its
documentation (https://docs.docker.com/build/concepts/context/#dockerignore-files) says less, the code was asked.
"""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass

FILE = ".dockerignore"

Results = Sequence[bool]
"""Per pattern, whether it matched a folder: it then holds for all below."""


class PatternError(ValueError):
    """A pattern that has no meaning; its text is the pattern."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line. `exception` is whether it began with `!`: what it matches is not left out."""

    exception: bool
    regex: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Ignore:
    """The lines of one file, in order; the last that matches decides."""

    patterns: tuple[Pattern, ...] = ()

    @property
    def has_exceptions(self) -> bool:
        """Whether something below a folder that is left out may be kept."""
        return any(pattern.exception for pattern in self.patterns)

    def left_out(self, path: str, above: Results) -> tuple[bool, Results]:
        """Whether a path is left out.

        Args:
            path: relative to the context, with slashes.
            above: the results of the folder that it is in; empty for the context itself.

        Returns:
            The answer, and the results for what is below the path.
        """
        out = False
        results = []
        for index, pattern in enumerate(self.patterns):
            match = bool(above) and above[index]
            if not match and pattern.exception == out:  # a line that would change nothing is not asked
                match = pattern.regex.fullmatch(path) is not None
            if match:
                out = not pattern.exception
            results.append(match)
        return out, results


def parse(text: str) -> Ignore:
    """Read a `.dockerignore`.

    Raises:
        PatternError: a line has no meaning, such as `[a` or a lone `!`.
    """
    lines = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").split("\n")
    return Ignore(tuple(_pattern(line.strip()) for line in lines if line.strip() and not line.startswith("#")))


def _pattern(line: str) -> Pattern:
    exception = line.startswith("!")
    path = line[1:].strip() if exception else line
    clean = posixpath.normpath(path).lstrip("/") if path else ""
    if not clean and exception:
        raise PatternError(line)
    try:
        return Pattern(exception, re.compile(_regex(clean), re.DOTALL))
    except (re.error, IndexError):
        raise PatternError(line) from None


_TOKEN = re.compile(r"\*\*/?|\*|\?|\\.|\[\^?[^\]]+\]|[^\\\[]", re.DOTALL)
_PLAIN = re.compile(r"[^*?\\\[\]]*")


def _regex(pattern: str) -> str:
    """As a regular expression; there as here, `^` and escaped letters keep the meaning that they have in one.

    `**` at either end of a pattern without other wildcards is any beginning or end, slash or none.
    """
    if pattern.startswith("**") and _PLAIN.fullmatch(rest := pattern[2:]):
        return f"(.*/)?{re.escape(rest[1:])}" if rest.startswith("/") else f".*{re.escape(rest)}"
    if pattern.endswith("**") and _PLAIN.fullmatch(rest := pattern[:-2]):
        return f"{re.escape(rest)}.*"
    if _PLAIN.fullmatch(pattern):
        return re.escape(pattern)
    tokens = _TOKEN.findall(pattern)
    if "".join(tokens) != pattern:
        raise PatternError(pattern)
    return "".join(_translated(token, last=index == len(tokens) - 1) for index, token in enumerate(tokens))


def _translated(token: str, *, last: bool) -> str:
    if token.startswith("**"):
        return ".*" if last else "(.*/)?"
    if token[0] in "[\\^":
        return token
    return {"*": "[^/]*", "?": "[^/]"}.get(token) or re.escape(token)
