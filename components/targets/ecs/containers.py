"""The containers of a task, in the API's own names.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
"""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...model import Container, Dependency, Healthcheck, Service
from .. import amounts, conditions, health, workloads
from ..forms import DEFAULT_GRACE
from . import environment, images, logs, mounts, names, preparation, reach, secrets, sizes
from .forms import listed
from .given import Scope

LEAST_MEMORY = 6
"""MiB, the least that ECS takes for a container."""
STOP_LIMITS = (2, 120)
"""Seconds that Fargate gives a container to stop, least and most (`stopTimeout`)."""
ADDED = frozenset({"SYS_PTRACE"})
"""Capabilities that Fargate adds; what else is asked for is refused, or left out where that was accepted
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html)."""
SYSCTL = re.compile(r"net\..+|fs\.mqueue\..+|kernel\.(msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)")
"""Kernel parameters of a container's own namespaces
(https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_SystemControl.html)."""
ULIMITS = ("nofile",)
"""The limits that Fargate takes (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html)."""
CHECK_LIMITS: Mapping[str, tuple[int, int]] = {
    "interval": (5, 300),
    "timeout": (2, 60),
    "retries": (1, 10),
    "startPeriod": (0, 300),
}
"""Seconds and counts of a health check, least and most
(https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html)."""
CONDITIONS: Mapping[str, str] = {
    "service_healthy": "HEALTHY",
    "service_started": "START",
}
"""Compose's condition -> that of a container of the same task; none of these ends before the task does."""


def of_task(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """All containers of a service's tasks: its own, those of its companions, and what comes before them.

    Args:
        scope: the application.
        service: one that has tasks of its own, or a job as one.
    """
    return _of_tasks(scope)[service.name]


@conditions.last
def _of_tasks(scope: Scope) -> Mapping[str, list[dict[str, Any]]]:
    """Read once: whether they fit into a task definition is asked of all before there is a row of any."""
    return {each.name: _of_task(scope, workloads.service(each)) for each in workloads.of(scope)}


def _of_task(scope: Scope, service: Service) -> list[dict[str, Any]]:
    own: list[dict[str, Any]] = []
    before: list[dict[str, Any]] = []
    prepared = preparation.of_task(scope, service)
    first = [preparation.INIT] if prepared else []
    memory = sizes.of(secrets.of_members(scope, service)).memory
    for member in scope.members(service):
        steps = _steps(scope, service, member, first, memory)
        own.append(_own(scope, service, member, [steps[-1]["name"]] if steps else first, memory))
        before += steps
    return [*own, *before, *prepared]


# --- a service's own, and its steps ----------------------------------------------------------------------------------


def _own(scope: Scope, service: Service, member: Service, after: list[str], memory: int) -> dict[str, Any]:
    waits = [{"containerName": name, "condition": "SUCCESS"} for name in after]
    return {
        "name": names.plain(member.name),
        "essential": True,
        **_common(scope, member, member.name, member, memory),
        **_ports(scope, member),
        **_check(member),
        **listed("dependsOn", [*waits, *_inside(scope, service, member)]),
        **listed("dockerLabels", dict(member.labels)),
        **({"interactive": True} if member.stdin_open else {}),
        **({"pseudoTerminal": True} if member.tty else {}),
    }


def _steps(scope: Scope, service: Service, member: Service, first: list[str], memory: int) -> list[dict[str, Any]]:
    """The containers of `pre_start`, which end one after the other before the member's own begins."""
    found: list[dict[str, Any]] = []
    after = first
    inside = _inside(scope, service, member)
    for index, step in enumerate(member.pre_start):
        name = secrets.step_key(member, index)
        waits = [{"containerName": each, "condition": "SUCCESS"} for each in after]
        definition = {
            "name": names.plain(name),
            "essential": False,
            **_common(scope, member, name, step, memory),
            **listed("dependsOn", [*waits, *(inside if index == 0 else [])]),
        }
        found.append(definition)
        after = [definition["name"]]
    return found


def _common(scope: Scope, member: Service, name: str, container: Container, memory: int) -> dict[str, Any]:
    """What any container of the file's has."""
    image = images.of(scope, member, container)
    found: dict[str, Any] = {"image": image.text, **images.credentials(scope, image)}
    for key, words in (("entryPoint", container.entrypoint), ("command", container.command)):
        if words is not None:
            found[key] = list(words)
    plain = {
        "workingDirectory": container.working_dir,
        "user": container.user,
        "readonlyRootFilesystem": container.read_only,
        "stopTimeout": _grace(container),
    }
    found |= {key: value for key, value in plain.items() if value is not None}
    return {
        **found,
        **_amounts(container),
        **listed("environment", environment.variables(container)),
        **listed("secrets", environment.secret_variables(container, name)),
        **listed("mountPoints", mounts.of(scope, member, name, container)),
        **listed("ulimits", _ulimits(container)),
        **listed("systemControls", _sysctls(container)),
        **_linux(container, mounts.in_memory(scope, member, container, memory)),
        "logConfiguration": logs.configuration(scope),
    }


def _grace(container: Container) -> int:
    least, most = STOP_LIMITS
    asked = DEFAULT_GRACE if container.stop_grace_period is None else container.stop_grace_period
    return min(max(math.ceil(asked), least), most)


def _amounts(container: Container) -> dict[str, int]:
    asked = amounts.of(container)
    cpu = sizes.units(asked.cpus or asked.reserved_cpus or 0.0)
    memory = sizes.mebibytes(asked.memory or 0)
    reserved = sizes.mebibytes(asked.reserved_memory or 0)
    found = {"cpu": cpu, "memory": max(memory, LEAST_MEMORY) if memory else 0}
    if reserved and (not memory or reserved < memory):
        found["memoryReservation"] = max(reserved, LEAST_MEMORY)
    return {key: value for key, value in found.items() if value}


def _ulimits(container: Container) -> list[dict[str, Any]]:
    return [
        {"name": name, "softLimit": limit.soft, "hardLimit": limit.hard}
        for name, limit in container.ulimits.items()
        if name in ULIMITS
    ]


def _sysctls(container: Container) -> list[dict[str, Any]]:
    return [{"namespace": key, "value": value} for key, value in container.sysctls.items() if SYSCTL.fullmatch(key)]


def _linux(container: Container, in_memory: list[dict[str, Any]]) -> dict[str, Any]:
    added = [word for word in map(capability, container.cap_add) if word in ADDED]
    dropped = [capability(word) for word in container.cap_drop]
    capabilities = {**listed("add", added), **listed("drop", dropped)}
    found = {
        **({} if container.init is None else {"initProcessEnabled": container.init}),
        **listed("capabilities", capabilities),
        **listed("tmpfs", in_memory),
    }
    return listed("linuxParameters", found)


def capability(written: str) -> str:
    """A capability as ECS calls it: `cap_sys_ptrace` is `SYS_PTRACE`."""
    return written.upper().removeprefix("CAP_")


def _ports(scope: Scope, member: Service) -> dict[str, Any]:
    mappings = []
    for port in reach.ports(scope, member):
        mapping: dict[str, Any] = {"containerPort": port.number, "protocol": port.protocol}
        if scope.access.service_connect and port.protocol == "tcp":
            mapping["name"] = f"{port.protocol}-{port.number}"
        mappings.append(mapping)
    return listed("portMappings", mappings)


def _check(member: Service) -> dict[str, Any]:
    check = member.healthcheck
    if check is None or not health.checked(member) or not check.test:
        return {}
    return {"healthCheck": {"command": list(check.test), **dict(_times(check))}}


def _times(check: Healthcheck) -> Iterator[tuple[str, int]]:
    defaults = {
        "interval": health.DEFAULT_INTERVAL,
        "timeout": health.DEFAULT_TIMEOUT,
        "retries": health.DEFAULT_RETRIES,
        "startPeriod": 0,
    }
    given = {
        "interval": check.interval,
        "timeout": check.timeout,
        "retries": check.retries,
        "startPeriod": check.start_period,
    }
    for key, (least, most) in CHECK_LIMITS.items():
        value = given[key]
        yield key, min(max(math.ceil(defaults[key] if value is None else value), least), most)


def _inside(scope: Scope, service: Service, member: Service) -> list[dict[str, Any]]:
    """What of a member's dependencies is in the same task."""
    inside = {each.name: each for each in scope.members(service) if each.name != member.name}
    return [
        {"containerName": names.plain(name), "condition": _condition(inside[name], dependency)}
        for name, dependency in member.depends_on.items()
        if name in inside
    ]


def _condition(other: Service, dependency: Dependency) -> str:
    """ECS refuses to wait for the health of what the file does not check."""
    condition = CONDITIONS[dependency.condition]
    return "START" if condition == "HEALTHY" and not _check(other) else condition
