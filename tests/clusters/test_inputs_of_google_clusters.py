"""What the clusters' resources are given, against the installed SDK's types and Google's own discovery documents.

Not proved: what no document says, such as that a range fits the network, or that a version exists.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import graphs
import pytest
import test_cloudrun_platform as platform
import test_gke_cluster as gke
from google_answers import PROJECT, REGION

from components.testing import Recorded, Recording
from standins.gcp import model
from standins.gcp.__main__ import package
from standins.gcp.kind import SDK
from standins.gcp.nested import put
from standins.sdk import problems as sdk_problems
from standins.traits import fill, violations
from standins.values import Properties

GKE = "gcp:container/"
APART = frozenset({"cluster", "deletionProtection", "location", "project", "removeDefaultNodePool"})
"""Inputs of GKE's kinds that are in the path of a call, or are the provider's own."""
INSIDE: Mapping[str, str] = {
    "datapathProvider": "networkConfig.datapathProvider",
    "enableAutopilot": "autopilot.enabled",
    "enableShieldedNodes": "shieldedNodes.enabled",
    "gatewayApiConfig": "networkConfig.gatewayApiConfig",
    "maintenancePolicy": "maintenancePolicy.window",
}
"""Input of GKE's kinds -> where the API has it, in an object of its own."""
SPELLED: Mapping[str, model.Spelled] = {
    "Cluster": {
        "clusterAutoscaling": "autoscaling",
        "clusterAutoscaling.autoProvisioningDefaults": "autoprovisioningNodePoolDefaults",
        "minMasterVersion": "initialClusterVersion",
    },
    "NodePool": {"nodeConfig": "config"},
}
"""Kind of GKE -> inputs of it that have another name in the API."""
KEY = f"projects/{PROJECT}/locations/{REGION}/keyRings/main/cryptoKeys/main"
SPOT = {"pools": {"main": {"machineType": "e2-standard-4", "min": 1, "max": 3, "spot": True}}}
CLUSTERS: Mapping[str, Callable[[], Recording]] = {
    "cloudrun": lambda: platform.made(
        network={"new": {"nat": True, "proxies": "10.9.0.0/23", "flowLogs": True}},
        zone={"new": "example.com"},
        repository="images",
        kmsKey="new",
        labels={"team": "shop"},
        protect=True,
    ),
    "cloudrun in a network that is there": lambda: platform.made(
        network=platform.EXISTING, runNames=True, managed=True, zone=platform.ZONE
    ),
    "gke in autopilot mode": lambda: gke.made(
        maintenance="03:00", version="1.35", repository="images", kmsKey=KEY, labels={"team": "shop"}, protect=True
    ),
    "gke with pools": lambda: gke.made(nodes=SPOT, endpoint={"sources": ["203.0.113.0/24"]}, network=gke.EXISTING),
    "gke with a gateway": lambda: gke.made(nodes=gke.POOLS, ingress={}, channel="EXTENDED"),
}


@functools.cache
def resources(cluster: str) -> list[Recorded]:
    return [each for each in CLUSTERS[cluster]() if each.type.startswith("gcp:")]


@pytest.fixture(params=CLUSTERS)
def recorded(request: pytest.FixtureRequest) -> list[Recorded]:
    return resources(request.param)


def wrong(each: Recorded) -> Iterator[tuple[str, str]]:
    """What Google's own models have against a resource."""
    inputs = graphs.whole(dict(each.inputs))
    if each.type.startswith(GKE):
        yield from of_gke(each.type.rpartition(":")[2], inputs)
        return
    kind: Any = package().resources[each.type]
    filled = fill(kind.traits, inputs)
    if kind.autonamed and filled.get(kind.name_input) is None:
        filled[kind.name_input] = f"{each.name}-1234567"
    yield from violations(kind.traits, filled)
    yield from kind.check(filled)


def of_gke(kind: str, inputs: Properties) -> Iterator[tuple[str, str]]:
    """What the API's model of a cluster or a pool has against one; no stand-in has these kinds."""
    given: Properties = {}
    for name, value in inputs.items():
        if name not in APART:
            put(given, INSIDE.get(name, name), value)
    shape = {"$ref": kind}
    yield from model.problems("container.v1", shape, model.body("container.v1", shape, given, SPELLED[kind]))


def test_every_input_is_one_of_the_sdks(recorded: list[Recorded]) -> None:
    found = [
        (each.name, *problem)
        for each in recorded
        for problem in sdk_problems(SDK.schema(each.type), graphs.whole(dict(each.inputs)))
    ]
    assert found == []


def test_everything_is_what_googles_own_models_take(recorded: list[Recorded]) -> None:
    found = [(each.type.rpartition(":")[2], each.name, *problem) for each in recorded for problem in wrong(each)]
    assert found == []


@pytest.mark.parametrize(
    ("cluster", "kind", "given", "expected"),
    [
        ("gke with pools", "Cluster", {"datapathProvider": "FAST"}, "networkConfig.datapathProvider"),
        ("gke with pools", "NodePool", {"nodeConfig": {"colour": "red"}}, "config.colour"),
        ("cloudrun", "Network", {"routingMode": "EVERYWHERE"}, "routingConfig.routingMode"),
    ],
)
def test_a_wrong_word_would_be_seen(cluster: str, kind: str, given: dict[str, Any], expected: str) -> None:
    found = next(each for each in resources(cluster) if each.type.rpartition(":")[2] == kind)
    broken = Recorded(type=found.type, name=found.name, urn="", inputs={**found.inputs, **given})
    assert [path for path, _ in wrong(broken)] == [expected]
