"""What is said of a service that failed. Not proved: that AWS says so much."""

from typing import Any

import pytest
from apps import app, service
from aws_api import Answers, Refused
from botocore.exceptions import NoCredentialsError
from ecs_scopes import access

from components.targets.ecs import client, failures, reasons
from components.testing import record

TASK = "arn:aws:ecs:eu-central-1:123456789012:task/main/0123abcd"
DEFINITION = "arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-web:4"
FAILED: dict[str, Any] = {
    "ecs.DescribeServices": {
        "services": [
            {"events": [{"message": "(service web) is unhealthy"}, {"message": "(service web) has started 1"}]}
        ]
    },
    "ecs.ListTasks": {"taskArns": [TASK]},
    "ecs.DescribeTasks": {
        "tasks": [
            {
                "taskArn": TASK,
                "taskDefinitionArn": DEFINITION,
                "stoppedReason": "Essential container in task exited",
                "containers": [{"name": "slipway-init", "exitCode": 0}, {"name": "web", "exitCode": 3}],
            }
        ]
    },
    "ecs.DescribeTaskDefinition": {
        "taskDefinition": {
            "containerDefinitions": [
                {
                    "name": "web",
                    "logConfiguration": {
                        "logDriver": "awslogs",
                        "options": {"awslogs-group": "/shop", "awslogs-stream-prefix": "shop"},
                    },
                }
            ]
        }
    },
    "logs.GetLogEvents": {"events": [{"message": "starting"}, {"message": "no such table"}]},
}


def known(monkeypatch: pytest.MonkeyPatch, **answers: Any) -> list[str]:
    given = {name.replace("__", "."): each for name, each in answers.items()}
    monkeypatch.setattr(client, "Clients", lambda _access: Answers({**FAILED, **given}))
    return reasons.of_service(access(), "shop-web")


def test_events_reasons_and_the_last_lines_are_told(monkeypatch) -> None:
    assert known(monkeypatch) == [
        "(service web) has started 1",
        "(service web) is unhealthy",
        "task 0123abcd: Essential container in task exited",
        "task 0123abcd, container web exited with code 3",
        "last 2 log lines of container web:",
        "  starting",
        "  no such table",
    ]


def test_the_lines_are_those_of_the_task_that_is_told(monkeypatch) -> None:
    asked: list[Any] = []

    def events(given: Any) -> Any:
        asked.append(given)
        return FAILED["logs.GetLogEvents"]

    known(monkeypatch, logs__GetLogEvents=events)
    assert asked == [
        {"logGroupName": "/shop", "logStreamName": "shop/web/0123abcd", "limit": 15, "startFromHead": False}
    ]


def test_a_service_whose_tasks_have_not_ended_tells_its_events(monkeypatch) -> None:
    assert known(monkeypatch, ecs__ListTasks={"taskArns": []}) == [
        "(service web) has started 1",
        "(service web) is unhealthy",
    ]


@pytest.mark.parametrize("answer", [Refused("AccessDeniedException"), NoCredentialsError()])
def test_where_aws_cannot_be_asked_nothing_is_said(monkeypatch, answer: Any) -> None:
    assert known(monkeypatch, ecs__DescribeServices=answer) == []


def test_in_a_unit_test_there_is_no_hook() -> None:
    found: list[Any] = []
    record(lambda: found.append(failures.report_failures(app(service("web")), access())))
    assert found == [None]
