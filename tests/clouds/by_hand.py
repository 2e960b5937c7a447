"""A cloud for a command, or for someone at a terminal."""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
from typing import Protocol

from toolchain import interrupt


class Named(Protocol):
    """A cloud that its variables name."""

    @property
    def env(self) -> dict[str, str]:
        """By which its users find it."""


def run(cloud: contextlib.AbstractContextManager[Named]) -> int:
    """Start a cloud, for the command in the arguments; without one, until a signal.

    Returns:
        The command's exit code.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(interrupt.EXIT_CODE))
    with cloud as here:
        if sys.argv[1:]:
            return subprocess.run(sys.argv[1:], env={**os.environ, **here.env}, check=False).returncode
        print(*(f"export {key}={shlex.quote(value)}" for key, value in here.env.items()), sep="\n", flush=True)
        signal.pause()
    return 0
