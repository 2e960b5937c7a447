"""The images of a whole application under Pulumi mocks. Not proved: that a builder takes any of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from apps import app, service

from components.errors import InputError
from components.model import App, Build, ServiceExtension
from components.testing import Recorded, record

CLUSTER = {"cluster": "arn:aws:ecs:eu-central-1:123456789012:cluster/main", "vpc": "vpc-1"}
REGISTRY = {"prefix": "r.example/team", "username": "ann", "password": "geheim"}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    here = str(tmp_path)
    return app(
        service("web", image=None, build=Build(context=here, additional_contexts={"base": "service:base"})),
        service("base", image="base:1", build=Build(context=here)),
        service("db"),
    )


def images(recorded: list[Recorded]) -> dict[str, dict[str, Any]]:
    return {each.name: dict(each.inputs) for each in recorded if each.type == "docker-build:index:Image"}


def test_a_target_with_an_engine_of_its_own_gets_images_loaded(shop: App) -> None:
    found = images(record({"app": shop, "target": "docker"}))
    assert {name: each["exports"] for name, each in found.items() if not name.endswith("-layout")} == {
        "app-base": [{"raw": "type=docker"}],
        "app-web": [{"raw": "type=docker"}],
    }
    assert [found[name]["tags"] for name in ("app-base", "app-web")] == [["base:1"], ["shop-web"]]
    assert "platforms" not in found["app-web"]


def test_where_no_registry_holds_it_a_base_is_handed_over_as_a_layout(shop: App) -> None:
    found = images(record({"app": shop, "target": "docker"}))
    (export,) = found["app-base-layout"]["exports"]
    place = export["raw"].removeprefix("type=oci,tar=false,dest=")
    assert place.startswith(".slipway/layouts/shop/base/")
    assert found["app-web"]["context"]["named"] == {"base": {"location": f"oci-layout://{place}@sha256:0"}}


def test_a_target_that_pulls_gets_images_pushed_for_its_own_platform(shop: App) -> None:
    found = images(record({"app": shop, "target": "swarm", "registry": REGISTRY}))
    assert {name: each["exports"] for name, each in found.items()} == {
        "app-base": [{"raw": "type=registry"}],
        "app-web": [{"raw": "type=registry"}],
    }
    assert found["app-web"]["tags"] == ["r.example/team/shop-web"]
    assert found["app-web"]["platforms"] == ["linux/amd64"]
    base = "docker-image://r.example/team/shop-base@sha256:0"
    assert found["app-web"]["context"]["named"] == {"base": {"location": base}}


def test_the_stacks_platform_wins_over_the_targets(shop: App) -> None:
    args = {"app": shop, "target": "swarm", "registry": REGISTRY, "platform": "linux/arm64"}
    assert images(record(args))["app-web"]["platforms"] == ["linux/arm64"]


def test_the_builder_is_given_the_registrys_password_as_a_secret(shop: App) -> None:
    recorded = record({"app": shop, "target": "swarm", "registry": REGISTRY})
    (builder,) = [each for each in recorded if each.type == "pulumi:providers:docker-build"]
    assert builder.secrets == {"registries"}
    assert builder.inputs["registries"] == ('[{"address": "r.example", "password": "geheim", "username": "ann"}]')


def test_without_a_username_the_builder_uses_the_users_own_login(shop: App) -> None:
    recorded = record({"app": shop, "target": "swarm", "registry": {"prefix": "r.example/team"}})
    (builder,) = [each for each in recorded if each.type == "pulumi:providers:docker-build"]
    assert "registries" not in builder.inputs


def test_what_was_pushed_outlives_its_stack_and_what_was_loaded_does_not(shop: App) -> None:
    def kept(args: dict[str, Any]) -> set[bool]:
        return {"retain_on_delete" in each.options for each in record(args) if each.type == "docker-build:index:Image"}

    assert kept({"app": shop, "target": "swarm", "registry": REGISTRY}) == {True}
    assert kept({"app": shop, "target": "docker"}) == {False}


def test_no_registry_where_one_is_needed_is_one_problem_before_anything_is_created(shop: App) -> None:
    with pytest.raises(InputError) as raised:
        record({"app": shop, "target": "swarm"})
    assert str(raised.value) == (
        "stack stack: no value for slipway:registry, and swarm pulls what is built here from one (web, base); "
        "run `pulumi config set --path slipway:registry.prefix registry.example.com/team`"
    )


def test_what_was_built_elsewhere_needs_no_registry_and_can_be_started_from(shop: App) -> None:
    given = {name: f"x.example/{name}@sha256:{'0' * 64}" for name in ("web", "base")}
    assert images(record({"app": shop, "target": "swarm", "images": given})) == {}
    args = {"app": shop, "target": "docker", "images": {"base": given["base"]}}
    named = images(record(args))["app-web"]["context"]["named"]
    assert named == {"base": {"location": f"docker-image://{given['base']}"}}


def test_what_the_platforms_own_service_replaces_is_not_built_unless_another_is_made_from_it(shop: App) -> None:
    managed = ServiceExtension(managed="redis")
    services = {name: replace(each, x_slipway=managed) for name, each in shop.services.items() if name != "db"}
    args = {"target": "ecs", "cluster": {"existing": {**CLUSTER, "subnets": ["subnet-a"]}}}
    assert list(images(record({"app": replace(shop, services=services), **args}))) == ["app-base"]
    assert images(record({"app": replace(shop, services={"base": services["base"]}), **args})) == {}
