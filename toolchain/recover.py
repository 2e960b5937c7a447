"""After a kill: what an interrupted update left is cleared, so that the next one converges without a hand.

Only what is certainly dead is touched: a lock of a process that is gone from this machine, pending operations of an
update that no longer runs, containers and networks with our label that the state does not know. Never a volume.
"""

import json
import os
import socket
from pathlib import Path

from components.errors import InputError

from . import leftovers
from .places import Places
from .pulumi import Cli


def run(places: Places, cli: Cli) -> str:
    """Clear what an interrupted update left.

    Returns:
        What was cleared, in words.
    """
    done: list[str] = []
    if cli.env.get("PULUMI_BACKEND_URL") == f"file://{places.state}":
        locks = dead_locks(places.state, cli.stack)
        for lock in locks:
            lock.unlink(missing_ok=True)
        done += [f"{len(locks)} dead lock{'s' if len(locks) > 1 else ''}"] if locks else []
        if any(_locks(places.state, cli.stack)):
            return "another update runs: nothing was touched"
    pending = _clear_pending(cli)
    done += [f"{pending} pending operation{'s' if pending > 1 else ''}"] if pending else []
    known = frozenset(str(each.get("id")) for each in leftovers.state(cli))
    for kind in ("container", "network"):
        removed = leftovers.remove_kind(cli, kind, keep=known)
        done += [f"{len(removed)} unknown {kind}{'s' if len(removed) > 1 else ''}"] if removed else []
    return f"cleared {', '.join(done)}" if done else "nothing to do"


def dead_locks(state: Path, stack: str) -> list[Path]:
    """Lock files whose process is gone from this machine; one of another machine is left alone."""
    return [path for path in _locks(state, stack) if _dead(path)]


def _locks(state: Path, stack: str) -> list[Path]:
    return sorted(state.glob(f".pulumi/locks/organization/*/{stack}/*.json"))


def _dead(path: Path) -> bool:
    try:
        lock = json.loads(path.read_text())
        if lock["hostname"] != socket.gethostname():
            return False
        os.kill(int(lock["pid"]), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError, KeyError):
        return False
    return False


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
