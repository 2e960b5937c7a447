"""How many instances a service has on Cloud Run. That Google keeps to it, no test here proves."""

from typing import Any

import pytest
from apps import app, service

from components.model import App, Autoscale, Deploy, Ingress, Service, ServiceExtension
from components.support import Conflict
from components.targets.cloudrun import rollout, scaling

PATH = ("services", "web", "x-slipway", "autoscale")


def scaled(keys: dict[str, Any] | None = None, **asked: Any) -> Service:
    return service("web", expose=("80",), x_slipway=ServiceExtension(autoscale=Autoscale(**asked)), **(keys or {}))


@pytest.mark.parametrize(
    ("web", "expected"),
    [
        (service("web"), {"min_instance_count": 1, "max_instance_count": 1}),
        (service("web", deploy=Deploy(replicas=3)), {"min_instance_count": 3, "max_instance_count": 3}),
        (service("web", scale=0), {"scaling_mode": "MANUAL", "manual_instance_count": 0}),
        (scaled(min=0, max=5), {"min_instance_count": 0, "max_instance_count": 5}),
        (scaled(min=2), {"min_instance_count": 2}),
        (scaled(max=4), {"min_instance_count": 1, "max_instance_count": 4}),
    ],
)
def test_a_service_has_as_many_instances_as_replicas_or_by_load(web: Service, expected: dict[str, Any]) -> None:
    assert scaling.service(web) == {"scaling": expected}


@pytest.mark.parametrize(
    ("web", "expected"),
    [
        (service("web"), {}),
        (scaled(max=5), {}),
        (scaled(max=5, cpu=70), {"scaling": {"cpu_utilization": 0.7}}),
        (scaled(max=5, requests=100), {"max_instance_request_concurrency": 100}),
        (
            service("web", x_slipway=ServiceExtension(ingress=Ingress(sticky=True))),
            {"session_affinity": True},
        ),
    ],
)
def test_the_template_says_which_load_an_instance_takes(web: Service, expected: dict[str, Any]) -> None:
    assert scaling.template(web) == expected


def test_a_worker_pool_has_as_many_instances_as_replicas() -> None:
    assert scaling.instances(service("web", deploy=Deploy(replicas=3))) == 3
    assert scaling.instances(scaled(min=2, max=5)) == 2


@pytest.mark.parametrize(("asked", "expected"), [({"min": 0, "max": 2}, True), ({"min": 1, "max": 2}, False)])
def test_a_service_is_idle_where_none_is_kept(asked: dict[str, Any], expected: bool) -> None:
    assert scaling.is_idle(scaled(**asked)) is expected


def test_requests_go_to_the_newest_revision() -> None:
    assert rollout.args() == {"traffics": [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}]}


@pytest.mark.parametrize(
    ("web", "expected"),
    [
        (scaled(min=3, max=2), Conflict(PATH, "max is 2, and 3 is the least", "write a larger max")),
        (scaled(max=2, cpu=95), Conflict((*PATH, "cpu"), "it is 95", "write 10 to 90")),
        (scaled(max=2, requests=1500), Conflict((*PATH, "requests"), "it is 1500", "write 1 to 1000")),
        (
            scaled({"network_mode": "service:other", "networks": {}}, max=2),
            Conflict(PATH, "it is in another service's instances", "remove it"),
        ),
        (
            scaled({"deploy": Deploy(mode="replicated-job")}, max=2),
            Conflict(PATH, "it has no number of instances to scale", "remove it"),
        ),
    ],
)
def test_what_cannot_be_scaled_as_asked_is_refused(web: Service, expected: Conflict) -> None:
    application: App = app(web, service("other"))
    assert list(scaling.conflicts(application)) == [expected]


def test_what_can_be_scaled_is_not_refused() -> None:
    assert list(scaling.conflicts(app(scaled(min=0, max=9, cpu=10, requests=1)))) == []
