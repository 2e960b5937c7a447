"""The account of the application's pods, and what they pull with."""

import asyncio

import pulumi
import pytest
from apps import app, service
from scopes import scope

from components.access import Registry
from components.targets.kubernetes import accounts
from components.targets.outputs import resolved
from components.targets.rows import Json


def test_pods_run_as_an_account_of_the_application_without_a_token() -> None:
    shop = scope(app(service("web")))
    [account] = accounts.rows(shop)
    assert (account.kind, account.key) == ("ServiceAccount", accounts.service_account(shop))
    assert account.args["automountServiceAccountToken"] is False
    assert accounts.pull_secrets(shop) == []


@pytest.mark.parametrize("registry", [None, Registry(prefix="registry.example.com/team")])
def test_without_credentials_there_is_no_secret(registry: Registry | None) -> None:
    assert [row.kind for row in accounts.rows(scope(app(service("web")), registry=registry))] == ["ServiceAccount"]


def test_a_registrys_credentials_are_a_secret_that_pods_pull_with() -> None:
    registry = Registry(prefix="registry.example.com/team", username="robot", password='a"b')
    shop = scope(app(service("web")), registry=registry)
    _, secret = accounts.rows(shop)
    assert secret.key == "shop-registry"
    assert secret.args["type"] == "kubernetes.io/dockerconfigjson"
    assert secret.args["stringData"] == {
        ".dockerconfigjson": Json(
            {"auths": {"registry.example.com": {"username": "robot", "password": 'a"b'}}},
        )
    }
    assert accounts.pull_secrets(shop) == [{"name": "shop-registry"}]


def test_the_credentials_are_a_secret_in_the_state_too() -> None:
    text = resolved(Json({"password": pulumi.Output.from_input('a"b')}), lambda _: None)
    known = asyncio.get_event_loop().run_until_complete
    assert (known(text.future()), known(text.is_secret())) == ('{"password": "a\\"b"}', True)
