"""What an application on a cloud has tasks or instances for: neither what is in another's, nor the cloud's own."""

from collections.abc import Iterator
from typing import Any

from ..model import Job, Service
from . import sharing
from .managed import is_managed
from .scope import CloudReading


def of(scope: CloudReading[Any]) -> Iterator[Service | Job]:
    """The services and jobs that have tasks or instances of their own."""
    for service in scope.app.services.values():
        if not scope.is_companion(service) and not is_managed(service):
            yield service
    yield from scope.app.jobs.values()


def service(workload: Service | Job) -> Service:
    """A service, or a job as one."""
    return workload if isinstance(workload, Service) else sharing.as_service(workload)


def is_kept_running(scope: CloudReading[Any], service: Service) -> bool:
    """Whether a service has tasks or instances of its own that are kept running, and that others may call."""
    return not (scope.is_companion(service) or is_managed(service) or scope.is_run(service))
