"""A container definition as the Engine's options. Pure.

What Fargate refuses, by the rules of the tests' stand-in, or this agent does not know, is an error: a task that runs
here must not do so because something was left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from standins.aws import containers

STOP_SECONDS = 30
"""https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, stopTimeout."""
_SECOND = 1_000_000_000
_CHECK = {"interval": 30, "timeout": 5, "retries": 3, "startPeriod": 0}
"""https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html."""
_KNOWN = {
    *("name", "image", "command", "entryPoint", "environment", "secrets", "essential", "dependsOn", "healthCheck"),
    *("mountPoints", "portMappings", "user", "workingDirectory", "readonlyRootFilesystem", "linuxParameters"),
    *("ulimits", "stopTimeout", "logConfiguration", "cpu", "memory", "memoryReservation", "dockerLabels"),
    *("repositoryCredentials", "interactive", "pseudoTerminal", "versionConsistency", "systemControls", "volumesFrom"),
}
_LINUX = {"initProcessEnabled", "capabilities", "tmpfs"}
_LIMITS = {"nofile"}
"""The limits that Fargate heeds; of the others it has its own
(https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, ulimits)."""


class NotStartedError(Exception):
    """A task does not start; the message is its stopped reason."""


def problems(definition: Mapping[str, Any]) -> Iterator[str]:
    """What of a task definition Fargate would refuse, or this agent leaves out."""
    given = definition["containerDefinitions"]
    if definition.get("networkMode") != "awsvpc":
        yield f"networkMode {definition.get('networkMode')} is not for Fargate"
    volumes = {volume["name"] for volume in definition.get("volumes", ())}
    yield from (f"{path}: {what}" for path, what in containers.wrong(definition, given, volumes, on_fargate=True))
    for container in given:
        yield from (f"container {container['name']}: {problem}" for problem in _unknown(container))


def _unknown(container: Mapping[str, Any]) -> Iterator[str]:
    linux = container.get("linuxParameters") or {}
    for key in sorted(_given(container) - _KNOWN):
        yield f"{key} is not known here"
    for key in sorted(_given(linux) - _LINUX):
        yield f"linuxParameters.{key} is not known here"


def _given(mapping: Mapping[str, Any]) -> set[str]:
    return {key for key, value in mapping.items() if value}


def options(container: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """What docker-py's `containers.create` takes for a container, but for its network and its mounts.

    Args:
        container: see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html.
        environment: its variables, with the secret ones.
    """
    linux = container.get("linuxParameters") or {}
    capabilities = linux.get("capabilities") or {}
    memory = container.get("memory")
    found = {
        "command": container.get("command") or None,
        "entrypoint": container.get("entryPoint") or None,
        "environment": dict(environment),
        "user": container.get("user") or None,
        "working_dir": container.get("workingDirectory") or None,
        "read_only": container.get("readonlyRootFilesystem") or None,
        "init": linux.get("initProcessEnabled") or None,
        "cap_add": capabilities.get("add") or None,
        "cap_drop": capabilities.get("drop") or None,
        "tmpfs": {each["containerPath"]: _tmpfs(each) for each in linux.get("tmpfs") or ()} or None,
        "mem_limit": f"{memory}m" if memory else None,
        "cpu_shares": container.get("cpu") or None,
        "stdin_open": container.get("interactive") or None,
        "tty": container.get("pseudoTerminal") or None,
        "healthcheck": _check(container.get("healthCheck")),
        "ulimits": [
            {"Name": each["name"], "Soft": each["softLimit"], "Hard": each["hardLimit"]}
            for each in container.get("ulimits") or ()
            if each["name"] in _LIMITS
        ]
        or None,
        "sysctls": {each["namespace"]: each["value"] for each in container.get("systemControls") or ()} or None,
    }
    return {key: value for key, value in found.items() if value is not None}


def _tmpfs(given: Mapping[str, Any]) -> str:
    return ",".join([f"size={given['size']}m", *(given.get("mountOptions") or ())])


def _check(check: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not check:
        return {"test": ["NONE"]}  # the image's own is not used: "Amazon ECS doesn't monitor Docker health checks"
    given = {**_CHECK, **{key: value for key, value in check.items() if value is not None}}
    return {
        "test": list(given["command"]),
        "interval": given["interval"] * _SECOND,
        "timeout": given["timeout"] * _SECOND,
        "retries": given["retries"],
        "start_period": given["startPeriod"] * _SECOND,
    }


def stop_seconds(container: Mapping[str, Any]) -> int:
    """How long a container has to stop."""
    seconds = container.get("stopTimeout")
    return STOP_SECONDS if seconds is None else int(seconds)


def is_due(container: Mapping[str, Any], states: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether all that a container waits for has come.

    Args:
        container: with its `dependsOn`.
        states: of the containers that were started: name -> the Engine's `State`.

    Raises:
        NotStartedError: what it waits for can come no more.
    """
    found = [_holds(each["condition"], each["containerName"], states) for each in container.get("dependsOn") or ()]
    return all(found)


def _holds(condition: str, name: str, states: Mapping[str, Mapping[str, Any]]) -> bool:
    state = states.get(name)
    if state is None:
        return False
    ended = state["Status"] == "exited"
    if condition == "SUCCESS" and ended and state["ExitCode"] != 0:
        raise NotStartedError(f"Task failed to start: dependency container {name} exited with code {state['ExitCode']}")
    if condition == "HEALTHY" and (ended or health(state) == "unhealthy"):
        raise NotStartedError(f"Task failed to start: dependency container {name} is not healthy")
    return {"START": True, "COMPLETE": ended, "SUCCESS": ended, "HEALTHY": health(state) == "healthy"}[condition]


def health(state: Mapping[str, Any]) -> str:
    """`healthy`, `unhealthy` or `starting`; where nothing is checked, `none`."""
    return str((state.get("Health") or {}).get("Status", "none"))
