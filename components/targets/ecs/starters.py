"""Roles of what starts tasks: the function of runs, and the scheduler. Each may start its own tasks, and no others.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ...model import Service
from ..rows import Joined, Json, Ref, Row
from . import names, roles, tasks
from .given import Scope

Statement = Mapping[str, Any]


def role(scope: Scope, key: str, principal: str, condition: Statement | None = None) -> Row:
    """A role without rights.

    Args:
        scope: the application.
        key: of the row.
        principal: the service of AWS that takes it on.
        condition: under which; None: always.
    """
    trust: dict[str, Any] = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
    if condition is not None:
        trust["Condition"] = condition
    args = {
        **names.auto("Role", scope.app.name, key),
        "assume_role_policy": document([trust]),
        "description": f"{key} of {scope.app.name}",
    }
    return scope.row("Role", key, args)


def policy(scope: Scope, role_key: str, key: str, statements: Iterable[Statement], *, service: str = "") -> Row:
    """Rights of a role.

    Args:
        scope: the application.
        role_key: of the role's row.
        key: of the policy's.
        statements: the rights.
        service: the Compose service that they are about; "": several.
    """
    args = {"role": Ref("Role", role_key, "name"), "policy": document(statements)}
    return scope.row("RolePolicy", key, args, service=service)


def document(statements: Iterable[Statement]) -> Json:
    """A policy (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html)."""
    return Json({"Version": roles.VERSION, "Statement": list(statements)}, secret=False)


def start(scope: Scope, service: Service) -> list[Statement]:
    """The right to start the tasks of a service or job, in whatever revision, on this cluster, with their own roles."""
    family = tasks.family(scope, service.name)
    return [
        {
            "Effect": "Allow",
            "Action": "ecs:RunTask",
            "Resource": scope.access.arn("ecs", f"task-definition/{family}:*"),
            "Condition": on_cluster(scope),
        },
        {
            "Effect": "Allow",
            "Action": "ecs:TagResource",
            "Resource": of_cluster(scope),
            "Condition": {"StringEquals": {"ecs:CreateAction": "RunTask"}},
        },
        {
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": list(roles.arns(scope, service).values()),
            "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        },
    ]


def of_cluster(scope: Scope) -> Joined:
    """The ARN of the tasks of the cluster."""
    return Joined((scope.access.arn("ecs", "task/"), scope.cluster_name, "/*"))


def on_cluster(scope: Scope) -> Statement:
    """The condition that something is done on this cluster."""
    return {"ArnEquals": {"ecs:cluster": scope.access.cluster}}
