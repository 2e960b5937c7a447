"""A Kubernetes cluster that is there: `slipway:cluster.existing`, and `slipway:kubernetes`, which wins."""

from typing import Any

import pytest

from components.access import KubernetesAccess
from components.clusters import existing, kubernetes
from components.errors import SettingsError

KNOWN = (
    "(known: address, clusterDomain, context, createNamespace, gateway, identifier, ingressClass, issuer, kubeconfig, "
    "namespace, networkPolicies, publish, rollback, security, serviceAnnotations, sharedStorageClass, "
    "storageClass, storageClasses, waitImage)"
)


def refused(block: dict[str, Any]) -> str:
    with pytest.raises(SettingsError) as raised:
        kubernetes.access(block)
    return str(raised.value)


def test_an_empty_block_is_the_cluster_of_the_users_own_kubectl() -> None:
    assert existing.READERS["kubernetes"]({}) == KubernetesAccess()


def test_every_attribute_has_a_key() -> None:
    block = {
        "kubeconfig": "~/.kube/shop",
        "context": "shop",
        "identifier": "shop-1",
        "namespace": "shop-live",
        "createNamespace": False,
        "publish": "LoadBalancer",
        "address": "nodes.example",
        "serviceAnnotations": {"example.com/scheme": "internal"},
        "ingressClass": "nginx",
        "gateway": "edge/public",
        "issuer": "letsencrypt",
        "storageClass": "ssd",
        "sharedStorageClass": "nfs",
        "storageClasses": {"fast": "nvme"},
        "security": "restricted",
        "networkPolicies": False,
        "rollback": True,
        "clusterDomain": "k8s.example",
        "waitImage": "registry.example/busybox:1",
    }
    assert kubernetes.access(block) == KubernetesAccess(
        kubeconfig="~/.kube/shop",
        context="shop",
        identifier="shop-1",
        namespace="shop-live",
        create_namespace=False,
        publish="LoadBalancer",
        address="nodes.example",
        service_annotations={"example.com/scheme": "internal"},
        ingress_class="nginx",
        gateway="edge/public",
        issuer="letsencrypt",
        storage_class="ssd",
        shared_storage_class="nfs",
        storage_classes={"fast": "nvme"},
        security="restricted",
        network_policies=False,
        rollback=True,
        cluster_domain="k8s.example",
        wait_image="registry.example/busybox:1",
    )
    assert sorted(block) == sorted(kubernetes.KEYS)


def test_a_kubeconfig_may_be_a_mapping_as_some_programs_put_it_out() -> None:
    assert kubernetes.access({"kubeconfig": {"clusters": []}}).kubeconfig == '{"clusters": []}'


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"contxt": "a"}, f'unknown key "contxt"; did you mean "context"? {KNOWN}'),
        ({"context": 3}, "context is 3, not a string; write a string"),
        (
            {"publish": "nodeport"},
            'unknown publish "nodeport"; did you mean "NodePort"? (known: ClusterIP, LoadBalancer, NodePort)',
        ),
        ({"security": "privileged"}, 'unknown security "privileged"; (known: baseline, restricted)'),
        ({"createNamespace": "no"}, "createNamespace is 'no', not true or false; write one of these"),
        (
            {"namespace": "My_Shop"},
            "namespace is 'My_Shop', not a namespace's name; write 1 to 63 of a-z, 0-9 and -",
        ),
        ({"gateway": "public"}, "gateway is 'public', not a Gateway; write namespace/name"),
        (
            {"storageClasses": ["ssd"]},
            "storageClasses is ['ssd'], not a mapping of names to strings; write name: text",
        ),
        ({"kubeconfig": 1}, "kubeconfig is not a string; write the path of a kubeconfig, or its content as a secret"),
    ],
)
def test_a_wrong_block_is_told(block: dict[str, Any], message: str) -> None:
    assert refused(block) == f"slipway:cluster.existing: {message}"


def test_every_problem_is_told_at_once() -> None:
    assert len(refused({"context": 1, "publish": 2, "rollback": 3, "x": 4}).splitlines()) == 4


def test_what_the_stack_chooses_wins_over_what_came_with_the_cluster() -> None:
    cluster = kubernetes.access({"context": "shop", "publish": "LoadBalancer", "storageClass": "ssd"})
    assert kubernetes.chosen(cluster, {"publish": "ClusterIP"}) == KubernetesAccess(
        context="shop", publish="ClusterIP", storage_class="ssd"
    )


def test_which_cluster_it_is_is_not_among_what_a_stack_chooses() -> None:
    with pytest.raises(SettingsError) as raised:
        kubernetes.chosen(KubernetesAccess(), {"kubeconfig": "x", "rollback": "y"})
    first, second = str(raised.value).splitlines()
    assert first.startswith('slipway:kubernetes: unknown key "kubeconfig"; (known: address, clusterDomain, ')
    assert second == "slipway:kubernetes: rollback is 'y', not true or false; write one of these"


def test_what_is_for_make_up_is_no_part_of_the_access() -> None:
    assert kubernetes.access({"initialise": True}) == KubernetesAccess()
