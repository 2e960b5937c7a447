"""The repositories of built images, under Pulumi mocks. Not proved: that a push gets there."""

import json

import pytest
from apps import app, service
from ecs_component import deployed

from components.model import Build
from components.testing import Recording

HOST = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"


@pytest.fixture
def built(tmp_path, monkeypatch) -> Recording:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    return deployed(app(service("web", image=None, build=Build(context=str(tmp_path))), service("db")))


def test_each_built_image_has_a_repository_and_no_other(built) -> None:
    assert [(each.name, each.inputs["name"]) for each in built.of("Repository")] == [("app-shop-web", "main/shop-web")]


def test_a_repository_is_scanned_and_only_the_moving_tag_moves(built) -> None:
    found = built.one("Repository", "app-shop-web").inputs
    assert found["imageScanningConfiguration"] == {"scanOnPush": True}
    assert found["imageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
    assert found["imageTagMutabilityExclusionFilters"] == [{"filter": "latest", "filterType": "WILDCARD"}]


def test_a_repository_keeps_its_last_thirty_images(built) -> None:
    policy = json.loads(built.one("LifecyclePolicy", "app-shop-web").inputs["policy"])
    assert [(each["selection"], each["action"]) for each in policy["rules"]] == [
        ({"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 30}, {"type": "expire"})
    ]


def test_an_image_is_pushed_there_once_it_is_there(built) -> None:
    image = built.one("Image", "app-web")
    assert image.inputs["tags"] == [f"{HOST}/main/shop-web"]
    assert built.one("Repository", "app-shop-web").urn in image.dependencies


def test_the_login_is_aws_own_and_a_secret(built) -> None:
    image = built.one("Image", "app-web")
    assert image.inputs["registries"] == [{"address": HOST, "username": "AWS", "password": "token"}]
    assert "registries" in image.secrets


def test_tasks_run_what_was_built_by_its_digest(built) -> None:
    (container,) = (
        each
        for each in json.loads(built.one("TaskDefinition", "app-web").inputs["containerDefinitions"])
        if each["name"] == "web"
    )
    assert container["image"] == f"{HOST}/main/shop-web@sha256:0"


def test_one_provider_is_for_the_registry_and_for_the_rest(built) -> None:
    assert [each.name for each in built if each.type == "pulumi:providers:aws"] == ["app-aws"]
