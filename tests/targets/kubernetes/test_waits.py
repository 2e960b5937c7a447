"""What pods wait for. That it works: tests/conformance."""

from typing import Any

import pytest
from apps import HEALTHY, app, service
from scopes import scope

from components.model import Dependency, Network, Port, Service
from components.targets.kubernetes import waits

HEALTH = Dependency(condition="service_healthy")


def containers(web: Service, *others: Service, access: dict[str, Any] | None = None, **keys: Any) -> list[Any]:
    return waits.containers(scope(app(web, *others, **keys), access=access), web)


def scripts(web: Service, *others: Service, **keys: Any) -> list[str]:
    return [each["command"][2] for each in containers(web, *others, **keys)]


def test_a_pod_waits_until_a_dependency_answers() -> None:
    web = service("web", depends_on={"my_db": HEALTH})
    db = service("my_db", ports=(Port(target=5432),), healthcheck=HEALTHY)
    [found] = containers(web, db, access={"namespace": "live", "cluster_domain": "c.test", "wait_image": "busybox:1"})
    assert found == {
        "name": "wait-for-my-db",
        "image": "busybox:1",
        "command": [
            "sh",
            "-c",
            "until nc -w 2 my-db.live.svc.c.test 5432 -e true >/dev/null 2>&1; "
            "do echo 'waiting for my_db'; sleep 1; done",
        ],
        "resources": {"limits": {"memory": "32Mi"}, "requests": {"cpu": "10m", "memory": "8Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "runAsUser": 65534,
        },
    }


def test_a_dependency_without_a_known_port_is_there_when_its_name_is() -> None:
    web = service("web", depends_on={"db": HEALTH})
    [script] = scripts(web, service("db"))
    assert script.startswith("until nslookup db.shop.svc.cluster.local | grep -q ^Name >/dev/null 2>&1; do ")


def test_what_has_started_is_waited_for_too() -> None:
    assert len(scripts(service("web", depends_on={"db": Dependency()}), service("db"))) == 1


@pytest.mark.parametrize(
    ("condition", "keys"),
    [
        ("service_completed_successfully", {}),  # a Job, which the deployment waits for
        ("service_healthy", {"networks": {"back": None}}),  # no network that both are on
        ("service_healthy", {"network_mode": "none", "networks": {}}),
        ("service_healthy", {"ports": (Port(target=53, protocol="udp"),)}),  # nothing to connect to
        ("service_started", {"scale": 0}),  # the file wants none of it
    ],
)
def test_what_could_not_answer_is_not_waited_for(condition: str, keys: dict[str, Any]) -> None:
    web = service("web", depends_on={"db": Dependency(condition=condition)})
    networks = {"default": Network(), "back": Network()}
    assert scripts(web, service("db", **keys), networks=networks) == []


def test_the_host_reaches_every_service() -> None:
    web = service("web", networks={}, network_mode="host", depends_on={"db": HEALTH})
    assert len(scripts(web, service("db"))) == 1


def test_a_service_that_there_is_not_is_not_waited_for() -> None:
    assert scripts(service("web", depends_on={"gone": Dependency(required=False)})) == []


def test_containers_of_a_pod_do_not_wait_for_each_other_and_for_others_once() -> None:
    web = service("web", depends_on={"db": HEALTH})
    beside = service("beside", network_mode="service:web", depends_on={"web": HEALTH, "db": HEALTH})
    assert [each["name"] for each in containers(web, service("db"), beside)] == ["wait-for-db"]
