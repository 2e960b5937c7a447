"""Roles of tasks: who takes them on, and what they may do.

Not proved: that AWS lets them do it, and nothing else.
"""

from typing import Any

import pytest
from apps import app, service
from ecs_scopes import by_key, scope

from components.access import Contents, ImageReference
from components.model import App, FileGrant, FileObject, Mount, Opaque, Parts, Volume
from components.targets.ecs import logs, roles
from components.targets.ecs.given import Scope
from components.targets.rows import Joined, Ref

SECRET = Parts([Opaque("x", name="KEY")])
ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"


def statements(application: App, key: str = "web-execution", **given: Any) -> dict[str, Any]:
    """Action -> resource of a role's policy."""
    found = by_key(roles.rows(scope(application, **given), application.services["web"]))
    policy = found[("RolePolicy", key)].args["policy"].value
    return {str(each["Action"]): each["Resource"] for each in policy["Statement"]}


def test_ecs_takes_a_role_on_for_tasks_of_the_account_alone() -> None:
    shop = app(service("web"))
    found = by_key(roles.rows(scope(shop), shop.services["web"]))
    assert list(found) == [("Role", "web-execution"), ("RolePolicy", "web-execution")]
    role = found[("Role", "web-execution")]
    assert role.args["assume_role_policy"].value == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": "123456789012"},
                    "ArnLike": {"aws:SourceArn": "arn:aws:ecs:eu-central-1:123456789012:*"},
                },
            }
        ],
    }
    assert found[("RolePolicy", "web-execution")].args["role"] == Ref("Role", "web-execution", "name")


def test_a_name_that_would_be_too_long_for_a_role_is_cut() -> None:
    long = service("w" * 50)
    found = by_key(roles.rows(scope(app(long)), long))
    name = found[("Role", f"{long.name}-execution")].args["name"]
    assert len(name) == 64
    assert name.startswith(f"shop-{long.name}")


def test_a_service_that_reads_nothing_may_write_its_log_and_no_more() -> None:
    shop = app(service("web"))
    assert statements(shop) == {"['logs:CreateLogStream', 'logs:PutLogEvents']": logs.streams(scope(shop))}


def test_its_log_is_the_applications_own_streams_of_the_group() -> None:
    begin = "arn:aws:logs:eu-central-1:123456789012:log-group:"
    own = logs.streams(scope(app(service("web"))))
    assert own == Joined((begin, Joined(("/slipway/", "main", "/shop")), ":log-stream:shop/*"))
    clusters = logs.streams(scope(app(service("web")), reached={"log_group": "/apps"}))
    assert clusters == Joined((begin, "/apps", ":log-stream:shop/*"))


def test_the_applications_log_group_is_kept_as_long_as_the_stack_says() -> None:
    [row] = logs.rows(scope(app(service("web")), reached={"log_days": 7, "kms_key": "arn:key"}))
    assert row.args["name"] == Joined(("/slipway/", "main", "/shop"))
    assert (row.args["retention_in_days"], row.args["kms_key_id"]) == (7, "arn:key")
    assert not list(logs.rows(scope(app(service("web")), reached={"log_group": "/apps"})))


def pull(image: str, **reached: Any) -> Any:
    found = statements(app(service("web", image=image)), reached=reached)
    return found.get(str(list(roles.PULL))), found.get("ecr:GetAuthorizationToken")


@pytest.mark.parametrize(
    ("image", "arn"),
    [
        (f"{ECR}/main/shop-web:1", "arn:aws:ecr:eu-central-1:123456789012:repository/main/shop-web"),
        (f"{ECR}/shop@sha256:0", "arn:aws:ecr:eu-central-1:123456789012:repository/shop"),
        (
            "210987654321.dkr.ecr.us-east-1.amazonaws.com/base:2",
            "arn:aws:ecr:us-east-1:210987654321:repository/base",
        ),
    ],
)
def test_an_image_of_ecr_may_be_pulled_from_its_repository_alone(image: str, arn: str) -> None:
    assert pull(image) == ([arn], "*")


def test_an_image_of_another_registry_needs_no_right() -> None:
    assert pull("nginx:1") == (None, None)
    assert pull("public.ecr.aws/nginx/nginx:1") == (None, None)


def test_what_the_init_container_runs_may_be_in_ecr_too() -> None:
    arn = "arn:aws:ecr:eu-central-1:123456789012:repository/mirror/busybox"
    assert pull("nginx:1", init_image=f"{ECR}/mirror/busybox:1") == ([arn], "*")


def test_what_was_built_is_pulled_by_its_repository_whatever_its_digest() -> None:
    shop = app(service("web", image=None))
    built = {"web": ImageReference(name=f"{ECR}/main/shop-web", digest=Opaque("unknown yet"))}
    found = by_key(roles.rows(Scope(shop, built, scope(shop).given), shop.services["web"]))
    [_, allowed, _] = found[("RolePolicy", "web-execution")].args["policy"].value["Statement"]
    assert allowed["Resource"] == ["arn:aws:ecr:eu-central-1:123456789012:repository/main/shop-web"]


def reading(**given: Any) -> dict[str, Any]:
    web = service("web", secrets=(FileGrant(source="key"),), environment={"URL": SECRET})
    others = service("worker", secrets=(FileGrant(source="other"),))
    objects = {"secrets": {"key": FileObject(environment="KEY"), "other": FileObject(environment="KEY")}}
    contents = Contents(secrets={"key": SECRET, "other": SECRET})
    return statements(app(web, others, **objects), contents=contents, **given)


def test_a_service_reads_its_own_secrets_and_no_others() -> None:
    assert reading()["secretsmanager:GetSecretValue"] == [
        Ref("Secret", "web-environment", "arn"),
        Ref("Secret", "key", "arn"),
    ]
    assert "kms:Decrypt" not in reading()


def test_a_key_of_ones_own_is_used_for_them() -> None:
    assert reading(reached={"kms_key": "arn:key"})["kms:Decrypt"] == "arn:key"


def test_credentials_of_a_registry_are_read_where_an_image_comes_from_it() -> None:
    pulls = {"registry.example.com": "arn:pull", "other.example.com": "arn:other"}
    found = statements(app(service("web", image="registry.example.com/web:1")), pull_secrets=pulls)
    assert found["secretsmanager:GetSecretValue"] == ["arn:pull"]


# --- what runs in a task ---------------------------------------------------------------------------------------------

DATA = service("web", volumes=(Mount(type="volume", source="data", target="/data"),))


def test_a_service_without_volumes_has_no_role_of_its_own() -> None:
    shop = app(service("web"))
    assert "task_role_arn" not in roles.arns(scope(shop), shop.services["web"])
    assert roles.needs(scope(shop), shop.services["web"]) == [("RolePolicy", "web-execution")]


def test_one_with_volumes_may_use_them() -> None:
    shop = app(DATA, volumes={"data": Volume()})
    assert roles.arns(scope(shop), DATA) == {
        "execution_role_arn": Ref("Role", "web-execution", "arn"),
        "task_role_arn": Ref("Role", "web-task", "arn"),
    }
    assert roles.needs(scope(shop), DATA) == [("RolePolicy", "web-execution"), ("RolePolicy", "web-task")]
    assert list(statements(shop, "web-task").values()) == [Ref("FileSystem", "volumes", "arn")]


def test_where_commands_may_be_executed_a_task_may_open_the_channels() -> None:
    found = statements(app(service("web")), "web-task", reached={"execute_command": True})
    assert found == {str(list(roles.EXECUTE)): "*"}
