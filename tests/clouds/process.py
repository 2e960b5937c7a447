"""A cloud's process: it ends with the one that started it, however that ends."""

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from components.errors import InputError, Problem
from toolchain.shell import tail

_READY_SECONDS = 60.0
_POLL_SECONDS = 0.1


def free_port() -> int:
    """A port of loopback that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(
    command: Sequence[str], env: Mapping[str, str], log: Path, is_ready: Callable[[], object], where: str
) -> Iterator[None]:
    """Start one, and wait until it answers.

    Args:
        command: the program and its arguments.
        env: variables beside those of this process.
        log: the file for what it says.
        is_ready: raises an OSError until it answers.
        where: the place that messages begin with.

    Raises:
        InputError: it does not come up; with the end of its log.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as out:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *command],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, env={**os.environ, **env},
        )  # fmt: skip
    try:
        _await(process, is_ready, log, where)
        yield
    finally:
        process.kill()
        process.wait()


def _await(process: subprocess.Popen[bytes], is_ready: Callable[[], object], log: Path, where: str) -> None:
    end = time.monotonic() + _READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            is_ready()
            return
        time.sleep(_POLL_SECONDS)
    raise InputError(Problem(f"it does not answer{tail(log.read_text(errors='replace'))}", where))


@contextlib.contextmanager
def variables(given: Mapping[str, str]) -> Iterator[None]:
    """Let the environment name a cloud."""
    before = dict(os.environ)
    os.environ |= given
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= before
