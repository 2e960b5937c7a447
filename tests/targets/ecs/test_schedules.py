"""Compose's jobs on EventBridge Scheduler. That it starts them is EventBridge's affair."""

from typing import Any

from apps import app
from ecs_scopes import CLUSTER, by_key, scope

from components.model import App, Job, Schedule, Triggers
from components.support import Conflict
from components.targets.ecs import schedules
from components.targets.rows import Ref, Row

NIGHTLY, WEEKLY = Schedule(cron="0 3 * * *"), Schedule(cron="0 4 * * 0", timezone="Europe/Paris")


def shop(*given: Schedule, **keys: Any) -> App:
    job = Job(**{"name": "clean", "image": "clean:1", "triggers": Triggers(schedule=given), **keys})
    return app(jobs={"clean": job})


def rows(application: App) -> dict[tuple[str, str], Row]:
    return by_key(schedules.rows(scope(application)))


def test_a_schedule_starts_the_jobs_task_definition() -> None:
    found = rows(shop(NIGHTLY))
    assert list(found) == [("Role", "schedules"), ("RolePolicy", "clean-schedule"), ("Schedule", "clean")]
    row = found["Schedule", "clean"]
    assert row.after == (("RolePolicy", "clean-schedule"), ("EgressRule", "clean-to-world"))
    assert row.args == {
        "schedule_expression": "cron(0 3 * * ? *)",
        "schedule_expression_timezone": "UTC",
        "flexible_time_window": {"mode": "OFF"},
        "target": {
            "arn": CLUSTER,
            "role_arn": Ref("Role", "schedules", "arn"),
            "ecs_parameters": {
                "task_definition_arn": Ref("TaskDefinition", "clean", "arn"),
                "launch_type": "FARGATE",
                "network_configuration": {
                    "subnets": ["subnet-a", "subnet-b"],
                    "security_groups": [Ref("SecurityGroup", "clean", "id")],
                    "assign_public_ip": False,
                },
                "propagate_tags": "TASK_DEFINITION",
                "enable_ecs_managed_tags": True,
            },
        },
    }


def test_the_scheduler_of_this_account_alone_takes_the_role_on() -> None:
    policy = rows(shop(NIGHTLY))["Role", "schedules"].args["assume_role_policy"]
    assert policy.value["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "scheduler.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
        }
    ]


def test_the_scheduler_may_start_the_job_and_nothing_else() -> None:
    row = rows(shop(NIGHTLY))["RolePolicy", "clean-schedule"]
    allowed = {each["Action"]: each["Resource"] for each in row.args["policy"].value["Statement"]}
    assert allowed["ecs:RunTask"] == "arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-clean:*"
    assert allowed["iam:PassRole"] == [Ref("Role", "clean-execution", "arn")]


def test_a_schedule_has_its_time_zone() -> None:
    assert rows(shop(WEEKLY))["Schedule", "clean"].args["schedule_expression_timezone"] == "Europe/Paris"


def test_of_several_schedules_each_has_a_name_that_stays() -> None:
    both = [key for kind, key in rows(shop(NIGHTLY, WEEKLY)) if kind == "Schedule"]
    turned = [key for kind, key in rows(shop(WEEKLY, NIGHTLY)) if kind == "Schedule"]
    assert both == turned[::-1]
    assert [key.rpartition("-")[0] for key in both] == ["clean", "clean"]


def test_a_start_that_was_missed_is_not_made_up_for_where_the_file_says_to_skip_it() -> None:
    row = rows(shop(Schedule(cron="0 3 * * *", missed_fires="skip")))["Schedule", "clean"]
    assert row.args["target"]["retry_policy"] == {"maximum_retry_attempts": 0}


def test_a_job_without_a_schedule_is_run_by_hand() -> None:
    assert rows(shop()) == {}


def test_what_eventbridge_does_not_take_is_refused() -> None:
    odd = ",".join(str(minute) for minute in range(0, 60, 2))
    long = f"{odd} {','.join(map(str, range(23)))} {','.join(map(str, range(1, 31)))} 1,2,3,4,5,6,7,8,9,10,11 *"
    place = ("jobs", "clean", "triggers", "schedule")
    assert list(schedules.conflicts(shop(Schedule(cron="0 0 1 * 1"), NIGHTLY, Schedule(cron=long)))) == [
        Conflict(
            (*place, 0, "cron"),
            '"0 0 1 * 1": it names days of the month and days of the week, of which EventBridge takes one kind',
            "write another, or two schedules",
        ),
        Conflict(
            (*place, 2, "cron"),
            f'"{long}" has 258 characters when written out, 256 are the most',
            "write two schedules",
        ),
    ]
