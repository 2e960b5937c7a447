"""After a kill: what an interrupted update left is cleared, so that the next one converges without a hand.

Only what is certainly dead is touched: a lock of a process that is gone from this machine, plugins whose CLI is gone,
pending operations of an update that no longer runs, containers and networks with our label that the state does not
know. Never a volume.
"""

import contextlib
import json
import os
import signal
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from components.errors import InputError

from . import daemons, leftovers
from .places import Places
from .pulumi import Cli

_NAMES = ("pulumi-resource-", "pulumi-language-")


def run(places: Places, cli: Cli) -> str:
    """Clear what an interrupted update left.

    Returns:
        What was cleared, in words.
    """
    done = [_count(len(_end_orphans(places)), "orphaned plugin")]
    if cli.env.get("PULUMI_BACKEND_URL") == f"file://{places.state}":
        locks = dead_locks(places.state, cli.stack)
        for lock in locks:
            lock.unlink(missing_ok=True)
        done.append(_count(len(locks), "dead lock"))
        if any(_locks(places.state, cli.stack)):
            return "another update runs: nothing was touched"
    done.append(_count(_clear_pending(cli), "pending operation"))
    known = frozenset(str(each.get("id")) for each in leftovers.state(cli))
    removed = {kind: leftovers.remove_kind(cli, kind, keep=known) for kind in ("container", "network")}
    done += [_count(len(each), f"unknown {kind}") for kind, each in removed.items()]
    said = ", ".join(filter(None, done))
    return f"cleared {said}" if said else "nothing to do"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number > 1 else ''}" if number else ""


def dead_locks(state: Path, stack: str) -> list[Path]:
    """Lock files whose process is gone from this machine; one of another machine is left alone."""
    return [path for path in _locks(state, stack) if _dead(path)]


def _locks(state: Path, stack: str) -> list[Path]:
    return sorted(state.glob(f".pulumi/locks/organization/*/{stack}/*.json"))


def _dead(path: Path) -> bool:
    try:
        lock = json.loads(path.read_text())
        taken = datetime.fromisoformat(lock["timestamp"]).timestamp()
        if lock["hostname"] != socket.gethostname():
            return False
        ticks = daemons.started(int(lock["pid"]))
    except (OSError, ValueError, KeyError):
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


def _clear_pending(cli: Cli) -> int:
    """Forget operations that were under way; what they made and the state does not know is removed by its label."""
    try:
        exported = json.loads(cli.ask("stack", "export"))
    except InputError:
        return 0
    pending = (exported.get("deployment") or {}).pop("pending_operations", None) or []
    if pending:
        cli.ask("stack", "import", "--force", stdin=json.dumps(exported))
    return len(pending)
