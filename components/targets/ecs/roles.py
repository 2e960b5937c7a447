"""Roles of tasks: what starts a task may read its secrets and pull its images, what runs in it may use its volumes.

Each service has its own, so that none reads what another's is. `*` stands only where AWS knows no resource.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
"""

import re
from collections.abc import Iterator
from typing import Any

from ...access import EcsAccess
from ...model import Service
from ..rows import Json, Key, Ref, Row
from . import files, images, logs, names, secrets, volumes
from .given import Scope

VERSION = "2012-10-17"
EXECUTION, TASK = "execution", "task"
REPOSITORY = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/(?P<name>[^:@]+)"
)
"""An image of a private registry of ECR (https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html)."""
PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
EXECUTE = (
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)
"""What `aws ecs execute-command` needs; AWS knows no resource for it
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions)."""


def rows(scope: Scope, service: Service) -> Iterator[Row]:
    """The roles of a service's tasks."""
    yield from role(scope, service.name, EXECUTION, [*_pull(scope, service), *_read(scope, service), _log(scope)])
    own = _task(scope, service)
    if own:
        yield from role(scope, service.name, TASK, own)


def role(scope: Scope, name: str, purpose: str, statements: list[dict[str, Any]]) -> Iterator[Row]:
    """A role that tasks take on, and its policy.

    Args:
        scope: the application.
        name: of the service or job.
        purpose: `execution` or `task`.
        statements: of the policy.
    """
    key = f"{name}-{purpose}"
    named = names.auto("Role", scope.app.name, key)
    trusted = {"assume_role_policy": _trust(scope.access), "description": f"{purpose} of {name} in {scope.app.name}"}
    yield scope.row("Role", key, {**named, **trusted}, service=name)
    policy = Json({"Version": VERSION, "Statement": statements}, secret=False)
    yield scope.row("RolePolicy", key, {"role": Ref("Role", key, "name"), "policy": policy}, service=name)


def arns(scope: Scope, service: Service) -> dict[str, Any]:
    """The roles that a task definition names."""
    found = {"execution_role_arn": Ref("Role", f"{service.name}-{EXECUTION}", "arn")}
    return found | ({"task_role_arn": Ref("Role", f"{service.name}-{TASK}", "arn")} if _task(scope, service) else {})


def needs(scope: Scope, service: Service) -> list[Key]:
    """The policies without which a task would start in vain."""
    purposes = (EXECUTION, TASK) if _task(scope, service) else (EXECUTION,)
    return [("RolePolicy", f"{service.name}-{purpose}") for purpose in purposes]


def _trust(access: EcsAccess) -> Json:
    """ECS takes it on, for tasks of this account alone.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": access.account},
            "ArnLike": {"aws:SourceArn": access.arn("ecs", "*")},
        },
    }
    return Json({"Version": VERSION, "Statement": [statement]}, secret=False)


def _pull(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """The repositories of ECR that a service's tasks pull from."""
    arns = sorted({arn for name in images.names(scope, service) if (arn := _repository(scope.access, name))})
    if not arns:
        return []
    return [
        # AWS knows no resource for it
        {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
        {"Effect": "Allow", "Action": list(PULL), "Resource": arns},
    ]


def _repository(access: EcsAccess, image: str) -> str | None:
    """The ARN of an image's repository; None: it is not one of ECR's."""
    if image.startswith(f"{access.registry_host}/"):
        name = re.split(r"[:@]", image.removeprefix(f"{access.registry_host}/"))[0]
        return access.arn("ecr", f"repository/{name}")
    found = REPOSITORY.match(image)
    if found is None:
        return None
    return f"arn:{access.partition}:ecr:{found['region']}:{found['account']}:repository/{found['name']}"


def _read(scope: Scope, service: Service) -> Iterator[dict[str, Any]]:
    """The secrets that a service's containers take, and the credentials of the registries that they come from."""
    kept = [each.resource for each in _variables(scope, service)]
    kept += [each.resource for each in files.kept(scope, service)]
    kept += images.pull_secrets(scope, service)
    unique = list({repr(each): each for each in kept}.values())
    if unique:
        yield {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": unique}
    if unique and scope.access.kms_key is not None:
        yield {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": scope.access.kms_key}


def _variables(scope: Scope, service: Service) -> Iterator[secrets.Kept]:
    for member in scope.members(service):
        for name, container in secrets.containers(member):
            yield from (kept for _, kept in secrets.of_container(container, name))


def _log(scope: Scope) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": logs.streams(scope),
    }


def _task(scope: Scope, service: Service) -> list[dict[str, Any]]:
    found = volumes.statements(scope, service)
    if scope.access.execute_command:
        found.append({"Effect": "Allow", "Action": list(EXECUTE), "Resource": "*"})
    return found
