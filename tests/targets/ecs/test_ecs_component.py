"""The ecs target under Pulumi mocks. Not proved: that the provider takes the inputs, or that anything runs."""

from typing import Any

import pulumi
import pytest
from apps import HEALTHY, app, service
from ecs_component import EXISTING, deployed, running
from ecs_scopes import access

from components.errors import SettingsError
from components.model import Dependency, FileGrant, FileObject, Mount, Opaque, Parts, Port, Volume
from components.targets.ecs import component, kinds
from components.testing import UNKNOWN, Recorded, Recording, record

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
    env={"PW": Parts([Opaque(pulumi.Output.secret("hidden"), name="PW", secret=True)])},
)
GUESTBOOK = {
    "compose": ["examples/guestbook/compose.yaml"],
    "target": "ecs",
    "secrets": {"REDIS_PASSWORD": "geheim"},
    "cluster": {"existing": EXISTING},
    "managed": False,  # a container with a volume; the golden case of the sample has AWS's own Redis
}


def listed(recorded: list[Recorded]) -> list[tuple[str, str]]:
    return sorted((each.type.rpartition(":")[2], each.name) for each in recorded)


def resources(recorded: list[Recorded]) -> list[Recorded]:
    return [each for each in recorded if each.type.startswith("aws:")]


@pytest.mark.parametrize("preview", [False, True])
def test_the_whole_application_is_these_resources(preview: bool) -> None:
    assert listed(deployed(SHOP, preview=preview)) == [
        ("AccessPoint", "app-data"),
        ("Application", "app"),
        ("EcsTarget", "app"),
        ("FileSystem", "app-volumes"),
        ("FileSystemPolicy", "app-volumes"),
        ("Listener", "app-published-8080"),
        ("LoadBalancer", "app-published"),
        ("LogGroup", "app-logs"),
        ("MountTarget", "app-volumes-subnet-a"),
        ("MountTarget", "app-volumes-subnet-b"),
        ("PrivateDnsNamespace", "app-discovery"),
        ("Role", "app-db-execution"),
        ("Role", "app-db-task"),
        ("Role", "app-web-execution"),
        ("RolePolicy", "app-db-execution"),
        ("RolePolicy", "app-db-task"),
        ("RolePolicy", "app-web-execution"),
        ("Secret", "app-pw"),
        ("SecretVersion", "app-pw"),
        ("SecurityGroup", "app-db"),
        ("SecurityGroup", "app-network-default"),
        ("SecurityGroup", "app-published"),
        ("SecurityGroup", "app-volumes"),
        ("SecurityGroup", "app-web"),
        ("SecurityGroupEgressRule", "app-db-to-world"),
        ("SecurityGroupEgressRule", "app-published-to-web-80"),
        ("SecurityGroupEgressRule", "app-web-to-world"),
        ("SecurityGroupIngressRule", "app-db-from-network-default-all"),
        ("SecurityGroupIngressRule", "app-published-from-world-8080"),
        ("SecurityGroupIngressRule", "app-volumes-from-db-2049"),
        ("SecurityGroupIngressRule", "app-web-from-network-default-80"),
        ("SecurityGroupIngressRule", "app-web-from-published-80"),
        ("Service", "app-db"),
        ("Service", "app-db"),
        ("Service", "app-web"),
        ("Service", "app-web"),
        ("TargetGroup", "app-web-80-tcp"),
        ("TaskDefinition", "app-db"),
        ("TaskDefinition", "app-web"),
        ("aws", "app-aws"),
    ]


@pytest.mark.parametrize("preview", [False, True])
def test_the_sample_application_is_these_resources(preview: bool) -> None:
    recorded = record(GUESTBOOK, preview=preview)
    assert listed(recorded) == [
        ("AccessPoint", "app-entries"),
        ("Application", "app"),
        ("EcsTarget", "app"),
        ("FileSystem", "app-volumes"),
        ("FileSystemPolicy", "app-volumes"),
        ("Image", "app-redis"),
        ("Image", "app-web"),
        ("Image", "app-worker"),
        ("ImageBuild", "app-redis"),
        ("ImageBuild", "app-web"),
        ("ImageBuild", "app-worker"),
        ("LifecyclePolicy", "app-guestbook-redis"),
        ("LifecyclePolicy", "app-guestbook-web"),
        ("LifecyclePolicy", "app-guestbook-worker"),
        ("Listener", "app-published-8080"),
        ("LoadBalancer", "app-published"),
        ("LogGroup", "app-logs"),
        ("MountTarget", "app-volumes-subnet-a"),
        ("MountTarget", "app-volumes-subnet-b"),
        ("PrivateDnsNamespace", "app-discovery"),
        ("Repository", "app-guestbook-redis"),
        ("Repository", "app-guestbook-web"),
        ("Repository", "app-guestbook-worker"),
        ("Role", "app-redis-execution"),
        ("Role", "app-redis-task"),
        ("Role", "app-web-execution"),
        ("Role", "app-worker-execution"),
        ("RolePolicy", "app-redis-execution"),
        ("RolePolicy", "app-redis-task"),
        ("RolePolicy", "app-web-execution"),
        ("RolePolicy", "app-worker-execution"),
        ("Secret", "app-redis_password"),
        ("SecretVersion", "app-redis_password"),
        ("SecurityGroup", "app-network-default"),
        ("SecurityGroup", "app-published"),
        ("SecurityGroup", "app-redis"),
        ("SecurityGroup", "app-volumes"),
        ("SecurityGroup", "app-web"),
        ("SecurityGroup", "app-worker"),
        ("SecurityGroupEgressRule", "app-published-to-web-8000"),
        ("SecurityGroupEgressRule", "app-redis-to-world"),
        ("SecurityGroupEgressRule", "app-web-to-world"),
        ("SecurityGroupEgressRule", "app-worker-to-world"),
        ("SecurityGroupIngressRule", "app-published-from-world-8080"),
        ("SecurityGroupIngressRule", "app-redis-from-network-default-all"),
        ("SecurityGroupIngressRule", "app-volumes-from-redis-2049"),
        ("SecurityGroupIngressRule", "app-web-from-network-default-8000"),
        ("SecurityGroupIngressRule", "app-web-from-published-8000"),
        ("SecurityGroupIngressRule", "app-worker-from-network-default-all"),
        ("Service", "app-redis"),
        ("Service", "app-redis"),
        ("Service", "app-web"),
        ("Service", "app-web"),
        ("Service", "app-worker"),
        ("Service", "app-worker"),
        ("TargetGroup", "app-web-8000-tcp"),
        ("TaskDefinition", "app-redis"),
        ("TaskDefinition", "app-web"),
        ("TaskDefinition", "app-worker"),
        ("aws", "app-aws"),
        ("docker-build", "app-docker-build"),
    ]


def test_an_application_that_shares_nothing_has_nothing_that_would_be_shared() -> None:
    assert listed(resources(deployed(app(service("web"))))) == [
        ("LogGroup", "app-logs"),
        ("Role", "app-web-execution"),
        ("RolePolicy", "app-web-execution"),
        ("SecurityGroup", "app-web"),
        ("SecurityGroupEgressRule", "app-web-to-world"),
        ("Service", "app-web"),
        ("TaskDefinition", "app-web"),
    ]


def test_the_secret_of_the_sample_application_is_in_one_input_which_is_secret() -> None:
    shown = [each for each in record(GUESTBOOK) if "geheim" in str(each.inputs)]
    assert [(each.name, each.secrets) for each in shown] == [("app-redis_password", {"secretString"})]


def test_nothing_is_an_orphan_and_nothing_uses_a_default_provider() -> None:
    recorded = record(GUESTBOOK)
    assert [each.name for each in recorded if not each.parent] == []
    providers = [each.urn for each in recorded if each.type == "pulumi:providers:aws"]
    assert len(providers) == 1
    assert {each.provider.rpartition("::")[0] for each in resources(recorded)} == set(providers)


def test_the_provider_reaches_the_clusters_region_as_whom_the_stack_says() -> None:
    role = "arn:aws:iam::123456789012:role/deploy"
    recorded = deployed(app(service("web")), ecs={"profile": "work", "role": role})
    (provider,) = (each for each in recorded if each.type == "pulumi:providers:aws")
    assert {key: provider.inputs[key] for key in ("region", "profile", "assumeRoles")} == {
        "region": "eu-central-1",
        "profile": "work",
        "assumeRoles": f'[{{"roleArn": "{role}"}}]',
    }


def test_two_runs_register_the_same() -> None:
    def bare(recorded: Recording) -> list[tuple[str, Any]]:
        return sorted((each.urn, str(sorted(each.inputs.items())), each.dependencies) for each in recorded)

    assert bare(record(GUESTBOOK)) == bare(record(GUESTBOOK))


def test_in_a_preview_what_aws_computes_is_not_known() -> None:
    recorded = deployed(app(service("web")), preview=True)
    assert running(recorded, "app-web").inputs["taskDefinition"] == UNKNOWN


def test_what_is_published_has_a_url() -> None:
    def program() -> None:
        pulumi.export("urls", component.EcsTarget("app", {"app": SHOP, "access": access()}).urls)

    assert record(program).outputs == {"urls": {"web": "http://balancer.example:8080"}}


@pytest.mark.parametrize("protect", [False, True])
def test_protected_is_what_cannot_be_made_again(protect: bool) -> None:
    recorded = deployed(SHOP, protect=protect)
    assert listed([each for each in recorded if each.options.get("protect")]) == (
        [("AccessPoint", "app-data"), ("FileSystem", "app-volumes")] if protect else []
    )


def test_every_kind_that_is_rendered_has_a_class_of_its_own() -> None:
    found = {kind: component.CREATORS[kind] for kind in kinds.CLASSES if kind != "SecretVersion"}
    assert {kind: f"{each.__module__.split('.')[1]}.{each.__name__}" for kind, each in found.items()} == {
        kind: name for kind, name in kinds.CLASSES.items() if kind != "SecretVersion"
    }


def test_a_secrets_content_is_a_secret_whatever_it_is_made_of() -> None:
    made = component.CREATORS["SecretVersion"]
    recorded = record(lambda: made("a", secret_id="b", secret_string="plain", opts=None))
    assert recorded.one("SecretVersion", "a").secrets == {"secretString"}


def test_a_stack_without_a_cluster_is_told_how_to_name_one() -> None:
    with pytest.raises(SettingsError) as raised:
        record({"app": app(service("web")), "target": "ecs"})
    assert str(raised.value) == (
        "no value for slipway:cluster, and ecs has no cluster that is everyone's; "
        "run `pulumi config set --path slipway:cluster.stack <name of the cluster's stack>`"
    )


def test_the_login_of_a_registry_that_the_stack_names_is_a_secret_of_the_tasks() -> None:
    registry = {"prefix": "registry.example/team", "username": "ann", "password": "geheim"}
    recorded = deployed(SHOP, registry=registry)
    login = recorded.one("SecretVersion", "app-registry")
    assert login.inputs["secretString"] == '{"password": "geheim", "username": "ann"}'
    assert login.secrets == {"secretString"}
    definition = recorded.one("TaskDefinition", "app-db").inputs["containerDefinitions"]
    assert '"repositoryCredentials": {"credentialsParameter": ' in definition
    assert "geheim" not in definition
