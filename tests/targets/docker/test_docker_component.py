"""The docker target under Pulumi mocks. Not proved: that the plugin takes the inputs, or that anything runs."""

import pulumi
import pytest
from apps import HEALTHY, app, service

from components import contents
from components.access import ImageReference
from components.application import Application
from components.model import (
    Build,
    Dependency,
    FileGrant,
    FileObject,
    Mount,
    Opaque,
    Parts,
    Port,
    ServiceNetwork,
    Volume,
)
from components.targets import offline
from components.targets.docker import arguments
from components.testing import Outputs, Recorded, record

SHOP = app(
    service(
        "web", depends_on={"db": Dependency(condition="service_healthy")}, ports=(Port(target=80, published="8080"),)
    ),
    service(
        "db",
        healthcheck=HEALTHY,
        secrets=(FileGrant(source="pw"),),
        volumes=(Mount(type="volume", source="data", target="/d"),),
    ),
    volumes={"data": Volume()},
    secrets={"pw": FileObject(environment="PW")},
    env={"PW": Parts([Opaque("geheim", name="PW")])},
)
ARGS = {"app": SHOP, "target": "docker"}


def by_name(recorded: list[Recorded]) -> dict[tuple[str, str], Recorded]:
    return {(each.type.rpartition(":")[2], each.name): each for each in recorded}


@pytest.mark.parametrize("preview", [False, True])
def test_the_whole_application_is_these_resources(preview: bool) -> None:
    assert sorted(by_name(record(ARGS, preview=preview))) == [
        ("Application", "app"),
        ("Container", "app-db-1"),
        ("Container", "app-web-1"),
        ("DockerTarget", "app"),
        ("Network", "app-default"),
        ("RemoteImage", "app-db"),
        ("RemoteImage", "app-web"),
        ("Volume", "app-data"),
        ("docker", "app-docker"),
    ]


def test_what_is_rendered_without_pulumi_is_what_is_created() -> None:
    images = {name: ImageReference(name=each.image or "") for name, each in SHOP.services.items()}
    rows = offline("docker", SHOP, images, contents.read(SHOP), "organization/project/stack")
    classes = {kind: name for name, kind in arguments.CLASSES.items()}
    rendered = {(classes[row.kind], f"app-{row.key}"): {_camel(name) for name in row.args} for row in rows}
    recorded = {key: set(each.inputs) for key, each in by_name(record(ARGS)).items() if each.type.startswith("docker:")}
    assert rendered == recorded


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def test_no_resource_is_an_orphan() -> None:
    recorded = record(ARGS)
    application = by_name(recorded)["Application", "app"].urn
    target = by_name(recorded)["DockerTarget", "app"].urn
    orphans = [each.name for each in recorded if each.parent not in (application, target) and each.urn != application]
    assert orphans == []


def test_every_custom_resource_has_an_explicit_provider() -> None:
    recorded = [each for each in record(ARGS) if each.type.startswith("docker:")]
    assert {each.provider.split("::")[-2] for each in recorded} == {"app-docker"}


def test_a_dependent_is_registered_after_its_dependency() -> None:
    found = by_name(record(ARGS))
    assert found["Container", "app-db-1"].urn in found["Container", "app-web-1"].dependencies


def test_a_secret_file_is_a_secret_input() -> None:
    found = by_name(record(ARGS))["Container", "app-db-1"]
    assert found.secrets == {"uploads"}


def test_volumes_are_retained_and_protected_when_the_stack_says_so() -> None:
    found = by_name(record({**ARGS, "protect": True}))["Volume", "app-data"]
    assert (found.options["retain_on_delete"], found.options["protect"]) == (True, True)


def test_what_loose_lets_through_is_named_in_the_outputs() -> None:
    odd = app(service("web", pids_limit=5))
    said: list[str] = []
    record(lambda: said.extend(Application("app", {"app": odd, "target": "docker", "mode": "loose"}).findings))
    assert said == ["services.web.pids_limit: ignored on docker (pulumi-docker 5.2 has no argument for it)"]


def test_an_opaque_option_of_a_network_is_a_secret_input() -> None:
    option = Parts([Opaque("geheim", name="PW")])
    odd = app(service("web", networks={"default": ServiceNetwork(driver_opts={"key": option})}))
    found = by_name(record({"app": odd, "target": "docker"}))["Container", "app-web-1"]
    assert found.inputs["networksAdvanced"][0]["driverOpts"] == ["key=geheim"]
    assert found.secrets == {"networksAdvanced"}


class FailedJob(Outputs):
    computed = {  # noqa: RUF012 - as in the class that it stands for
        **Outputs.computed,
        "docker:index/container:Container": {"exitCode": 3, "containerLogs": "first\nno such table\n"},
    }


JOB = app(
    service("web", depends_on={"migrate": Dependency(condition="service_completed_successfully")}),
    service("migrate"),
)


def test_a_run_to_completion_that_ended_well_lets_its_dependent_come() -> None:
    assert ("Container", "app-web-1") in by_name(record({"app": JOB, "target": "docker"}))


@pytest.mark.usefixtures("quiet")
def test_a_failed_run_to_completion_stops_its_dependent_and_says_how_to_run_it_again() -> None:
    with pytest.raises(pulumi.RunError) as raised:
        record({"app": JOB, "target": "docker"}, outputs=FailedJob())
    urn = "urn:pulumi:stack::project::slipway:index:DockerTarget$docker:index/container:Container::app-migrate-1"
    assert str(raised.value) == (
        "migrate-1: exit code 3; mend it, then run it again with "
        f"`pulumi up --replace '{urn}'`\n  first\n  no such table"
    )


def test_an_image_is_built_staged_and_looked_up_by_its_digest(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    built = app(service("web", image=None, build=Build(context=str(tmp_path))))
    found = by_name(record({"app": built, "target": "docker"}))
    image = found["Image", "app-web"].inputs
    assert (image["tags"], image["buildOnPreview"]) == (["shop-web"], False)
    assert (image["exports"], image["push"]) == ([{"raw": "type=docker"}], False)
    assert image["context"]["location"].startswith(".slipway/contexts/shop/web/")
    assert found["RemoteImage", "app-web"].inputs["triggers"] == {"digest": "sha256:0"}


def test_what_was_built_elsewhere_is_not_built() -> None:
    built = app(service("web", image=None, build=Build(context="/nowhere")))
    reference = "registry.example/web@sha256:" + "0" * 64
    found = by_name(record({"app": built, "target": "docker", "images": {"web": reference}}))
    assert not [name for kind, name in found if kind == "Image"]
    assert found["RemoteImage", "app-web"].inputs["name"] == reference


def test_a_port_that_the_engine_has_not_picked_yet_is_left_out_of_the_url() -> None:
    def program() -> None:
        shop = Application("app", {"app": app(service("web", ports=(Port(target=80),))), "target": "docker"})
        pulumi.export("urls", shop.urls)

    assert record(program).outputs["urls"] == {"web": "http://localhost:"}
