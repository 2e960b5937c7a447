"""Services, worker pools and jobs of Cloud Run, and the order in which they are made.

Not proved: that a revision gets ready; `verified.py` reads that back, and the tests against a cloud show it.
"""

from typing import Any

import pytest
from apps import app, service
from cloudrun_scopes import access, by_key, labels, scope

from components.access import Contents, ImageReference
from components.errors import RejectedError
from components.model import (
    App,
    Autoscale,
    Dependency,
    Deploy,
    DeviceRequest,
    FileGrant,
    FileObject,
    Job,
    Opaque,
    Parts,
    Port,
    RestartPolicy,
    Service,
    ServiceExtension,
)
from components.support import Conflict
from components.targets import sharing
from components.targets.cloudrun import instances, jobs, services, workers
from components.targets.cloudrun.given import Given
from components.targets.cloudrun.render import RULES, offline, render
from components.targets.rows import Digest, Row

SECRET = Parts([Opaque("x", name="KEY")])
DONE = Dependency(condition="service_completed_successfully")


def rendered(application: App, **given: Any) -> dict[tuple[str, str], Row]:
    images = {name: ImageReference(name=each.image or name) for name, each in application.services.items()}
    return by_key(render(application, images, Given(access=access(enable_apis=False), **given)))


def patching(**kinds: Any) -> ServiceExtension:
    return ServiceExtension(patch={"cloudrun": kinds})


# --- what a service becomes ------------------------------------------------------------------------------------------


def test_what_has_a_port_is_a_service() -> None:
    web = service("web", ports=(Port(target=8000, published="80"),), scale=2)
    reached = scope(app(web))
    [row] = services.rows(reached, web)
    assert row.args == {
        "project": "shop-1",
        "location": "europe-west1",
        "name": "shop-web",
        "deletion_protection": False,
        "ingress": "INGRESS_TRAFFIC_ALL",
        "invoker_iam_disabled": True,
        "template": services.template(reached, web),
        "scaling": {"min_instance_count": 2, "max_instance_count": 2},
        "traffics": [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}],
        "labels": labels("web"),
    }
    assert row.stop_first
    assert [*workers.rows(reached, web), *jobs.rows(reached, web)] == []


def test_its_processors_are_there_at_all_times_and_more_at_the_start() -> None:
    web = service("web", expose=("80",))
    found = services.template(scope(app(web)), web)
    assert found["containers"][0]["resources"] == {
        "limits": {"cpu": "1000m", "memory": "512Mi"},
        "cpu_idle": False,
        "startup_cpu_boost": True,
    }
    assert (found["execution_environment"], found["timeout"]) == ("EXECUTION_ENVIRONMENT_GEN2", "3600s")


def test_what_may_have_no_instance_is_billed_by_requests_in_all_of_its_containers() -> None:
    idle = ServiceExtension(autoscale=Autoscale(min=0, max=3))
    web = service("web", expose=("80",), x_slipway=idle, secrets=(FileGrant(source="a"), FileGrant(source="b")))
    found = services.template(scope(app(web, secrets={name: FileObject(environment=name) for name in "ab"})), web)
    assert [each["resources"]["cpu_idle"] for each in found["containers"]] == [True, True]


def test_with_an_accelerator_it_never_is() -> None:
    gpu = (DeviceRequest(driver="nvidia"),)
    web = service("web", expose=("80",), gpus=gpu, x_slipway=ServiceExtension(autoscale=Autoscale(min=0, max=3)))
    found = services.template(scope(app(web)), web)
    assert found["containers"][0]["resources"]["cpu_idle"] is False


def test_what_has_none_is_a_worker_pool() -> None:
    worker = service("worker", scale=3)
    reached = scope(app(worker))
    [row] = workers.rows(reached, worker)
    assert row.args == {
        "project": "shop-1",
        "location": "europe-west1",
        "name": "shop-worker",
        "deletion_protection": False,
        "template": instances.template(reached, worker),
        "scaling": {"manual_instance_count": 3},
        "labels": labels("worker"),
    }
    assert [*services.rows(reached, worker), *jobs.rows(reached, worker)] == []


def test_what_runs_to_its_end_is_a_job_that_runs_whenever_its_template_has_changed() -> None:
    migrate = service("migrate", command=("migrate",))
    row = rendered(app(migrate, service("web", depends_on={"migrate": DONE})))[("Job", "migrate")]
    template = row.args["template"]
    assert row.args == {
        "project": "shop-1",
        "location": "europe-west1",
        "name": "shop-migrate",
        "deletion_protection": False,
        "template": template,
        "run_execution_token": Digest(template, 12),
        "labels": labels("migrate"),
    }
    assert {key: value for key, value in template.items() if key != "template"} == {"task_count": 1}
    assert {key: template["template"][key] for key in ("max_retries", "timeout", "execution_environment")} == {
        "max_retries": 0,
        "timeout": "86400s",
        "execution_environment": "EXECUTION_ENVIRONMENT_GEN2",
    }


@pytest.mark.parametrize(("restart", "tries"), [("no", 0), ("on-failure", 10), ("on-failure:3", 3)])
def test_a_run_is_tried_as_often_as_the_file_says(restart: str, tries: int) -> None:
    run = service("run", restart=restart)
    assert jobs.template(scope(app(run)), run)["template"]["max_retries"] == tries


def test_a_run_of_several_replicas_is_as_many_tasks() -> None:
    run = service("run", deploy=Deploy(mode="replicated-job", replicas=4, restart_policy=RestartPolicy()))
    assert jobs.template(scope(app(run)), run)["task_count"] == 4


def test_a_job_of_the_file_is_one_that_only_its_triggers_run() -> None:
    job = Job(name="report", image="report:1")
    row = rendered(app(jobs={"report": job}))[("Job", "report")]
    assert "run_execution_token" not in row.args
    assert row.args["template"] == jobs.template(scope(app(jobs={"report": job})), sharing.as_service(job))


@pytest.mark.parametrize(
    "found",
    [
        service("db", image="postgres:17", x_slipway=ServiceExtension(managed="postgres")),
        service("beside", network_mode="service:web", networks={}),
    ],
)
def test_what_is_googles_own_or_in_anothers_instances_is_none_of_these(found: Service) -> None:
    reached = scope(app(service("web"), found))
    for kind in (services, workers, jobs):
        assert list(kind.rows(reached, found)) == []


LABELS = {"team": "shop", "example.com/owner": "me", "a label": "x", "run.googleapis.com/launch-stage": "BETA"}
"""The last two can be no annotations."""


@pytest.mark.parametrize("keys", [{"expose": ("80",)}, {}, {"restart": "no"}])
def test_labels_are_annotations_of_what_they_are_given_to(keys: dict[str, Any]) -> None:
    web = service("web", labels=LABELS, deploy=Deploy(labels={"tier": "front"}), **keys)
    beside = service("beside", labels={"team": "other", "of": "beside"}, network_mode="service:web", networks={})
    found = rendered(app(web, beside))
    [row] = [row for row in found.values() if row.kind in ("Service", "WorkerPool", "Job")]
    assert row.args["annotations"] == {"tier": "front"}
    assert row.args["template"]["annotations"] == {"team": "shop", "example.com/owner": "me", "of": "beside"}


# --- order -----------------------------------------------------------------------------------------------------------


def test_a_service_comes_after_what_it_may_read_and_what_it_waits_for() -> None:
    web = service(
        "web",
        expose=("80",),
        environment={"KEY": SECRET},
        depends_on={"api": Dependency(), "worker": Dependency(), "migrate": DONE},
    )
    row = rendered(app(web, service("api", expose=("80",)), service("worker"), service("migrate")))[("Service", "web")]
    assert row.after == (("SecretAccess", "web-web-KEY"), ("Service", "api"), ("WorkerPool", "worker"))
    assert row.completed == (("Job", "migrate"),)


def test_what_waits_for_googles_own_database_waits_for_its_user_as_well() -> None:
    db = service(
        "db",
        image="postgres:17",
        environment={"POSTGRES_USER": "shop", "POSTGRES_PASSWORD": SECRET},
        x_slipway=ServiceExtension(managed="postgres"),
    )
    row = rendered(app(service("worker", depends_on={"db": Dependency()}), db))[("WorkerPool", "worker")]
    assert row.after == (("DatabaseInstance", "db"), ("DatabaseUser", "db"), ("Database", "db"))


def test_rows_come_in_dependency_order() -> None:
    objects = {"secrets": {"key": FileObject(environment="KEY")}}
    web = service("web", expose=("80",), secrets=(FileGrant(source="key"),), depends_on={"migrate": DONE})
    found = rendered(app(web, service("migrate"), **objects), contents=Contents(secrets={"key": SECRET}))
    assert list(found) == [
        ("Secret", "key"),
        ("SecretVersion", "key"),
        ("Account", "migrate"),
        ("Job", "migrate"),
        ("Account", "web"),
        ("SecretAccess", "web-key"),
        ("Service", "web"),
    ]


# --- the whole -------------------------------------------------------------------------------------------------------


def test_rendering_twice_gives_the_same() -> None:
    application = app(service("web", expose=("80",), environment={"KEY": SECRET}), service("worker"))
    assert rendered(application) == rendered(application)


def test_what_is_wrong_is_told_at_once_and_before_anything_is_made() -> None:
    objects = {"secrets": {"key": FileObject(environment="KEY")}}
    web = service("web", secrets=(FileGrant(source="key"),), environment={"LONG": "x" * 40000})
    with pytest.raises(RejectedError) as told:
        rendered(app(web, **objects), contents=Contents(secrets={"key": "x" * 70000}))
    assert [str(each) for each in told.value.problems] == [
        "secrets.key: it has 70000 bytes, and 65536 are the most that Secret Manager keeps; put it into the image",
        "services.web: the variable LONG of web has 40000 bytes, and 32768 are the most; "
        "put a part of it into the image",
    ]


def test_without_a_project_it_is_rendered_as_far_as_it_is_known() -> None:
    found = by_key(offline(app(service("web", expose=("80",))), {}, Contents(), "team/shop/test"))
    assert list(found) == [("Api", "iam"), ("Api", "run"), ("Account", "web"), ("Service", "web")]
    assert found[("Service", "web")].args["labels"]["slipway-stack"] == "team-shop-test"


def test_a_patch_is_merged_into_what_is_rendered() -> None:
    patch = patching(Service={"template": {"timeout": "60s", "containers": [{"name": "web", "working_dir": "/p"}]}})
    row = rendered(app(service("web", expose=("80",), x_slipway=patch)))[("Service", "web")]
    assert row.args["template"]["timeout"] == "60s"
    assert row.args["template"]["containers"][0]["image"] == "web:1"
    assert row.args["template"]["containers"][0]["working_dir"] == "/p"


def test_a_patch_of_a_run_runs_it_anew() -> None:
    patch = patching(Job={"template": {"template": {"timeout": "60s"}}})
    args = rendered(app(service("run", restart="no", x_slipway=patch)))[("Job", "run")].args
    assert args["template"]["template"]["timeout"] == "60s"
    assert args["run_execution_token"] == Digest(args["template"], 12)


def test_a_patch_of_what_there_is_not_is_refused() -> None:
    patch = patching(Service={"template": {"memory": "1Gi"}}, Pod={})
    found = [each for rule in RULES for each in rule(app(service("web", expose=("80",), x_slipway=patch)))]
    above = ("services", "web", "x-slipway", "patch", "cloudrun")
    assert [(each.path, each.what) for each in found] == [
        ((*above, "Service", "template", "memory"), 'there is no "memory"'),
        ((*above, "Pod"), 'there is no kind "Pod" on cloudrun'),
    ]


def test_a_job_with_the_name_of_a_service_is_refused() -> None:
    application = app(service("web"), jobs={"web": Job(name="web", image="web:1")})
    assert list(instances.conflicts(application)) == [
        Conflict(("jobs", "web"), '"web" is the name of a service, too', "rename one of them")
    ]
