"""The task definition of a service or job: its containers, what they have together, and where they run.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ...model import App, Service
from ...support import Conflict
from ..rows import Json, Key, Row
from . import containers, files, given, logs, mounts, names, reach, roles, secrets, sizes, volumes
from .given import Scope

ARCHITECTURES: Mapping[str, str] = {"amd64": "X86_64", "arm64": "ARM64"}
"""The architecture of Compose's `platform` -> that of a task."""


def rows(scope: Scope, service: Service) -> Iterator[Row]:
    """The roles and the task definition of a service or of a job taken as one.

    Nothing for what is in another's tasks, or is AWS's own service.
    """
    if service.name not in {each.name for each in reach.workloads(scope)}:
        return
    yield from roles.rows(scope, service)
    size = sizes.legal(sizes.asked(_containers(scope, service))) or sizes.LARGEST
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
        "volumes": _volumes(scope, service) or None,
    }
    yield scope.row("TaskDefinition", service.name, args, service=service.name, after=tuple(_needs(scope, service)))


def family(scope: Scope, name: str) -> str:
    """The name of which every task definition of a service is a revision."""
    return names.fitting("TaskDefinition", names.plain(scope.app.name), names.plain(name))


def architecture(service: Service, default: str) -> str:
    """What processors a task runs on: the service's `platform`, else the cluster's."""
    _, _, rest = (service.platform or "").partition("/")
    return ARCHITECTURES.get(rest.partition("/")[0], default)


def _containers(scope: Scope, service: Service) -> list[Any]:
    return [each for member in scope.members(service) for _, each in secrets.containers(member)]


def _shares_processes(scope: Scope, service: Service) -> bool:
    return any((member.pid or "").startswith("service:") for member in scope.members(service))


def _volumes(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """A name alone is room on the task's own disk, which is encrypted and goes with the task."""
    own = [*mounts.ephemeral(scope, service), *files.volumes(scope, service)]
    return [*volumes.of_task(scope, service), *({"name": name} for name in dict.fromkeys(own))]


def _needs(scope: Scope, service: Service) -> Iterator[Key]:
    """What a task needs before it starts, and that its definition does not name."""
    yield from roles.needs(scope, service)
    yield from volumes.needs(scope, service)
    if scope.access.log_group is None:
        yield logs.GROUP


def conflicts(app: App) -> Iterator[Conflict]:
    """Services that ask for more than a task of Fargate's has."""
    scope = given.of(app)
    for workload in reach.workloads(scope):
        service = reach.service(workload)
        wanted = sizes.asked(_containers(scope, service))
        if sizes.legal(wanted) is None:
            group = "services" if workload.name in app.services else "jobs"
            what = f"its tasks ask for {wanted}, and {sizes.LARGEST} are the most that one of Fargate's has"
            yield Conflict((group, workload.name, "deploy"), what, "ask for less, or use the target kubernetes on EKS")
