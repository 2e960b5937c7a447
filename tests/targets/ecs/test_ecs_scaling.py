"""How many tasks there are by load. That AWS measures it and acts is AWS's affair."""

from typing import Any

import pytest
from apps import app, service
from ecs_scopes import access, by_key, scope, tags

from components.errors import Problem
from components.model import Autoscale, Deploy, Ingress, Service, ServiceExtension
from components.support import Conflict
from components.targets.ecs import scaling
from components.targets.rows import Extract, Joined, Ref, Row

AT = {
    "resource_id": Ref("ScalingTarget", "web", "resource_id"),
    "scalable_dimension": Ref("ScalingTarget", "web", "scalable_dimension"),
    "service_namespace": Ref("ScalingTarget", "web", "service_namespace"),
    "policy_type": "TargetTrackingScaling",
}


def scaled(ingress: Ingress | None = None, deploy: Deploy | None = None, **given: Any) -> Service:
    extension = ServiceExtension(autoscale=Autoscale(**given), ingress=ingress)
    return service("web", expose=("80",), x_slipway=extension, deploy=deploy)


def rows(web: Service) -> dict[tuple[str, str], Row]:
    return by_key(scaling.rows(scope(app(web)), web))


def loads(web: Service) -> dict[str, Any]:
    return {
        key: row.args["target_tracking_scaling_policy_configuration"]
        for (kind, key), row in rows(web).items()
        if kind == "ScalingPolicy"
    }


def test_a_service_with_a_fixed_number_of_tasks_is_not_scaled() -> None:
    assert rows(service("web")) == {}


def test_a_service_is_scaled_between_its_bounds() -> None:
    found = rows(scaled(min=2, max=5))
    assert found["ScalingTarget", "web"].args == {
        "resource_id": Extract(Ref("Service", "web", "id"), ":(service/.+)"),
        "scalable_dimension": "ecs:service:DesiredCount",
        "service_namespace": "ecs",
        "min_capacity": 2,
        "max_capacity": 5,
        "tags": tags("web"),
    }


def test_the_resource_is_the_last_part_of_the_services_arn() -> None:
    arn = "arn:aws:ecs:eu-central-1:123456789012:service/main/web"
    found = rows(scaled(max=5))["ScalingTarget", "web"].args["resource_id"]
    assert found.of(arn) == "service/main/web"


def test_every_load_is_kept_by_a_policy() -> None:
    found = rows(scaled(max=5, cpu=70, memory=60.5))
    assert found["ScalingPolicy", "web-cpu"].args == {
        **AT,
        "target_tracking_scaling_policy_configuration": {
            "predefined_metric_specification": {"predefined_metric_type": "ECSServiceAverageCPUUtilization"},
            "target_value": 70.0,
        },
    }
    assert loads(scaled(max=5, memory=60.5)) == {
        "web-memory": {
            "predefined_metric_specification": {"predefined_metric_type": "ECSServiceAverageMemoryUtilization"},
            "target_value": 60.5,
        }
    }


def test_without_a_load_to_keep_it_is_the_processors() -> None:
    assert [(key, value["target_value"]) for key, value in loads(scaled(max=5)).items()] == [("web-cpu", 80.0)]


def test_requests_of_a_second_are_counted_by_the_minute_at_the_load_balancer() -> None:
    assert loads(scaled(Ingress(), max=5, requests=10.0)) == {
        "web-requests": {
            "predefined_metric_specification": {
                "predefined_metric_type": "ALBRequestCountPerTarget",
                "resource_label": Joined(
                    ("app/main/50dc6c495c0c9188", "/", Ref("TargetGroup", "web-80-http", "arn_suffix"))
                ),
            },
            "target_value": 600.0,
        }
    }


def test_requests_that_come_by_no_load_balancer_are_told() -> None:
    web = scaled(max=5, requests=10.0)
    assert list(scaling.problems(app(web), access())) == [
        Problem(
            "requests are counted by the cluster's load balancer, and none come to this service by it",
            "services.web.x-slipway.autoscale.requests",
            "write x-slipway.ingress, or scale by cpu",
        )
    ]
    assert list(scaling.problems(app(scaled(Ingress(), max=5, requests=10.0)), access())) == []


@pytest.mark.parametrize(
    ("web", "what", "fix"),
    [
        (scaled(min=2), "there is no max, and an autoscaler needs one", "write autoscale.max"),
        (scaled(min=3, max=2), "max is 2, and 3 is the least", "write a larger max"),
        (scaled(max=2, deploy=Deploy(mode="global")), "it has no number of tasks to scale", "remove it"),
        (scaled(max=2, deploy=Deploy(mode="replicated-job")), "it has no number of tasks to scale", "remove it"),
    ],
)
def test_what_cannot_be_scaled_is_refused(web: Service, what: str, fix: str) -> None:
    assert list(scaling.conflicts(app(web))) == [Conflict(("services", "web", "x-slipway", "autoscale"), what, fix)]


def test_a_companion_is_scaled_with_the_service_whose_tasks_it_is_in() -> None:
    extension = ServiceExtension(autoscale=Autoscale(max=2))
    beside = service("beside", network_mode="service:web", networks={}, x_slipway=extension)
    assert list(scaling.conflicts(app(service("web"), beside))) == [
        Conflict(
            ("services", "beside", "x-slipway", "autoscale"), "it is a part of another service's tasks", "remove it"
        )
    ]
