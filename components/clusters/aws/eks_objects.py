"""What is within a new EKS cluster: how volumes are made, and how requests come in. Arguments of the SDK. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

STORAGE_CLASS = "gp3"
INGRESS_CLASS = "alb"
AUTO_GROUP = "eks.amazonaws.com"
DRIVERS = {True: "ebs.csi.eks.amazonaws.com", False: "ebs.csi.aws.com"}
"""Whether EKS Auto Mode makes volumes -> what a StorageClass calls it
(https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html)."""

Arguments = dict[str, Any]


def storage_class(*, auto: bool) -> Arguments:
    """Encrypted volumes of EBS, made where the pod is, and the default of claims that name no class."""
    arguments: Arguments = {
        "metadata": {
            "name": STORAGE_CLASS,
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
        },
        "provisioner": DRIVERS[auto],
        "parameters": {"type": "gp3", "encrypted": "true"},
        "volume_binding_mode": "WaitForFirstConsumer",
        "allow_volume_expansion": True,
        "reclaim_policy": "Delete",
    }
    if auto:
        compute = {"key": f"{AUTO_GROUP}/compute-type", "values": ["auto"]}
        arguments["allowed_topologies"] = [{"match_label_expressions": [compute]}]
    return arguments


def network_policies() -> Arguments:
    """What makes NetworkPolicies count on EKS Auto Mode (https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html)."""
    return {
        "metadata": {"name": "amazon-vpc-cni", "namespace": "kube-system"},
        "data": {"enable-network-policy-controller": "true"},
    }


def ingress_class_params(
    name: str, *, internal: bool, certificates: Sequence[str], tags: Mapping[str, str]
) -> Arguments:
    """The load balancer of all Ingresses of the class: one for all applications.

    https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-alb.html

    Args:
        name: of the group of Ingresses that share the load balancer.
        internal: whether it is reachable inside the network only.
        certificates: ARNs; without, ACM is asked for one that covers a host.
        tags: of the load balancer.
    """
    spec: Arguments = {"scheme": "internal" if internal else "internet-facing", "group": {"name": name}}
    if certificates:
        spec["certificateARNs"] = list(certificates)
    if tags:
        spec["tags"] = [{"key": key, "value": value} for key, value in tags.items()]
    return {"metadata": {"name": INGRESS_CLASS}, "spec": spec}


def ingress_class() -> Arguments:
    """The class of Ingresses that EKS Auto Mode serves, and the default of those that name none."""
    return {
        "metadata": {
            "name": INGRESS_CLASS,
            "annotations": {"ingressclass.kubernetes.io/is-default-class": "true"},
        },
        "spec": {
            "controller": f"{AUTO_GROUP}/alb",
            "parameters": {"api_group": AUTO_GROUP, "kind": "IngressClassParams", "name": INGRESS_CLASS},
        },
    }
