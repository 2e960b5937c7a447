"""Images of other registries, and the APIs of what is rendered. Not proved: that Google pulls from the registry."""

from typing import Any

import pytest
from apps import app, service
from cloudrun_scopes import by_key, scope

from components.model import App, Job, Opaque, Parts
from components.targets.cloudrun import apis, kinds, remotes
from components.targets.rows import Row

PLACE = "europe-west1-docker.pkg.dev/shop-1/shop-remote-quay-io-"


def run(image: Any, kind: str = "Service") -> Row:
    template = {"containers": [{"name": "web", "image": image}]}
    return Row(kind=kind, key="web", args={"template": {"template": template} if kind == "Job" else template})


def images(row: Row) -> list[Any]:
    template = row.args["template"]
    return [each["image"] for each in template.get("template", template)["containers"]]


@pytest.mark.parametrize(
    "image",
    [
        "nginx:1",
        "team/web:1",
        "docker.io/library/nginx:1",
        "europe-docker.pkg.dev/project/images/web:1",
        "gcr.io/project/web",
        "eu.gcr.io/project/web",
        "registry.local:5000/shop/web:1",
    ],
)
def test_what_cloud_run_pulls_is_left_as_it_is(image: str) -> None:
    given = scope(app(service("web")), reached={"repository": "registry.local:5000/shop"})
    assert remotes.with_remotes(given, [run(image)]) == [run(image)]


@pytest.mark.parametrize("kind", ["Job", "Service", "WorkerPool"])
def test_any_other_comes_by_a_remote_repository(kind: str) -> None:
    repository, row = remotes.with_remotes(scope(app(service("web"))), [run("quay.io/team/web:1", kind)])
    name = repository.args["repository_id"]
    assert (repository.kind, repository.key, repository.args) == (
        "Repository",
        "remote-quay.io",
        {
            "project": "shop-1",
            "location": "europe-west1",
            "repository_id": name,
            "description": "what shop pulls from quay.io",
            "format": "DOCKER",
            "mode": "REMOTE_REPOSITORY",
            "remote_repository_config": {"common_repository": {"uri": "https://quay.io"}},
            "labels": {"slipway-application": "shop"},
        },
    )
    assert images(row) == [f"europe-west1-docker.pkg.dev/shop-1/{name}/team/web:1"]
    assert f"europe-west1-docker.pkg.dev/shop-1/{name}".startswith(PLACE)
    assert row.after == (("Repository", "remote-quay.io"),)


def test_a_digest_that_is_not_known_yet_stays() -> None:
    digest = Opaque("later", secret=False)
    _, row = remotes.with_remotes(scope(app(service("web"))), [run(Parts(["quay.io/web@", digest]))])
    begin, end = images(row)[0]
    assert (begin.startswith(PLACE), begin.endswith("/web@"), end) == (True, True, digest)


def test_each_registry_has_one_repository_whatever_comes_from_it() -> None:
    given = [run("quay.io/a"), run("ghcr.io/b"), run("quay.io/c")]
    found = remotes.with_remotes(scope(app(service("web"))), given)
    assert [row.key for row in found if row.kind == "Repository"] == ["remote-ghcr.io", "remote-quay.io"]


def problems(application: App) -> list[str]:
    return [str(each) for each in remotes.problems(scope(application))]


@pytest.mark.parametrize("host", ["localhost:5000", "127.0.0.1:5000", "[::1]:5000"])
def test_a_registry_of_this_machine_is_told(host: str) -> None:
    assert problems(app(service("web", image=f"{host}/web"))) == [
        f'services.web.image: "{host}/web" is in a registry that Google does not reach; '
        "push it to Artifact Registry, or to a registry of the internet"
    ]


def test_of_a_job_too() -> None:
    (said,) = problems(app(jobs={"report": Job(name="report", image="localhost:5000/report")}))
    assert said.startswith('jobs.report.image: "localhost:5000/report" is in a registry that Google does not reach')


def test_a_registry_of_the_internet_is_no_problem() -> None:
    assert problems(app(service("web", image="quay.io/web"))) == []


def test_every_kind_has_an_api() -> None:
    assert {*apis.OF_KIND} == {*kinds.CLASSES} - {"Api"}


def test_apis_come_first_and_each_row_waits_for_its_own() -> None:
    secret = Row(kind="Secret", key="pw", args={})
    found = by_key(apis.with_apis(scope(app(service("web"))), [secret, run("nginx")]))
    assert [*found] == [("Api", "run"), ("Api", "secretmanager"), ("Secret", "pw"), ("Service", "web")]
    assert found["Api", "run"].args == {
        "project": "shop-1",
        "service": "run.googleapis.com",
        "disable_on_destroy": False,
    }
    assert found["Secret", "pw"].after == (("Api", "secretmanager"),)
    assert found["Service", "web"].after == (("Api", "run"),)


def test_where_the_stack_turns_no_apis_on_rows_are_left_as_they_are() -> None:
    given = scope(app(service("web")), reached={"enable_apis": False})
    assert apis.with_apis(given, [run("nginx")]) == [run("nginx")]
