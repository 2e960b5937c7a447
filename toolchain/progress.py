"""What of the Pulumi CLI's output is shown: a line per resource that changed, and all that is no progress."""

import re
from collections import defaultdict, deque
from collections.abc import Iterable

from .steps import Step, Steps

_RESOURCE = re.compile(
    r"^ [ +~-]{2} *(?P<package>[a-z][\w-]*):[\w./-]+:(?P<type>[\w-]+) (?P<name>\S+)(?: (?P<status>.*))?$"
)
_PARTS = ("pulumi", "slipway")
"""Packages whose resources are made of others, which have lines of their own."""
_UNDER_WAY = re.compile(r"[a-z]+ing\b")
_ENDED = re.compile(r"(created replacement|created|deleted|imported|updated)(?! original)\b|\*\*(.+ failed)\*\*")
"""How a change ends. What else ends is a part of one of these, or no change."""
_WORDS = {"created replacement": "replaced"}
_KEPT = "[retain]"
_BUILD = re.compile(r"#\d+ .*\S")
"""A line of a build's log; the last ones are shown where the build fails."""
_BUILD_LINES = 15
_NOISE = (
    "@ ",
    "The resources in the stack have been deleted, but the history",
    "If you want to remove the stack completely, run",
)
_REPORT = "Diagnostics:"
"""From this line on there is no progress, and everything is shown."""


class Progress:
    """The resources that the CLI is at."""

    def __init__(self, steps: Steps) -> None:
        """Nothing has begun."""
        self._steps = steps
        self._running: dict[tuple[str, str], Step] = {}
        self._logs: dict[tuple[str, str], deque[str]] = defaultdict(lambda: deque(maxlen=_BUILD_LINES))
        self._reports = False

    def show(self, lines: Iterable[str]) -> list[str]:
        """Show lines as they come.

        Returns:
            All of them, as they came.
        """
        with self._steps.alive():
            came = [self._shown(line.rstrip("\n")) for line in lines]
        for step in self._running.values():
            self._steps.forget(step)
        return came

    def _shown(self, line: str) -> str:
        self._reports = self._reports or line == _REPORT
        found = None if self._reports else _RESOURCE.match(line)
        if found is None:
            if not line.startswith(_NOISE):
                self._steps.note(line)
        elif found["package"] not in _PARTS:
            self._resource((found["type"], found["name"]), found["status"] or "")
        return line

    def _resource(self, key: tuple[str, str], status: str) -> None:
        if _UNDER_WAY.match(status):
            if key not in self._running:
                self._running[key] = self._steps.begin(" ".join(key))
            self._logs[key].extend(_BUILD.findall(status))
            return
        step = self._running.pop(key, None)
        ended = _ENDED.match(status)
        if step is None:
            return
        if ended is None:
            self._steps.forget(step)
            return
        done, failed = ended.groups()
        self._steps.end(step, "kept" if _KEPT in status else failed or _WORDS.get(done, done))
        for line in self._logs[key] if failed else ():
            self._steps.note(f"    {line}")
