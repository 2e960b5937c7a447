"""Ctrl-C and SIGTERM: children end, one line is said, the exit code is 130.

Set-up may stop anywhere, so its tools are ended at once. An update may not: the Pulumi CLI first ends what is under
way.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

EXIT_CODE = 130
_children: dict[subprocess.Popen[Any], bool] = {}
"""What runs now -> whether it is waited for."""
_asked = False


def watch() -> None:
    """Answer to both signals from now on; where one is ignored, as in a background job, it stays so."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


@contextmanager
def child(process: subprocess.Popen[Any], *, patient: bool = False) -> Iterator[None]:
    """While a child runs; a patient one is waited for where we are to stop, and then we stop."""
    _children[process] = patient
    try:
        yield
    finally:
        del _children[process]
    if patient and _asked:
        _leave()


def _stop(number: int, _frame: FrameType | None) -> None:
    global _asked  # noqa: PLW0603 - there is one process, and it is asked
    _asked = True
    for process, patient in list(_children.items()):
        # a terminal's Ctrl-C has reached the child too, and a second one would end an update the hard way
        if not patient or number == signal.SIGTERM:
            process.terminate()
    if not any(_children.values()):
        _leave()


def _leave() -> None:
    """End without waiting for other threads: what they do may stop anywhere."""
    print("stopped; run it again, and it goes on from here", file=sys.stderr, flush=True)
    sys.stdout.flush()
    os._exit(EXIT_CODE)
