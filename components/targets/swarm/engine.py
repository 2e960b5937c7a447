"""Reading from a Swarm by one of its managers: what is there already, and why tasks failed. Nothing is changed."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import docker
import docker.errors
import requests

from ...access import SwarmAccess
from ...errors import InputError, Problem
from ...model import App
from ..docker.engine import can_ask, connect, state, unreachable
from .files import Identities

LOG_LINES = 15
"""How many of a failed task's last log lines are shown."""
TAIL = 200
"""How many of a service's last log lines are looked through for them."""
ENDED = ("complete", "failed", "rejected")
"""States of a task that ended by itself; a service's task never should. Swarm ends those that it shuts down otherwise
(https://docs.docker.com/engine/swarm/how-swarm-mode-works/swarm-task-states/)."""


def identities(app: App, access: SwarmAccess) -> Identities:
    """The IDs of the external networks, secrets and configs that services use: pulumi-docker takes no names.

    Raises:
        InputError: the Swarm has no such thing, or does not answer.
    """
    wanted = {kind: _external(app, kind) for kind in ("networks", "secrets", "configs")}
    if not any(wanted.values()):
        return Identities()
    if not can_ask(access):
        what = "what is external is looked up by its name, and this program cannot ask the manager for it"
        fix = "use unix:// on a manager, or ssh:// (`pip install paramiko`)"
        raise InputError(Problem(what, "slipway:cluster.existing.host", fix))
    try:
        with connect(access) as client:
            found = {kind: _listed(client.api, kind) for kind, names in wanted.items() if names}
    except (docker.errors.DockerException, requests.RequestException, OSError) as error:
        raise InputError(unreachable(access, error)) from error
    problems = [
        Problem(f'the Swarm has no {kind[:-1]} "{name}"', app.where((kind, key)), f"make it: {MAKE[kind]} {name}")
        for kind, names in wanted.items()
        for key, name in names.items()
        if name not in found[kind]
    ]
    if problems:
        raise InputError(problems)
    return Identities(**found)


MAKE = {
    "networks": "docker network create --driver overlay --attachable",
    "secrets": "docker secret create",
    "configs": "docker config create",
}
"""Kind -> the command that makes one."""


def _external(app: App, kind: str) -> dict[str, str]:
    """Key -> name of what is external and used by a service."""
    used = {
        grant if isinstance(grant, str) else grant.source
        for service in app.services.values()
        for grant in getattr(service, kind)
    }
    return {key: item.name or key for key, item in getattr(app, kind).items() if item.external and key in used}


def _listed(api: Any, kind: str) -> dict[str, str]:
    """Name -> ID of everything of a kind; only networks of the whole Swarm."""
    if kind == "networks":
        return {each["Name"]: each["Id"] for each in api.networks() if each.get("Scope") == "swarm"}
    return {each["Spec"]["Name"]: each["ID"] for each in getattr(api, kind)()}


def reasons(service: str, access: SwarmAccess) -> list[str]:
    """Why a service's tasks failed: the newest failure's error and last log lines; empty where nothing is known."""
    if not can_ask(access):
        return []
    try:
        with connect(access) as client:
            api: Any = client.api
            told = [task for task in api.tasks({"service": service}) if _tells(task["Status"])]
            if not told:
                return []
            task = max(told, key=lambda each: str(each["Status"]["Timestamp"]))
            return [*_state(task, client), *_log(task, api)]
    except (docker.errors.DockerException, requests.RequestException, OSError, KeyError):
        return []


def _tells(status: Mapping[str, Any]) -> bool:
    """Whether a task ended by itself, or waits for a node that fulfils what it asks for."""
    return status["State"] in ENDED or (status["State"] == "pending" and bool(status.get("Err")))


def _state(task: Mapping[str, Any], client: docker.DockerClient) -> Iterator[str]:
    status = task["Status"]
    api: Any = client.api
    name = next((each["Description"]["Hostname"] for each in api.nodes() if each["ID"] == task.get("NodeID")), "")
    where = f" on node {name}" if name else ""
    words = {"complete": "ended", "pending": "waits"}
    said = words.get(status["State"], status["State"])
    yield f"task {task.get('Slot') or ''}{where} {said}: {status.get('Err') or 'no reason given'}"
    identity = (status.get("ContainerStatus") or {}).get("ContainerID")
    if identity:
        # only the manager's own Engine can be asked about the container
        with contextlib.suppress(docker.errors.NotFound):
            yield from state(client.containers.get(identity).attrs["State"])


def _log(task: Mapping[str, Any], api: Any) -> Iterator[str]:
    """The failed task's own lines, from the service's log, where each line begins with its task's labels."""
    log = api.service_logs(task["ServiceID"], stdout=True, stderr=True, details=True, tail=TAIL)
    own = [line for line in _lines(log) if f"com.docker.swarm.task.id={task['ID']}" in line]
    lines = [line.partition(" ")[2] for line in own][-LOG_LINES:]
    if lines:
        yield f"last {len(lines)} log lines:"
        yield from (f"  {line}" for line in lines)


def _lines(log: Any) -> list[str]:
    joined = log if isinstance(log, bytes) else b"".join(log)
    return joined.decode(errors="replace").splitlines()
