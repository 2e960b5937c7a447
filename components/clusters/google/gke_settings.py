"""What a GKE cluster is asked to be: `slipway:cluster.new` of the kind `gke`. Pure."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import Problem
from .. import blocks, cloudrun_access
from . import network_settings, repositories

NODE_FORMS = ("autopilot", "pools")
CHANNELS = ("RAPID", "REGULAR", "STABLE", "EXTENDED")
"""https://cloud.google.com/kubernetes-engine/docs/concepts/release-channels"""
MOST_NODES = 1000
"""Of a pool in a zone (https://cloud.google.com/kubernetes-engine/quotas)."""


def _source(key: str, value: Any) -> blocks.Found:
    """A range of addresses from which requests come."""
    try:
        ipaddress.IPv4Network(value)
    except (TypeError, ValueError):
        return f"{key} has {value!r}, no range of IPv4 addresses", "write ranges such as 203.0.113.0/24"
    return None


CHECKS: Mapping[str, blocks.Check] = {
    "channel": blocks.word(*CHANNELS),
    "endpoint": blocks.anything,
    "impersonate": cloudrun_access.WAYS["impersonate"],
    "ingress": blocks.anything,
    "kmsKey": cloudrun_access.WAYS["kmsKey"],
    "labels": blocks.strings,
    "maintenance": blocks.form(r"([01][0-9]|2[0-3]):[0-5][0-9]", "a time of the day", 'write one such as "03:00", UTC'),
    "network": blocks.anything,
    "nodes": blocks.anything,
    "project": network_settings.PROJECT,
    "region": network_settings.REGION,
    "repository": repositories.ID,
    "version": blocks.form(r"1\.[0-9]{2}(\..+)?", "a version of Kubernetes", 'write one such as "1.35", in quotes'),
}
"""Key -> what its value must be; blocks have checks of their own."""
ENDPOINT: Mapping[str, blocks.Check] = {"sources": blocks.several(_source)}
INGRESS: Mapping[str, blocks.Check] = {
    "certificateMap": cloudrun_access.WAYS["certificateMap"],
    "internal": blocks.boolean,
}
POOL: Mapping[str, blocks.Check] = {
    "disk": blocks.whole(10, 65536),
    "machineType": blocks.form(r"[a-z0-9]+(-[a-z0-9]+)+", "a machine type", "write one such as e2-standard-4"),
    "max": blocks.whole(1, MOST_NODES),
    "min": blocks.whole(0, MOST_NODES),
    "spot": blocks.boolean,
}


@dataclass(frozen=True, kw_only=True)
class Pool:
    """A pool of nodes.

    Attributes:
        machine_type: of each node.
        least: how many nodes there are at least, in all zones.
        most: how many there are at most, in all zones.
        spot: whether they are of Google's spare capacity, which it may take back.
        disk: GiB of each node.
    """

    machine_type: str
    least: int = 1
    most: int = 3
    spot: bool = False
    disk: int = 50


def pools(nodes: Mapping[str, Any]) -> dict[str, Pool]:
    """The pools that a `nodes` block without problems asks for; none with Autopilot."""
    return {key: _pool(pool) for key, pool in (nodes.get("pools") or {}).items()}


def _pool(asked: Mapping[str, Any]) -> Pool:
    names = {"machineType": "machine_type", "min": "least", "max": "most"}
    return Pool(**{names.get(key, key): value for key, value in asked.items() if value is not None})


def problems(asked: Mapping[str, Any], where: str, name: str) -> list[Problem]:
    """What is wrong with the settings of a cluster.

    Args:
        asked: as written.
        where: their place.
        name: the cluster's.
    """
    found = blocks.problems(asked, where, CHECKS, ["project", "region"], outputs=["kmsKey"])
    found += network_settings.problems(asked.get("network") or {"new": {}}, f"{where}.network")
    for key, checks in {"endpoint": ENDPOINT, "ingress": INGRESS}.items():
        if asked.get(key) is not None:
            found += blocks.problems(asked[key], f"{where}.{key}", checks, outputs=["certificateMap"])
    found += _way_out(asked.get("network") or {}, f"{where}.network")
    return [*found, *_node_problems(asked, where), *network_settings.name_problems(name, where)]


def _way_out(network: Any, where: str) -> list[Problem]:
    """Private nodes pull images of other registries than Google's by NAT alone."""
    new = network.get("new") if isinstance(network, Mapping) else None
    if isinstance(new, Mapping) and new.get("nat") is False:
        fix = "remove it: without NAT, nodes pull from Artifact Registry and no other registry"
        return [Problem("nat is false, and nodes have no public addresses", f"{where}.new", fix)]
    return []


def _node_problems(asked: Mapping[str, Any], where: str) -> list[Problem]:
    nodes = asked.get("nodes") or {"autopilot": {}}
    found = blocks.one_form(nodes, f"{where}.nodes", NODE_FORMS)
    if found:
        return found
    if "autopilot" in nodes:
        return blocks.problems(nodes["autopilot"] or {}, f"{where}.nodes.autopilot", {})
    if not isinstance(nodes["pools"], Mapping) or not nodes["pools"]:
        return [Problem("it names no pool", f"{where}.nodes.pools", "write a name, and what it has")]
    for key, pool in nodes["pools"].items():
        there = f"{where}.nodes.pools.{key}"
        wrong = blocks.problems(pool, there, POOL, ["machineType"])
        found += wrong or _pool_problems(_pool(pool), there)
    return found


def _pool_problems(pool: Pool, where: str) -> list[Problem]:
    if pool.least <= pool.most:
        return []
    return [Problem(f"min {pool.least} is more than max {pool.most}", where, "write no more than max")]
