"""The nodes of an EKS cluster without Auto Mode: managed node groups, and the add-ons that they need."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from . import roles
from .eks_settings import Group
from .owner import Owner

NODE_POLICIES = ("AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodePolicy")
"""https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html; that of the network is the add-on's alone."""
BEFORE = ("eks-pod-identity-agent", "kube-proxy", "vpc-cni")
"""Add-ons that a node needs to become ready."""
AFTER = ("aws-ebs-csi-driver", "coredns")
"""Add-ons that are ready only where there are nodes."""
IDENTITIES: Mapping[str, tuple[str, str]] = {
    "aws-ebs-csi-driver": ("ebs-csi-controller-sa", "service-role/AmazonEBSCSIDriverPolicy"),
    "vpc-cni": ("aws-node", "AmazonEKS_CNI_Policy"),
}
"""Add-on -> its service account, and the policy of the role that its pods have by EKS Pod Identity
(https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html)."""
CONFIGURATION: Mapping[str, str] = {"vpc-cni": '{"enableNetworkPolicy":"true"}'}
"""Compose's networks become NetworkPolicies, which count only then
(https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html)."""
IMAGES: Mapping[str, str] = {"amd64": "AL2023_x86_64_STANDARD", "arm64": "AL2023_ARM_64_STANDARD"}
ROOT = "/dev/xvda"


def nodes(
    own: Owner,
    cluster: aws.eks.Cluster,
    groups: Mapping[str, Group],
    *,
    region: str,
    subnets: pulumi.Input[Sequence[pulumi.Input[str]]],
    versions: Mapping[str, str],
) -> None:
    """Make node groups and add-ons.

    Args:
        own: the cluster's component.
        cluster: which they belong to.
        groups: key -> what is asked for.
        region: where it is.
        subnets: IDs of those in which nodes are.
        versions: add-on -> its version; an add-on without has the default of the cluster's version.
    """
    before = [_addon(own, cluster, key, region, versions.get(key)) for key in BEFORE]
    role = roles.role(own, "nodes", region, "ec2.amazonaws.com", NODE_POLICIES)
    made = [_group(own, cluster, key, group, role, subnets, before) for key, group in groups.items()]
    for key in AFTER:
        _addon(own, cluster, key, region, versions.get(key), made)


def _addon(
    own: Owner,
    cluster: aws.eks.Cluster,
    key: str,
    region: str,
    version: str | None,
    after: Sequence[pulumi.Resource] = (),
) -> aws.eks.Addon:
    identity: Any = None
    attached: Sequence[pulumi.Resource] = ()
    if key in IDENTITIES:
        account, policy = IDENTITIES[key]
        role = roles.role(own, key, region, "pods.eks.amazonaws.com", [policy], tagging=True)
        identity, attached = [{"service_account": account, "role_arn": role.arn}], role.attached
    return aws.eks.Addon(
        own.called(key),
        cluster_name=cluster.name,
        addon_name=key,
        addon_version=version,
        configuration_values=CONFIGURATION.get(key),
        pod_identity_associations=identity,
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="OVERWRITE",
        tags=own.tagged(key),
        opts=own.options(depends_on=[*after, *attached]),
    )


def _group(
    own: Owner,
    cluster: aws.eks.Cluster,
    key: str,
    group: Group,
    role: roles.Role,
    subnets: pulumi.Input[Sequence[pulumi.Input[str]]],
    before: Sequence[pulumi.Resource],
) -> aws.eks.NodeGroup:
    """A node group, whose name AWS is given anew where it is replaced: the new nodes come first."""
    template = _template(own, key, group)
    return aws.eks.NodeGroup(
        own.called(key),
        cluster_name=cluster.name,
        version=cluster.version,
        node_role_arn=role.arn,
        subnet_ids=subnets,
        instance_types=list(group.instance_types),
        ami_type=IMAGES[group.architecture],
        capacity_type="SPOT" if group.spot else "ON_DEMAND",
        launch_template={"id": template.id, "version": template.latest_version.apply(str)},
        scaling_config={"min_size": group.least, "max_size": group.most, "desired_size": max(group.least, 1)},
        update_config={"max_unavailable_percentage": 33},
        tags=own.tagged(key),
        opts=own.options(
            depends_on=[*before, *role.attached],
            # what scales them between the two bounds is not undone
            ignore_changes=["scalingConfig.desiredSize"],
        ),
    )


def _template(own: Owner, key: str, group: Group) -> aws.ec2.LaunchTemplate:
    """Encrypted disks; and pods have no node's credentials: its metadata are one hop away, theirs two."""
    tags = own.tagged(key)
    return aws.ec2.LaunchTemplate(
        own.called(key),
        update_default_version=True,
        metadata_options={"http_endpoint": "enabled", "http_tokens": "required", "http_put_response_hop_limit": 1},
        block_device_mappings=[
            {
                "device_name": ROOT,
                "ebs": {
                    "volume_size": group.disk,
                    "volume_type": "gp3",
                    "encrypted": "true",
                    "delete_on_termination": "true",
                },
            }
        ],
        tag_specifications=[{"resource_type": kind, "tags": tags} for kind in ("instance", "volume")],
        tags=tags,
        opts=own.options(),
    )
