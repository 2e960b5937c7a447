"""What an EKS cluster is asked to be: `slipway:cluster.new` of the kind `eks`. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import Problem
from .. import blocks
from . import ecs, ingress_settings, network_settings

NODE_FORMS = ("auto", "groups")
POOLS = ("general-purpose", "system")
"""Node pools that EKS Auto Mode brings (https://docs.aws.amazon.com/eks/latest/userguide/set-builtin-node-pools.html)."""
LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")
"""What the control plane logs (https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html)."""
POLICIES: Mapping[str, str] = {
    "admin": "AmazonEKSAdminPolicy",
    "cluster-admin": "AmazonEKSClusterAdminPolicy",
    "edit": "AmazonEKSEditPolicy",
    "view": "AmazonEKSViewPolicy",
}
"""Word for what one may do -> the access policy
(https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html)."""
ADDONS = ("aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent", "kube-proxy", "vpc-cni")
"""What EKS Auto Mode has within, and a cluster with node groups has as add-ons."""
LONGEST = 40
"""Characters of a cluster's name: AWS takes 100, and what is called after it must fit too: a role's 64."""
NAME = re.compile(rf"(?=.{{1,{LONGEST}}}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?")
"""It also names a group of Ingresses and folders of a registry, which have no capitals."""

CHECKS: Mapping[str, blocks.Check] = {
    "access": blocks.anything,
    "addons": blocks.strings,
    "endpoint": blocks.anything,
    "ingress": blocks.anything,
    "kmsKey": ecs.CHECKS["kmsKey"],
    "logDays": ecs.CHECKS["logDays"],
    "logs": blocks.several(blocks.word(*LOGS)),
    "network": blocks.anything,
    "nodes": blocks.anything,
    "profile": blocks.string,
    "registry": blocks.boolean,
    "region": network_settings.REGION,
    "role": ingress_settings.arn("iam"),
    "tags": blocks.strings,
    "version": blocks.form(r"1\.[0-9]{2}", "a version of Kubernetes", 'write one such as "1.35", in quotes'),
}
"""Key -> what its value must be; blocks have checks of their own."""
ACCESS: Mapping[str, blocks.Check] = {
    "may": blocks.word(*POLICIES),
    "namespaces": blocks.several(blocks.string),
    "principal": ingress_settings.arn("iam"),
}
ENDPOINT: Mapping[str, blocks.Check] = {
    "public": blocks.boolean,
    "sources": blocks.several(ingress_settings.source),
}
INGRESS: Mapping[str, blocks.Check] = {
    "certificates": blocks.several(ingress_settings.arn("acm")),
    "internal": blocks.boolean,
}
AUTO: Mapping[str, blocks.Check] = {"pools": blocks.several(blocks.word(*POOLS))}
GROUP: Mapping[str, blocks.Check] = {
    "architecture": blocks.word("amd64", "arm64"),
    "disk": blocks.whole(20, 16384),
    "instanceTypes": blocks.several(blocks.form(r"[a-z0-9-]+\.[a-z0-9-]+", "an instance type", "write m7i.large")),
    "max": blocks.whole(1, 450),
    "min": blocks.whole(0, 450),
    "spot": blocks.boolean,
}
"""Of a node group; 450 nodes are the most that one may have
(https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html)."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """A managed node group.

    Attributes:
        instance_types: any of them.
        least: how many nodes there are at least.
        most: how many there are at most.
        spot: whether they are of AWS' spare capacity, which it may take back.
        disk: GiB of each node.
        architecture: amd64 or arm64.
    """

    instance_types: tuple[str, ...]
    least: int = 1
    most: int = 3
    spot: bool = False
    disk: int = 50
    architecture: str = "amd64"


def groups(nodes: Mapping[str, Any]) -> dict[str, Group]:
    """The node groups that a `nodes` block without problems asks for; none with Auto Mode."""
    return {key: _group(group) for key, group in (nodes.get("groups") or {}).items()}


def _group(asked: Mapping[str, Any]) -> Group:
    names = {"instanceTypes": "instance_types", "min": "least", "max": "most"}
    given = {names.get(key, key): value for key, value in asked.items() if value is not None}
    return Group(**{**given, "instance_types": tuple(given["instance_types"])})


def problems(asked: Mapping[str, Any], where: str, name: str) -> list[Problem]:
    """What is wrong with the settings of a cluster.

    Args:
        asked: as written.
        where: their place.
        name: the cluster's.
    """
    found = blocks.problems(asked, where, CHECKS, ["region"], outputs=["kmsKey"])
    if not NAME.fullmatch(name):
        fix = f"take one of a-z, 0-9 and -, of at most {LONGEST} characters"
        found.append(Problem(f'"{name}" is no name for a cluster', where, fix))
    network = asked.get("network") or {"new": {}}
    wrong = network_settings.problems(network, asked.get("region"), f"{where}.network")
    found += wrong or _network_problems(network, asked.get("region"), f"{where}.network")
    for key, checks in {"endpoint": ENDPOINT, "ingress": INGRESS}.items():
        if asked.get(key) is not None:
            found += blocks.problems(asked[key], f"{where}.{key}", checks)
    found += _access_problems(asked.get("access") or {}, f"{where}.access")
    return found + _node_problems(asked, where)


def _network_problems(network: Mapping[str, Any], region: Any, where: str) -> list[Problem]:
    """What an EKS cluster wants of a network beside what is right in itself."""
    new = network.get("new") or {}
    found = []
    if new.get("nat") == "none" and not new.get("endpoints"):
        fix = "write nat: one, or endpoints: true"
        found.append(Problem("nodes have no way to the cluster and its images", f"{where}.new", fix))
    zones = network_settings.zone_count(network, region) if isinstance(region, str) else None
    if zones == 1:
        found.append(Problem("the control plane needs two zones", f"{where}.new", "name two in zones"))
    return found


def _access_problems(access: Any, where: str) -> list[Problem]:
    if not isinstance(access, Mapping):
        return [Problem(f"it is {access!r}, not a mapping", where, "write a name, and below it principal and may")]
    found = []
    for key, entry in access.items():
        found += blocks.problems(entry, f"{where}.{key}", ACCESS, ["principal", "may"])
        if isinstance(entry, Mapping) and entry.get("may") == "cluster-admin" and entry.get("namespaces"):
            found.append(Problem("a cluster-admin of namespaces is none", f"{where}.{key}", "write may: admin"))
    return found


def _node_problems(asked: Mapping[str, Any], where: str) -> list[Problem]:
    nodes = asked.get("nodes") or {"auto": {}}
    found = blocks.one_form(nodes, f"{where}.nodes", NODE_FORMS)
    if found:
        return found
    auto = "auto" in nodes
    if auto and asked.get("addons"):
        found.append(Problem("addons are those of node groups", where, "remove it: EKS Auto Mode has them within"))
    found += [
        Problem(f'unknown add-on "{key}"', f"{where}.addons", f"known: {', '.join(ADDONS)}")
        for key in (asked.get("addons") or {})
        if key not in ADDONS
    ]
    if auto:
        return found + blocks.problems(nodes["auto"] or {}, f"{where}.nodes.auto", AUTO)
    if asked.get("ingress") is not None:
        fix = "install a controller, and write its class into the application's slipway:kubernetes.ingressClass"
        found.append(Problem("ingress is of EKS Auto Mode", where, fix))
    if not isinstance(nodes["groups"], Mapping) or not nodes["groups"]:
        return [*found, Problem("it names no group", f"{where}.nodes.groups", "write a name, and what it has")]
    for key, group in nodes["groups"].items():
        found += blocks.problems(group, f"{where}.nodes.groups.{key}", GROUP, ["instanceTypes"])
    return found
