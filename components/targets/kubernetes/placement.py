"""On which nodes a service's pods are."""

import re
from typing import Any

from ...model import Service
from . import volumes
from .given import Scope

HOST = "kubernetes.io/hostname"
ZONE = "topology.kubernetes.io/zone"
CONTROL_PLANE = "node-role.kubernetes.io/control-plane"
ATTRIBUTES = {"node.hostname": HOST, "node.platform.os": "kubernetes.io/os", "node.platform.arch": "kubernetes.io/arch"}
"""Swarm's attribute of a node -> the well-known label
(https://kubernetes.io/docs/reference/labels-annotations-taints/)."""
SYSTEMS = ("linux", "windows")
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
CONSTRAINT = re.compile(r"\s*(?P<left>[\w./-]+)\s*(?P<operator>==|!=)\s*(?P<right>.+?)\s*")


def of(scope: Scope, service: Service) -> dict[str, Any]:
    """The keys `affinity` and `topologySpreadConstraints`, and `nodeSelector` for a platform."""
    found: dict[str, Any] = {"nodeSelector": platform(service.platform)} if service.platform is not None else {}
    affinity = {**_nodes(service), **_pods(scope, service)}
    if affinity:
        found["affinity"] = affinity
    spread = _spread(scope, service)
    if spread:
        found["topologySpreadConstraints"] = spread
    return found


def platform(written: str) -> dict[str, str]:
    """`linux/arm64/v8` as labels of nodes; an architecture alone is one of Linux."""
    system, slash, rest = written.partition("/")
    if not slash and system not in SYSTEMS:
        system, rest = "linux", system
    architecture = rest.partition("/")[0]
    found = {ATTRIBUTES["node.platform.os"]: system}
    return found | (
        {ATTRIBUTES["node.platform.arch"]: ARCHITECTURES.get(architecture, architecture)} if architecture else {}
    )


def expression(constraint: str) -> dict[str, Any] | None:
    """A constraint of Swarm's as a requirement on a node's labels; None: Kubernetes has nothing like it."""
    parts = CONSTRAINT.fullmatch(constraint)
    if parts is None:
        return None
    left, right, equal = parts["left"], parts["right"], parts["operator"] == "=="
    if left == "node.role":
        manager = (right == "manager") == equal
        return {"key": CONTROL_PLANE, "operator": "Exists" if manager else "DoesNotExist"}
    key = ATTRIBUTES.get(left) or (left.removeprefix("node.labels.") if left.startswith("node.labels.") else None)
    if key is None:
        return None
    value = ARCHITECTURES.get(right, right) if left == "node.platform.arch" else right
    return {"key": key, "operator": "In" if equal else "NotIn", "values": [value]}


def topology(spread: str | None) -> str | None:
    """What a preference spreads over: a label of the nodes; None: Kubernetes has nothing like it."""
    if spread is None:
        return None
    return ATTRIBUTES.get(spread) or (
        spread.removeprefix("node.labels.") if spread.startswith("node.labels.") else None
    )


def _nodes(service: Service) -> dict[str, Any]:
    placement = service.deploy.placement if service.deploy else None
    asked = [expression(each) for each in placement.constraints] if placement else []
    required = [each for each in asked if each is not None]
    if not required:
        return {}
    terms = {"nodeSelectorTerms": [{"matchExpressions": required}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}


def _pods(scope: Scope, service: Service) -> dict[str, Any]:
    near = [
        {"labelSelector": {"matchLabels": volumes.member(scope, key)}, "topologyKey": HOST}
        for key in volumes.together(scope, service)
    ]
    placement = service.deploy.placement if service.deploy else None
    found: dict[str, Any] = {}
    if near:
        found["podAffinity"] = {"requiredDuringSchedulingIgnoredDuringExecution": near}
    if placement is not None and placement.max_replicas_per_node == 1:
        apart = {"labelSelector": {"matchLabels": scope.selector(service.name)}, "topologyKey": HOST}
        found["podAntiAffinity"] = {"requiredDuringSchedulingIgnoredDuringExecution": [apart]}
    return found


def _spread(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """Over what the file says, else over zones and nodes; a preference, never a condition, as with Swarm."""
    placement = service.deploy.placement if service.deploy else None
    asked = [topology(each.spread) for each in placement.preferences] if placement else []
    keys = [each for each in asked if each is not None]
    if not keys and service.replicas > 1 and not volumes.together(scope, service):
        keys = [ZONE, HOST]
    selector = {"matchLabels": scope.selector(service.name)}
    return [
        {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": selector}
        for key in keys
    ]
