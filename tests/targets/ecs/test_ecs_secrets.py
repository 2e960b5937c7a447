"""What is secret is in Secrets Manager, and a task names it with its version.

Not proved: that ECS reads it.
"""

from typing import Any

import pytest
from apps import app, service
from ecs_scopes import by_key, scope, tags

from components.access import Contents
from components.model import App, FileGrant, FileObject, Job, Opaque, Parts, PreStart, ServiceExtension
from components.targets.ecs import secrets
from components.targets.ecs.render import RULES
from components.targets.rows import Base64, Joined, Json, Ref, Row

SECRET = Parts([Opaque("x", name="KEY")])
GRANT = (FileGrant(source="key"),)
KEY = {"secrets": {"key": FileObject(environment="KEY", labels={"team": "blue", "rule": "Host(`a`)"})}}
CONTENTS = Contents(secrets={"key": SECRET, "unused": SECRET}, configs={"page": "x"})


def rows(application: App, **given: Any) -> dict[tuple[str, str], Row]:
    return by_key(secrets.rows(scope(application, **given)))


def test_a_secret_that_several_read_is_one_and_a_config_without_a_secret_is_none() -> None:
    shop = app(
        service("web", secrets=GRANT, configs=(FileGrant(source="page"),)),
        service("worker", secrets=GRANT),
        configs={"page": FileObject(content="x")},
        **KEY,
    )
    found = rows(shop, contents=CONTENTS)
    assert list(found) == [("Secret", "key"), ("SecretVersion", "key")]
    secret, version = found.values()
    assert secret.args == {"recovery_window_in_days": 7, "tags": {**tags(), "team": "blue"}}
    assert version.args == {"secret_id": Ref("Secret", "key", "id"), "secret_string": SECRET}


def test_what_a_job_or_a_step_reads_is_kept_too() -> None:
    step = service("web", pre_start=(PreStart(secrets=GRANT),))
    assert ("Secret", "key") in rows(app(step, **KEY), contents=CONTENTS)
    job = Job(name="backup", image="b", secrets=GRANT)
    assert ("Secret", "key") in rows(app(jobs={"backup": job}, **KEY), contents=CONTENTS)


def test_what_is_no_text_is_in_base64() -> None:
    found = rows(app(service("web", secrets=GRANT), **KEY), contents=Contents(secrets={"key": b"\xff"}))
    assert found[("SecretVersion", "key")].args["secret_string"] == Base64(b"\xff", "secrets.key", 49152)


def test_what_is_external_or_only_of_a_managed_service_is_not_made() -> None:
    external = {"secrets": {"key": FileObject(external=True, name="prod/key")}}
    assert rows(app(service("web", secrets=GRANT), **external), contents=CONTENTS) == {}
    managed = service("db", secrets=GRANT, environment={"P": SECRET}, x_slipway=ServiceExtension(managed="postgres"))
    assert rows(app(managed, **KEY), contents=CONTENTS) == {}


def test_a_key_of_ones_own_encrypts_it() -> None:
    found = rows(app(service("web", secrets=GRANT), **KEY), contents=CONTENTS, reached={"kms_key": "arn:key"})
    assert found[("Secret", "key")].args["kms_key_id"] == "arn:key"


def test_secret_variables_of_a_container_are_one_secret() -> None:
    step = PreStart(environment={"KEY": SECRET})
    web = service("web", environment={"A": "1", "KEY": SECRET, "URL": Parts(["x", Opaque("y")])}, pre_start=(step,))
    found = rows(app(web))
    assert [key for kind, key in found if kind == "Secret"] == ["web-pre-start-1-environment", "web-environment"]
    version = found[("SecretVersion", "web-environment")]
    assert version.args["secret_string"] == Json({"KEY": SECRET, "URL": web.environment["URL"]})
    assert (version.service, version.args["secret_string"].secret) == ("web", True)


def test_a_task_names_the_version_so_that_a_change_rolls_it() -> None:
    version = Ref("SecretVersion", "key", "version_id")
    assert secrets.own("key").value_from == Joined((Ref("Secret", "key", "arn"), ":::", version))
    assert secrets.own("key", "URL").value_from == Joined((Ref("Secret", "key", "arn"), ":URL::", version))
    assert secrets.own("key").resource == Ref("Secret", "key", "arn")


@pytest.mark.parametrize(
    ("item", "resource"),
    [
        (FileObject(external=True), "arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-??????"),
        (FileObject(external=True, name="arn:aws:secretsmanager:x"), "arn:aws:secretsmanager:x"),
    ],
)
def test_the_role_may_read_an_external_secret_whose_arn_ends_with_what_is_awss(item: FileObject, resource: str) -> None:
    assert secrets.external(scope(app()), item, "key").resource == resource


def refused(application: App) -> list[str]:
    return [f"{application.where(each.path)}: {each.what}; {each.fix}" for rule in RULES for each in rule(application)]


def test_two_that_would_be_one_secret_are_refused() -> None:
    objects = {name: FileObject(environment="KEY") for name in ("web-environment", "page-config", "fine")}
    shop = app(service("web", environment={"KEY": SECRET}), secrets=objects, configs={"page": FileObject(content="x")})
    assert refused(shop) == [
        'secrets.web-environment: "web-environment" is the name of the secret that services.web.environment becomes; '
        "rename it",
        'secrets.page-config: "page-config" is the name of the secret that configs.page becomes; rename it',
    ]
