"""The stack of a GKE cluster, under Pulumi mocks.

Not proved: that Google takes the resources, nor that anything runs on them: no project is at hand.
"""

import json
from typing import Any

import pulumi
import pytest
from google_answers import PROJECT, REGION, GoogleOutputs

from components import GkeCluster, clusters
from components.access import KubernetesAccess
from components.clusters import existing
from components.errors import SettingsError
from components.testing import Recorded, Recording, record

APIS = [f"Service edge-api-{api}" for api in ("artifactregistry", "compute", "container", "iam")]
CLUSTER = ["Account edge-nodes", "Cluster edge", "GkeCluster edge", "IAMMember edge-nodes", "gcp edge-gcp", *APIS]
NETWORK = ["Network edge-network", "Router edge-nat", "RouterNat edge-nat", "Subnetwork edge-subnet"]
GATEWAY = ["Gateway edge-gateway", "Namespace edge-gateway", "kubernetes edge-kubernetes"]
EXISTING = {
    "existing": {
        "network": f"projects/{PROJECT}/global/networks/there",
        "subnetwork": f"projects/{PROJECT}/regions/{REGION}/subnetworks/there",
    }
}
POOLS = {"pools": {"main": {"machineType": "e2-standard-4", "max": 6}}}
NODES = f"edge-nodes@{PROJECT}.iam.gserviceaccount.com"


def made(*, preview: bool = False, protect: bool = False, stack: str = "edge", **new: Any) -> Recording:
    asked = {"kind": "gke", "project": PROJECT, "region": REGION, **new}
    written = {"cluster": {"new": asked}, "protect": protect}
    return record(
        lambda: pulumi.export("access", clusters.create(stack, written)), outputs=GoogleOutputs(), preview=preview
    )


def names(recorded: list[Recorded]) -> list[str]:
    return sorted(f"{each.type.rpartition(':')[2]} {each.name}" for each in recorded)


def cluster(recorded: Recording) -> Recorded:
    return recorded.one("Cluster", "edge")


@pytest.mark.parametrize("preview", [False, True])
def test_the_least_that_there_is_is_a_cluster_in_a_network_with_a_way_out(preview: bool) -> None:
    assert names(made(preview=preview)) == sorted([*CLUSTER, *NETWORK])


def test_in_a_network_that_is_there_nothing_but_the_cluster_is_made() -> None:
    recorded = made(network=EXISTING)
    assert names(recorded) == sorted(CLUSTER)
    assert cluster(recorded).inputs["subnetwork"] == EXISTING["existing"]["subnetwork"]


def test_by_default_it_is_in_autopilot_mode_and_reached_by_name_and_iam_alone() -> None:
    assert dict(cluster(made()).inputs) == {
        "name": "edge",
        "project": PROJECT,
        "location": REGION,
        "network": f"projects/{PROJECT}/global/networks/edge-network",
        "subnetwork": f"projects/{PROJECT}/regions/{REGION}/subnetworks/edge-subnet",
        "ipAllocationPolicy": {"clusterSecondaryRangeName": "pods", "servicesSecondaryRangeName": "services"},
        "releaseChannel": {"channel": "REGULAR"},
        "privateClusterConfig": {"enablePrivateNodes": True},
        "controlPlaneEndpointsConfig": {
            "dnsEndpointConfig": {"allowExternalTraffic": True},
            "ipEndpointsConfig": {"enabled": False},
        },
        "masterAuth": {"clientCertificateConfig": {"issueClientCertificate": False}},
        "gatewayApiConfig": {"channel": "CHANNEL_STANDARD"},
        "costManagementConfig": {"enabled": True},
        "enableAutopilot": True,
        "clusterAutoscaling": {
            "autoProvisioningDefaults": {
                "serviceAccount": NODES,
                "oauthScopes": ["https://www.googleapis.com/auth/cloud-platform"],
            }
        },
        "deletionProtection": False,
    }


def test_nodes_of_pools_are_private_shielded_and_tell_pods_nothing_of_themselves() -> None:
    recorded = made(nodes=POOLS)
    inputs = cluster(recorded).inputs
    assert names(recorded) == sorted([*CLUSTER, *NETWORK, "NodePool edge-pool-main"])
    assert inputs["datapathProvider"] == "ADVANCED_DATAPATH"
    assert inputs["workloadIdentityConfig"] == {"workloadPool": f"{PROJECT}.svc.id.goog"}
    assert (inputs["removeDefaultNodePool"], inputs["privateClusterConfig"]) == (True, {"enablePrivateNodes": True})
    pool = recorded.one("NodePool", "edge-pool-main").inputs
    assert pool["nodeConfig"] == {
        "serviceAccount": NODES,
        "oauthScopes": ["https://www.googleapis.com/auth/cloud-platform"],
        "shieldedInstanceConfig": {"enableSecureBoot": True, "enableIntegrityMonitoring": True},
        "workloadMetadataConfig": {"mode": "GKE_METADATA"},
        "metadata": {"disable-legacy-endpoints": "true"},
        "machineType": "e2-standard-4",
        "spot": False,
        "diskSizeGb": 50,
        "diskType": "pd-balanced",
    }
    assert pool["autoscaling"] == {"totalMinNodeCount": 1, "totalMaxNodeCount": 6, "locationPolicy": "BALANCED"}


def test_nodes_may_write_logs_and_pull_from_the_clusters_repository_and_nothing_else() -> None:
    recorded = made(repository="images")
    roles = {each.inputs["role"] for each in recorded if each.type.endswith("IAMMember") or "IamMember" in each.type}
    assert roles == {"roles/container.defaultNodeServiceAccount", "roles/artifactregistry.reader"}
    assert recorded.one("RepositoryIamMember", "edge-nodes-pull").inputs["member"] == f"serviceAccount:{NODES}"


REPLACING = ("name", "location", "network", "subnetwork", "enableAutopilot", "ipAllocationPolicy")
"""Inputs of which a change replaces the cluster (ForceNew in terraform-provider-google)."""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"version": "1.34"}, {"version": "1.35"}),
        ({"nodes": POOLS}, {"nodes": {"pools": {"main": {"machineType": "c4-standard-8"}}}}),
        ({}, {"channel": "STABLE", "maintenance": "03:00"}),
    ],
    ids=["version", "node type", "channel"],
)
def test_a_new_version_or_node_type_touches_nothing_that_replaces_the_cluster(before: Any, after: Any) -> None:
    old, new = cluster(made(**before)), cluster(made(**after))
    assert old.urn == new.urn
    assert [old.inputs.get(key) for key in REPLACING] == [new.inputs.get(key) for key in REPLACING]


def test_its_address_is_reached_from_the_ranges_that_are_named() -> None:
    inputs = cluster(made(endpoint={"sources": ["203.0.113.0/24"]})).inputs
    assert inputs["controlPlaneEndpointsConfig"]["ipEndpointsConfig"] == {"enabled": True}
    assert inputs["masterAuthorizedNetworksConfig"] == {"cidrBlocks": [{"cidrBlock": "203.0.113.0/24"}]}


def kubeconfig(recorded: Recording) -> Any:
    return json.loads(recorded.outputs["access"]["kubeconfig"])


def test_the_kubeconfig_holds_no_credential_and_names_the_cluster_by_its_name() -> None:
    content = kubeconfig(made())
    assert content["clusters"] == [{"name": "edge", "cluster": {"server": f"https://gke-1.{REGION}.gke.goog"}}]
    assert content["users"] == [
        {
            "name": "edge",
            "user": {
                "exec": {
                    "apiVersion": "client.authentication.k8s.io/v1beta1",
                    "command": "gke-gcloud-auth-plugin",
                    "installHint": "install it: `gcloud components install gke-gcloud-auth-plugin`",
                    "interactiveMode": "IfAvailable",
                    "provideClusterInfo": True,
                }
            },
        }
    ]


def test_by_its_address_the_kubeconfig_has_the_authority_that_signed_the_servers_certificate() -> None:
    content = kubeconfig(made(endpoint={"sources": ["203.0.113.0/24"]}))
    assert content["clusters"][0]["cluster"] == {
        "server": "https://203.0.113.1",
        "certificate-authority-data": "QQ==",
    }


def test_the_gateway_takes_routes_of_every_application_with_the_certificates_of_a_map() -> None:
    recorded = made(ingress={"certificateMap": f"projects/{PROJECT}/locations/global/certificateMaps/hosts"})
    assert names(recorded) == sorted([*CLUSTER, *NETWORK, *GATEWAY])
    inputs = recorded.one("Gateway", "edge-gateway").inputs
    assert inputs["metadata"] == {
        "name": "entry",
        "namespace": "slipway-ingress",
        "annotations": {"networking.gke.io/certmap": "hosts"},
    }
    assert inputs["spec"] == {
        "gatewayClassName": "gke-l7-global-external-managed",
        "listeners": [
            {"name": "http", "protocol": "HTTP", "port": 80, "allowedRoutes": {"namespaces": {"from": "All"}}},
            {"name": "https", "protocol": "HTTPS", "port": 443, "allowedRoutes": {"namespaces": {"from": "All"}}},
        ],
    }


def test_a_gateway_inside_the_network_is_of_another_class_and_speaks_http_without_certificates() -> None:
    spec = made(ingress={"internal": True}).one("Gateway", "edge-gateway").inputs["spec"]
    assert (spec["gatewayClassName"], len(spec["listeners"])) == ("gke-l7-rilb", 1)


def test_its_access_is_what_an_application_reads() -> None:
    access = dict(made(ingress={}).outputs["access"])
    assert access.pop("kind") == "kubernetes"
    assert existing.READERS["kubernetes"](access) == KubernetesAccess(
        kubeconfig=access["kubeconfig"],
        identifier=f"projects/{PROJECT}/locations/{REGION}/clusters/edge",
        publish="LoadBalancer",
        shared_storage_class="standard-rwx",
        storage_classes={"ssd": "premium-rwo"},
        gateway="slipway-ingress/entry",
    )


def test_kubernetes_secrets_are_encrypted_with_a_key_where_one_is_named() -> None:
    key = "projects/p/locations/l/keyRings/r/cryptoKeys/k"
    assert cluster(made(kmsKey=key)).inputs["databaseEncryption"] == {"state": "ENCRYPTED", "keyName": key}


def test_protected_it_is_deleted_neither_by_pulumi_nor_by_its_provider() -> None:
    recorded = cluster(made(protect=True))
    assert (recorded.options["protect"], recorded.inputs["deletionProtection"]) == (True, True)


def test_nothing_is_an_orphan_and_nothing_uses_a_default_provider() -> None:
    recorded = made(nodes=POOLS, ingress={}, repository="images")
    assert [each.name for each in recorded if not each.parent] == []
    for kind in ("gcp", "kubernetes"):
        (provider,) = [each.urn for each in recorded if each.type == f"pulumi:providers:{kind}"]
        own = [each for each in recorded if each.type.startswith(f"{kind}:")]
        assert {each.provider.rpartition("::")[0] for each in own} == {provider}


def test_the_component_is_useful_alone() -> None:
    def program() -> None:
        pulumi.export("access", GkeCluster("edge", {"project": PROJECT, "region": REGION}).access)

    assert record(program, outputs=GoogleOutputs()).outputs["access"]["publish"] == "LoadBalancer"


@pytest.mark.parametrize(
    ("new", "messages"),
    [
        (
            {"channel": "WEEKLY", "version": "2", "maintenance": "3", "zones": []},
            [
                'slipway:cluster.new: unknown key "zones"; did you mean "nodes"? (known: channel, endpoint, '
                "impersonate, ingress, kmsKey, labels, maintenance, network, nodes, project, region, repository, "
                "version)",
                'slipway:cluster.new: unknown channel "WEEKLY"; (known: EXTENDED, RAPID, REGULAR, STABLE)',
                "slipway:cluster.new: maintenance is '3', not a time of the day; write one such as \"03:00\", UTC",
                "slipway:cluster.new: version is '2', not a version of Kubernetes; "
                'write one such as "1.35", in quotes',
            ],
        ),
        (
            {"nodes": {"groups": {}}},
            ["slipway:cluster.new.nodes: it is {'groups': {}}; write one of autopilot: ..., pools: ..."],
        ),
        (
            {"nodes": {"pools": {}}},
            ["slipway:cluster.new.nodes.pools: it names no pool; write a name, and what it has"],
        ),
        (
            {"nodes": {"pools": {"main": {"machineType": "big", "max": 0}}}},
            [
                "slipway:cluster.new.nodes.pools.main: machineType is 'big', not a machine type; "
                "write one such as e2-standard-4",
                "slipway:cluster.new.nodes.pools.main: max is 0; write a whole number from 1 to 1000",
            ],
        ),
        (
            {"nodes": {"pools": {"main": {"machineType": "e2-standard-4", "min": 5}}}},
            ["slipway:cluster.new.nodes.pools.main: min 5 is more than max 3; write no more than max"],
        ),
        (
            {"network": {"new": {"nat": False}}},
            [
                "slipway:cluster.new.network.new: nat is false, and nodes have no public addresses; "
                "remove it: without NAT, nodes pull from Artifact Registry and no other registry"
            ],
        ),
        (
            {"endpoint": {"sources": ["everywhere"]}},
            [
                "slipway:cluster.new.endpoint: sources has 'everywhere', no range of IPv4 addresses; "
                "write ranges such as 203.0.113.0/24"
            ],
        ),
    ],
)
def test_what_is_wrong_is_told_at_once_before_anything_is_made(new: dict[str, Any], messages: list[str]) -> None:
    with pytest.raises(SettingsError) as raised:
        made(**new)
    assert str(raised.value).splitlines() == messages
