"""Compose's `jobs`: a CronJob each. One without a schedule is suspended, and run by hand.

kubectl create job --from=cronjob/NAME NAME-1
"""

import dataclasses
from collections.abc import Iterator
from typing import Any

from ...access import ImageReference
from ...model import Job, Schedule, Service, Workload
from ..rows import Row
from . import environment, names, pods
from .given import Scope

NEVER = "0 0 31 2 *"
"""A time that does not come, for what is started by hand: a CronJob has to have one."""
CONCURRENCY = {"allow": "Allow", "forbid": "Forbid", "replace": "Replace", "skip": "Forbid"}
"""Compose's `concurrency` -> `concurrencyPolicy`."""
HISTORY = 3
"""Ended runs that are kept, for their logs."""


def rows(scope: Scope) -> Iterator[Row]:
    """A CronJob for every trigger of every job."""
    for job in scope.app.jobs.values():
        own = dataclasses.replace(scope, images={**scope.images, job.name: ImageReference(name=job.image or "")})
        yield from environment.rows(own, service(job))
        for name, schedule in _triggers(job):
            spec = _spec(own, job, schedule)
            yield own.row("CronJob", name, {"spec": spec}, service=job.name)


def service(job: Job) -> Service:
    """A job as a service that has what both have in common."""
    return Service(**{spec.name: getattr(job, spec.name) for spec in dataclasses.fields(Workload)})


def _triggers(job: Job) -> Iterator[tuple[str, Schedule | None]]:
    """Name and schedule of each CronJob; several schedules of one job are numbered."""
    schedules = job.triggers.schedule if job.triggers else ()
    name = names.label(job.name)
    if not schedules:
        yield name, None
    for index, schedule in enumerate(schedules):
        yield (name if index == 0 else f"{name}-{index + 1}"), schedule


def _spec(scope: Scope, job: Job, schedule: Schedule | None) -> dict[str, Any]:
    template = pods.template(scope, service(job))
    template["spec"]["restartPolicy"] = "Never"
    found: dict[str, Any] = {
        "schedule": NEVER if schedule is None else schedule.cron,
        "successfulJobsHistoryLimit": HISTORY,
        "failedJobsHistoryLimit": HISTORY,
        "jobTemplate": {"spec": {"backoffLimit": 0, "template": template}},
    }
    if schedule is None:
        return {**found, "suspend": True}
    if schedule.timezone:
        found["timeZone"] = schedule.timezone
    return {**found, "concurrencyPolicy": CONCURRENCY.get(schedule.concurrency or "", "Allow")}
