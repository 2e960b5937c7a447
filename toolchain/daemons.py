"""Daemons that set-up started from this checkout: a record each, so that they alone are listed and ended."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from components.errors import InputError, Problem

from . import cache
from .places import Places
from .shell import tail

_READY_SECONDS = 60.0
_END_SECONDS = 20.0
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Daemon:
    """A process that set-up started.

    Attributes:
        name: of the daemon.
        pid: its process.
        ticks: when that process started, in clock ticks since boot: a pid alone may be another's by now.
        since: the same as seconds since 1970, for people.
    """

    name: str
    pid: int
    ticks: int
    since: float

    @property
    def running(self) -> bool:
        """Whether the pid is still the process that was started."""
        return started(self.pid) == self.ticks


def started(pid: int) -> int | None:
    """When a process started, in clock ticks since boot; None: there is none, or it is a zombie."""
    fields = _stat(pid)
    return int(fields[19]) if fields and fields[0] != "Z" else None


def parent(pid: int) -> int:
    """The process that a process was started by, or 1; 0 where there is none."""
    fields = _stat(pid)
    return int(fields[1]) if fields else 0


def clock(ticks: int) -> float:
    """Clock ticks since boot as seconds since 1970."""
    boot = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime "))
    return int(boot.split()[1]) + ticks / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """`proc(5)`, /proc/pid/stat, from the third field on: the second is the program's name, and may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def start(name: str, command: Sequence[str], ready: Callable[[], bool], places: Places) -> None:
    """Start a daemon that outlives set-up, and wait until it is ready.

    Raises:
        InputError: it ended, or is not ready in time; with the end of its log.
    """
    places.run.mkdir(parents=True, exist_ok=True)
    log = places.run / f"{name}.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
    record = Daemon(name, process.pid, started(process.pid) or 0, time.time())
    cache.write(places.run / f"{name}.json", json.dumps(asdict(record)))
    end = time.monotonic() + _READY_SECONDS
    while time.monotonic() < end:
        if ready():
            return
        if process.poll() is not None:
            raise InputError(Problem(f"ended with code {process.returncode}{tail(log.read_text())}", f"start {name}"))
        time.sleep(_POLL_SECONDS)
    raise InputError(Problem(f"not ready after {_READY_SECONDS:.0f} s{tail(log.read_text())}", f"start {name}"))


def known(places: Places) -> Iterator[Daemon]:
    """The daemons that this checkout started, running or not."""
    for path in sorted(places.run.glob("*.json")):
        yield Daemon(**json.loads(path.read_text()))


def stop(daemon: Daemon, places: Places) -> bool:
    """End a daemon, if it is still the process that was started, and forget it.

    Returns:
        Whether there was something to end.
    """
    was_running = daemon.running
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not daemon.running:
            break
        os.kill(daemon.pid, number)
        end = time.monotonic() + _END_SECONDS
        while daemon.running and time.monotonic() < end:
            time.sleep(_POLL_SECONDS)
    (places.run / f"{daemon.name}.json").unlink(missing_ok=True)
    return was_running
