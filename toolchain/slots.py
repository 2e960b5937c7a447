"""A part of the address range for each cluster that runs on this machine, and what a killed one left in it."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from components.errors import InputError, Problem

from . import daemons
from .shell import run, succeeds

COUNT = 8
FOLDER = "/run/slipway-kubernetes-{}"
"""One for all users of this machine, as bridges and namespaces are: who has the lock in it has these too."""
_END_SECONDS = 20.0
_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Slot:
    """What one cluster has to itself; all names follow from its number.

    Attributes:
        number: from 0.
        folder: for everything that it writes.
    """

    number: int
    folder: Path

    @property
    def network(self) -> str:
        """The first three numbers of its addresses."""
        return f"198.18.{120 + self.number}"

    @property
    def bridge(self) -> str:
        """The link by which this machine and the node reach each other."""
        return f"slcbr{self.number}"

    @property
    def space(self) -> str:
        """The node's network namespace."""
        return f"slc{self.number}"

    @property
    def outer(self) -> str:
        """The namespace's link to the bridge, on this machine's side."""
        return f"{self.space}v"

    def connect(self, address: str) -> None:
        """Make the bridge, and the namespace with an end on it at `address`."""
        outer, inner = self.outer, "eth0"
        run(["ip", "link", "add", self.bridge, "type", "bridge"])
        run(["ip", "address", "add", f"{self.network}.1/24", "dev", self.bridge])
        run(["ip", "link", "set", self.bridge, "up"])
        run(["ip", "netns", "add", self.space])
        run(["ip", "link", "add", outer, "type", "veth", "peer", "name", inner, "netns", self.space])
        run(["ip", "link", "set", outer, "master", self.bridge, "up"])
        run(["ip", "-n", self.space, "address", "add", f"{address}/24", "dev", inner])
        for link in (inner, "lo"):
            run(["ip", "-n", self.space, "link", "set", link, "up"])
        # kube-proxy wants a way out; it leads nowhere
        run(["ip", "-n", self.space, "route", "add", "default", "via", f"{self.network}.1"])

    def spawn(self, name: str, command: list[str]) -> None:
        """Start a process of the slot, with a log of its own; `clear` finds it, whenever we are killed."""
        with (self.folder / f"{name}.log").open("w") as log:
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def clear(self) -> None:
        """End what runs in the slot, and remove what it left; a second time does no harm."""
        self._end()
        if succeeds(["ip", "netns", "pids", self.space]):
            run(["ip", "netns", "delete", self.space])
        for link in (self.bridge, self.outer):
            if succeeds(["ip", "link", "show", link]):
                run(["ip", "link", "delete", link])
        for top in Path("/sys/fs/cgroup").glob(f"**/{self.folder.name}"):
            for group, _, _ in os.walk(top, topdown=False):
                with contextlib.suppress(OSError):  # files of a group cannot be removed, and need not be
                    Path(group).rmdir()
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            elif path.name != "lock":
                path.unlink()

    def processes(self) -> set[int]:
        """What runs in the namespace, and what was started with a configuration of the slot's folder."""
        found = {pid for pid in map(int, self._inside()) if daemons.started(pid) is not None}
        config = str(self.folder / "registry.json").encode()
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):  # it has ended meanwhile
                if path.read_bytes().split(b"\0")[-2:-1] == [config]:
                    found.add(int(path.parent.name))
        return found

    def _inside(self) -> list[str]:
        try:
            return run(["ip", "netns", "pids", self.space]).split()
        except InputError:
            return []  # there is no such namespace

    def _end(self) -> None:
        end = time.monotonic() + _END_SECONDS
        while (left := self.processes()) and time.monotonic() < end:
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(_POLL_SECONDS)


@contextlib.contextmanager
def take() -> Iterator[Slot]:
    """A slot that no other run uses; what a killed run left in it is removed first, what we leave is at the end.

    Raises:
        InputError: all of them are in use.
    """
    for number in range(COUNT):
        slot = Slot(number, Path(FOLDER.format(number)))
        slot.folder.mkdir(mode=0o700, exist_ok=True)
        with (slot.folder / "lock").open("w") as lock:
            if not _locked(lock):
                continue
            slot.clear()
            try:
                yield slot
            finally:
                slot.clear()
            return
    fix = f"end one; each is a `python -m toolchain.kubernetes`, or a test, that holds {FOLDER.format('N')}/lock"
    raise InputError(Problem(f"{COUNT} clusters run on this machine already", "Kubernetes", fix))


def _locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
