"""The kubernetes target under Pulumi mocks. Not proved: that the plugin takes the inputs, or that anything runs."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
from apps import HEALTHY, app, service

from components.access import KubernetesAccess
from components.errors import InputError
from components.model import (
    App,
    Dependency,
    FileGrant,
    FileObject,
    Mount,
    Opaque,
    Parts,
    Port,
    ServiceExtension,
    Volume,
)
from components.model import Ingress as Entry
from components.targets.kubernetes import component, kinds
from components.testing import Outputs, Recorded, Recording, record

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


@pytest.fixture(autouse=True)
def no_backend_and_no_cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


def deployed(
    application: App = SHOP, *, outputs: Outputs | None = None, preview: bool = False, **more: Any
) -> Recording:
    args = {"app": application, "target": "kubernetes", "name_key": "key", **more}
    return record(args, outputs=outputs, preview=preview)


def objects(recorded: list[Recorded]) -> list[Recorded]:
    return [each for each in recorded if each.type.startswith("kubernetes:")]


@pytest.mark.parametrize("preview", [False, True])
def test_the_whole_application_is_these_resources(preview: bool) -> None:
    assert sorted((each.type.rpartition(":")[2], each.name) for each in deployed(preview=preview)) == [
        ("Application", "app"),
        ("ConfigMap", "app-page"),
        ("Deployment", "app-db"),
        ("Deployment", "app-web"),
        ("KubernetesTarget", "app"),
        ("Namespace", "app-shop"),
        ("NetworkPolicy", "app-shop-deny"),
        ("NetworkPolicy", "app-shop-network-default"),
        ("NetworkPolicy", "app-shop-web-published"),
        ("PersistentVolumeClaim", "app-data"),
        ("Secret", "app-pw"),
        ("Service", "app-db"),
        ("Service", "app-web"),
        ("Service", "app-web-published"),
        ("ServiceAccount", "app-shop"),
        ("kubernetes", "app-kubernetes"),
        ("kubernetes", "app-kubernetes-kept"),
    ]


@pytest.mark.parametrize("preview", [False, True])
def test_the_sample_application_is_these_objects(preview: bool) -> None:
    args = {
        "compose": ["examples/guestbook/compose.yaml"],
        "target": "kubernetes",
        "secrets": {"REDIS_PASSWORD": "geheim"},
        "registry": {"prefix": "registry.example/team"},
        "name_key": "key",
    }
    recorded = objects(record(args, preview=preview))
    assert sorted((each.type.rpartition(":")[2], each.name) for each in recorded) == [
        ("ConfigMap", "app-page"),
        ("Deployment", "app-redis"),
        ("Deployment", "app-web"),
        ("Deployment", "app-worker"),
        ("Namespace", "app-guestbook"),
        ("NetworkPolicy", "app-guestbook-deny"),
        ("NetworkPolicy", "app-guestbook-network-default"),
        ("NetworkPolicy", "app-guestbook-web-published"),
        ("PersistentVolumeClaim", "app-entries"),
        ("PodDisruptionBudget", "app-worker"),
        ("Secret", "app-redis-password"),
        ("Service", "app-redis"),
        ("Service", "app-web"),
        ("Service", "app-web-published"),
        ("Service", "app-worker"),
        ("ServiceAccount", "app-guestbook"),
    ]
    shown = [each for each in recorded if "geheim" in str(each.inputs)]
    assert [(each.name, each.secrets) for each in shown] == [("app-redis-password", {"stringData"})]


def test_every_kind_that_is_rendered_has_a_class_of_its_own_api() -> None:
    def program() -> None:
        for each in kinds.API_VERSIONS:
            component.CLASSES[each](each, metadata={"name": "a"}, opts=None, **required.get(each, {}))

    needs_spec = ["CronJob", "DaemonSet", "Deployment", "HorizontalPodAutoscaler", "Job", "StatefulSet"]
    required: dict[str, Any] = {each: {"spec": {}} for each in needs_spec}
    assert {each.type: each.inputs["kind"] for each in record(program)} == {
        f"kubernetes:{version if '/' in version else f'core/{version}'}:{kind}": kind
        for kind, version in kinds.API_VERSIONS.items()
    }


def test_a_manifest_goes_to_the_plugin_under_the_apis_own_names() -> None:
    found = deployed().one("Deployment", "app-db").inputs
    assert (found["apiVersion"], found["kind"]) == ("apps/v1", "Deployment")
    assert found["spec"]["selector"] == {
        "matchLabels": {"app.kubernetes.io/name": "db", "app.kubernetes.io/instance": "shop"}
    }
    assert found["spec"]["template"]["spec"]["automountServiceAccountToken"] is False


def test_no_resource_is_an_orphan_and_each_object_has_an_explicit_provider() -> None:
    recorded = deployed()
    parents = {recorded.one("Application", "app").urn, recorded.one("KubernetesTarget", "app").urn}
    assert {each.parent for each in objects(recorded)} == {recorded.one("KubernetesTarget", "app").urn}
    assert [each.name for each in recorded if each.parent not in parents] == ["app"]
    assert {each.provider.split("::")[-2] for each in objects(recorded)} == {"app-kubernetes", "app-kubernetes-kept"}


def test_what_outlives_the_stack_stays_and_is_taken_up_again_and_nothing_else_is() -> None:
    recorded = objects(deployed())
    kept = [("Namespace", "app-shop"), ("PersistentVolumeClaim", "app-data")]
    for retained in (
        [each for each in recorded if each.options.get("retain_on_delete")],
        [each for each in recorded if each.provider.split("::")[-2] == "app-kubernetes-kept"],
    ):
        assert sorted((each.type.rpartition(":")[2], each.name) for each in retained) == kept
    providers = {each.name: each.inputs for each in deployed().of("kubernetes")}
    assert "upsertExistingObjects" not in providers["app-kubernetes"]
    assert providers["app-kubernetes-kept"]["upsertExistingObjects"] == "true"


def test_what_has_to_be_replaced_goes_first_as_its_name_is_fixed() -> None:
    assert [each.name for each in objects(deployed()) if not each.options.get("delete_before_replace")] == []


def test_volumes_are_protected_where_the_stack_says_so() -> None:
    protected = [each.name for each in deployed(protect=True) if each.options.get("protect")]
    assert protected == ["app-data"]


def test_a_secret_is_a_secret_input() -> None:
    found = deployed().one("Secret", "app-pw")
    assert found.secrets == {"stringData"}
    assert list(found.inputs["stringData"].values()) == ["hidden"]


def test_a_pods_checksum_of_its_secrets_is_no_secret() -> None:
    assert deployed().one("Deployment", "app-db").secrets == frozenset()


def test_a_workload_comes_after_what_it_depends_on_and_after_all_that_it_names() -> None:
    recorded = deployed()
    urns = {each.urn: each.type.rpartition(":")[2] + " " + each.name for each in recorded}
    after = {urns[urn] for urn in recorded.one("Deployment", "app-web").dependencies}
    assert after == {"Deployment app-db", "ConfigMap app-page", "Namespace app-shop", "ServiceAccount app-shop"}
    after = {urns[urn] for urn in recorded.one("Deployment", "app-db").dependencies}
    assert after == {
        "Namespace app-shop",
        "PersistentVolumeClaim app-data",
        "Secret app-pw",
        "ServiceAccount app-shop",
    }


def annotations(each: Recorded) -> dict[str, str]:
    found: dict[str, str] = each.inputs["metadata"].get("annotations", {})
    return found


def test_nothing_waits_for_what_is_settled_elsewhere() -> None:
    waited = [each for each in objects(deployed()) if "pulumi.com/skipAwait" not in annotations(each)]
    assert {each.type.rpartition(":")[2] for each in waited}.isdisjoint({"PersistentVolumeClaim", "Service"})
    recorded = deployed(kubernetes={"publish": "LoadBalancer"})
    assert "pulumi.com/skipAwait" not in annotations(recorded.one("Service", "app-web-published"))


class Cluster(Outputs):
    """What a cluster picks."""

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        identity, outputs = super().new_resource(args)
        if args.typ == "kubernetes:core/v1:Service":
            ports = [{**port, "nodePort": 30080} for port in args.inputs["spec"].get("ports", ())]
            outputs["spec"] = {**args.inputs["spec"], "ports": ports}
        outputs["status"] = {"loadBalancer": {"ingress": [{"ip": "203.0.113.7"}]}}
        return identity, outputs


def urls(application: App = SHOP, **more: Any) -> dict[str, str]:
    from components import Application  # noqa: PLC0415 - loads a target's SDK

    def program() -> None:
        args: Any = {"app": application, "target": "kubernetes", "name_key": "key", **more}
        pulumi.export("urls", Application("app", args).urls)

    found: dict[str, str] = record(program, outputs=Cluster()).outputs["urls"]
    return found


def kubeconfig(token: str = "one", server: str = "https://api.example:6443") -> str:
    return json.dumps(
        {
            "current-context": "shop",
            "contexts": [{"name": "shop", "context": {"cluster": "shop", "user": "shop"}}],
            "clusters": [{"name": "shop", "cluster": {"server": server}}],
            "users": [{"name": "shop", "user": {"token": token}}],
        }
    )


def existing(**block: Any) -> dict[str, Any]:
    return {"cluster": {"existing": {"kubeconfig": kubeconfig(), **block}}}


def test_a_node_port_answers_at_the_api_servers_host_unless_the_settings_know_better() -> None:
    assert urls(**existing()) == {"web": "http://api.example:30080"}
    assert urls(**existing(address="nodes.example")) == {"web": "http://nodes.example:30080"}
    assert urls() == {"web": "http://localhost:30080"}


def test_a_load_balancer_answers_at_its_own_address_and_the_published_port() -> None:
    assert urls(kubernetes={"publish": "LoadBalancer"}) == {"web": "http://203.0.113.7:8080"}


def test_what_is_published_inside_only_has_no_url() -> None:
    assert urls(kubernetes={"publish": "ClusterIP"}) == {}


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        (Entry(port=80, host="shop.example", tls="auto"), "https://shop.example"),
        (Entry(port=80, host="shop.example", tls="off", path="/a"), "http://shop.example/a"),
        (Entry(port=80, tls="off"), "http://203.0.113.7"),
    ],
)
def test_an_ingress_answers_under_its_host_or_the_address_that_it_is_given(entry: Entry, url: str) -> None:
    assert urls(app(service("web", x_slipway=ServiceExtension(ingress=entry)))) == {"web": url}


def provider(**block: Any) -> Recorded:
    return deployed(**existing(**block)).one("kubernetes", "app-kubernetes")


def test_the_provider_is_given_one_context_as_a_secret() -> None:
    found = provider()
    assert found.secrets == {"kubeconfig"}
    assert json.loads(found.inputs["kubeconfig"])["current-context"] == "shop"
    assert found.inputs["context"] == "shop"


def test_rotated_credentials_identify_the_same_cluster_and_another_server_does_not() -> None:
    assert provider().inputs["clusterIdentifier"] == "https://api.example:6443"
    assert provider(kubeconfig=kubeconfig("two")).inputs["clusterIdentifier"] == "https://api.example:6443"
    other = provider(kubeconfig=kubeconfig(server="https://other.example"))
    assert other.inputs["clusterIdentifier"] == "https://other.example"
    assert provider(identifier="shop-1").inputs["clusterIdentifier"] == "shop-1"


def test_a_kubeconfig_that_another_resource_puts_out_is_read_when_it_is_known() -> None:
    output = pulumi.Output.secret(kubeconfig())
    found = provider(kubeconfig=output)
    assert found.secrets == {"kubeconfig"}
    assert found.inputs["clusterIdentifier"] == "https://api.example:6443"
    assert urls(**existing(kubeconfig=output)) == {"web": "http://api.example:30080"}


def test_a_machine_without_a_kubeconfig_leaves_it_to_the_plugin_to_find_the_cluster() -> None:
    found = deployed().one("kubernetes", "app-kubernetes")
    assert sorted(found.inputs) == ["enableConfigMapMutable", "enableSecretMutable"]


def test_a_wrong_context_is_refused_before_anything_is_created(quiet: None) -> None:
    with pytest.raises(InputError) as raised:
        deployed(**existing(context="other"))
    assert str(raised.value) == (
        'slipway:cluster.existing.context: the kubeconfig has no context "other"; (known: shop)'
    )


def test_secrets_without_a_key_of_their_checksums_are_refused(quiet: None) -> None:
    with pytest.raises(InputError) as raised:
        deployed(name_key=None)
    assert str(raised.value) == (
        "no value for slipway:nameKey: without it, pods would go on with the old content of a secret that changes; "
        "run `pulumi config set --secret slipway:nameKey <a long random word>`"
    )


def test_the_component_alone_takes_what_each_service_names(quiet: None) -> None:
    def program() -> None:
        component.KubernetesTarget("alone", {"app": app(service("web")), "access": KubernetesAccess()})

    found = record(program).one("Deployment", "alone-web")
    assert found.inputs["spec"]["template"]["spec"]["containers"][0]["image"] == "web:1"
