"""What the clusters' resources are given, against the installed SDK's types and AWS' own service models.

Not proved: what no model says, such as that a subnet is in the network, or that a version exists.
"""

from typing import Any

import pytest
import test_ecs_cluster as ecs
import test_eks_cluster as eks
from aws_answers import ACCOUNT

from components.testing import Recording
from standins.aws import model
from standins.sdk import Sdk
from standins.sdk import problems as sdk_problems

SDK = Sdk("pulumi_aws")
ENTRY = {"principal": f"arn:aws:iam::{ACCOUNT}:role/developers", "may": "edit", "namespaces": ["shop"]}
CALLS: dict[str, tuple[str, str, dict[str, str], tuple[str, ...]]] = {
    "aws:acm/certificate:Certificate": ("acm", "RequestCertificate", {}, ()),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("ec2", "CreateVpcEndpoint", {}, ()),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": (
        "ecr",
        "CreateRepositoryCreationTemplate",
        {},
        (),
    ),
    "aws:ecs/cluster:Cluster": ("ecs", "CreateCluster", {}, ()),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": (
        "ecs",
        "PutClusterCapacityProviders",
        {"clusterName": "cluster"},
        (),
    ),
    "aws:eks/accessEntry:AccessEntry": ("eks", "CreateAccessEntry", {}, ()),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": ("eks", "AssociateAccessPolicy", {}, ()),
    "aws:eks/addon:Addon": ("eks", "CreateAddon", {}, ("resolveConflictsOnCreate", "resolveConflictsOnUpdate")),
    "aws:eks/cluster:Cluster": (
        "eks",
        "CreateCluster",
        {"vpcConfig": "resourcesVpcConfig"},
        ("enabledClusterLogTypes",),
    ),
    "aws:eks/nodeGroup:NodeGroup": (
        "eks",
        "CreateNodegroup",
        {"subnetIds": "subnets", "nodeRoleArn": "nodeRole"},
        (),
    ),
    "aws:kms/key:Key": ("kms", "CreateKey", {}, ("enableKeyRotation", "deletionWindowInDays")),
    "aws:lb/listener:Listener": (
        "elbv2",
        "CreateListener",
        {"defaultActions.redirect": "RedirectConfig", "defaultActions.fixedResponse": "FixedResponseConfig"},
        ("certificateArn",),
    ),
}
"""Type -> service, the call that makes it, members that have another name there, inputs that are in other calls."""
GIVEN_LATER = {"nodegroupName"}
"""Required members that Pulumi names."""
OTHERS: dict[str, Any] = {"kmsKey": "new", "tags": {"team": "shop"}, "protect": True}


def whole(value: Any) -> Any:
    """Mocks see every number as a float."""
    if isinstance(value, dict):
        return {key: whole(each) for key, each in value.items()}
    if isinstance(value, list):
        return [whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@pytest.fixture(
    params=[
        lambda: ecs.made(
            **OTHERS,
            ingress={**ecs.WITH_HTTPS, "accessLogs": "bucket"},
            network={"new": {"endpoints": True}},
            executeCommand=True,
        ),
        lambda: ecs.made(ingress={"zone": {"new": "example.com"}}, network={"default": {}}),
        lambda: eks.made(**OTHERS, network={"new": {}}, access={"a": ENTRY}, version="1.35", registry=True),
        lambda: eks.made(nodes=eks.GROUPS, addons={"coredns": "v1"}, endpoint={"sources": ["203.0.113.0/24"]}),
    ],
    ids=["ecs", "ecs in the default network", "eks auto", "eks groups"],
)
def recorded(request: pytest.FixtureRequest) -> Recording:
    return request.param()


def test_every_input_is_one_of_the_sdks(recorded: Recording) -> None:
    wrong = [
        (each.name, *problem)
        for each in recorded
        if each.type.startswith("aws:")
        for problem in sdk_problems(SDK.schema(each.type), whole(each.inputs))
    ]
    assert wrong == []


def test_every_call_would_be_taken_by_awss_own_model(recorded: Recording) -> None:
    wrong = []
    for each in recorded:
        if each.type not in CALLS:
            continue
        service, operation, spelled, apart = CALLS[each.type]
        shape = model.operation(service, operation)
        inputs = {key: value for key, value in whole(each.inputs).items() if key not in (*apart, "tags")}
        found = model.problems(shape, model.body(shape, inputs, spelled))
        wrong += [(each.name, path, what) for path, what in found if path not in GIVEN_LATER]
    assert wrong == []


def test_a_wrong_word_would_be_seen() -> None:
    shape = model.operation("eks", "CreateCluster")
    given = {"name": "edge", "roleArn": "r", "resourcesVpcConfig": {}, "accessConfig": {"authenticationMode": "IAM"}}
    assert [path for path, _ in model.problems(shape, given)] == ["accessConfig.authenticationMode"]
