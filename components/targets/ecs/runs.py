"""Runs to completion: a function that starts a task and waits for its end, invoked where anything has changed.

AWS has no resource for it. An invocation is made anew, and the task run again, when its task definition changes: the
image, the command, the environment, a secret. What it answers is in the state, and is looked at on every `up`.
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 15 minutes at most.
"""

import functools
from collections.abc import Iterator
from pathlib import Path

from ...model import Service
from .. import completion
from ..rows import Archive, Joined, Json, Ref, Row
from . import logs, names, security_groups, services, starters
from .given import Scope

KEY = "runs"
"""The key of the function and of its role."""
MODULE = "run_task"
TIMEOUT = 900
"""Seconds that a function may take."""
MEMORY = 256
"""Mebibytes: the SDK alone takes a hundred."""


def rows(scope: Scope) -> Iterator[Row]:
    """The function and its role; none where nothing runs to its end."""
    if not any(_is_own(scope, service) for service in scope.app.services.values()):
        return
    yield starters.role(scope, KEY, "lambda.amazonaws.com")
    yield starters.policy(scope, KEY, KEY, _rights(scope))
    args = {
        **names.auto("Function", scope.app.name, KEY),
        "description": f"runs tasks of {scope.app.name} to their end",
        "role": Ref("Role", KEY, "arn"),
        "runtime": "python3.13",
        "architectures": ["arm64"],
        "handler": f"{MODULE}.handler",
        "code": Archive({f"{MODULE}.py": source()}),
        "timeout": TIMEOUT,
        "memory_size": MEMORY,
        "logging_config": {"log_format": "Text", "log_group": logs.group(scope)},
    }
    yield scope.row("Function", KEY, args, after=(("RolePolicy", KEY),))


def invocation(scope: Scope, service: Service) -> Iterator[Row]:
    """The run of a service, and the right to start it; nothing for one that is kept running."""
    if not _is_own(scope, service):
        return
    right = f"{service.name}-run"
    yield starters.policy(scope, KEY, right, starters.start(scope, service), service=service.name)
    yield scope.row(
        "Invocation",
        service.name,
        {"function_name": Ref("Function", KEY, "name"), "input": event(scope, service)},
        service=service.name,
        after=(
            ("RolePolicy", right),
            *security_groups.needs(scope, service),
            *dict.fromkeys(services.waits(scope, service)),
        ),
        completed=tuple(dict.fromkeys(services.completed(scope, service))),
    )


def event(scope: Scope, service: Service) -> Json:
    """What the function is invoked with: see `run_task.Event`."""
    network = services.network(scope, service)
    return Json(
        {
            "cluster": scope.access.cluster,
            "taskDefinition": Ref("TaskDefinition", service.name, "arn"),
            "networkConfiguration": {
                "awsvpcConfiguration": {
                    "subnets": network["subnets"],
                    "securityGroups": network["security_groups"],
                    "assignPublicIp": "ENABLED" if network["assign_public_ip"] else "DISABLED",
                }
            },
            "count": service.replicas,
            "container": names.plain(service.name),
            "logGroup": logs.group(scope),
            "logPrefix": scope.app.name,
            "tries": completion.tries(service),
            "wait": service.name in scope.completing,
        },
        secret=False,
    )


@functools.cache
def source() -> str:
    """The function's source."""
    return Path(__file__).with_name(f"{MODULE}.py").read_text(encoding="utf-8")


def _is_own(scope: Scope, service: Service) -> bool:
    return scope.is_run(service) and not scope.is_companion(service)


def _rights(scope: Scope) -> list[starters.Statement]:
    """To look at tasks of the cluster, to read what they have printed, and to print itself."""
    group = (scope.access.arn("logs", "log-group:"), logs.group(scope))
    return [
        # AWS knows no resource for tasks on Fargate that are listed
        {"Effect": "Allow", "Action": "ecs:ListTasks", "Resource": "*", "Condition": starters.on_cluster(scope)},
        {"Effect": "Allow", "Action": "ecs:DescribeTasks", "Resource": starters.of_cluster(scope)},
        {"Effect": "Allow", "Action": "logs:GetLogEvents", "Resource": logs.streams(scope)},
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            # the streams of functions begin with the year
            "Resource": Joined((*group, ":log-stream:20*")),
        },
    ]
