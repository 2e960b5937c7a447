"""Replicas by load, and how many may be away. That load scales: not proved, the tests' cluster measures none."""

from typing import Any

import pytest
from apps import app, service
from scopes import scope

from components.model import (
    Autoscale,
    Bytes,
    Dependency,
    Deploy,
    Limits,
    Mount,
    Reservations,
    Resources,
    Service,
    ServiceExtension,
    Volume,
)
from components.support import Conflict
from components.targets.kubernetes import scaling
from components.targets.rows import Row

RESERVED = Resources(reservations=Reservations(cpus=0.5, memory=Bytes(2**20)))


def web(
    name: str = "web", *, replicas: int | None = None, deploy: dict[str, Any] | None = None, **asked: Any
) -> Service:
    given = Deploy(replicas=replicas, **{"resources": RESERVED, **(deploy or {})})
    return service(name, deploy=given, x_slipway=ServiceExtension(autoscale=Autoscale(**asked) if asked else None))


def rows(each: Service, *others: Service, **keys: Any) -> dict[str, Row]:
    return {row.kind: row for row in scaling.rows(scope(app(each, *others, **keys)), each)}


def autoscaler(each: Service, **keys: Any) -> dict[str, Any]:
    return dict(rows(each, **keys)["HorizontalPodAutoscaler"].args["spec"])


def found_in(*services: Service) -> list[Conflict]:
    return list(scaling.conflicts(app(*services)))


def test_load_keeps_the_number_of_pods_between_two_bounds() -> None:
    assert autoscaler(web(min=2, max=10, cpu=70, memory=80.4)) == {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        "minReplicas": 2,
        "maxReplicas": 10,
        "metrics": [
            {
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}},
            },
            {
                "type": "Resource",
                "resource": {"name": "memory", "target": {"type": "Utilization", "averageUtilization": 80}},
            },
        ],
    }


@pytest.mark.parametrize(
    ("asked", "replicas", "least"), [({}, 3, 3), ({"min": 1}, 3, 1), ({"min": 0}, 3, 1), ({}, None, 1)]
)
def test_the_least_is_min_else_the_replicas_and_never_none(asked: dict[str, int], replicas: int, least: int) -> None:
    assert autoscaler(web(replicas=replicas, max=9, cpu=50, **asked))["minReplicas"] == least


def test_without_a_load_to_keep_it_is_the_apis_own() -> None:
    [metric] = autoscaler(web(max=3))["metrics"]
    assert metric["resource"] == {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}


def test_replicas_with_volumes_of_their_own_are_scaled_too() -> None:
    each = service(
        "web",
        deploy=Deploy(replicas=2, resources=RESERVED),
        volumes=(Mount(type="volume", source="data", target="/data"),),
        x_slipway=ServiceExtension(autoscale=Autoscale(max=4)),
    )
    assert autoscaler(each, volumes={"data": Volume()})["scaleTargetRef"]["kind"] == "StatefulSet"


def test_of_several_pods_one_may_be_away() -> None:
    assert rows(web(replicas=2))["PodDisruptionBudget"].args["spec"] == {
        "maxUnavailable": 1,
        "selector": {"matchLabels": {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop"}},
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
    }


@pytest.mark.parametrize(
    ("each", "budget"), [(web(), False), (web(replicas=1), False), (web(replicas=2), True), (web(min=1, max=2), True)]
)
def test_a_single_pod_may_be_away(each: Service, budget: bool) -> None:
    assert ("PodDisruptionBudget" in rows(each)) is budget


def test_a_pod_on_every_node_is_neither_scaled_nor_kept() -> None:
    assert rows(web(replicas=2, deploy={"mode": "global"}, max=3)) == {}


def test_a_pod_on_every_node_cannot_be_scaled() -> None:
    assert found_in(web(deploy={"mode": "global"}, max=3)) == [
        Conflict(("services", "web", "x-slipway", "autoscale"), "a DaemonSet has no replicas to scale", "remove it")
    ]


def test_a_container_of_another_services_pods_is_scaled_with_it() -> None:
    side = service(
        "side", network_mode="service:web", networks={}, x_slipway=ServiceExtension(autoscale=Autoscale(max=3))
    )
    assert rows(side, web()) == {}
    assert found_in(side, web()) == [
        Conflict(("services", "side", "x-slipway", "autoscale"), "it is a part of another service's pods", "remove it")
    ]


def test_a_run_to_completion_cannot_be_scaled() -> None:
    ended = Dependency(condition="service_completed_successfully")
    assert found_in(web("migrate", max=3), service("web", depends_on={"migrate": ended})) == [
        Conflict(("services", "migrate", "x-slipway", "autoscale"), "a Job has no replicas to scale", "remove it")
    ]


@pytest.mark.parametrize(
    ("asked", "what", "fix"),
    [
        ({"min": 2, "cpu": 70}, "there is no max, and an autoscaler needs one", "write autoscale.max"),
        ({"min": 4, "max": 3}, "max is 3, and 4 is the least", "write a larger max"),
    ],
)
def test_bounds_that_no_autoscaler_takes_are_refused(asked: dict[str, int], what: str, fix: str) -> None:
    assert found_in(web(**asked)) == [Conflict(("services", "web", "x-slipway", "autoscale"), what, fix)]


def unreserved(name: str, what: str, key: str) -> Conflict:
    return Conflict(
        ("services", name),
        f"{what} is to be kept at a part of what is reserved, and nothing is reserved",
        f"write deploy.resources.reservations.{key}",
    )


def test_a_load_of_what_is_not_reserved_is_refused() -> None:
    assert found_in(web(max=3, cpu=70, memory=70, deploy={"resources": None})) == [
        unreserved("web", "cpu", "cpus"),
        unreserved("web", "memory", "memory"),
    ]


def test_a_limit_reserves_as_much() -> None:
    assert found_in(web(max=3, cpu=70, deploy={"resources": Resources(limits=Limits(cpus=1.0))})) == []


def test_every_container_of_the_pod_needs_a_reservation() -> None:
    side = service("side", network_mode="service:web", networks={})
    assert found_in(web(max=3, cpu=70), side, service("other")) == [unreserved("side", "cpu", "cpus")]
