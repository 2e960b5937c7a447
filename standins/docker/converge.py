"""Waiting until the tasks of a service are what its spec says, after `resource_docker_service_funcs.go`.

The states and the words are the official plugin's. It looks at an update for the first time after 7 s, then every 5 s.
Here what is certain is seen at once, so measured times are shorter; what it concludes from running tasks alone is
concluded after the same 7 s, and no earlier: until then they may be the old ones.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any, Final

from standins.docker.rules import nanoseconds
from standins.resource import Call, StandinError

Found = Mapping[str, Any]

_POLL_SECONDS: Final = 0.5
_FIRST_LOOK_SECONDS: Final = 7.0
"""When the official plugin looks at an update for the first time."""

FAILED: Final[Mapping[str, str]] = {
    "rollback_completed": "service rollback completed",
    "paused": "service update paused",
    "rollback_paused": "service rollback paused",
}
"""State of an update that ended badly -> the official words."""

# the order in which a task goes through its states
_STATES: Final = {
    state: number
    for number, state in enumerate(
        (
            *("new", "allocated", "pending", "assigned", "accepted", "preparing", "ready", "starting", "running"),
            *("complete", "shutdown", "failed", "rejected"),
        ),
        start=1,
    )
}


def created(call: Call, identity: str, config: Found) -> None:
    """Wait until every task of a new service runs.

    Args:
        call: the request.
        identity: of the service.
        config: `convergeConfig`: the first look is after `delay`.

    Raises:
        StandinError: it did not converge before `timeout`.
    """
    call.sleep(_seconds(config["delay"]))
    until = time.monotonic() + _seconds(config["timeout"])
    while not _runs(call, call.client.get(f"/services/{identity}")):
        _wait(call, identity, until, config)


def updated(call: Call, identity: str, config: Found, *, rolls: bool) -> None:
    """Wait until the Swarm has completed an update.

    Args:
        call: the request.
        identity: of the service.
        config: `convergeConfig`; its delay is not for updates.
        rolls: whether tasks are to be replaced; otherwise there may be no update to see.

    Raises:
        StandinError: it was rolled back or paused, or did not converge before `timeout`.
    """
    first_look = time.monotonic() + _FIRST_LOOK_SECONDS
    until = time.monotonic() + _seconds(config["timeout"])
    while True:
        service = call.client.get(f"/services/{identity}")
        status = service.get("UpdateStatus") or {}
        state = status.get("State", "")
        if state == "completed":
            return
        if state in FAILED:
            raise StandinError(f"{FAILED[state]}: {status.get('Message', '')}")
        if (time.monotonic() > first_look or not (rolls or state)) and _runs(call, service):
            if state == "rollback_started":
                raise StandinError(f"{FAILED['rollback_completed']}: {status.get('Message', '')}")
            return
        _wait(call, identity, until, config)


def _seconds(duration: str) -> float:
    return nanoseconds(duration) / 10**9


def _wait(call: Call, identity: str, until: float, config: Found) -> None:
    if time.monotonic() >= until:
        raise StandinError(f"Service with ID ({identity}) did not converge after {config['timeout']}")
    call.sleep(_POLL_SECONDS)


def _runs(call: Call, service: Found) -> bool:
    replicated = service["Spec"]["Mode"].get("Replicated")
    if replicated is None:
        raise StandinError("no replica count")
    tasks = tasks_of(call, service["ID"], wanted="running")
    active = {node["ID"] for node in call.client.get("/nodes") if node["Status"]["State"] != "down"}
    return running(tasks, active) == (replicated.get("Replicas") or 0)


def tasks_of(call: Call, identity: str, wanted: str = "") -> list[Found]:
    """The tasks of a service, those with this desired state alone where one is given."""
    # filtered here: the Engine refuses to filter by a service that is gone
    return [
        task
        for task in call.client.get("/tasks")
        if task.get("ServiceID") == identity and (not wanted or task["DesiredState"] == wanted)
    ]


def running(tasks: Iterable[Found], active: frozenset[str] | set[str]) -> int:
    """In how many slots the task that counts is running: of several, the one whose state is the earliest.

    Args:
        tasks: those that shall run.
        active: the nodes that are not down.
    """
    by_slot: dict[int, Found] = {}
    for task in tasks:
        known = by_slot.get(task.get("Slot", 0))
        if known is not None and _rank(known) <= _rank(task):
            continue
        if task.get("NodeID") and task["NodeID"] not in active:
            continue
        by_slot[task.get("Slot", 0)] = task
    return sum(task["Status"]["State"] == "running" for task in by_slot.values())


def _rank(task: Found) -> tuple[int, int]:
    return _STATES.get(task["DesiredState"], 0), _STATES.get(task["Status"]["State"], 0)
