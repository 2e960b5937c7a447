"""Every kind of error that Slipway raises for something a user can fix, and the one formatter of its messages.

The tree::

    SlipwayError            one or more problems, all of one step
    |- InputError           a file, a command line or a setting is wrong             exit code 2
    |  |- ComposeError      ... in the Compose files, or in what they refer to
    |  `- SettingsError     ... in the stack's config
    `- RejectedError        the input is right, but the target cannot do it           exit code 1

A component that fails because of one of these raises `pulumi.RunError` with the same text; `__main__.py` ends with 32,
to which the Pulumi CLI adds no traceback.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        what: what is wrong, with the offending value; lower case, no full stop.
        where: file, line, column and path, or the stack, or the setting; empty where there is no place.
        fix: what to do about it; empty where `what` says it already.
    """

    what: str
    where: str = ""
    fix: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}; {self.fix}" if self.fix else text


class SlipwayError(Exception):
    """One or more problems of one step. `str()` is the report: a line per problem, in the order found, none twice.

    Attributes:
        problems: what is wrong, at least one.
        exit_code: what a command line ends with.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        found = (problems,) if isinstance(problems, Problem) else tuple(dict.fromkeys(problems))
        super().__init__("\n".join(str(problem) for problem in found))
        self.problems = found


class InputError(SlipwayError):
    """A file, a command line or a setting is wrong."""


class ComposeError(InputError):
    """The Compose files, or something that they refer to, are wrong."""


class SettingsError(InputError):
    """The stack's config is wrong."""


class RejectedError(SlipwayError):
    """The application is right, but the target cannot do what it asks for."""

    exit_code = 1


def suggest(word: str, known: Iterable[str]) -> str:
    """The way out of a misspelt word: `did you mean "kubernetes"? (known: docker, kubernetes)`.

    Args:
        word: what was written.
        known: the words that would have been right, in any order.

    Returns:
        The closest word where one is close enough, then all of them, sorted; at most 20 are listed.
    """
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1)
    listed = ", ".join(words[:20]) + (", ..." if len(words) > 20 else "")
    return (f'did you mean "{close[0]}"? ' if close else "") + f"(known: {listed})"
