"""A health check as probes. Whether a kubelet heeds them: tests/conformance."""

from typing import Any

import pytest
from apps import app, service
from scopes import scope

from components.model import Healthcheck, Ingress, Port, Seconds, Service, ServiceExtension
from components.targets.kubernetes import probes

CURL = ("CMD", "curl", "-f", "http://localhost:8000/up")
ASKED = {"httpGet": {"path": "/up", "port": 8000, "httpHeaders": [{"name": "Host", "value": "localhost:8000"}]}}
PORTS = (Port(target=8000),)


def of(web: Service, *others: Service) -> dict[str, Any]:
    return probes.probes(scope(app(web, *others)), web)


def action(*test: str, ports: tuple[Port, ...] = PORTS) -> dict[str, Any]:
    found = of(service("web", ports=ports, healthcheck=Healthcheck(test=test)))["livenessProbe"]
    return {key: value for key, value in found.items() if key in ("exec", "httpGet", "tcpSocket", "grpc")}


@pytest.mark.parametrize(
    "check", [None, Healthcheck(disable=True, test=CURL), Healthcheck(test=("NONE",)), Healthcheck()]
)
def test_without_a_health_check_there_is_no_probe(check: Healthcheck | None) -> None:
    assert of(service("web", healthcheck=check)) == {}


def test_the_times_are_those_of_the_file() -> None:
    check = Healthcheck(
        test=CURL,
        interval=Seconds(10),
        timeout=Seconds(2.5),
        retries=4,
        start_period=Seconds(60),
        start_interval=Seconds(2),
    )
    assert of(service("web", ports=PORTS, healthcheck=check)) == {
        # 60 seconds that do not count, then four times ten
        "startupProbe": {**ASKED, "periodSeconds": 2, "failureThreshold": 50, "timeoutSeconds": 3},
        "readinessProbe": {**ASKED, "periodSeconds": 10, "timeoutSeconds": 3, "failureThreshold": 4},
        "livenessProbe": {**ASKED, "periodSeconds": 10, "timeoutSeconds": 3, "failureThreshold": 12},
    }


def test_without_times_they_are_the_engine_s() -> None:
    found = of(service("web", ports=PORTS, healthcheck=Healthcheck(test=CURL)))
    steady = {**ASKED, "periodSeconds": 30, "timeoutSeconds": 30}
    assert found["readinessProbe"] == {**steady, "failureThreshold": 3}
    assert found["livenessProbe"] == {**steady, "failureThreshold": 9}
    assert found["startupProbe"] == {**ASKED, "periodSeconds": 5, "failureThreshold": 18, "timeoutSeconds": 30}


def test_less_than_a_second_is_one() -> None:
    check = Healthcheck(test=CURL, interval=Seconds(0.5), timeout=Seconds(0.1), retries=0)
    found = of(service("web", ports=PORTS, healthcheck=check))["readinessProbe"]
    assert (found["periodSeconds"], found["timeoutSeconds"], found["failureThreshold"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("test", "asked"),
    [
        (("CMD", "nc", "-z", "localhost", "8000"), {"tcpSocket": {"port": 8000}}),
        (("CMD", "grpc_health_probe", "-addr=:8000"), {"grpc": {"port": 8000}}),
        (("CMD", "grpc_health_probe", "-addr=:8000", "-service=a"), {"grpc": {"port": 8000, "service": "a"}}),
        (
            ("CMD", "curl", "-kf", "-H", "Host: shop.example", "https://localhost:8000/"),
            {
                "httpGet": {
                    "path": "/",
                    "port": 8000,
                    "scheme": "HTTPS",
                    "httpHeaders": [{"name": "Host", "value": "shop.example"}],
                }
            },
        ),
    ],
)
def test_what_is_asked_over_the_network_the_kubelet_asks(test: tuple[str, ...], asked: dict[str, Any]) -> None:
    assert action(*test) == asked


@pytest.mark.parametrize(
    ("test", "command"),
    [
        (("CMD", "redis-cli", "ping"), ["redis-cli", "ping"]),
        (("CMD-SHELL", "test -f /tmp/up"), ["/bin/sh", "-c", "test -f /tmp/up"]),
        # an answer of any kind would do
        (("CMD", "curl", "http://localhost:8000/"), ["curl", "http://localhost:8000/"]),
    ],
)
def test_anything_else_is_run_as_it_is(test: tuple[str, ...], command: list[str]) -> None:
    assert action(*test) == {"exec": {"command": command}}


def test_a_port_that_may_be_the_container_s_alone_is_asked_from_within() -> None:
    assert action(*CURL, ports=()) == {"exec": {"command": list(CURL[1:])}}


def test_a_port_that_another_service_names_is_asked_by_the_kubelet() -> None:
    web = service("web", healthcheck=Healthcheck(test=CURL))
    assert of(web, service("db", environment={"WEB": "http://web:8000"}))["livenessProbe"]["httpGet"]["port"] == 8000


def entered(**keys: Any) -> dict[str, Any]:
    extension = ServiceExtension(ingress=Ingress(port=8000, health_path="/ready"))
    return of(service("web", x_slipway=extension, **keys))


def test_what_an_entry_point_asks_decides_who_gets_requests() -> None:
    ready = {"httpGet": {"path": "/ready", "port": 8000}}
    assert entered() == {"readinessProbe": ready}
    found = entered(healthcheck=Healthcheck(test=("CMD", "true")))
    assert found["readinessProbe"] == {**ready, "periodSeconds": 30, "timeoutSeconds": 30, "failureThreshold": 3}
    assert found["livenessProbe"]["exec"] == found["startupProbe"]["exec"] == {"command": ["true"]}
