"""The repository of built images, under Pulumi mocks. Not proved: that a push gets there."""

from typing import Any

import pytest
from apps import app, service
from cloudrun_component import EXISTING, deployed

from components.errors import RejectedError
from components.model import Build
from components.testing import Recording

HOST = "europe-west1-docker.pkg.dev"


@pytest.fixture
def build(tmp_path, monkeypatch) -> Any:
    """Deploys an application of which one service is built."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    web = service("web", image=None, build=Build(context=str(tmp_path)), expose=("80",))

    def run(**more: Any) -> Recording:
        return deployed(app(web, service("other", expose=("80",))), **more)

    return run


def test_the_application_has_one_repository(build) -> None:
    (found,) = build().of("Repository")
    assert (found.name, found.inputs) == (
        "app-images",
        {
            "project": "shop-1",
            "location": "europe-west1",
            "repositoryId": "shop-images",
            "description": "images of shop",
            "format": "DOCKER",
            "cleanupPolicies": [
                {"id": "keep-30", "action": "KEEP", "mostRecentVersions": {"keepCount": 30}},
                {
                    "id": "older-than-14-days",
                    "action": "DELETE",
                    "condition": {"tagState": "ANY", "olderThan": "1209600s"},
                },
            ],
            "labels": {"slipway-application": "shop", "slipway-stack": "organization-project-stack"},
        },
    )


def test_its_api_is_turned_on_first(build) -> None:
    recorded = build()
    on = recorded.one("Service", "app-artifactregistry")
    assert on.inputs == {
        "project": "shop-1",
        "service": "artifactregistry.googleapis.com",
        "disableOnDestroy": False,
    }
    assert on.urn in recorded.one("Repository", "app-images").dependencies


def test_where_the_stack_turns_no_apis_on_the_repository_is_made_all_the_same(build) -> None:
    recorded = build(cloudrun={"enableApis": False})
    assert [each.name for each in recorded if each.type == "gcp:projects/service:Service"] == []
    assert [each.name for each in recorded.of("Repository")] == ["app-images"]


@pytest.mark.parametrize("protect", [False, True])
def test_it_is_protected_where_the_stack_protects_what_holds_state(build, protect: bool) -> None:
    options = build(protect=protect).one("Repository", "app-images").options
    assert options == ({"protect": True} if protect else {})


def test_a_build_pushes_there_once_it_is_there_with_googles_own_token(build) -> None:
    recorded = build()
    image = recorded.one("Image", "app-web")
    assert image.inputs["tags"] == [f"{HOST}/shop-1/shop-images/shop-web"]
    assert recorded.one("Repository", "app-images").urn in image.dependencies
    assert image.inputs["registries"] == [{"address": HOST, "username": "oauth2accesstoken", "password": "token"}]
    assert "registries" in image.secrets


def test_a_revision_runs_what_was_built_by_its_digest(build) -> None:
    (container,) = build().one("Service", "app-web").inputs["template"]["containers"]
    assert container["image"] == f"{HOST}/shop-1/shop-images/shop-web@sha256:0"


def test_a_repository_of_the_settings_is_taken_as_it_is(build) -> None:
    recorded = build(cloudrun={"repository": f"{HOST}/other-project/team"})
    assert recorded.of("Repository") == []
    image = recorded.one("Image", "app-web")
    assert image.inputs["tags"] == [f"{HOST}/other-project/team/shop-web"]
    assert image.inputs["registries"][0]["address"] == HOST


def test_one_provider_is_for_the_repository_and_for_the_rest(build) -> None:
    assert [each.name for each in build() if each.type == "pulumi:providers:gcp"] == ["app-gcp"]


def test_a_registry_with_a_login_is_refused(build) -> None:
    registry = {"prefix": "registry.example/team", "username": "ann", "password": "geheim"}
    with pytest.raises(RejectedError) as raised:
        build(registry=registry)
    assert str(raised.value) == (
        "slipway:registry: Cloud Run pulls from registry.example without a login, and slipway:registry has one; leave "
        "it out: the application then has a repository of its own; or name one of Artifact Registry"
    )


def test_a_registry_without_one_is_reached_by_a_remote_repository(build) -> None:
    recorded = build(registry={"prefix": "registry.example/team"}, cluster={"existing": EXISTING})
    (found,) = recorded.of("Repository")
    assert found.inputs["remoteRepositoryConfig"] == {"commonRepository": {"uri": "https://registry.example"}}
    (container,) = recorded.one("Service", "app-web").inputs["template"]["containers"]
    assert container["image"] == f"{HOST}/shop-1/{found.inputs['repositoryId']}/team/shop-web@sha256:0"
