"""Accelerators: one for an instance, of the kind that is in most regions.

https://cloud.google.com/run/docs/configuring/services/gpu
"""

from collections.abc import Iterator

from ...errors import Problem
from ...model import App, Container, DeviceRequest, Path, Service
from ...support import Conflict
from .. import amounts, workloads
from . import given, steps
from .given import Scope
from .sizes import LARGEST, UNIT, Size, asked, legal

ACCELERATOR = "nvidia-l4"
LIMIT = "nvidia.com/gpu"
LEAST = Size(4 * UNIT, 16 * 1024)
"""What a container with an accelerator has at least."""
JOB_TIMEOUT = 3600
"""Seconds that a job with an accelerator may take (https://cloud.google.com/run/docs/configuring/jobs/gpu)."""
REGIONS = ("asia-south1", "asia-southeast1", "europe-west1", "europe-west4", "us-central1", "us-east4")
"""Where there are any."""


def requests(container: Container) -> list[DeviceRequest]:
    """What a container asks for, in either of Compose's two forms."""
    reserved = amounts.resources(container).reservations
    return [*container.gpus, *(reserved.devices if reserved is not None else ())]


def is_asked(container: Container) -> bool:
    """Whether a container has an accelerator."""
    return bool(requests(container))


def size(container: Container) -> Size:
    """What a container with an accelerator has."""
    wanted = asked(container)
    return legal(Size(max(wanted.cpu, LEAST.cpu), max(wanted.memory, LEAST.memory))) or LARGEST


def problems(scope: Scope) -> Iterator[Problem]:
    """Accelerators where there are none."""
    region = scope.access.region
    for workload in workloads.of(scope):
        service = workloads.service(workload)
        for member in scope.members(service):
            if is_asked(member) and region not in REGIONS:
                what = f"Cloud Run has no accelerators in {region}"
                yield Problem(what, scope.app.where(_path(scope.app, member)), f"use one of {', '.join(REGIONS)}")


def conflicts(app: App) -> Iterator[Conflict]:
    """More than one accelerator for an instance."""
    scope = given.of(app)
    for workload in workloads.of(scope):
        service = workloads.service(workload)
        asking = [member for member in scope.members(service) if is_asked(member)]
        for member in asking:
            yield from _of_container(app, member)
        for member in asking[1:]:
            what = f'"{asking[0].name}" has the accelerator of its instances, of which there is one'
            yield Conflict(_path(app, member), what, "give it a network of its own")


def _of_container(app: App, member: Service) -> Iterator[Conflict]:
    if len(requests(member)) > 1:
        yield Conflict(_path(app, member), "it asks for accelerators twice, and an instance has one", "ask once")


def _path(app: App, member: Service) -> Path:
    asked = ("gpus",) if member.gpus else ("deploy", "resources", "reservations", "devices")
    return (*steps.path(app, member.name), *asked)
