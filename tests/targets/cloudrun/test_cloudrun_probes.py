"""What Cloud Run asks of a container, of a Compose health check. That it has these limits, its pages say."""

from typing import Any

import pytest

from components.model import Healthcheck, Seconds, Service
from components.targets.cloudrun import probes

CURL = ("CMD", "curl", "-f", "http://localhost:8080/healthz")
HTTP = {"http_get": {"path": "/healthz", "port": 8080}}


def checked(*test: str, **times: Any) -> Service:
    return Service(name="web", healthcheck=Healthcheck(test=test or CURL, **times))


def test_without_times_the_engines_own_count() -> None:
    assert probes.startup(checked()) == {
        **HTTP,
        "period_seconds": 5,
        "failure_threshold": 18,
        "timeout_seconds": 5,
    }
    assert probes.liveness(checked()) == {
        **HTTP,
        "period_seconds": 30,
        "failure_threshold": 9,
        "timeout_seconds": 30,
    }


def test_failures_within_the_start_period_do_not_count() -> None:
    times = {"interval": Seconds(2), "timeout": Seconds(1.5), "retries": 4, "start_period": Seconds(10)}
    assert probes.startup(checked(**times)) == {
        **HTTP,
        "period_seconds": 2,
        "failure_threshold": 9,
        "timeout_seconds": 2,
    }


def test_a_check_has_its_own_interval_at_the_start_where_the_file_says_one() -> None:
    times = {"start_interval": Seconds(9), "start_period": Seconds(90), "interval": Seconds(10), "retries": 0}
    found = probes.startup(checked(**times))
    assert found is not None
    assert (found["period_seconds"], found["failure_threshold"]) == (9, 12)


@pytest.mark.parametrize(
    ("times", "period", "tries"),
    [
        ({"start_period": Seconds(1000)}, 5, 48),
        ({"start_interval": Seconds(100)}, 100, 1),
        ({"start_interval": Seconds(1000)}, 240, 1),
    ],
)
def test_a_container_has_to_come_up_within_240_seconds(times: dict[str, Any], period: int, tries: int) -> None:
    found = probes.startup(checked(**times))
    assert found is not None
    assert (found["period_seconds"], found["failure_threshold"]) == (period, tries)


def test_no_more_than_an_hour_is_between_two_questions() -> None:
    found = probes.liveness(checked(interval=Seconds(7200), timeout=Seconds(7200)))
    assert found is not None
    assert (found["period_seconds"], found["timeout_seconds"]) == (3600, 3600)


@pytest.mark.parametrize(
    ("test", "action"),
    [
        (("CMD", "nc", "-z", "localhost", "5432"), {"tcp_socket": {"port": 5432}}),
        (("CMD", "redis-cli", "ping"), {"tcp_socket": {"port": 6379}}),
        (("CMD", "curl", "http://localhost:8080/"), {"tcp_socket": {"port": 8080}}),
        (("CMD", "curl", "-fk", "https://localhost:8443/"), {"tcp_socket": {"port": 8443}}),
        (("CMD", "grpc_health_probe", "-addr=:50051"), {"grpc": {"port": 50051}}),
        (("CMD", "grpc_health_probe", "-addr=:50051", "-service=shop"), {"grpc": {"port": 50051, "service": "shop"}}),
        (
            ("CMD", "curl", "-fH", "X-Probe: yes", "http://localhost/up?a=1"),
            {"http_get": {"path": "/up?a=1", "port": 80, "http_headers": [{"name": "X-Probe", "value": "yes"}]}},
        ),
    ],
)
def test_what_a_command_asks_is_asked_or_the_nearest_that_there_is(
    test: tuple[str, ...], action: dict[str, Any]
) -> None:
    found = probes.startup(checked(*test))
    assert found is not None
    assert {key: value for key, value in found.items() if not key.endswith(("_seconds", "_threshold"))} == action


@pytest.mark.parametrize(
    ("test", "exact"),
    [
        (CURL, True),
        (("CMD", "nc", "-z", "localhost", "5432"), True),
        (("CMD", "redis-cli", "ping"), False),
        (("CMD", "curl", "-fk", "https://localhost:8443/"), False),
        (("CMD", "true"), False),
    ],
)
def test_it_is_known_whether_the_question_is_the_commands(test: tuple[str, ...], exact: bool) -> None:
    assert probes.is_exact(Healthcheck(test=test)) is exact


def test_a_connection_is_no_question_of_liveness() -> None:
    assert probes.liveness(checked("CMD", "nc", "-z", "localhost", "5432")) is None


@pytest.mark.parametrize(
    "service",
    [
        Service(name="web"),
        checked("CMD", "/health"),
        checked("NONE"),
        Service(name="web", healthcheck=Healthcheck(test=CURL, disable=True)),
    ],
)
def test_what_is_not_told_from_its_command_has_no_probe(service: Service) -> None:
    assert (probes.startup(service), probes.liveness(service)) == (None, None)
