"""Runs to completion: what is invoked, with what rights. What the function does: test_run_task.py."""

import re
from typing import Any

import pytest
from apps import app, service
from ecs_scopes import CLUSTER, by_key, scope, tags

from components.model import App, Dependency, Deploy, RestartPolicy, Service
from components.targets.ecs import run_task, runs
from components.targets.rows import Archive, Joined, Json, Ref, Row

MIGRATE = service("migrate")
WEB = service("web", depends_on={"migrate": Dependency(condition="service_completed_successfully")})
TASKS = Joined(("arn:aws:ecs:eu-central-1:123456789012:task/", "main", "/*"))


def shared(*services: Service) -> dict[tuple[str, str], Row]:
    return by_key(runs.rows(scope(app(*services))))


def invoked(migrate: Service, *others: Service, **reached: Any) -> dict[tuple[str, str], Row]:
    return by_key(runs.invocation(scope(app(migrate, *others), reached=reached), migrate))


def event(migrate: Service, *others: Service, **reached: Any) -> dict[str, Any]:
    found = invoked(migrate, *others, **reached)["Invocation", migrate.name].args["input"]
    assert isinstance(found, Json)
    assert not found.secret
    return dict(found.value)


def statements(row: Row) -> list[dict[str, Any]]:
    return list(row.args["policy"].value["Statement"])


def test_an_application_of_which_nothing_ends_has_no_function() -> None:
    assert shared(service("web")) == {}
    assert invoked(service("web")) == {}


def test_a_function_runs_the_tasks_of_all() -> None:
    found = shared(WEB, MIGRATE)
    assert list(found) == [("Role", "runs"), ("RolePolicy", "runs"), ("Function", "runs")]
    row = found["Function", "runs"]
    assert row.after == (("RolePolicy", "runs"),)
    assert row.args == {
        "description": "runs tasks of shop to their end",
        "role": Ref("Role", "runs", "arn"),
        "runtime": "python3.13",
        "architectures": ["arm64"],
        "handler": "run_task.handler",
        "code": Archive({"run_task.py": runs.source()}),
        "timeout": 900,
        "memory_size": 256,
        "logging_config": {"log_format": "Text", "log_group": Ref("LogGroup", "logs", "name")},
        "tags": tags(),
    }


def test_the_functions_source_is_a_module_that_has_the_handler() -> None:
    found: dict[str, Any] = {"__name__": "run_task"}
    exec(compile(runs.source(), "run_task.py", "exec"), found)
    assert found["handler"].__doc__ == run_task.handler.__doc__


def test_the_function_looks_at_tasks_of_the_cluster_and_at_the_applications_output() -> None:
    group = ("arn:aws:logs:eu-central-1:123456789012:log-group:", Ref("LogGroup", "logs", "name"))
    listing, looking, reading, printing = statements(shared(WEB, MIGRATE)["RolePolicy", "runs"])
    assert listing == {
        "Effect": "Allow",
        "Action": "ecs:ListTasks",
        "Resource": "*",
        "Condition": {"ArnEquals": {"ecs:cluster": CLUSTER}},
    }
    assert looking == {"Effect": "Allow", "Action": "ecs:DescribeTasks", "Resource": TASKS}
    assert reading["Action"] == "logs:GetLogEvents"
    assert printing["Resource"] == Joined((*group, ":log-stream:20*"))


def test_the_right_to_start_is_of_the_services_own_tasks_and_comes_with_the_run() -> None:
    row = invoked(MIGRATE, WEB)["RolePolicy", "migrate-run"]
    assert row.args["role"] == Ref("Role", "runs", "name")
    assert statements(row) == [
        {
            "Effect": "Allow",
            "Action": "ecs:RunTask",
            "Resource": "arn:aws:ecs:eu-central-1:123456789012:task-definition/shop-migrate:*",
            "Condition": {"ArnEquals": {"ecs:cluster": CLUSTER}},
        },
        {
            "Effect": "Allow",
            "Action": "ecs:TagResource",
            "Resource": TASKS,
            "Condition": {"StringEquals": {"ecs:CreateAction": "RunTask"}},
        },
        {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": [Ref("Role", "migrate-execution", "arn")],
            "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        },
    ]


def test_what_the_function_is_invoked_with_runs_the_task_definition_anew_when_that_changes() -> None:
    found = invoked(MIGRATE, WEB)["Invocation", "migrate"]
    assert found.args["function_name"] == Ref("Function", "runs", "name")
    assert event(MIGRATE, WEB) == {
        "cluster": CLUSTER,
        "taskDefinition": Ref("TaskDefinition", "migrate", "arn"),
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": ["subnet-a", "subnet-b"],
                "securityGroups": [
                    Ref("SecurityGroup", "migrate", "id"),
                    Ref("SecurityGroup", "network-default", "id"),
                ],
                "assignPublicIp": "DISABLED",
            }
        },
        "count": 1,
        "container": "migrate",
        "logGroup": Ref("LogGroup", "logs", "name"),
        "logPrefix": "shop",
        "tries": 0,
        "wait": True,
    }


def test_the_event_has_what_the_function_reads() -> None:
    read = re.findall(r"""event\[['"](\w+)""", runs.source())
    assert set(event(MIGRATE, WEB)) == set(read)


def test_tasks_with_a_public_address_are_asked_for_in_the_apis_own_word() -> None:
    found = event(MIGRATE, WEB, public_ip=True)["networkConfiguration"]["awsvpcConfiguration"]
    assert found["assignPublicIp"] == "ENABLED"


@pytest.mark.parametrize(
    ("migrate", "tries"),
    [
        ({}, 0),
        ({"restart": "on-failure:3"}, 3),
        ({"restart": "on-failure"}, 2**31 - 1),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="on-failure", max_attempts=2))}, 2),
    ],
)
def test_a_failed_run_is_tried_as_often_as_the_file_says(migrate: dict[str, Any], tries: int) -> None:
    assert event(service("migrate", **migrate), WEB)["tries"] == tries


def test_a_run_that_nothing_waits_for_is_not_waited_for() -> None:
    assert event(service("seed", restart="no"))["wait"] is False


def test_a_run_waits_for_what_it_depends_on() -> None:
    migrate = service("migrate", depends_on={"db": Dependency(condition="service_healthy"), "prepare": Dependency()})
    prepare = service("prepare", deploy=Deploy(mode="replicated-job"))
    other = service("o", depends_on={"prepare": Dependency(condition="service_completed_successfully")})
    shop: App = app(WEB, migrate, service("db"), prepare, other)
    row = by_key(runs.invocation(scope(shop), migrate))["Invocation", "migrate"]
    assert row.after == (("RolePolicy", "migrate-run"), ("EgressRule", "migrate-to-world"), ("Service", "db"))
    assert row.completed == (("Invocation", "prepare"),)
