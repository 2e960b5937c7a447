"""ECS services and how their updates go. That tasks are replaced as the shares say is ECS's affair, and tests/aws's."""

from typing import Any

import pytest
from apps import HEALTHY, app, service
from ecs_scopes import CLUSTER, scope, tags

from components.model import (
    App,
    Autoscale,
    Dependency,
    Deploy,
    Healthcheck,
    Ingress,
    Job,
    Mount,
    Network,
    Port,
    Seconds,
    Service,
    ServiceExtension,
    UpdateConfig,
    Volume,
    VolumeExtension,
)
from components.support import Conflict
from components.targets.ecs import services
from components.targets.rows import Ref, Row

DATA = Mount(type="volume", source="data", target="/data")
COMPLETED = Dependency(condition="service_completed_successfully")


def row(web: Service, *others: Service, reached: dict[str, Any] | None = None, **keys: Any) -> Row:
    [found] = services.rows(scope(app(web, *others, **keys), reached=reached), web)
    return found


def shares(deploy: Deploy | None = None, **keys: Any) -> tuple[int, int]:
    args = row(service("web", deploy=deploy, **keys)).args
    return args["deployment_minimum_healthy_percent"], args["deployment_maximum_percent"]


def updated(replicas: int, **given: Any) -> Deploy:
    return Deploy(replicas=replicas, update_config=UpdateConfig(**given))


def test_a_service_runs_its_task_definition_on_fargate() -> None:
    assert row(service("web")).args == {
        "name": "shop-web",
        "cluster": CLUSTER,
        "task_definition": Ref("TaskDefinition", "web", "arn"),
        "desired_count": 1,
        "launch_type": "FARGATE",
        "network_configuration": {
            "subnets": ["subnet-a", "subnet-b"],
            "security_groups": [Ref("SecurityGroup", "web", "id")],
            "assign_public_ip": False,
        },
        "deployment_minimum_healthy_percent": 100,
        "deployment_maximum_percent": 200,
        "deployment_circuit_breaker": {"enable": True, "rollback": True},
        "availability_zone_rebalancing": "ENABLED",
        "enable_ecs_managed_tags": True,
        "propagate_tags": "SERVICE",
        "wait_for_steady_state": True,
        "tags": tags("web"),
    }


def test_a_name_with_a_dot_is_one_that_ecs_takes() -> None:
    assert row(service("web.2")).args["name"] == "shop-web-2"


def test_labels_of_the_service_are_tags_as_far_as_aws_takes_them() -> None:
    labels = {"team": "shop", "aws:own": "x", "odd": "a*b"}
    assert row(service("web", deploy=Deploy(labels=labels))).args["tags"] == {"team": "shop", **tags("web")}


def test_the_clusters_ways_are_those_of_its_services() -> None:
    args = row(service("web"), reached={"capacity": "FARGATE_SPOT", "public_ip": True, "execute_command": True}).args
    assert "launch_type" not in args
    assert args["capacity_provider_strategies"] == [{"capacity_provider": "FARGATE_SPOT", "weight": 1}]
    assert args["network_configuration"]["assign_public_ip"] is True
    assert args["enable_execute_command"] is True


def test_who_is_called_is_registered_under_its_name() -> None:
    found = row(service("web"), service("db")).args["service_registries"]
    assert found == {"registry_arn": Ref("DiscoveryService", "web", "arn")}


@pytest.mark.parametrize(
    "beside",
    [
        {"network_mode": "service:other", "networks": {}},
        {"x_slipway": ServiceExtension(managed="postgres")},
        {"restart": "no"},
        {"deploy": Deploy(mode="replicated-job")},
    ],
)
def test_what_has_no_tasks_that_are_kept_running_is_no_service(beside: dict[str, Any]) -> None:
    web = service("web", **beside)
    assert list(services.rows(scope(app(web, service("other"))), web)) == []


# --- number of tasks -------------------------------------------------------------------------------------------------


def test_what_would_be_on_every_node_is_one_task() -> None:
    assert row(service("web", deploy=Deploy(mode="global", replicas=3))).args["desired_count"] == 1


def test_the_autoscaler_decides_how_many_tasks_there_are_after_the_first_time() -> None:
    found = row(service("web", x_slipway=ServiceExtension(autoscale=Autoscale(min=2, max=5))))
    assert (found.args["desired_count"], found.unasked) == (2, ("desiredCount",))
    assert row(service("web")).unasked == ()


# --- load balancers --------------------------------------------------------------------------------------------------


def test_published_ports_and_the_ingress_are_target_groups_of_the_service() -> None:
    web = service(
        "web",
        ports=(Port(target=8000, published="8080"),),
        healthcheck=Healthcheck(test=("CMD", "true"), start_period=Seconds(90.5)),
        x_slipway=ServiceExtension(ingress=Ingress()),
    )
    found = row(web)
    assert found.args["load_balancers"] == [
        {"target_group_arn": Ref("TargetGroup", key, "arn"), "container_name": "web", "container_port": 8000}
        for key in ("web-8000-http", "web-8000-tcp")
    ]
    assert found.args["health_check_grace_period_seconds"] == 151


def test_a_service_comes_after_what_makes_its_target_groups_those_of_a_load_balancer() -> None:
    web = service("web", ports=(Port(target=80),), x_slipway=ServiceExtension(ingress=Ingress()))
    assert row(web).after == (
        ("EgressRule", "web-to-world"),
        ("IngressRule", "web-from-balancer-80"),
        ("IngressRule", "web-from-published-80"),
        ("ListenerRule", "web"),
        ("Listener", "published-80"),
    )


def test_more_target_groups_than_a_service_has_are_refused() -> None:
    web = service("web", ports=tuple(Port(target=port) for port in range(80, 86)))
    what = "it has 6 ports behind load balancers, and 5 are the most of an ECS service"
    assert list(services.conflicts(app(web))) == [Conflict(("services", "web", "ports"), what, "publish fewer")]


# --- order -----------------------------------------------------------------------------------------------------------


def test_a_service_waits_for_its_dependencies_and_for_those_of_its_companions() -> None:
    web = service("web", depends_on={"db": Dependency(condition="service_healthy")})
    beside = service("beside", network_mode="service:web", networks={}, depends_on={"migrate": COMPLETED})
    found = row(web, service("db", healthcheck=HEALTHY), beside, service("migrate"))
    assert ("Service", "db") in found.after
    assert found.completed == (("Invocation", "migrate"),)


def test_who_waits_for_a_companion_waits_for_the_service_whose_tasks_it_is_in() -> None:
    web = service("web", depends_on={"beside": Dependency()})
    found = row(web, service("db"), service("beside", network_mode="service:db", networks={}))
    assert [key for key in found.after if key[0] == "Service"] == [("Service", "db")]


def test_a_task_does_not_wait_for_itself() -> None:
    web = service("web", depends_on={"beside": Dependency()})
    found = row(web, service("beside", network_mode="service:web", networks={}))
    assert [key for key in found.after if key[0] == "Service"] == []


# --- rollout ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deploy", "expected"),
    [
        (None, (100, 200)),
        (updated(4, parallelism=1), (100, 125)),
        (updated(3, parallelism=1), (100, 134)),
        (updated(3, parallelism=0), (100, 200)),
        (updated(2, parallelism=5), (100, 200)),
        (updated(3, order="stop-first"), (66, 100)),
        (updated(4, order="stop-first", parallelism=2), (50, 100)),
        (updated(3, order="stop-first", parallelism=0), (0, 100)),
        (updated(1, order="stop-first"), (0, 100)),
        (updated(0, order="stop-first"), (0, 100)),
    ],
)
def test_shares_say_which_tasks_come_and_go_first(deploy: Deploy | None, expected: tuple[int, int]) -> None:
    assert shares(deploy) == expected


def test_tasks_are_not_moved_between_zones_where_the_old_one_goes_first() -> None:
    assert (
        row(service("web", deploy=updated(3, order="stop-first"))).args["availability_zone_rebalancing"] == "DISABLED"
    )


@pytest.mark.parametrize(
    ("volume", "mount", "expected"),
    [
        (Volume(), DATA, (0, 100)),
        (Volume(x_slipway=VolumeExtension(shared=True)), DATA, (100, 200)),
        (Volume(), Mount(type="volume", source="data", target="/data", read_only=True), (100, 200)),
    ],
)
def test_a_volume_of_one_writer_goes_from_the_old_task_to_the_new(
    volume: Volume, mount: Mount, expected: tuple[int, int]
) -> None:
    args = row(service("web", volumes=(mount,)), volumes={"data": volume}).args
    assert (args["deployment_minimum_healthy_percent"], args["deployment_maximum_percent"]) == expected


@pytest.mark.parametrize(("action", "rollback"), [("rollback", True), ("pause", False), (None, True)])
def test_an_update_that_fails_is_rolled_back_unless_the_file_says_to_pause(
    action: str | None, *, rollback: bool
) -> None:
    found = row(service("web", deploy=updated(1, failure_action=action))).args["deployment_circuit_breaker"]
    assert found == {"enable": True, "rollback": rollback}


# --- names -----------------------------------------------------------------------------------------------------------


def test_services_and_jobs_of_one_name_in_ecs_are_refused() -> None:
    shop: App = app(
        service("a.b"),
        service("a-b"),
        jobs={"a-b": Job(name="a-b", image="x")},
        networks={"default": Network()},
    )
    assert list(services.conflicts(shop)) == [
        Conflict(("services", "a-b"), '"a-b" and "a.b" are both "a-b" in the cluster', "rename one of them"),
        Conflict(("jobs", "a-b"), '"a-b" and "a.b" are both "a-b" in the cluster', "rename one of them"),
    ]
