"""What set-up prints: a line per step with its outcome and time, and a sign of life while one is running."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

_WIDTH = 32
_QUIET_SECONDS = 20.0
_FRAME_SECONDS = 0.2
_FRAMES = "|/-\\"


@dataclass(slots=True)
class Step:
    """One step of set-up.

    Attributes:
        name: what it brings.
        started: `time.monotonic()` of its start.
        outcome: how it was brought; written by the step itself.
    """

    name: str
    started: float
    outcome: str = "done"


@dataclass(slots=True)
class Steps:
    """The steps that run and have run; safe to use from several threads.

    Attributes:
        out: where lines go.
        quiet: seconds between two signs of life where `out` is no terminal.
    """

    out: TextIO = field(default_factory=lambda: sys.stdout)
    quiet: float = _QUIET_SECONDS
    _running: list[Step] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Announce a step, and print its line at the end: `pulumi 3.259.0 ........ reused   0.0 s`."""
        step = self.begin(name)
        try:
            yield step
        except BaseException:
            step.outcome = "failed"
            raise
        finally:
            self.end(step, step.outcome)

    def begin(self, name: str) -> Step:
        """A step that ends elsewhere, by `end` or `forget`."""
        step = Step(name, time.monotonic())
        with self._lock:
            self._running.append(step)
        return step

    def end(self, step: Step, outcome: str) -> None:
        """Print a step's line."""
        with self._lock:
            self._running.remove(step)
            self._line(step, outcome)

    def forget(self, step: Step) -> None:
        """A step is over, and not worth a line."""
        with self._lock:
            self._running.remove(step)

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Show that running steps run: a moving line on a terminal, else a line every `quiet` seconds."""
        over = threading.Event()
        moving = self.out.isatty()
        ticker = threading.Thread(target=self._tick, args=(over, moving), daemon=True)
        ticker.start()
        try:
            yield
        finally:
            over.set()
            ticker.join()

    def note(self, text: str) -> None:
        """Print a line that belongs to no step."""
        with self._lock:
            self._print(text)

    def _tick(self, over: threading.Event, moving: bool) -> None:  # noqa: FBT001 - two ways to draw one thing
        frame = 0
        while not over.wait(_FRAME_SECONDS if moving else self.quiet):
            with self._lock:
                if moving:
                    frame += 1
                    self._draw(_FRAMES[frame % len(_FRAMES)])
                else:
                    for step in self._running:
                        if time.monotonic() - step.started > self.quiet / 2:
                            self._line(step, "still at it")

    def _draw(self, frame: str) -> None:
        now = time.monotonic()
        running = ", ".join(f"{step.name} {now - step.started:.0f} s" for step in self._running)
        if running:
            self.out.write(f"\r\033[K{frame} {running[:100]}")
            self.out.flush()

    def _line(self, step: Step, outcome: str) -> None:
        seconds = time.monotonic() - step.started
        self._print(f"{step.name} {'.' * max(2, _WIDTH - len(step.name))} {outcome:<40} {seconds:6.1f} s")

    def _print(self, text: str) -> None:
        start = "\r\033[K" if self.out.isatty() else ""
        self.out.write(f"{start}{text}\n")
        self.out.flush()
