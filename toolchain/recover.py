"""After a kill: what an interrupted update left is cleared, so that the next one converges without a hand.

Only what is certainly dead is touched: a lock of a process that is gone from this machine, plugins whose CLI is gone,
what was half-written, pending operations of an update that no longer runs, what an Engine has with our label and the
state does not know. Never a volume.
"""

import contextlib
import json
import os
import signal
import socket
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from components.errors import InputError, Problem

from . import daemons, leftovers, pending
from .places import Places
from .pulumi import Cli

_NAMES = ("pulumi-resource-", "pulumi-language-")


def run(places: Places, cli: Cli) -> str:
    """Clear what an interrupted update left, and make the stack where there is none.

    Returns:
        What was cleared, in words.

    Raises:
        InputError: another update of the stack runs, or seems to.
    """
    cleared = unlock(places, cli)
    cli.create_stack(places.own / "project")
    done = [*cleared, _count(pending.clear(cli), "pending operation")]
    known = frozenset(str(each.get("id")) for each in leftovers.state(cli))
    removed = {kind: leftovers.remove_kind(cli, kind, keep=known) for kind in leftovers.kinds(cli)}
    done += [_count(len(each), f"unknown {kind}") for kind, each in removed.items()]
    said = ", ".join(filter(None, done))
    return f"cleared {said}" if said else "nothing to do"


def unlock(places: Places, cli: Cli) -> list[str]:
    """End what a killed CLI left running, and lift its locks.

    Returns:
        What was cleared, in words.

    Raises:
        InputError: a lock is left that may be another update's.
    """
    ended = _end_orphans(places)
    if cli.env.get("PULUMI_BACKEND_URL") != f"file://{places.state}":
        return [_count(len(ended), "orphaned plugin")]
    locks = dead_locks(places.state, cli.stack)
    for lock in locks:
        lock.unlink(missing_ok=True)
    held = [_holder(lock) for lock in _locks(places.state, cli.stack)]
    if held:
        raise InputError([Problem(what, f"stack {cli.stack}", fix) for what, fix in held])
    torn = torn_attributes(places.state, cli.stack)
    for path in torn:
        path.unlink()
    found: dict[str, Sequence[object]] = {"orphaned plugin": ended, "dead lock": locks, "torn file": torn}
    return [_count(len(each), what) for what, each in found.items()]


def _holder(path: Path) -> tuple[str, str]:
    """What a lock that is left says, and what to do about it."""
    dead = f"if you are sure that none runs, remove {path}"
    try:
        lock = json.loads(path.read_text())
        who, since = f"process {lock['pid']} of {lock['username']} on {lock['hostname']}", lock["timestamp"]
    except (OSError, ValueError, KeyError, TypeError):
        return "it is locked, and the lock cannot be read", dead
    return f"another update of it runs ({who}, since {since})", f"wait until it has ended; {dead}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number > 1 else ''}" if number else ""


def dead_locks(state: Path, stack: str) -> list[Path]:
    """Lock files whose process is gone from this machine; one of another machine is left alone."""
    return [path for path in _locks(state, stack) if _dead(path)]


def torn_attributes(state: Path, stack: str) -> list[Path]:
    """Files of attributes that a kill left half-written.

    The file backend replaces a state in one move, but not the attributes beside it. It cannot read a state beside torn
    ones (`failed to load checkpoint: EOF`), and does without any.
    """
    found = [*state.glob(".pulumi/meta.yaml.attrs"), *state.glob(f".pulumi/stacks/*/{stack}.json*.attrs")]
    return [path for path in found if not _is_json(path)]


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text())
    except ValueError:
        return False
    return True


def _locks(state: Path, stack: str) -> list[Path]:
    return sorted(state.glob(f".pulumi/locks/organization/*/{stack}/*.json"))


def _dead(path: Path) -> bool:
    try:
        lock = json.loads(path.read_text())
        taken = datetime.fromisoformat(lock["timestamp"]).timestamp()
        if lock["hostname"] != socket.gethostname():
            return False
        ticks = daemons.started(int(lock["pid"]))
    except (OSError, ValueError, KeyError, TypeError):
        return False  # not a lock that we can judge
    # a process that started after the lock was taken has only got the same number
    return ticks is None or daemons.clock(ticks) > taken + 1


def orphans(places: Places) -> list[int]:
    """Plugins and hosts of this checkout whose CLI is gone: killed, it could not end them."""
    found = []
    for pid in _processes(places):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            adopter = daemons.parent(pid)
            if adopter == 1 or Path(f"/proc/{adopter}/comm").read_text().strip() == "systemd":
                found.append(pid)
    return found


def _end_orphans(places: Places) -> list[int]:
    found = orphans(places)
    for pid in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    return found


def _processes(places: Places) -> Iterator[int]:
    roots = (str(places.home / "plugins"), str(places.bin), str(places.cache))
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_text(errors="replace").split("\0")[:2]  # the second one where Python runs it
            if any(each.startswith(roots) and Path(each).name.startswith(_NAMES) for each in words):
                yield int(path.parent.name)
