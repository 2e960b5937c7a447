"""The task definition of a service or job: its containers, what they have together, and where they run.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import Problem
from ...model import App, Path, Service
from ...support import Conflict
from .. import placed, sharing, workloads
from ..managed import is_managed
from ..rows import Json, Key, Row
from . import containers, files, given, logs, mounts, names, preparation, roles, secrets, sizes, texts, volumes
from .given import Scope

ARCHITECTURES: Mapping[str, str] = {"amd64": "X86_64", "arm64": "ARM64"}
"""The architecture of Compose's `platform` -> that of a task."""
LIMIT = 64 * 1024
"""Bytes of a task definition (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html)."""
CONTAINERS = 10
"""Containers of a task (https://docs.aws.amazon.com/batch/latest/APIReference/API_EcsProperties.html)."""


def rows(scope: Scope, service: Service) -> Iterator[Row]:
    """The roles and the task definition of a service or of a job taken as one.

    Nothing for what is in another's tasks, or is AWS's own service.
    """
    is_job = service.name in scope.app.jobs
    if not is_job and (scope.is_companion(service) or is_managed(service)):
        return
    yield from roles.rows(scope, service)
    size = sizes.of(secrets.of_members(scope, service))
    args = {
        "family": family(scope, service.name),
        "requires_compatibilities": ["FARGATE"],
        "network_mode": "awsvpc",
        "cpu": str(size.cpu),
        "memory": str(size.memory),
        "runtime_platform": {
            "cpu_architecture": architecture(service, scope.access.architecture),
            "operating_system_family": "LINUX",
        },
        **roles.arns(scope, service),
        "pid_mode": "task" if _shares_processes(scope, service) else None,
        "container_definitions": Json(containers.of_task(scope, service), secret=False),
        "volumes": volumes_of(scope, service) or None,
    }
    yield scope.row("TaskDefinition", service.name, args, service=service.name, after=tuple(_needs(scope, service)))


def family(scope: Scope, name: str) -> str:
    """The name of which every task definition of a service is a revision."""
    return f"{scope.app.name}-{names.plain(name)}"


def architecture(service: Service, default: str) -> str:
    """What processors a task runs on: the service's `platform`, else the cluster's."""
    _, _, rest = (service.platform or "").partition("/")
    return ARCHITECTURES.get(rest.partition("/")[0], default)


def _shares_processes(scope: Scope, service: Service) -> bool:
    return any((member.pid or "").startswith("service:") for member in scope.members(service))


def volumes_of(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """A name alone is room on the task's own disk, which is encrypted and goes with the task."""
    own = [*mounts.ephemeral(scope, service), *files.volumes(scope, service)]
    return [*volumes.of_task(scope, service), *({"name": name} for name in dict.fromkeys(own))]


def _needs(scope: Scope, service: Service) -> Iterator[Key]:
    """What a task needs before it starts, and that its definition does not name."""
    yield from roles.needs(scope, service)
    yield from volumes.needs(scope, service)
    if scope.access.log_group is None:
        yield logs.GROUP


# --- what is known before --------------------------------------------------------------------------------------------


def problems(scope: Scope) -> Iterator[Problem]:
    """Task definitions that are too large, of which most is the environment and files, or have too many containers."""
    for workload in workloads.of(scope):
        found = containers.of_task(scope, workloads.service(workload))
        where = scope.app.where(_path(scope.app, workload.name))
        size = texts.length(found)
        if size > LIMIT:
            what = f"its task definition has {size} bytes, and {LIMIT} are the most"
            yield Problem(what, where, "put a part of it into the image")
        if len(found) > CONTAINERS:
            listed = ", ".join(each["name"] for each in found)
            what = f"its tasks have {len(found)} containers, and {CONTAINERS} are the most ({listed})"
            yield Problem(what, where, "give some a network of their own, or put files and steps into the image")


def conflicts(app: App) -> Iterator[Conflict]:
    """What does not fit into a task of Fargate's: sizes, containers of one name, files within volumes."""
    scope = given.of(app)
    yield from sharing.companion_conflicts(app, "tasks")
    for workload in workloads.of(scope):
        service = workloads.service(workload)
        yield from _too_large(scope, service)
        yield from _of_one_name(scope, service)
        for member in scope.members(service):
            yield from _hidden(scope, member)


def _too_large(scope: Scope, service: Service) -> Iterator[Conflict]:
    wanted = sizes.asked(secrets.of_members(scope, service))
    if sizes.legal(wanted) is None:
        what = f"its tasks ask for {wanted}, and {sizes.LARGEST} are the most that one of Fargate's has"
        yield Conflict(
            (*_path(scope.app, service.name), "deploy"), what, "ask for less, or use the target kubernetes on EKS"
        )


def _of_one_name(scope: Scope, service: Service) -> Iterator[Conflict]:
    own = [names.plain(name) for member in scope.members(service) for name, _ in secrets.containers(member)]
    for name in (name for name, count in Counter([*own, preparation.INIT]).items() if count > 1):
        what = f'two containers of its tasks are "{name}"'
        yield Conflict(_path(scope.app, service.name), what, "rename the service, or the one in its network")


def _hidden(scope: Scope, member: Service) -> Iterator[Conflict]:
    """Files in a folder that something else is mounted at: a task mounts folders, and one in each place."""
    for name, container in secrets.containers(member):
        found = files.places(scope.app, member, name, container)
        yield from placed.hidden(found, list(mounts.targets(scope, member, container)))


def _path(app: App, name: str) -> Path:
    return ("services" if name in app.services else "jobs", name)
