"""Compose's `jobs`: a CronJob for each schedule. One without is suspended, and run by hand.

kubectl create job --from=cronjob/NAME NAME-1
"""

from collections.abc import Iterator
from typing import Any

from ...model import App, Job, Schedule
from ...support import Conflict
from .. import sharing, triggers
from ..rows import Row
from . import environment, names, pods, workloads
from .given import Scope

NEVER = "0 0 31 2 *"
"""A time that does not come, for what is started by hand: a CronJob has to have one."""
ONE_AT_A_TIME = "Forbid"
"""`concurrencyPolicy` for both of Compose's words: a run whose time comes during another is due when that has ended,
and one is made up for however many there were."""
SKIPPED_AFTER = 30
"""Seconds after which a missed run is skipped, where the file says so; less than 10 the controller does not heed
(https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline)."""
HISTORY = 3
"""Ended runs that are kept, for their logs."""
NAME_LIMIT = 52
"""Characters of a CronJob's name: a Job's has 11 more
(https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/)."""


def rows(scope: Scope) -> Iterator[Row]:
    """A CronJob for every trigger of every job."""
    for job in scope.app.jobs.values():
        service = sharing.as_service(job)
        yield from environment.rows(scope, service)
        after = tuple(dict.fromkeys(workloads.needs(scope, service)))
        for name, schedule in _triggers(job):
            yield scope.row("CronJob", name, {"spec": _spec(scope, job, schedule)}, service=job.name, after=after)


def _triggers(job: Job) -> list[tuple[str, Schedule | None]]:
    """Name and schedule of each CronJob."""
    name = names.label(job.name)
    return [*triggers.of(job, name)] or [(name, None)]


def _spec(scope: Scope, job: Job, schedule: Schedule | None) -> dict[str, Any]:
    template = pods.template(scope, sharing.as_service(job), ends=True)
    found: dict[str, Any] = {
        "schedule": NEVER if schedule is None else schedule.cron,
        "concurrencyPolicy": ONE_AT_A_TIME,
        "successfulJobsHistoryLimit": HISTORY,
        "failedJobsHistoryLimit": HISTORY,
        "jobTemplate": {"spec": {"backoffLimit": 0, "template": template}},
    }
    if schedule is None:
        return {**found, "suspend": True}
    if schedule.timezone:
        found["timeZone"] = schedule.timezone
    if schedule.missed_fires == "skip":
        found["startingDeadlineSeconds"] = SKIPPED_AFTER
    return found


def conflicts(app: App) -> Iterator[Conflict]:
    """Jobs whose names are too long for a CronJob, or are a service's."""
    taken = {names.label(name): name for name in app.services}
    for job in app.jobs.values():
        longest = max((name for name, _ in _triggers(job)), key=len)
        if len(longest) > NAME_LIMIT:
            what = f'"{longest}" has {len(longest)} characters, and {NAME_LIMIT} are the most of a CronJob\'s name'
            yield Conflict(("jobs", job.name), what, "shorten it")
        other = taken.setdefault(names.label(job.name), job.name)
        if other in app.services or other != job.name:
            what = f'"{job.name}" and "{other}" are both "{names.label(job.name)}" in the cluster'
            yield Conflict(("jobs", job.name), what, "rename one of them")
