"""What runs to its end: a job of Cloud Run. A service that ends is run by every change; a Compose job by its triggers.

Cloud Run starts a run where the token of a job is another one, and the job is ready when that run has succeeded.
https://cloud.google.com/run/docs/create-jobs
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...model import Service
from .. import completion
from ..rows import Digest, Row
from . import gpus, instances, services
from .given import Scope

TRIES = 10
"""How often a failed task is tried again at most (https://cloud.google.com/run/quotas)."""
TIMEOUT = 24 * 3600
"""Seconds that a task may take at most (https://cloud.google.com/run/docs/configuring/task-timeout)."""
TOKEN = 12
"""Characters of the token: with the job's name they are less than 63."""


def rows(scope: Scope, service: Service) -> Iterator[Row]:
    """The job of a service that runs to its end, or of a Compose job taken as a service; nothing for any other."""
    is_job = service.name in scope.app.jobs
    if not is_job and (scope.is_companion(service) or not scope.is_run(service)):
        return
    yield services.row(scope, "Job", service, {"template": template(scope, service)})


def started(scope: Scope, row: Row) -> Row:
    """A row where it is that of a service's job, with the token that runs it whenever its template has changed."""
    if row.kind != "Job" or row.key not in scope.app.services:
        return row
    return replace(row, args={**row.args, "run_execution_token": Digest(row.args["template"], TOKEN)})


def template(scope: Scope, service: Service) -> dict[str, Any]:
    """The template of a job's runs."""
    has_accelerator = instances.has_accelerator(scope, service)
    task = {
        **instances.template(scope, service),
        "execution_environment": instances.GENERATION,
        "max_retries": min(completion.tries(service), TRIES),
        "timeout": f"{gpus.JOB_TIMEOUT if has_accelerator else TIMEOUT}s",
    }
    return {"template": task, "task_count": max(service.replicas, 1), **instances.annotations(scope, service)}
