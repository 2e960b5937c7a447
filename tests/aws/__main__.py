"""By hand, until Ctrl-C: `.venv/bin/python -m tests.aws`. With a command behind it, until that has ended; it finds the
cloud by the variables of `Cloud.env`.
"""

import os
import shlex
import signal
import subprocess
import sys

from toolchain import interrupt, outcome
from toolchain.places import Places

from . import start


def main() -> int:
    """Start a cloud.

    Returns:
        The command's exit code.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(interrupt.EXIT_CODE))
    with start.cloud(Places.here()) as here:
        if sys.argv[1:]:
            return subprocess.run(sys.argv[1:], env={**os.environ, **here.env}, check=False).returncode
        print(*(f"export {key}={shlex.quote(value)}" for key, value in here.env.items()), sep="\n", flush=True)
        signal.pause()
    return 0


sys.exit(outcome.of(main))
