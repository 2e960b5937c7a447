"""The cloudrun target under Pulumi mocks. Not proved: that the provider takes the inputs, or that anything runs."""

from typing import Any

import pulumi
import pytest
from apps import HEALTHY, app, service
from cloudrun_component import EXISTING, deployed
from cloudrun_scopes import access, host

from components.errors import SettingsError
from components.model import Dependency, FileGrant, FileObject, Mount, Opaque, Parts, Port, Volume
from components.targets.cloudrun import component, kinds
from components.testing import UNKNOWN, Recorded, Recording, record

SHOP = app(
    service(
        "web",
        depends_on={"api": Dependency(condition="service_healthy")},
        environment={"API": "http://api:8000/v1"},
        ports=(Port(target=80, published="8080"),),
        configs=(FileGrant(source="page", target="/etc/page/index.html"),),
    ),
    service(
        "api",
        expose=("8000",),
        healthcheck=HEALTHY,
        secrets=(FileGrant(source="pw"),),
        volumes=(Mount(type="volume", source="data", target="/srv/data"),),
    ),
    service("agent"),
    volumes={"data": Volume()},
    secrets={"pw": FileObject(environment="PW")},
    configs={"page": FileObject(content="hello")},
    env={"PW": Parts([Opaque(pulumi.Output.secret("hidden"), name="PW", secret=True)])},
)
PLAIN = app(service("web", expose=("80",)))
GUESTBOOK: dict[str, Any] = {
    "compose": ["examples/guestbook/compose.yaml"],
    "target": "cloudrun",
    "secrets": {"REDIS_PASSWORD": "geheim"},
    "cluster": {"existing": EXISTING},
}


def listed(recorded: list[Recorded]) -> list[tuple[str, str]]:
    """Module of the SDK and class, and name, of every resource."""
    return sorted((each.type.removeprefix("gcp:").partition("/")[0], each.name) for each in recorded)


def resources(recorded: Recording) -> list[Recorded]:
    """Those at Google."""
    return [each for each in recorded if each.type.startswith("gcp:")]


@pytest.mark.parametrize("preview", [False, True])
def test_the_whole_application_is_these_resources(preview: bool) -> None:
    assert listed(list(deployed(SHOP, preview=preview))) == [
        ("cloudrunv2", "app-agent"),
        ("cloudrunv2", "app-api"),
        ("cloudrunv2", "app-web"),
        ("projects", "app-iam"),
        ("projects", "app-run"),
        ("projects", "app-secretmanager"),
        ("projects", "app-storage"),
        ("pulumi:providers:gcp", "app-gcp"),
        ("secretmanager", "app-api-pw"),
        ("secretmanager", "app-pw"),
        ("secretmanager", "app-pw"),
        ("serviceaccount", "app-agent"),
        ("serviceaccount", "app-api"),
        ("serviceaccount", "app-web"),
        ("slipway:index:Application", "app"),
        ("slipway:index:CloudRunTarget", "app"),
        ("storage", "app-api-data"),
        ("storage", "app-data"),
    ]


@pytest.mark.parametrize("preview", [False, True])
def test_the_sample_application_is_these_resources(preview: bool) -> None:
    assert listed(list(record(GUESTBOOK, preview=preview))) == [
        ("artifactregistry", "app-images"),
        ("cloudrunv2", "app-web"),
        ("cloudrunv2", "app-worker"),
        ("docker-build:index:Image", "app-web"),
        ("docker-build:index:Image", "app-worker"),
        ("projects", "app-artifactregistry"),
        ("projects", "app-iam"),
        ("projects", "app-redis"),
        ("projects", "app-run"),
        ("projects", "app-secretmanager"),
        ("pulumi:providers:docker-build", "app-docker-build"),
        ("pulumi:providers:gcp", "app-gcp"),
        ("redis", "app-redis"),
        ("secretmanager", "app-redis_password"),
        ("secretmanager", "app-redis_password"),
        ("secretmanager", "app-web-redis_password"),
        ("secretmanager", "app-worker-redis_password"),
        ("serviceaccount", "app-web"),
        ("serviceaccount", "app-worker"),
        ("slipway:index:Application", "app"),
        ("slipway:index:CloudRunTarget", "app"),
        ("slipway:index:ImageBuild", "app-web"),
        ("slipway:index:ImageBuild", "app-worker"),
    ]


def test_what_becomes_of_a_service_is_told_by_its_port() -> None:
    recorded = deployed(SHOP)
    assert [each.name for each in recorded.of("WorkerPool")] == ["app-agent"]
    assert sorted(each.name for each in recorded if each.type == "gcp:cloudrunv2/service:Service") == [
        "app-api",
        "app-web",
    ]


def test_an_application_that_shares_nothing_has_nothing_that_would_be_shared() -> None:
    assert listed(resources(deployed(PLAIN))) == [
        ("cloudrunv2", "app-web"),
        ("projects", "app-iam"),
        ("projects", "app-run"),
        ("serviceaccount", "app-web"),
    ]


def test_a_secret_is_in_one_input_which_is_secret() -> None:
    shown = [each for each in deployed(SHOP) if "hidden" in str(each.inputs)]
    assert [(each.name, each.secrets) for each in shown] == [("app-pw", {"secretData"})]


def test_the_password_of_the_samples_redis_is_googles_own_and_a_secret() -> None:
    recorded = record(GUESTBOOK)
    assert [each.name for each in recorded if "geheim" in str(each.inputs)] == []
    version = recorded.one("SecretVersion", "app-redis_password")
    assert (version.inputs["secretData"], version.secrets) == ("word", {"secretData"})


def test_nothing_is_an_orphan_and_nothing_uses_a_default_provider() -> None:
    recorded = record(GUESTBOOK)
    assert [each.name for each in recorded if not each.parent] == []
    providers = [each.urn for each in recorded if each.type == "pulumi:providers:gcp"]
    assert len(providers) == 1
    assert {each.provider.rpartition("::")[0] for each in resources(recorded)} == set(providers)


def test_the_provider_reaches_the_project_as_whom_the_stack_says_and_adds_no_label() -> None:
    email = "deploy@shop-1.iam.gserviceaccount.com"
    recorded = deployed(PLAIN, cloudrun={"impersonate": email})
    (provider,) = (each for each in recorded if each.type == "pulumi:providers:gcp")
    assert provider.inputs == {
        "project": "shop-1",
        "region": "europe-west1",
        "impersonateServiceAccount": email,
        "addPulumiAttributionLabel": "false",
    }


def test_two_runs_register_the_same() -> None:
    def bare(recorded: Recording) -> list[tuple[str, Any]]:
        return sorted((each.urn, str(sorted(each.inputs.items())), each.dependencies) for each in recorded)

    assert bare(record(GUESTBOOK)) == bare(record(GUESTBOOK))


def test_in_a_preview_what_google_computes_is_not_known_and_what_is_named_is() -> None:
    recorded = deployed(SHOP, preview=True)
    template = recorded.one("Service", "app-api").inputs["template"]
    assert template["serviceAccount"] == UNKNOWN
    (container, *_) = recorded.one("Service", "app-web").inputs["template"]["containers"]
    assert container["envs"] == [{"name": "API", "value": f"https://{host('api')}/v1"}]


def test_what_is_published_has_a_url() -> None:
    def program() -> None:
        pulumi.export("urls", component.CloudRunTarget("app", {"app": SHOP, "access": access()}).urls)

    assert record(program).outputs == {"urls": {"web": f"https://{host('web')}"}}


@pytest.mark.parametrize("protect", [False, True])
def test_protected_is_what_cannot_be_made_again(protect: bool) -> None:
    recorded = deployed(SHOP, protect=protect)
    assert [each.name for each in recorded if each.options.get("protect")] == (["app-data"] if protect else [])


def test_every_kind_that_is_rendered_has_a_class_of_its_own() -> None:
    found = {kind: component.CREATORS[kind] for kind in kinds.CLASSES if kind != "SecretVersion"}
    assert {kind: f"{each.__module__.split('.')[1]}.{each.__name__}" for kind, each in found.items()} == {
        kind: name for kind, name in kinds.CLASSES.items() if kind != "SecretVersion"
    }


def test_a_secrets_content_is_a_secret_whatever_it_is_made_of() -> None:
    made = component.CREATORS["SecretVersion"]
    recorded = record(lambda: made("a", secret="b", secret_data="plain", opts=None))
    assert recorded.one("SecretVersion", "a").secrets == {"secretData"}


def test_a_stack_without_a_project_is_told_how_to_name_one() -> None:
    with pytest.raises(SettingsError) as raised:
        record({"app": PLAIN, "target": "cloudrun"})
    assert str(raised.value) == (
        "no value for slipway:cluster, and cloudrun has no project that is everyone's; "
        "run `pulumi config set --path slipway:cluster.stack <name of the platform's stack>`"
    )


def test_in_a_trial_everything_waits_until_the_platform_has_turned_on_the_apis() -> None:
    new = {"kind": "cloudrun", "project": "shop-production", "region": "europe-west1"}
    recorded = record({"app": PLAIN, "target": "cloudrun", "cluster": {"new": new}})
    providers = {each.name: each for each in recorded if each.type == "pulumi:providers:gcp"}
    own = providers["app-gcp"]
    apis = {each.urn for each in recorded if each.type == "gcp:projects/service:Service"}
    assert (len(providers), bool(apis), apis - {*own.dependencies}) == (2, True, set())
    assert {each.provider.rpartition("::")[0] for each in recorded.of("Account")} == {own.urn}
