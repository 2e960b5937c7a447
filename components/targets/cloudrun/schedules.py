"""Compose's `jobs`: a job of Cloud Scheduler for each trigger. One without is run by hand.

gcloud run jobs execute APPLICATION-JOB --region REGION
https://cloud.google.com/run/docs/execute/jobs-on-schedule
"""

from collections.abc import Iterator
from typing import Any

from ...model import App, Job, Schedule
from ...support import Conflict
from .. import crontab, triggers
from ..rows import Ref, Row
from .given import Scope

KEY = "schedules"
"""The key of the account that starts jobs."""
INVOKER = "roles/run.invoker"
"""What may run a job (https://cloud.google.com/run/docs/reference/iam/roles#run.invoker)."""
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
TRIES = 5
"""How often a start that fails is tried again, the most that there is
(https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs#retryconfig)."""


def rows(scope: Scope) -> Iterator[Row]:
    """The account that starts jobs, its right to start each, and the schedules; none where no job has a trigger."""
    due = [(job, found) for job in scope.app.jobs.values() if (found := triggers.of(job, job.name))]
    if not due:
        return
    account = {
        "project": scope.access.project,
        "account_id": scope.name("Account", KEY),
        "display_name": f"starts jobs of {scope.app.name}",
    }
    yield scope.row("Account", KEY, account)
    for job, found in due:
        right = {
            "project": scope.access.project,
            "location": scope.access.region,
            "name": Ref("Job", job.name, "name"),
            "role": INVOKER,
            "member": Ref("Account", KEY, "member"),
        }
        yield scope.row("InvokerAccess", job.name, right, service=job.name)
        for key, schedule in found:
            after = (("InvokerAccess", job.name),)
            yield scope.row("Schedule", key, _args(scope, job, key, schedule), service=job.name, after=after)


def _args(scope: Scope, job: Job, key: str, schedule: Schedule) -> dict[str, Any]:
    access = scope.access
    path = f"projects/{access.project}/locations/{access.region}/jobs/{scope.name('Job', job.name)}"
    return {
        "project": access.project,
        "region": access.region,
        "name": scope.name("Schedule", key),
        "schedule": " ".join(crontab.written_out(schedule.cron)),
        "time_zone": schedule.timezone or "Etc/UTC",
        "retry_config": {"retry_count": 0 if schedule.missed_fires == "skip" else TRIES},
        "http_target": {
            "http_method": "POST",
            "uri": f"https://run.googleapis.com/v2/{path}:run",
            "oauth_token": {"service_account_email": Ref("Account", KEY, "email"), "scope": SCOPE},
        },
    }


def conflicts(app: App) -> Iterator[Conflict]:
    """Expressions that are none, and a service or job with the name of what starts jobs."""
    if any(triggers.of(job, job.name) for job in app.jobs.values()):
        for kind in ("services", "jobs"):
            if KEY in getattr(app, kind):
                yield Conflict((kind, KEY), f'"{KEY}" is the name of the account that starts jobs', "rename it")
    for name, job in app.jobs.items():
        for index, schedule in enumerate(job.triggers.schedule if job.triggers is not None else ()):
            try:
                crontab.written_out(schedule.cron)
            except ValueError as error:
                path = ("jobs", name, "triggers", "schedule", index, "cron")
                yield Conflict(path, f'"{schedule.cron}": {error}', "write five fields, as in crontab(5)")
