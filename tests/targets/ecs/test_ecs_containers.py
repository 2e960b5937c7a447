"""Containers of a task, in the names of the API.

Not proved: that ECS takes them; tests/aws_models holds them against its own model.
"""

from typing import Any

import pytest
from apps import app, service
from ecs_scopes import scope

from components.model import (
    App,
    Bytes,
    Dependency,
    Deploy,
    Healthcheck,
    Limits,
    Mount,
    Opaque,
    Parts,
    Port,
    PreStart,
    Reservations,
    Resources,
    Seconds,
    Service,
    TmpfsOptions,
    Ulimit,
)
from components.targets.ecs import containers, logs

SECRET = Parts([Opaque("x", name="KEY")])


def of_task(application: App, name: str = "web", **given: Any) -> dict[str, dict[str, Any]]:
    """The containers of a service's tasks by name."""
    reached = scope(application, **given)
    return {each["name"]: each for each in containers.of_task(reached, application.services[name])}


def web(**keys: Any) -> dict[str, Any]:
    """A container that is alone."""
    return of_task(app(service("web", **keys)))["web"]


def test_a_container_that_says_nothing_has_an_image_a_log_and_composes_own_time_to_stop() -> None:
    alone = app(service("web"))
    assert of_task(alone) == {
        "web": {
            "name": "web",
            "essential": True,
            "image": "web:1",
            "stopTimeout": 10,
            "logConfiguration": logs.configuration(scope(alone)),
        }
    }


def test_entrypoint_and_command_are_the_apis_and_an_empty_one_takes_away_the_images() -> None:
    found = web(entrypoint=("/run",), command=("a", "$(b)"))
    assert (found["entryPoint"], found["command"]) == (["/run"], ["a", "$(b)"])
    assert web(command=())["command"] == []


def test_a_container_has_what_the_file_says_of_it() -> None:
    found = web(
        user="1000:1000",
        working_dir="/app",
        read_only=True,
        init=True,
        cap_add=("CAP_SYS_PTRACE",),
        cap_drop=("all", "net_raw"),
        ulimits={"nofile": Ulimit(soft=1024, hard=2048), "nproc": Ulimit(soft=1, hard=1)},
        sysctls={"net.core.somaxconn": "1024"},
        labels={"team": "blue"},
        stdin_open=True,
        tty=True,
    )
    assert {key: found[key] for key in ("user", "workingDirectory", "readonlyRootFilesystem")} == {
        "user": "1000:1000",
        "workingDirectory": "/app",
        "readonlyRootFilesystem": True,
    }
    assert found["linuxParameters"] == {
        "initProcessEnabled": True,
        "capabilities": {"add": ["SYS_PTRACE"], "drop": ["ALL", "NET_RAW"]},
    }
    assert found["ulimits"] == [{"name": "nofile", "softLimit": 1024, "hardLimit": 2048}]
    assert found["systemControls"] == [{"namespace": "net.core.somaxconn", "value": "1024"}]
    assert (found["dockerLabels"], found["interactive"], found["pseudoTerminal"]) == ({"team": "blue"}, True, True)


@pytest.mark.parametrize(("asked", "seconds"), [(0.5, 2), (90.2, 91), (600, 120)])
def test_the_time_to_stop_is_within_what_fargate_gives(asked: float, seconds: int) -> None:
    assert web(stop_grace_period=Seconds(asked))["stopTimeout"] == seconds


def test_limits_and_reservations_are_those_of_the_container() -> None:
    limits = Limits(cpus=0.5, memory=Bytes(512 * 1024**2))
    reserved = Reservations(memory=Bytes(128 * 1024**2))
    found = web(deploy=Deploy(resources=Resources(limits=limits, reservations=reserved)))
    assert {key: found.get(key) for key in ("cpu", "memory", "memoryReservation")} == {
        "cpu": 512,
        "memory": 512,
        "memoryReservation": 128,
    }
    assert web(mem_limit=Bytes(1024))["memory"] == 6
    assert "memoryReservation" not in web(mem_limit=Bytes(64 * 1024**2), mem_reservation=Bytes(64 * 1024**2))


# --- health ----------------------------------------------------------------------------------------------------------


def test_a_health_check_is_as_it_is_with_the_engines_own_defaults() -> None:
    check = Healthcheck(test=("CMD-SHELL", "curl -f localhost"), interval=Seconds(10), timeout=Seconds(3), retries=5)
    assert web(healthcheck=check)["healthCheck"] == {
        "command": ["CMD-SHELL", "curl -f localhost"],
        "interval": 10,
        "timeout": 3,
        "retries": 5,
        "startPeriod": 0,
    }
    defaults = web(healthcheck=Healthcheck(test=("CMD", "true")))["healthCheck"]
    assert [defaults[key] for key in ("interval", "timeout", "retries")] == [30, 30, 3]


def test_what_is_beyond_ecs_is_the_nearest_that_it_takes() -> None:
    times = {"interval": Seconds(1), "timeout": Seconds(0.5), "retries": 20, "start_period": Seconds(600)}
    found = web(healthcheck=Healthcheck(test=("CMD", "true"), **times))["healthCheck"]
    assert [found[key] for key in ("interval", "timeout", "retries", "startPeriod")] == [5, 2, 10, 300]


@pytest.mark.parametrize(
    "check", [Healthcheck(test=("NONE",)), Healthcheck(disable=True), Healthcheck(interval=Seconds(5))]
)
def test_a_check_without_a_command_is_none(check: Healthcheck) -> None:
    assert "healthCheck" not in web(healthcheck=check)


# --- environment -----------------------------------------------------------------------------------------------------


def test_a_variable_without_a_value_is_not_set_and_a_secret_is_named_not_shown() -> None:
    found = web(environment={"A": "1", "B": None, "EMPTY": "", "KEY": SECRET, "URL": Parts(["x", Opaque("y")])})
    assert found["environment"] == [{"name": "A", "value": "1"}, {"name": "EMPTY", "value": ""}]
    assert [each["name"] for each in found["secrets"]] == ["KEY", "URL"]
    assert [each["valueFrom"].parts[1] for each in found["secrets"]] == [":KEY::", ":URL::"]


def test_an_output_that_is_no_secret_is_shown() -> None:
    address = Parts(["http://", Opaque("unknown yet", secret=False)])
    assert web(environment={"URL": address})["environment"] == [{"name": "URL", "value": address}]


# --- ports -----------------------------------------------------------------------------------------------------------


def test_every_port_that_is_listened_on_is_mapped() -> None:
    given = app(
        service("web", ports=(Port(target=80, published="8080"), Port(target=53, protocol="udp")), expose=("9000",)),
        service("worker", environment={"API": "http://web:7000"}),
    )
    assert of_task(given)["web"]["portMappings"] == [
        {"containerPort": 80, "protocol": "tcp"},
        {"containerPort": 53, "protocol": "udp"},
        {"containerPort": 9000, "protocol": "tcp"},
        {"containerPort": 7000, "protocol": "tcp"},
    ]


def test_a_port_of_another_protocol_than_tcp_and_udp_is_no_port_of_the_container() -> None:
    given = app(service("web", expose=("8000", "9000/sctp")))
    assert of_task(given)["web"]["portMappings"] == [{"containerPort": 8000, "protocol": "tcp"}]


def test_service_connect_wants_names_of_tcp_ports() -> None:
    given = app(service("web", ports=(Port(target=80), Port(target=53, protocol="udp"))))
    found = of_task(given, reached={"service_connect": True})["web"]["portMappings"]
    assert [port.get("name") for port in found] == ["tcp-80", None]


# --- memory ----------------------------------------------------------------------------------------------------------


def tmpfs(**keys: Any) -> Any:
    return web(**keys)["linuxParameters"]["tmpfs"]


def test_what_is_in_memory_has_its_size_and_the_options_that_ecs_takes() -> None:
    assert tmpfs(tmpfs=("/run:size=65m,mode=1770,noexec,nosize",)) == [
        {"containerPath": "/run", "size": 65, "mountOptions": ["mode=1770", "noexec"]}
    ]
    mount = Mount(type="tmpfs", target="/cache", tmpfs=TmpfsOptions(size=Bytes(1), mode=0o700))
    assert tmpfs(volumes=(mount,)) == [{"containerPath": "/cache", "size": 1, "mountOptions": ["mode=700"]}]


def test_without_a_size_those_in_memory_share_the_half_of_the_tasks() -> None:
    assert tmpfs(tmpfs=("/run", "/tmp:size=1m", "/cache")) == [
        {"containerPath": "/run", "size": 128},
        {"containerPath": "/tmp", "size": 1},
        {"containerPath": "/cache", "size": 128},
    ]


# --- several containers ----------------------------------------------------------------------------------------------

STEPS = (PreStart(command=("migrate",)), PreStart(image="tool:2", command=("warm",), mem_limit=Bytes(64 * 1024**2)))


def test_steps_run_one_after_the_other_before_the_services_own() -> None:
    found = of_task(app(service("web", pre_start=STEPS)))
    assert list(found) == ["web", "web-pre-start-1", "web-pre-start-2"]
    assert {name: each.get("dependsOn") for name, each in found.items()} == {
        "web": [{"containerName": "web-pre-start-2", "condition": "SUCCESS"}],
        "web-pre-start-1": None,
        "web-pre-start-2": [{"containerName": "web-pre-start-1", "condition": "SUCCESS"}],
    }
    assert {name: (each["essential"], each["image"]) for name, each in found.items()} == {
        "web": (True, "web:1"),
        "web-pre-start-1": (False, "web:1"),
        "web-pre-start-2": (False, "tool:2"),
    }


def companion(**keys: Any) -> Service:
    return service("proxy", network_mode="service:web", networks={}, **keys)


def test_a_companion_is_in_the_tasks_of_its_owner_and_waits_as_the_file_says() -> None:
    checked = service("web", healthcheck=Healthcheck(test=("CMD", "true")))
    waiting = companion(depends_on={"web": Dependency(condition="service_healthy")})
    found = of_task(app(checked, waiting))
    assert list(found) == ["web", "proxy"]
    assert found["proxy"]["essential"] is True
    assert found["proxy"]["dependsOn"] == [{"containerName": "web", "condition": "HEALTHY"}]


def test_health_that_the_file_does_not_check_is_not_waited_for() -> None:
    found = of_task(app(service("web"), companion(depends_on={"web": Dependency(condition="service_healthy")})))
    assert found["proxy"]["dependsOn"] == [{"containerName": "web", "condition": "START"}]


def test_what_is_in_other_tasks_is_not_waited_for_here() -> None:
    found = of_task(app(service("web", depends_on={"db": Dependency()}), service("db", networks={}), networks={}))
    assert "dependsOn" not in found["web"]


def test_a_name_with_a_dot_is_one_that_ecs_takes() -> None:
    assert list(of_task(app(service("web.app")), "web.app")) == ["web-app"]


def test_credentials_are_those_of_the_images_registry() -> None:
    secrets = {"registry.example.com": "arn:1", "docker.io": "arn:2"}
    private = of_task(app(service("web", image="registry.example.com/team/web:1")), pull_secrets=secrets)["web"]
    assert private["repositoryCredentials"] == {"credentialsParameter": "arn:1"}
    hub = of_task(app(service("web", image="team/web:1")), pull_secrets=secrets)["web"]
    assert hub["repositoryCredentials"] == {"credentialsParameter": "arn:2"}
    public = of_task(app(service("web", image="public.ecr.aws/nginx/nginx:1")), pull_secrets=secrets)["web"]
    assert "repositoryCredentials" not in public
