"""Compose's `jobs`: a schedule of EventBridge for each trigger. One without has a task definition, and is run by hand.

aws ecs run-task --cluster CLUSTER --task-definition APPLICATION-JOB --launch-type FARGATE --network-configuration ...
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
"""

from collections.abc import Iterator
from typing import Any

from ...model import App, Job, Schedule
from ...support import Conflict
from .. import sharing, triggers
from ..rows import Ref, Row
from . import cron, names, security_groups, services, starters
from .given import Scope

KEY = "schedules"
"""The key of the scheduler's role."""
EXPRESSION_LIMIT = 256
"""Characters of an expression
(https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html)."""


def rows(scope: Scope) -> Iterator[Row]:
    """The scheduler's role, the right to start each job, and the schedules; none where no job has a trigger."""
    due = [(job, found) for job in scope.app.jobs.values() if (found := triggers.of(job, job.name))]
    if not due:
        return
    # its schedules alone take it on: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    condition = {"StringEquals": {"aws:SourceAccount": scope.access.account}}
    yield starters.role(scope, KEY, "scheduler.amazonaws.com", condition)
    for job, found in due:
        right = f"{job.name}-schedule"
        statements = starters.start(scope, sharing.as_service(job))
        yield starters.policy(scope, KEY, right, statements, service=job.name)
        for key, schedule in found:
            after = (("RolePolicy", right), *security_groups.needs(scope, job))
            yield scope.row("Schedule", key, _args(scope, job, key, schedule), service=job.name, after=after)


def _args(scope: Scope, job: Job, key: str, schedule: Schedule) -> dict[str, Any]:
    return {
        **names.prefix("Schedule", scope.app.name, key),
        "schedule_expression": cron.expression(schedule.cron),
        "schedule_expression_timezone": schedule.timezone or "UTC",
        "flexible_time_window": {"mode": "OFF"},
        "target": {
            "arn": scope.access.cluster,
            "role_arn": Ref("Role", KEY, "arn"),
            "ecs_parameters": {
                "task_definition_arn": Ref("TaskDefinition", job.name, "arn"),
                "launch_type": "FARGATE",
                "network_configuration": services.network(scope, job),
                "propagate_tags": "TASK_DEFINITION",
                "enable_ecs_managed_tags": True,
            },
            # a start that fails is tried again for a day, unless what is missed is to be skipped
            **({"retry_policy": {"maximum_retry_attempts": 0}} if schedule.missed_fires == "skip" else {}),
        },
    }


def conflicts(app: App) -> Iterator[Conflict]:
    """Schedules that EventBridge does not take."""
    for name, job in app.jobs.items():
        for index, schedule in enumerate(job.triggers.schedule if job.triggers is not None else ()):
            path = ("jobs", name, "triggers", "schedule", index, "cron")
            try:
                found = cron.expression(schedule.cron)
            except ValueError as error:
                yield Conflict(path, f'"{schedule.cron}": {error}', "write another, or two schedules")
                continue
            if len(found) > EXPRESSION_LIMIT:
                what = (
                    f'"{schedule.cron}" has {len(found)} characters when written out, {EXPRESSION_LIMIT} are the most'
                )
                yield Conflict(path, what, "write two schedules")
