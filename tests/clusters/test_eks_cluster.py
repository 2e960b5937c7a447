"""The stack of an EKS cluster, under Pulumi mocks.

Not proved: that AWS takes the resources, or that anything within the cluster works: no EKS is at hand.
"""

import json
from typing import Any

import pulumi
import pytest
from aws_answers import ACCOUNT, REGION, AwsOutputs

from components import EksCluster, clusters
from components.access import KubernetesAccess
from components.clusters import kubernetes
from components.clusters.aws.kubeconfigs import kubeconfig
from components.errors import SettingsError
from components.testing import Recorded, Recording, record

EXISTING = {"existing": {"vpc": "vpc-1", "subnets": {"a": "subnet-a", "b": "subnet-b"}, "cidr": "10.1.0.0/16"}}
GROUPS = {"groups": {"small": {"instanceTypes": ["m7i.large", "m7a.large"]}}}
CLUSTER = [
    "Cluster edge",
    "EksCluster edge",
    "LogGroup edge-logs",
    "Role edge-cluster",
    "Role edge-nodes",
    "RolePolicyAttachment edge-cluster-AmazonEKSClusterPolicy",
    "RolePolicyAttachment edge-nodes-AmazonEC2ContainerRegistryPullOnly",
    "StorageClass edge-storage",
    "aws edge-aws",
    "kubernetes edge-kubernetes",
]
AUTO = [
    "ConfigMap edge-network-policies",
    "IngressClass edge-ingress",
    "IngressClassParams edge-ingress",
    "RolePolicyAttachment edge-cluster-AmazonEKSBlockStoragePolicy",
    "RolePolicyAttachment edge-cluster-AmazonEKSComputePolicy",
    "RolePolicyAttachment edge-cluster-AmazonEKSLoadBalancingPolicy",
    "RolePolicyAttachment edge-cluster-AmazonEKSNetworkingPolicy",
    "RolePolicyAttachment edge-nodes-AmazonEKSWorkerNodeMinimalPolicy",
]
NODES = [
    "Addon edge-aws-ebs-csi-driver",
    "Addon edge-coredns",
    "Addon edge-eks-pod-identity-agent",
    "Addon edge-kube-proxy",
    "Addon edge-vpc-cni",
    "LaunchTemplate edge-small",
    "NodeGroup edge-small",
    "Role edge-aws-ebs-csi-driver",
    "Role edge-vpc-cni",
    "RolePolicyAttachment edge-aws-ebs-csi-driver-AmazonEBSCSIDriverPolicy",
    "RolePolicyAttachment edge-nodes-AmazonEKSWorkerNodePolicy",
    "RolePolicyAttachment edge-vpc-cni-AmazonEKS_CNI_Policy",
]
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
PRINCIPAL = f"arn:aws:iam::{ACCOUNT}:role/developers"


def made(*, preview: bool = False, protect: bool = False, stack: str = "edge", **new: Any) -> Recording:
    described = {"kind": "eks", "region": REGION, "network": EXISTING, **new}
    written = {"cluster": {"new": described}, "protect": protect}
    return record(
        lambda: pulumi.export("access", clusters.create(stack, written)), outputs=AwsOutputs(), preview=preview
    )


def names(recorded: Recording) -> list[str]:
    return sorted(f"{each.type.rpartition(':')[2]} {each.name}" for each in recorded)


def cluster(recorded: Recording) -> Recorded:
    return recorded.one("Cluster", "edge")


def test_by_default_it_is_in_auto_mode() -> None:
    recorded = made()
    inputs = cluster(recorded).inputs
    assert names(recorded) == sorted(CLUSTER + AUTO)
    assert inputs["computeConfig"] == {
        "enabled": True,
        "nodePools": ["general-purpose", "system"],
        "nodeRoleArn": f"arn:aws:iam:{REGION}:{ACCOUNT}:edge-nodes",
    }
    assert inputs["storageConfig"] == {"blockStorage": {"enabled": True}}
    assert inputs["kubernetesNetworkConfig"] == {"elasticLoadBalancing": {"enabled": True}}


def test_with_node_groups_auto_mode_is_wholly_off() -> None:
    recorded = made(nodes=GROUPS)
    inputs = cluster(recorded).inputs
    assert names(recorded) == sorted(CLUSTER + NODES)
    assert inputs["computeConfig"] == {"enabled": False}
    assert inputs["storageConfig"] == {"blockStorage": {"enabled": False}}
    assert inputs["kubernetesNetworkConfig"] == {"elasticLoadBalancing": {"enabled": False}}


def test_a_new_network_has_subnets_that_load_balancers_find() -> None:
    recorded = made(network={"new": {}})
    tags = {each.name: each.inputs["tags"] for each in recorded.of("Subnet")}
    assert tags[f"edge-network-public-{REGION}a"] == {
        "Name": f"edge-network-public-{REGION}a",
        "kubernetes.io/role/elb": "1",
    }
    assert tags[f"edge-network-private-{REGION}a"]["kubernetes.io/role/internal-elb"] == "1"
    assert cluster(recorded).inputs["vpcConfig"]["subnetIds"] == [
        f"edge-network-private-{REGION}a-id",
        f"edge-network-private-{REGION}b-id",
    ]


def test_a_network_with_endpoints_has_those_that_nodes_need() -> None:
    recorded = made(network={"new": {"nat": "none", "endpoints": True}})
    services = {each.inputs["serviceName"].partition(f"{REGION}.")[2] for each in recorded.of("VpcEndpoint")}
    assert services == {"s3", "ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing", "logs", "sts"}


VERSIONS = {"version": "1.35"}, {"version": "1.36"}
OTHER_NODES = {"nodes": GROUPS}, {"nodes": {"groups": {"small": {"instanceTypes": ["c7g.large"]}}}}
REPLACING = ("name", "roleArn", "bootstrapSelfManagedAddons", "accessConfig", "encryptionConfig")
"""Inputs of which a change, or that of a part, replaces the cluster (ForceNew in terraform-provider-aws)."""


@pytest.mark.parametrize(("before", "after"), [VERSIONS, OTHER_NODES], ids=["version", "node type"])
def test_a_new_version_or_node_type_touches_nothing_that_replaces_the_cluster(before: Any, after: Any) -> None:
    old, new = cluster(made(**before)), cluster(made(**after))
    assert old.urn == new.urn
    assert [old.inputs.get(key) for key in REPLACING] == [new.inputs.get(key) for key in REPLACING]


def test_between_auto_mode_and_node_groups_the_cluster_stays_too() -> None:
    old, new = cluster(made()), cluster(made(nodes=GROUPS))
    assert [old.inputs.get(key) for key in REPLACING] == [new.inputs.get(key) for key in REPLACING]


def test_its_name_is_the_stacks() -> None:
    assert cluster(made()).inputs["name"] == "edge"


def test_who_may_use_it_is_told_by_entries_alone() -> None:
    recorded = made(
        access={
            "developers": {"principal": PRINCIPAL, "may": "edit", "namespaces": ["shop"]},
            "on-call": {"principal": f"{PRINCIPAL}-2", "may": "cluster-admin"},
        }
    )
    assert cluster(recorded).inputs["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": True,
    }
    found = {
        each.inputs["principalArn"]: (each.inputs["policyArn"].rpartition("/")[2], each.inputs["accessScope"])
        for each in recorded.of("AccessPolicyAssociation")
    }
    assert found == {
        PRINCIPAL: ("AmazonEKSEditPolicy", {"type": "namespace", "namespaces": ["shop"]}),
        f"{PRINCIPAL}-2": ("AmazonEKSClusterAdminPolicy", {"type": "cluster"}),
    }
    assert {each.inputs["principalArn"] for each in recorded.of("AccessEntry")} == {PRINCIPAL, f"{PRINCIPAL}-2"}


def test_each_role_is_assumed_by_one_service_and_has_what_aws_keeps_for_it() -> None:
    recorded = made(nodes=GROUPS)
    assumed = {
        each.name: json.loads(each.inputs["assumeRolePolicy"])["Statement"][0]["Principal"]["Service"]
        for each in recorded.of("Role")
    }
    assert assumed == {
        "edge-aws-ebs-csi-driver": "pods.eks.amazonaws.com",
        "edge-cluster": "eks.amazonaws.com",
        "edge-nodes": "ec2.amazonaws.com",
        "edge-vpc-cni": "pods.eks.amazonaws.com",
    }
    policies = {each.name: each.inputs["policyArn"] for each in recorded.of("RolePolicyAttachment")}
    assert policies["edge-aws-ebs-csi-driver-AmazonEBSCSIDriverPolicy"] == (
        "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"
    )
    assert all(arn.startswith("arn:aws:iam::aws:policy/") for arn in policies.values())


def test_pods_have_their_roles_by_pod_identity_and_not_their_nodes() -> None:
    recorded = made(nodes=GROUPS)
    identities = {each.name: each.inputs.get("podIdentityAssociations") for each in recorded.of("Addon")}
    assert identities == {
        "edge-aws-ebs-csi-driver": [
            {
                "serviceAccount": "ebs-csi-controller-sa",
                "roleArn": f"arn:aws:iam:{REGION}:{ACCOUNT}:edge-aws-ebs-csi-driver",
            }
        ],
        "edge-coredns": None,
        "edge-eks-pod-identity-agent": None,
        "edge-kube-proxy": None,
        "edge-vpc-cni": [
            {"serviceAccount": "aws-node", "roleArn": f"arn:aws:iam:{REGION}:{ACCOUNT}:edge-vpc-cni"},
        ],
    }
    template = recorded.one("LaunchTemplate", "edge-small").inputs
    assert template["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
    }


def test_add_ons_that_nodes_need_come_before_them_and_the_others_after() -> None:
    recorded = made(nodes=GROUPS)
    group = recorded.one("NodeGroup", "edge-small")
    before = ("eks-pod-identity-agent", "kube-proxy", "vpc-cni")
    assert {recorded.one("Addon", f"edge-{name}").urn for name in before} <= set(group.dependencies)
    assert group.urn in recorded.one("Addon", "edge-coredns").dependencies
    assert group.urn in recorded.one("Addon", "edge-aws-ebs-csi-driver").dependencies


def test_an_add_on_has_the_version_that_is_asked_for() -> None:
    recorded = made(nodes=GROUPS, addons={"coredns": "v1.12.4-eksbuild.1"})
    assert recorded.one("Addon", "edge-coredns").inputs["addonVersion"] == "v1.12.4-eksbuild.1"
    assert "addonVersion" not in recorded.one("Addon", "edge-vpc-cni").inputs


def test_a_node_group_is_what_is_asked_for() -> None:
    asked = {"instanceTypes": ["m7g.large"], "architecture": "arm64", "min": 2, "max": 9, "spot": True, "disk": 80}
    recorded = made(nodes={"groups": {"big": asked}}, version="1.35")
    group = recorded.one("NodeGroup", "edge-big").inputs
    assert (group["instanceTypes"], group["amiType"], group["capacityType"]) == (
        ["m7g.large"],
        "AL2023_ARM_64_STANDARD",
        "SPOT",
    )
    assert group["scalingConfig"] == {"minSize": 2, "maxSize": 9, "desiredSize": 2}
    assert group["version"] == "1.35"
    disk = recorded.one("LaunchTemplate", "edge-big").inputs["blockDeviceMappings"][0]["ebs"]
    assert (disk["volumeSize"], disk["encrypted"]) == (80, "true")


def test_the_world_reaches_the_api_server_unless_it_is_told_not_to() -> None:
    assert cluster(made()).inputs["vpcConfig"] == {
        "subnetIds": ["subnet-a", "subnet-b"],
        "endpointPrivateAccess": True,
        "endpointPublicAccess": True,
    }
    some = cluster(made(endpoint={"sources": ["203.0.113.0/24"]})).inputs["vpcConfig"]
    assert some["publicAccessCidrs"] == ["203.0.113.0/24"]
    none = cluster(made(endpoint={"public": False})).inputs["vpcConfig"]
    assert none["endpointPublicAccess"] is False


def test_a_key_encrypts_secrets_and_the_log() -> None:
    recorded = made(kmsKey=KEY)
    assert cluster(recorded).inputs["encryptionConfig"] == {"provider": {"keyArn": KEY}, "resources": ["secrets"]}
    assert recorded.one("LogGroup", "edge-logs").inputs["kmsKeyId"] == KEY
    assert "encryptionConfig" not in cluster(made()).inputs


def test_what_the_control_plane_logs_is_kept_as_long_as_asked() -> None:
    recorded = made(logs=["audit"], logDays=90)
    log = recorded.one("LogGroup", "edge-logs")
    assert cluster(recorded).inputs["enabledClusterLogTypes"] == ["audit"]
    assert (log.inputs["name"], log.inputs["retentionInDays"]) == ("/aws/eks/edge/cluster", 90)
    assert log.urn in cluster(recorded).dependencies


@pytest.mark.parametrize(
    ("nodes", "driver"), [({"auto": {}}, "ebs.csi.eks.amazonaws.com"), (GROUPS, "ebs.csi.aws.com")]
)
def test_volumes_are_encrypted_and_made_where_their_pod_is(nodes: Any, driver: str) -> None:
    inputs = made(nodes=nodes).one("StorageClass", "edge-storage").inputs
    assert inputs["provisioner"] == driver
    assert inputs["parameters"] == {"type": "gp3", "encrypted": "true"}
    assert inputs["volumeBindingMode"] == "WaitForFirstConsumer"
    assert inputs["metadata"] == {
        "name": "gp3",
        "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
    }


def test_all_ingresses_share_one_load_balancer() -> None:
    certificate = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/1"
    recorded = made(ingress={"internal": True, "certificates": [certificate]}, tags={"team": "shop"})
    params = recorded.one("IngressClassParams", "edge-ingress").inputs
    assert params["spec"] == {
        "scheme": "internal",
        "group": {"name": "edge"},
        "certificateARNs": [certificate],
        "tags": [{"key": "team", "value": "shop"}],
    }
    assert recorded.one("IngressClass", "edge-ingress").inputs["spec"] == {
        "controller": "eks.amazonaws.com/alb",
        "parameters": {"apiGroup": "eks.amazonaws.com", "kind": "IngressClassParams", "name": "alb"},
    }


def test_a_push_makes_a_repository_where_the_stack_asks_for_that() -> None:
    template = made(registry=True).one("RepositoryCreationTemplate", "edge-registry").inputs
    assert (template["prefix"], template["appliedFors"]) == ("edge", ["CREATE_ON_PUSH"])
    assert json.loads(template["lifecyclePolicy"])["rules"][0]["selection"]["tagStatus"] == "untagged"


def test_an_application_takes_the_cluster_as_a_kubernetes_with_its_classes() -> None:
    recorded = made()
    access = recorded.outputs["access"]
    assert access.pop("kind") == "kubernetes"
    config = access["kubeconfig"]
    assert kubernetes.access(access) == KubernetesAccess(
        kubeconfig=config,
        identifier=f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/edge",
        publish="LoadBalancer",
        ingress_class="alb",
        storage_class="gp3",
        service_annotations={"service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing"},
    )


def test_the_kubeconfig_has_no_credential_but_the_command_that_gives_one() -> None:
    content = json.loads(
        kubeconfig(
            name="edge", endpoint="https://e", authority="QQ==", region=REGION, profile="work", role=f"{PRINCIPAL}"
        )
    )
    assert content["users"] == [
        {
            "name": "edge",
            "user": {
                "exec": {
                    "apiVersion": "client.authentication.k8s.io/v1beta1",
                    "command": "aws",
                    "args": [
                        *["--region", REGION, "eks", "get-token", "--cluster-name", "edge", "--output", "json"],
                        *["--role-arn", PRINCIPAL],
                    ],
                    "env": [{"name": "AWS_PROFILE", "value": "work"}],
                    "interactiveMode": "IfAvailable",
                }
            },
        }
    ]
    assert content["clusters"] == [
        {"name": "edge", "cluster": {"server": "https://e", "certificate-authority-data": "QQ=="}}
    ]


def test_the_kubeconfig_is_a_secret_wherever_it_goes() -> None:
    recorded = made()
    assert "kubeconfig" in recorded.one("kubernetes", "edge-kubernetes").secrets
    secret: list[bool] = []

    def program() -> None:
        args: Any = {"region": REGION, "network": EXISTING}
        future = EksCluster("edge", args).kubeconfig.is_secret()
        pulumi.Output.from_input(future).apply(secret.append)

    record(program, outputs=AwsOutputs())
    assert secret == [True]


def test_deletion_is_refused_where_the_stack_protects() -> None:
    recorded = made(protect=True, network={"new": {}}, kmsKey="new")
    assert {each.type.rpartition(":")[2] for each in recorded if each.options.get("protect")} == {
        "Cluster",
        "Key",
        "Vpc",
    }
    assert cluster(recorded).inputs["deletionProtection"] is True
    assert cluster(made()).inputs["deletionProtection"] is False


def test_every_resource_has_a_parent_and_an_explicit_provider() -> None:
    recorded = made(nodes=GROUPS, kmsKey="new", tags={"team": "shop"})
    component = recorded.one("EksCluster", "edge")
    aws = [each for each in recorded if each.type.startswith("aws:")]
    assert {each.parent for each in aws} == {component.urn}
    assert {each.provider for each in aws} == {f"{recorded.one('aws', 'edge-aws').urn}::edge-aws-id"}
    inside = [each for each in recorded if each.type.startswith("kubernetes:")]
    assert {each.provider for each in inside} == {
        f"{recorded.one('kubernetes', 'edge-kubernetes').urn}::edge-kubernetes-id"
    }
    untagged = {each.type.rpartition(":")[2] for each in aws if each.inputs.get("tags", {}).get("team") != "shop"}
    assert untagged == {"Alias", "RolePolicyAttachment"}


@pytest.mark.parametrize("nodes", [{"auto": {}}, GROUPS])
def test_a_preview_makes_the_same_resources(nodes: Any) -> None:
    assert names(made(nodes=nodes, preview=True)) == names(made(nodes=nodes))


@pytest.mark.parametrize(
    ("region", "start"), [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("us-east-1", "aws")]
)
def test_policies_are_those_of_the_regions_partition(region: str, start: str) -> None:
    recorded = made(region=region, access={"on-call": {"principal": PRINCIPAL, "may": "view"}})
    arns = [
        each.inputs["policyArn"]
        for kind in ("RolePolicyAttachment", "AccessPolicyAssociation")
        for each in recorded.of(kind)
    ]
    assert {arn.split(":")[1] for arn in arns} == {start}


NEW = "slipway:cluster.new"


@pytest.mark.parametrize(
    ("new", "message"),
    [
        (
            {"version": 1.35},
            f'{NEW}: version is 1.35, not a version of Kubernetes; write one such as "1.35", in quotes',
        ),
        (
            {"nodes": {"fargate": {}}},
            f"{NEW}.nodes: it is {{'fargate': {{}}}}; write one of auto: ..., groups: ...",
        ),
        ({"nodes": {"groups": {}}}, f"{NEW}.nodes.groups: it names no group; write a name, and what it has"),
        (
            {"nodes": {"groups": {"a": {"min": -1, "instanceTypes": ["big"]}}}},
            f"{NEW}.nodes.groups.a: instanceTypes is 'big', not an instance type; write m7i.large\n"
            f"{NEW}.nodes.groups.a: min is -1; write a whole number from 0 to 450",
        ),
        (
            {"nodes": {"auto": {"pools": ["gpu"]}}},
            f'{NEW}.nodes.auto: unknown pools "gpu"; (known: general-purpose, system)',
        ),
        (
            {"addons": {"coredns": "v1"}},
            f"{NEW}: addons are those of node groups; remove it: EKS Auto Mode has them within",
        ),
        (
            {"nodes": GROUPS, "ingress": {}, "addons": {"cni": "v1"}},
            f'{NEW}.addons: unknown add-on "cni"; known: aws-ebs-csi-driver, coredns, eks-pod-identity-agent, '
            "kube-proxy, vpc-cni\n"
            f"{NEW}: ingress is of EKS Auto Mode; install a controller, and write its class into the application's "
            "slipway:kubernetes.ingressClass",
        ),
        (
            {"network": {"new": {"nat": "none", "zones": [f"{REGION}a"]}}},
            f"{NEW}.network.new: nodes have no way to the cluster and its images; write nat: one, or endpoints: true\n"
            f"{NEW}.network.new: the control plane needs two zones; name two in zones",
        ),
        (
            {"access": {"a": {"may": "cluster-admin", "namespaces": ["x"]}}},
            f"{NEW}.access.a: no value for principal; write one\n"
            f"{NEW}.access.a: a cluster-admin of namespaces is none; write may: admin",
        ),
        (
            {"endpoint": {"sources": ["all"]}, "logs": ["all"]},
            f'{NEW}: unknown logs "all"; (known: api, audit, authenticator, controllerManager, '
            "scheduler)\n"
            f"{NEW}.endpoint: sources has 'all', no range of IPv4 addresses; write ranges such as 203.0.113.0/24",
        ),
    ],
)
def test_a_wrong_setting_is_refused_before_anything_is_made(new: Any, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        made(**new)
    assert str(caught.value) == message


@pytest.mark.parametrize("name", ["a" * 41, "Edge", "edge_1", "edge-"])
def test_a_name_that_what_is_called_after_it_could_not_have_is_refused(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        made(stack=name)
    fix = "take one of a-z, 0-9 and -, of at most 40 characters"
    assert str(caught.value) == f'{NEW}: "{name}" is no name for a cluster; {fix}'
