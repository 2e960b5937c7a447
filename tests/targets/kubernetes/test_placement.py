"""On which nodes pods are. Whether a scheduler does it is Kubernetes' affair."""

from typing import Any

import pytest
from apps import app, service
from scopes import scope

from components.model import Deploy, Mount, Placement, Preference, Service, Volume
from components.targets.kubernetes import placement

DATA = (Mount(type="volume", source="data", target="/data"),)
WEB = {"matchLabels": {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop"}}


def of(web: Service, *others: Service) -> dict[str, Any]:
    return placement.of(scope(app(web, *others, volumes={"data": Volume()})), web)


def placed(**keys: Any) -> dict[str, Any]:
    return of(service("web", deploy=Deploy(placement=Placement(**keys))))


def test_without_a_word_a_pod_may_be_anywhere() -> None:
    assert of(service("web")) == {}


@pytest.mark.parametrize(
    ("constraint", "expression"),
    [
        ("node.hostname == one", {"key": "kubernetes.io/hostname", "operator": "In", "values": ["one"]}),
        ("node.hostname!=one", {"key": "kubernetes.io/hostname", "operator": "NotIn", "values": ["one"]}),
        ("node.labels.disk == ssd", {"key": "disk", "operator": "In", "values": ["ssd"]}),
        ("node.platform.os==linux", {"key": "kubernetes.io/os", "operator": "In", "values": ["linux"]}),
        ("node.platform.arch == x86_64", {"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"]}),
        ("node.role == manager", {"key": "node-role.kubernetes.io/control-plane", "operator": "Exists"}),
        ("node.role != manager", {"key": "node-role.kubernetes.io/control-plane", "operator": "DoesNotExist"}),
        ("node.role == worker", {"key": "node-role.kubernetes.io/control-plane", "operator": "DoesNotExist"}),
        ("node.id == x", None),
        ("engine.labels.a == b", None),
        ("nonsense", None),
    ],
)
def test_a_constraint_is_a_requirement_on_labels(constraint: str, expression: dict[str, Any] | None) -> None:
    assert placement.expression(constraint) == expression


def test_all_constraints_have_to_hold() -> None:
    found = placed(constraints=("node.labels.disk == ssd", "node.id == x", "node.role == worker"))
    [term] = found["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert [each["key"] for each in term["matchExpressions"]] == ["disk", "node-role.kubernetes.io/control-plane"]


@pytest.mark.parametrize(
    ("platform", "labels"),
    [
        ("linux/amd64", {"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}),
        ("linux/arm64/v8", {"kubernetes.io/os": "linux", "kubernetes.io/arch": "arm64"}),
        ("aarch64", {"kubernetes.io/os": "linux", "kubernetes.io/arch": "arm64"}),
        ("windows", {"kubernetes.io/os": "windows"}),
    ],
)
def test_a_platform_selects_nodes(platform: str, labels: dict[str, str]) -> None:
    assert of(service("web", platform=platform)) == {"nodeSelector": labels}


def spread(key: str) -> dict[str, Any]:
    return {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": WEB}


def test_replicas_are_spread_over_zones_and_nodes() -> None:
    zone, node = spread("topology.kubernetes.io/zone"), spread("kubernetes.io/hostname")
    assert of(service("web", scale=2)) == {"topologySpreadConstraints": [zone, node]}


def test_replicas_are_spread_over_what_the_file_says() -> None:
    preferences = (Preference(spread="node.labels.rack"), Preference(spread="node.id"), Preference())
    assert placed(preferences=preferences) == {"topologySpreadConstraints": [spread("rack")]}


def test_one_replica_for_each_node_keeps_the_others_away() -> None:
    assert placed(max_replicas_per_node=1) == {
        "affinity": {
            "podAntiAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": [
                    {"labelSelector": WEB, "topologyKey": "kubernetes.io/hostname"}
                ]
            }
        }
    }


def test_pods_that_share_a_volume_of_one_node_are_on_one_node_and_not_spread() -> None:
    web, db = service("web", scale=2, volumes=DATA), service("db", volumes=DATA)
    near = {"slipway.dev/volume-data": "true", "app.kubernetes.io/instance": "shop"}
    assert of(web, db) == {
        "affinity": {
            "podAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": [
                    {"labelSelector": {"matchLabels": near}, "topologyKey": "kubernetes.io/hostname"}
                ]
            }
        }
    }
