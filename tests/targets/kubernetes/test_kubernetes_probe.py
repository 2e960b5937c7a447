"""What is asked of a cluster before an update. Not proved: that a real API server answers so (real tests do)."""

import dataclasses
from decimal import Decimal
from typing import Any

import pytest
from api_server import EVERYTHING, REVIEWS, RULES, WELL, ApiServer, serve
from apps import app, service

from components.access import KubernetesAccess
from components.errors import Problem
from components.model import (
    App,
    Deploy,
    FileGrant,
    FileObject,
    Mount,
    Port,
    Reservations,
    Resources,
    ServiceExtension,
    Volume,
)
from components.model import Ingress as Entry
from components.targets.kubernetes import probe as module
from components.targets.kubernetes import quotas
from components.targets.kubernetes.probe import probe

SHOP = app(service("web", ports=(Port(target=80, published="8080"),)))
STORED = app(
    service("db", volumes=(Mount(type="volume", source="data", target="/d"),)),
    volumes={"data": Volume()},
)
CLASSES = "/apis/storage.k8s.io/v1/storageclasses"
DEFAULT = {"storageclass.kubernetes.io/is-default-class": "true"}
NAMESPACE = "/api/v1/namespaces/shop"
QUOTAS = "/api/v1/namespaces/shop/resourcequotas"


@pytest.fixture(autouse=True)
def this_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "this_stack", lambda: "organization/project/stack")


def told(application: App, answers: dict[str, Any], **access: Any) -> list[Problem]:
    with serve({**WELL, **answers}) as server:
        return probe(application, {}, dataclasses.replace(server.access, **access))


def messages(application: App, answers: dict[str, Any], **access: Any) -> list[str]:
    """What is wrong and what to do; where it is, another test tells."""
    return [f"{each.what}; {each.fix}" for each in told(application, answers, **access)]


def storage(**annotations: str) -> dict[str, Any]:
    return {"items": [{"metadata": {"name": "ssd", "annotations": annotations}}]}


def test_a_cluster_that_has_all_is_no_problem() -> None:
    assert told(SHOP, {}) == []
    assert told(STORED, {CLASSES: storage(**DEFAULT)}) == []


def test_nothing_is_changed() -> None:
    with serve({**WELL, CLASSES: storage(**DEFAULT)}) as server:
        probe(STORED, {}, server.access)
    assert {each.split()[0] for each in server.asked if each.split()[1] not in (RULES, REVIEWS)} == {"GET"}


def test_a_message_says_which_cluster_it_is_about() -> None:
    with serve({}) as server:
        access = server.access
        url = server.url
    (problem,) = probe(SHOP, {}, access)
    assert str(problem) == (
        f"kubernetes {url} (context test): nothing answers there; "
        "start the cluster, or choose another context with slipway:cluster.existing.context"
    )


def test_a_host_that_is_none_is_told() -> None:
    access = KubernetesAccess(kubeconfig=ApiServer({}, "https://nowhere.invalid").access.kubeconfig)
    (problem,) = probe(SHOP, {}, access)
    assert problem.what == "no such host"


def test_credentials_that_are_not_taken_are_told() -> None:
    assert messages(SHOP, {"/version": 401}) == [
        "it does not take the kubeconfig's credentials; log in again, or fetch the kubeconfig anew"
    ]


def test_a_wrong_context_is_told_as_a_problem() -> None:
    (problem,) = probe(SHOP, {}, dataclasses.replace(ApiServer({}, "https://a").access, context="other"))
    assert str(problem) == ('slipway:cluster.existing.context: the kubeconfig has no context "other"; (known: test)')


def test_what_may_not_be_done_is_told_with_verbs_and_resource() -> None:
    rules = {"resourceRules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["get"]}]}

    def review(body: dict[str, Any]) -> dict[str, Any]:
        attributes = body["spec"]["resourceAttributes"]
        return {"status": {"allowed": attributes["resource"] != "deployments" or attributes["verb"] == "patch"}}

    assert messages(SHOP, {RULES: {"status": rules}, REVIEWS: review}) == [
        'no permission to create, delete deployments.apps in namespace "shop"; '
        "ask for a role that allows it, or choose another context"
    ]


def test_a_namespace_belongs_to_the_whole_cluster_and_is_asked_for_by_itself() -> None:
    def review(body: dict[str, Any]) -> dict[str, Any]:
        return {"status": {"allowed": "namespace" in body["spec"]["resourceAttributes"]}}

    assert messages(SHOP, {RULES: EVERYTHING, REVIEWS: review}) == [
        "no permission to create, delete, get, patch namespaces; "
        "ask for a role that allows it, or choose another context"
    ]
    there = {"metadata": {"name": "shop"}}
    assert messages(SHOP, {RULES: EVERYTHING, REVIEWS: review, NAMESPACE: there}, create_namespace=False) == []


def test_a_storage_class_that_is_not_there_is_told_with_those_that_are() -> None:
    assert messages(STORED, {CLASSES: storage()}, storage_class="sdd") == [
        'there is no StorageClass "sdd"; did you mean "ssd"? (known: ssd)'
    ]


def test_a_cluster_without_a_default_storage_class_is_told() -> None:
    assert messages(STORED, {CLASSES: storage()}) == [
        "it has no default StorageClass; choose one with slipway:kubernetes.storageClass (known: ssd)"
    ]


def test_a_cluster_without_an_ingress_class_is_told() -> None:
    entry = service("web", x_slipway=ServiceExtension(ingress=Entry(port=80, host="shop.example")))
    assert messages(app(entry), {"/apis/networking.k8s.io/v1/ingressclasses": {"items": []}}) == [
        "it has no default IngressClass; choose one with slipway:kubernetes.ingressClass (known: none)"
    ]


def test_a_namespace_that_has_to_be_there_and_is_not_is_told() -> None:
    assert messages(SHOP, {}, create_namespace=False) == [
        'there is no namespace "shop"; '
        "run `kubectl create namespace shop`, or write slipway:kubernetes.createNamespace: true"
    ]


@pytest.mark.parametrize(
    ("annotations", "by"),
    [({}, "by something else"), ({"slipway.dev/stack": "a/b/c"}, 'by the stack "a/b/c"')],
)
def test_a_namespace_of_someone_elses_is_told(annotations: dict[str, str], by: str) -> None:
    assert messages(SHOP, {NAMESPACE: {"metadata": {"annotations": annotations}}}) == [
        f'the namespace "shop" was made {by}; '
        "choose another slipway:kubernetes.namespace, or write createNamespace: false to share it"
    ]


def test_the_stacks_own_namespace_is_no_problem() -> None:
    own = {"metadata": {"annotations": {"slipway.dev/stack": "organization/project/stack"}}}
    assert told(SHOP, {NAMESPACE: own}) == []


def test_a_volume_of_someone_elses_in_a_shared_namespace_is_told() -> None:
    there = {
        NAMESPACE: {"metadata": {}},
        CLASSES: storage(**DEFAULT),
        "/api/v1/namespaces/shop/persistentvolumeclaims/data": {"metadata": {"annotations": {}}},
    }
    assert messages(STORED, there, create_namespace=False) == [
        'the PersistentVolumeClaim "data" was made by something else; '
        "name the volume otherwise, or write external: true to share it"
    ]


def test_a_shared_namespace_that_is_stricter_than_the_application_is_told() -> None:
    strict = {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}}
    assert messages(app(service("web", privileged=True)), {NAMESPACE: strict}, create_namespace=False) == [
        'the namespace "shop" enforces the Pod Security Standard restricted, and the application is privileged; '
        "choose another namespace, or take out of the file what asks for more"
    ]


def test_what_is_external_and_not_there_is_told() -> None:
    outside = app(
        service(
            "web",
            secrets=(FileGrant(source="pw"),),
            configs=(FileGrant(source="page"),),
            volumes=(Mount(type="volume", source="data", target="/d"),),
        ),
        secrets={"pw": FileObject(external=True)},
        configs={"page": FileObject(external=True)},
        volumes={"data": Volume(external=True)},
    )
    inside = "/api/v1/namespaces/shop"
    assert [each.what for each in told(outside, {f"{inside}/configmaps/page": {"metadata": {}}})] == [
        'there is no PersistentVolumeClaim "data" in namespace "shop"',
        'there is no Secret "pw" in namespace "shop"',
    ]


@pytest.mark.parametrize(
    ("hard", "told_of"),
    [
        ({"pods": "2"}, ["allows 2 pods, and the application asks for 3"]),
        (
            {"pods": "3", "count/deployments.apps": "0"},
            ["allows 0 count/deployments.apps, and the application asks for 1"],
        ),
        ({"requests.cpu": "1", "limits.memory": "1Gi"}, ["allows 1 requests.cpu, and the application asks for 1.5"]),
        ({"cpu": "1500m", "services": "9", "configmaps": "1"}, []),
        ({"requests.storage": "1Gi"}, []),
    ],
)
def test_a_quota_that_the_application_alone_exceeds_is_told(hard: dict[str, str], told_of: list[str]) -> None:
    asks = Deploy(replicas=3, resources=Resources(reservations=Reservations(cpus=0.5)))
    quota = {"metadata": {"name": "small"}, "spec": {"hard": hard}}
    assert [each.what for each in told(app(service("web", deploy=asks)), {QUOTAS: {"items": [quota]}})] == [
        f'the quota "small" {each}' for each in told_of
    ]


def test_a_quota_of_some_pods_only_is_left_to_the_cluster() -> None:
    quota = {"metadata": {"name": "small"}, "spec": {"hard": {"pods": "0"}, "scopes": ["BestEffort"]}}
    assert told(SHOP, {QUOTAS: {"items": [quota]}}) == []


@pytest.mark.parametrize(
    ("quantity", "number"),
    [("500m", "0.5"), ("2", "2"), ("1Gi", "1073741824"), ("3k", "3000"), ("1e3", "1000"), (4, "4")],
)
def test_a_quantity_is_read_as_the_api_means_it(quantity: str, number: str) -> None:
    assert quotas.number(quantity) == Decimal(number)


def test_a_kind_that_the_cluster_does_not_know_is_told() -> None:
    entry = service("web", x_slipway=ServiceExtension(ingress=Entry(port=80, host="shop.example")))
    assert messages(app(entry), {}, gateway="edge/public") == [
        "it does not know the kind HTTPRoute (gateway.networking.k8s.io/v1); "
        "install what brings it, or choose otherwise"
    ]
