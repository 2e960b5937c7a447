"""Steps before a service, each as a run of its own. What one writes its service sees in named volumes alone."""

import dataclasses
from typing import Any

from apps import app, service
from cloudrun_scopes import access

from components.access import Contents, ImageReference
from components.model import (
    App,
    BindOptions,
    Build,
    Dependency,
    FileGrant,
    FileObject,
    Mount,
    Opaque,
    Parts,
    PreStart,
    Service,
    Volume,
)
from components.support import Conflict
from components.targets.cloudrun import steps
from components.targets.cloudrun.given import Given
from components.targets.cloudrun.render import RULES, problems, render
from components.targets.project_files import ProjectFile
from components.targets.rows import Row

DONE = Dependency(condition="service_completed_successfully")
SECRET = Parts([Opaque("x", name="KEY")])
MIGRATE = PreStart(command=("migrate",), environment={"URL": SECRET})
CHECK = PreStart(image="check:2", command=("check",), secrets=(FileGrant(source="key"),))
OBJECTS = {"secrets": {"key": FileObject(environment="KEY")}}


def web(*prepared: PreStart, **keys: Any) -> Service:
    return service("web", pre_start=prepared, **{"expose": ("80",), **keys})


def rendered(application: App, **given: Any) -> dict[tuple[str, str], Row]:
    images = {name: ImageReference(name=f"built-{name}") for name in application.services}
    contents = Contents(secrets={"key": SECRET})
    rows = render(application, images, Given(access=access(enable_apis=False), contents=contents, **given))
    return {(row.kind, row.key): row for row in rows}


def container(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = row.args["template"]["template"]["containers"][0]
    return found


def test_each_step_waits_for_the_one_before_and_the_service_for_the_last() -> None:
    found = steps.apart(app(web(MIGRATE, CHECK, depends_on={"db": Dependency()}), service("db")))
    assert {name: each.depends_on for name, each in found.services.items()} == {
        "web-pre-start-1": {"db": Dependency()},
        "web-pre-start-2": {"web-pre-start-1": DONE},
        "web": {"db": Dependency(), "web-pre-start-2": DONE},
        "db": {},
    }
    assert not any(each.pre_start for each in found.services.values())


def test_an_application_without_steps_is_itself() -> None:
    application = app(web())
    assert steps.apart(application) is application


def test_a_step_is_a_job_with_an_account_and_secrets_of_its_own() -> None:
    found = rendered(app(web(MIGRATE, CHECK), **OBJECTS))
    assert list(found) == [
        ("Secret", "key"),
        ("SecretVersion", "key"),
        ("Secret", "web-pre-start-1-URL"),
        ("SecretVersion", "web-pre-start-1-URL"),
        ("Account", "web-pre-start-1"),
        ("SecretAccess", "web-pre-start-1-web-pre-start-1-URL"),
        ("Job", "web-pre-start-1"),
        ("Account", "web-pre-start-2"),
        ("SecretAccess", "web-pre-start-2-key"),
        ("Job", "web-pre-start-2"),
        ("Account", "web"),
        ("Service", "web"),
    ]
    assert found[("Job", "web-pre-start-2")].completed == (("Job", "web-pre-start-1"),)
    assert found[("Service", "web")].completed == (("Job", "web-pre-start-2"),)
    assert all("run_execution_token" in found[("Job", f"web-pre-start-{number}")].args for number in (1, 2))


def test_a_step_runs_its_services_image_where_it_names_no_other() -> None:
    again = dataclasses.replace(MIGRATE, image="web:1")
    found = rendered(app(web(MIGRATE, CHECK, again, build=Build(context=".")), **OBJECTS))
    images = [container(found[("Job", f"web-pre-start-{number}")])["image"] for number in (1, 2, 3)]
    assert images == ["built-web", "check:2", "built-web"]


def test_a_step_sees_what_its_service_mounts() -> None:
    site = Mount(type="bind", source="/project/site", target="/srv/site", read_only=True, bind=BindOptions())
    data = Mount(type="volume", source="data", target="/data")
    application = dataclasses.replace(
        app(web(MIGRATE, volumes=(data, site)), volumes={"data": Volume()}), directory="/project"
    )
    sent = {"web": (ProjectFile("a-1", "/srv/site/a", 0o444, b"a"),)}
    step = container(rendered(application, project=sent)[("Job", "web-pre-start-1")])
    assert [each["mount_path"] for each in step["volume_mounts"]] == ["/data", "/srv/site"]
    assert step["depends_ons"] == ["slipway-init"]


def test_a_companions_step_is_before_the_instances_that_it_is_in() -> None:
    beside = service("beside", pre_start=(MIGRATE,), network_mode="service:web", networks={})
    waiting = dataclasses.replace(beside, depends_on={"web": Dependency()})
    found = rendered(app(web(), waiting))
    assert found[("Service", "web")].completed == (("Job", "beside-pre-start-1"),)
    assert found[("Job", "beside-pre-start-1")].after == (
        ("SecretAccess", "beside-pre-start-1-beside-pre-start-1-URL"),
    )


def test_what_is_wrong_with_a_step_is_told_at_its_place() -> None:
    step = dataclasses.replace(MIGRATE, configs=(FileGrant(source="page"),), cpus=9.0)
    application = app(web(CHECK, step), configs={"page": FileObject(content="x")}, **OBJECTS)
    found = [each for rule in RULES for each in rule(application)]
    above = ("services", "web", "pre_start", 1)
    assert [each.path for each in found] == [(*above, "deploy"), (*above, "configs", 0)]


def test_what_is_too_long_in_a_step_is_told_at_its_place() -> None:
    step = PreStart(command=("x",), environment={"A": "x" * 32769})
    assert [str(each) for each in problems(app(web(step)), Contents(), access())] == [
        "services.web.pre_start[0]: the variable A of web-pre-start-1 has 32769 bytes, and 32768 are the most; "
        "put a part of it into the image"
    ]


def test_a_service_with_the_name_of_a_step_is_refused() -> None:
    application = app(web(MIGRATE), service("web-pre-start-1"))
    assert Conflict(
        ("services", "web", "pre_start", 0),
        '"web-pre-start-1" is the name of another service or job, too',
        "rename that one",
    ) in [each for rule in RULES for each in rule(application)]
