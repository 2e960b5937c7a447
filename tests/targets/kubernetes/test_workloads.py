"""What keeps pods running: which object it is, and how it changes. That it does: tests/conformance."""

from typing import Any

import pytest
from apps import HEALTHY, app, service
from scopes import scope

from components.access import Contents
from components.model import (
    App,
    Autoscale,
    Dependency,
    Deploy,
    FileGrant,
    FileObject,
    Healthcheck,
    Mount,
    Opaque,
    Parts,
    Port,
    RestartPolicy,
    Seconds,
    Service,
    ServiceExtension,
    UpdateConfig,
    Volume,
    VolumeExtension,
)
from components.targets.kubernetes import workloads
from components.targets.rows import Row

DATA = (Mount(type="volume", source="data", target="/data"),)
COMPLETED = {"web": Dependency(condition="service_completed_successfully")}
SECRET = Parts([Opaque("x")])


def shop(*services: Service, **keys: Any) -> App:
    return app(*services, **{"volumes": {"data": Volume()}, **keys})


def row(web: Service, *others: Service, **keys: Any) -> Row:
    [found] = workloads.rows(scope(shop(web, *others, **keys)), web)
    return found


def spec(web: Service, *others: Service, **keys: Any) -> dict[str, Any]:
    found = dict(row(web, *others, **keys).args["spec"])
    return {key: value for key, value in found.items() if key not in ("template", "selector")}


def updated(**keys: Any) -> Service:
    return service("web", deploy=Deploy(update_config=UpdateConfig(**keys)))


# --- kinds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "kind"),
    [
        ({}, "Deployment"),
        ({"restart": "always"}, "Deployment"),
        ({"restart": "unless-stopped"}, "Deployment"),
        ({"volumes": DATA}, "Deployment"),
        ({"volumes": DATA, "scale": 2}, "StatefulSet"),
        ({"scale": 2}, "Deployment"),
        ({"deploy": Deploy(mode="global")}, "DaemonSet"),
        ({"restart": "no"}, "Job"),
        ({"restart": "on-failure:3"}, "Job"),
        ({"restart": "no", "ports": (Port(target=80),)}, "Deployment"),
        ({"restart": "on-failure", "expose": ("80",)}, "Deployment"),
        ({"restart": "on-failure", "healthcheck": HEALTHY}, "Deployment"),
        ({"restart": "on-failure", "scale": 2}, "Deployment"),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="none"))}, "Job"),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="any")), "restart": "no"}, "Deployment"),
        ({"deploy": Deploy(mode="replicated-job", replicas=2)}, "Job"),
    ],
)
def test_what_runs_a_service(keys: dict[str, Any], kind: str) -> None:
    found = row(service("web", **keys))
    assert (found.kind, found.key, found.service) == (kind, "web", "web")


def test_who_is_waited_for_to_end_is_a_job_whatever_else_it_says() -> None:
    web = service("web", restart="always", ports=(Port(target=80),))
    assert row(web, service("next", depends_on=COMPLETED)).kind == "Job"


@pytest.mark.parametrize(
    "other",
    [service("next", depends_on={"web": Dependency()}), service("next", environment={"WEB": "http://web:8080"})],
)
def test_who_is_needed_is_kept_running(other: Service) -> None:
    assert row(service("web", restart="on-failure"), other).kind == "Deployment"


def test_a_service_in_another_s_pods_has_no_workload_of_its_own() -> None:
    web, beside = service("web"), service("beside", network_mode="service:web")
    given = scope(shop(web, beside))
    assert list(workloads.rows(given, beside)) == []
    assert workloads.key(given, beside) == ("Deployment", "web")


# --- order -----------------------------------------------------------------------------------------------------------


def test_a_workload_comes_after_what_it_needs_and_what_it_depends_on() -> None:
    web = service(
        "web",
        volumes=DATA,
        secrets=(FileGrant(source="key"),),
        environment={"KEY": SECRET},
        depends_on={"db": Dependency(), "seed": Dependency(condition="service_completed_successfully")},
    )
    beside = service("beside", network_mode="service:web", depends_on={"web": Dependency(), "cache": Dependency()})
    given = scope(
        shop(
            web, service("db"), service("seed"), beside, service("cache"), secrets={"key": FileObject(environment="K")}
        ),
        contents=Contents(secrets={"key": SECRET}),
    )
    [found] = workloads.rows(given, web)
    assert found.after == (
        ("Namespace", "shop"),
        ("ServiceAccount", "shop"),
        ("Secret", "key"),
        ("Secret", "web-environment"),
        ("PersistentVolumeClaim", "data"),
        ("Deployment", "db"),
        ("Job", "seed"),
        ("Deployment", "cache"),
    )


def test_labels_of_deploy_are_the_workload_s() -> None:
    found = row(service("web", deploy=Deploy(labels={"team": "a", "no name": "b"})))
    assert found.args["metadata"]["annotations"] == {"team": "a", "pulumi.com/timeoutSeconds": "130"}


def test_the_selector_tells_the_pods_and_never_changes() -> None:
    found = row(service("web", labels={"a": "b"})).args["spec"]
    assert found["selector"] == {"matchLabels": {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop"}}
    assert found["selector"]["matchLabels"].items() <= found["template"]["metadata"]["labels"].items()


# --- updates ---------------------------------------------------------------------------------------------------------


def rolling(surge: int | str, unavailable: int | str) -> dict[str, Any]:
    return {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}}


@pytest.mark.parametrize(
    ("web", "strategy"),
    [
        (service("web"), rolling(1, 0)),
        (updated(order="start-first", parallelism=3), rolling(3, 0)),
        (updated(order="stop-first", parallelism=2), rolling(0, 2)),
        (updated(order="stop-first"), rolling(0, 1)),
        (updated(order="stop-first", parallelism=0), rolling(0, "100%")),
        (service("web", volumes=DATA), {"type": "Recreate"}),
        (service("web", network_mode="host"), {"type": "Recreate"}),
    ],
)
def test_how_old_pods_make_room_for_new_ones(web: Service, strategy: dict[str, Any]) -> None:
    assert spec(web)["strategy"] == strategy


def test_a_volume_that_is_shared_or_only_read_lets_the_new_pod_come_first() -> None:
    shared = {"data": Volume(x_slipway=VolumeExtension(shared=True))}
    assert spec(service("web", volumes=DATA), volumes=shared)["strategy"] == rolling(1, 0)
    reading = (Mount(type="volume", source="data", target="/data", read_only=True),)
    assert spec(service("web", volumes=reading))["strategy"] == rolling(1, 0)


def test_a_pod_counts_when_it_was_ready_as_long_as_the_file_watches_it() -> None:
    found = spec(updated(delay=Seconds(10), monitor=Seconds(5.5)))
    assert found["minReadySeconds"] == 10
    assert found["progressDeadlineSeconds"] == 30 + 90 + 10


def test_a_rollout_fails_when_the_slowest_container_had_every_chance() -> None:
    check = Healthcheck(
        test=("CMD", "true"), interval=Seconds(5), timeout=Seconds(5), retries=3, start_period=Seconds(20)
    )
    beside = service("beside", network_mode="service:web", healthcheck=check)
    # a start period, four tries of ten seconds and a margin; then the time to pull
    assert spec(service("web"), beside)["progressDeadlineSeconds"] == 20 + 40 + 30 + 90


@pytest.mark.parametrize(
    ("keys", "replicas"),
    [
        ({}, {"replicas": 1}),
        ({"scale": 3}, {"replicas": 3}),
        ({"scale": 0}, {"replicas": 0}),
        # the autoscaler decides
        ({"x_slipway": ServiceExtension(autoscale=Autoscale(min=2, max=5))}, {}),
    ],
)
def test_how_many_pods(keys: dict[str, Any], replicas: dict[str, int]) -> None:
    found = spec(service("web", **keys))
    assert {key: value for key, value in found.items() if key == "replicas"} == replicas


# --- the other kinds -------------------------------------------------------------------------------------------------


def test_replicas_with_volumes_of_their_own() -> None:
    data = Volume(labels={"team": "a"}, x_slipway=VolumeExtension(keep=False))
    found = spec(service("web", volumes=DATA, scale=2), volumes={"data": data})
    labels = {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop"}
    assert found == {
        "replicas": 2,
        "serviceName": "web",
        "podManagementPolicy": "Parallel",
        "revisionHistoryLimit": 5,
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete", "whenScaled": "Retain"},
        "volumeClaimTemplates": [
            {
                "metadata": {
                    "name": "data",
                    "labels": {
                        **labels,
                        "app.kubernetes.io/part-of": "shop",
                        "app.kubernetes.io/managed-by": "slipway",
                    },
                    "annotations": {"team": "a"},
                },
                "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
            }
        ],
    }


def test_volumes_of_replicas_stay_unless_the_file_says_otherwise() -> None:
    found = spec(service("web", volumes=DATA, scale=2))["persistentVolumeClaimRetentionPolicy"]
    assert found == {"whenDeleted": "Retain", "whenScaled": "Retain"}


@pytest.mark.parametrize(
    ("keys", "strategy"),
    [
        ({}, {"maxSurge": 0, "maxUnavailable": 1}),
        ({"update_config": UpdateConfig(parallelism=2)}, {"maxSurge": 0, "maxUnavailable": 2}),
        ({"update_config": UpdateConfig(order="start-first")}, {"maxSurge": 1, "maxUnavailable": 0}),
    ],
)
def test_a_pod_on_every_node(keys: dict[str, Any], strategy: dict[str, int]) -> None:
    assert spec(service("web", deploy=Deploy(mode="global", **keys))) == {
        "revisionHistoryLimit": 5,
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": strategy},
    }


def test_a_run_that_something_waits_for_is_tried_once_and_made_anew_when_it_failed() -> None:
    found = row(service("web"), service("next", depends_on=COMPLETED))
    assert found.args["metadata"]["annotations"] == {
        "pulumi.com/replaceUnready": "true",
        "pulumi.com/timeoutSeconds": "86400",
    }
    spec = found.args["spec"]
    assert (spec["backoffLimit"], spec["template"]["spec"]["restartPolicy"]) == (0, "Never")
    assert "completions" not in spec


def test_a_run_that_nothing_waits_for_may_take_as_long_as_it_likes() -> None:
    assert row(service("web", restart="no")).args["metadata"]["annotations"] == {"pulumi.com/skipAwait": "true"}


@pytest.mark.parametrize(
    ("keys", "tries"),
    [
        ({"restart": "no"}, 0),
        ({"restart": "on-failure"}, 2**31 - 1),
        ({"restart": "on-failure:3"}, 3),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="on-failure", max_attempts=4))}, 4),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="on-failure"))}, 2**31 - 1),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="none", max_attempts=4))}, 0),
    ],
)
def test_how_often_a_run_is_tried_again(keys: dict[str, Any], tries: int) -> None:
    assert spec(service("web", **keys))["backoffLimit"] == tries


@pytest.mark.parametrize(
    ("restart", "policy"), [("on-failure", "OnFailure"), ("on-failure:3", "Never"), ("no", "Never")]
)
def test_a_run_without_a_limit_is_tried_in_place_and_any_other_leaves_its_logs(restart: str, policy: str) -> None:
    assert row(service("web", restart=restart)).args["spec"]["template"]["spec"]["restartPolicy"] == policy


def test_a_replicated_job_ends_as_often_as_it_has_replicas() -> None:
    found = spec(service("web", deploy=Deploy(mode="replicated-job", replicas=4)))
    assert (found["completions"], found["parallelism"]) == (4, 4)
