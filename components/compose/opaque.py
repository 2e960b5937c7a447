"""Secrets and outputs on their way through the phases.

While the phases run, an opaque value is one character of a private-use plane, which stands in the string where the
value belongs. So every phase works on plain strings, none can read a secret, and splitting `KEY=VALUE`, a command or a
path keeps each opaque value where it was. `reveal` turns such strings into `model.Parts` at the end.
"""

import re
from collections.abc import Mapping
from typing import Any

from ..errors import Problem
from ..model import Opaque, Parts, Text
from .tree import Invalid, List, Map

_FIRST = 0x100000  # plane 16, assigned to no script and no icon font in use
_LAST = 0x10FFFD
_STAND_IN = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")


def holds(text: str) -> bool:
    """Whether a string has an opaque part."""
    return not text.isascii() and _STAND_IN.search(text) is not None


def decided(text: str, what: str) -> str:
    """The same string, which the loader has to understand.

    Raises:
        Invalid: it has an opaque part.
    """
    if holds(text):
        raise Invalid(f"{what} holds a secret or an output, which is not known yet", "write a plain value here")
    return text


class Ledger:
    """Which character stands for which value, for one load."""

    def __init__(self) -> None:
        self._values: list[Opaque] = []

    def hide(self, text: Text) -> str:
        """A text as a plain string with a stand-in for each opaque part."""
        if not isinstance(text, Parts):
            return text
        result = ""
        for part in text:
            if isinstance(part, Opaque):
                result += chr(_FIRST + len(self._values))
                self._values.append(part)
            else:
                result += part
        return result

    def hide_all(self, env: Mapping[str, Text]) -> dict[str, str]:
        """A mapping of variables with every value hidden."""
        return {name: self.hide(value) for name, value in env.items()}

    def show(self, text: str) -> Text:
        """The text that a string stands for."""
        if not self._values or not holds(text):
            return text
        parts: list[str | Opaque] = []
        position = 0
        for match in _STAND_IN.finditer(text):
            index = ord(match[0]) - _FIRST
            if index < len(self._values):
                parts += [text[position : match.start()], self._values[index]]
                position = match.end()
        parts.append(text[position:])
        return Parts(part for part in parts if part != "")

    def reveal(self, value: Any) -> Any:
        """A tree with every string shown; changed in place, untouched where nothing is opaque."""
        if not self._values:
            return value
        if isinstance(value, str):
            return self.show(value)
        if isinstance(value, Map):
            for key, element in value.items():
                value[key] = self.reveal(element)
        elif isinstance(value, List):
            value[:] = [self.reveal(element) for element in value]
        return value

    def masked(self, problem: Problem) -> Problem:
        """A problem whose text shows names instead of values."""
        return Problem(str(self.show(problem.what)), str(self.show(problem.where)), str(self.show(problem.fix)))
