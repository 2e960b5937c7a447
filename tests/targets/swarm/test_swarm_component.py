"""The swarm target under Pulumi mocks. Not proved: that the plugin takes the inputs, or that anything runs."""

import base64

import pulumi
import pytest
from apps import HEALTHY, app, service

from components.errors import RejectedError
from components.model import Dependency, Deploy, FileGrant, FileObject, Mount, Opaque, Parts, Port, Volume
from components.testing import Outputs, Recorded, record

SHOP = app(
    service(
        "web",
        depends_on={"db": Dependency(condition="service_healthy")},
        ports=(Port(target=80, published="8080"),),
        configs=(FileGrant(source="page", target="/etc/page"),),
    ),
    service(
        "db",
        image="registry.example/db@sha256:" + "0" * 64,
        healthcheck=HEALTHY,
        secrets=(FileGrant(source="pw"),),
        volumes=(Mount(type="volume", source="data", target="/d"),),
    ),
    volumes={"data": Volume()},
    secrets={"pw": FileObject(environment="PW")},
    configs={"page": FileObject(content="hello")},
    env={"PW": Parts([Opaque("hidden", name="PW")])},
)
ARGS = {"app": SHOP, "target": "swarm"}


@pytest.fixture(autouse=True)
def no_file_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)


def by_name(recorded: list[Recorded]) -> dict[tuple[str, str], Recorded]:
    return {(each.type.rpartition(":")[2], each.name): each for each in recorded}


@pytest.mark.parametrize("preview", [False, True])
def test_the_whole_application_is_these_resources(preview: bool) -> None:
    assert sorted(by_name(record(ARGS, preview=preview))) == [
        ("Application", "app"),
        ("Network", "app-default"),
        ("RemoteImage", "app-web"),
        ("Secret", "app-pw"),
        ("Service", "app-db"),
        ("Service", "app-web"),
        ("ServiceConfig", "app-page"),
        ("SwarmTarget", "app"),
        ("docker", "app-docker"),
    ]


LABELS = [
    {"label": "com.docker.stack.namespace", "value": "shop"},
    {"label": "slipway.stack", "value": "organization/project/stack"},
]


def test_a_service_has_these_inputs() -> None:
    assert by_name(record(ARGS))["Service", "app-web"].inputs == {
        "name": "shop_web",
        "labels": [{"label": "com.docker.stack.image", "value": "web:1"}, *LABELS],
        "taskSpec": {
            "containerSpec": {
                "image": "name@sha256:0",
                "stopGracePeriod": "10s",
                "labels": LABELS[:1],
                "configs": [
                    {
                        "configId": "app-page-id",
                        "configName": "app-page",
                        "fileName": "/etc/page",
                        "fileMode": 0o444,
                    }
                ],
            },
            "networksAdvanceds": [{"id": "app-default-id", "aliases": ["web"]}],
        },
        "mode": {"replicated": {"replicas": 1}},
        "updateConfig": {
            "parallelism": 1,
            "delay": "0s",
            "failureAction": "rollback",
            "monitor": "5s",
            "maxFailureRatio": "0.0",
            "order": "stop-first",
        },
        "endpointSpec": {
            "ports": [{"targetPort": 80, "protocol": "tcp", "publishMode": "ingress", "publishedPort": 8080}],
        },
        "convergeConfig": {"delay": "1s", "timeout": "180s"},
    }


def test_what_is_no_service_has_these_inputs() -> None:
    found = by_name(record(ARGS))
    assert found["Network", "app-default"].inputs == {"name": "shop_default", "driver": "overlay", "labels": LABELS}
    assert found["RemoteImage", "app-web"].inputs == {"name": "web:1", "keepLocally": True}
    assert found["ServiceConfig", "app-page"].inputs == {"dataRaw": "hello", "labels": LABELS}
    password = base64.b64encode(b"hidden").decode()
    assert found["Secret", "app-pw"].inputs == {"data": password, "labels": LABELS}


def test_a_secret_is_a_secret_input_under_a_name_that_pulumi_gives() -> None:
    found = by_name(record(ARGS))["Secret", "app-pw"]
    assert (found.secrets, "name" in found.inputs) == ({"data"}, False)


def test_a_global_service_is_not_waited_for_as_the_plugin_cannot() -> None:
    everywhere = app(service("agent", deploy=Deploy(mode="global")))
    inputs = by_name(record({"app": everywhere, "target": "swarm"}))["Service", "app-agent"].inputs
    assert (inputs["mode"], "convergeConfig" in inputs) == ({"global": True}, False)


def test_no_resource_is_an_orphan() -> None:
    recorded = record(ARGS)
    application = by_name(recorded)["Application", "app"].urn
    target = by_name(recorded)["SwarmTarget", "app"].urn
    orphans = [each.name for each in recorded if each.parent not in (application, target) and each.urn != application]
    assert orphans == []


def test_every_custom_resource_has_an_explicit_provider() -> None:
    recorded = [each for each in record(ARGS) if each.type.startswith("docker:")]
    assert {each.provider.split("::")[-2] for each in recorded} == {"app-docker"}


def test_a_dependent_is_registered_after_its_dependency() -> None:
    found = by_name(record(ARGS))
    assert found["Service", "app-db"].urn in found["Service", "app-web"].dependencies


def test_a_service_that_has_to_be_replaced_goes_first_as_its_name_is_fixed() -> None:
    assert by_name(record(ARGS))["Service", "app-web"].options["delete_before_replace"] is True


def test_credentials_of_the_registry_are_a_secret_of_the_provider_and_of_nothing_else() -> None:
    registry = {"prefix": "registry.example/team", "username": "us", "password": "geheim"}
    recorded = record({**ARGS, "registry": registry})
    provider = by_name(recorded)["docker", "app-docker"]
    assert "geheim" in str(provider.inputs["registryAuth"])
    assert "registryAuth" in provider.secrets
    assert [each.name for each in recorded if "geheim" in str(each.inputs)] == ["app-docker"]


class FailedJob(Outputs):
    computed = {  # noqa: RUF012 - as in the class that it stands for
        **Outputs.computed,
        "docker:index/container:Container": {"exitCode": 3, "containerLogs": "first\nno such table\n"},
    }


JOB = app(
    service("web", depends_on={"migrate": Dependency(condition="service_completed_successfully")}),
    service("migrate"),
)


def test_a_run_to_completion_is_an_attached_container_on_an_attachable_network() -> None:
    found = by_name(record({"app": JOB, "target": "swarm"}))
    assert found["Network", "app-default"].inputs["attachable"] is True
    job = found["Container", "app-migrate-1"].inputs
    assert (job["attach"], job["mustRun"], job["networksAdvanced"][0]["name"]) == (True, False, "shop_default")
    assert ("Service", "app-migrate") not in found


@pytest.mark.usefixtures("quiet")
def test_a_failed_run_to_completion_stops_its_dependent() -> None:
    with pytest.raises(pulumi.RunError, match="migrate-1: exit code 3; mend it, then run it again with `pulumi up"):
        record({"app": JOB, "target": "swarm"}, outputs=FailedJob())


@pytest.mark.usefixtures("quiet")
def test_a_secret_that_is_too_large_is_told_without_a_word_of_it() -> None:
    large = app(
        service("web", secrets=(FileGrant(source="pw"),)),
        secrets={"pw": FileObject(environment="PW")},
        env={"PW": Parts([Opaque(pulumi.Output.secret("x" * 600_000), name="PW")])},
    )
    with pytest.raises(pulumi.RunError) as raised:
        record({"app": large, "target": "swarm"})
    assert str(raised.value) == "secrets.pw: it has 600000 bytes, and 511999 are the most; make it smaller"


def test_a_config_that_is_too_large_is_refused_before_anything_is_made() -> None:
    large = app(
        service("web", configs=(FileGrant(source="page"),)), configs={"page": FileObject(content="x" * 1_100_000)}
    )
    with pytest.raises(RejectedError) as raised:
        record({"app": large, "target": "swarm"})
    expected = "configs.page: it has 1100000 bytes, and Swarm takes 1023999 at most; make it smaller"
    assert str(raised.value) == expected


class LocalImage(Outputs):
    computed = {  # noqa: RUF012 - as in the class that it stands for
        **Outputs.computed,
        "docker:index/remoteImage:RemoteImage": {"imageId": "sha256:0", "repoDigest": ""},
    }


@pytest.mark.usefixtures("quiet")
def test_an_image_that_only_the_managers_engine_has_is_refused() -> None:
    with pytest.raises(pulumi.RunError) as raised:
        record(ARGS, outputs=LocalImage())
    assert str(raised.value) == 'image "web:1" is in no registry; push it to one that every node reaches'
