"""The containers of a task, in the API's own names.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from ...access import ImageReference
from ...model import Container, Healthcheck, Service
from .. import amounts, health
from . import environment, images, logs, mounts, names, preparation, reach, secrets, sizes
from .forms import listed
from .given import Scope

LEAST_MEMORY = 6
"""MiB, the least that ECS takes for a container."""
STOP_LIMIT = 120
"""Seconds that Fargate gives a container to stop, at most (`stopTimeout`)."""
CHECK_LIMITS: Mapping[str, tuple[int, int]] = {
    "interval": (5, 300),
    "timeout": (2, 60),
    "retries": (1, 10),
    "startPeriod": (0, 300),
}
"""Seconds and counts of a health check, least and most
(https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html)."""
CONDITIONS: Mapping[str, str] = {
    "service_completed_successfully": "SUCCESS",
    "service_healthy": "HEALTHY",
    "service_started": "START",
}
"""Compose's condition -> that of a container of the same task."""


def of_task(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """All containers of a service's tasks: its own, those of its companions, and what comes before them."""
    own: list[dict[str, Any]] = []
    before: list[dict[str, Any]] = []
    first = preparation.first(scope, service)
    for member in scope.members(service):
        steps = _steps(scope, service, member, first)
        own.append(_own(scope, service, member, [steps[-1]["name"]] if steps else first))
        before += steps
    return [*own, *before, *preparation.of_task(scope, service)]


def secret_variables(scope: Scope, service: Service) -> list[tuple[str, secrets.Kept]]:
    """The secret variables of all containers of a service's tasks."""
    return [
        found
        for member in scope.members(service)
        for name, container in secrets.containers(member)
        for found in secrets.of_container(container, name)
    ]


# --- a service's own, and its steps ----------------------------------------------------------------------------------


def _own(scope: Scope, service: Service, member: Service, after: list[str]) -> dict[str, Any]:
    waits = [{"containerName": name, "condition": "SUCCESS"} for name in after]
    ends = member.name != service.name and member.name in scope.completing
    return {
        "name": names.plain(member.name),
        "essential": not ends,
        **_common(scope, member, member.name, member, images.of(scope, member, member)),
        **_ports(scope, member),
        **_check(member),
        **listed("dependsOn", [*waits, *_inside(scope, service, member)]),
        **listed("dockerLabels", dict(member.labels)),
        **({"interactive": True} if member.stdin_open else {}),
        **({"pseudoTerminal": True} if member.tty else {}),
    }


def _steps(scope: Scope, service: Service, member: Service, first: list[str]) -> list[dict[str, Any]]:
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
            **_common(scope, member, name, step, images.of(scope, member, step)),
            **listed("dependsOn", [*waits, *(inside if index == 0 else [])]),
        }
        found.append(definition)
        after = [definition["name"]]
    return found


def _common(scope: Scope, member: Service, name: str, container: Container, image: ImageReference) -> dict[str, Any]:
    """What any container of the file's has."""
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
        **listed("systemControls", [{"namespace": key, "value": value} for key, value in container.sysctls.items()]),
        **_linux(container),
        "logConfiguration": logs.configuration(scope),
    }


def _grace(container: Container) -> int | None:
    return None if container.stop_grace_period is None else min(math.ceil(container.stop_grace_period), STOP_LIMIT)


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
        {"name": name, "softLimit": limit.soft, "hardLimit": limit.hard} for name, limit in container.ulimits.items()
    ]


def _linux(container: Container) -> dict[str, Any]:
    found: dict[str, Any] = {} if container.init is None else {"initProcessEnabled": container.init}
    capabilities = {
        key: list(words) for key, words in (("add", container.cap_add), ("drop", container.cap_drop)) if words
    }
    found |= {"capabilities": capabilities} if capabilities else {}
    return {"linuxParameters": found} if found else {}


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
    inside = {each.name for each in scope.members(service)}
    return [
        {"containerName": names.plain(name), "condition": CONDITIONS[dependency.condition]}
        for name, dependency in member.depends_on.items()
        if name in inside and name != member.name
    ]
