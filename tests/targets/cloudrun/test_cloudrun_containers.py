"""The containers of an instance, their variables, and what does not fit into one.

Not proved: that Cloud Run takes them; whole applications are held against Google's own definitions elsewhere.
"""

from typing import Any

import pytest
from apps import app, service
from cloudrun_scopes import NETWORK, SUBNETWORK, scope

from components.model import (
    App,
    Bytes,
    Dependency,
    FileGrant,
    FileObject,
    Healthcheck,
    Opaque,
    Parts,
    Port,
    Service,
    Text,
)
from components.support import Conflict
from components.targets.cloudrun import containers, environment, instances, names
from components.targets.cloudrun.render import RULES, problems
from components.targets.rows import Ref

SECRET = Parts([Opaque("x", name="KEY")])
HTTP = Healthcheck(test=("CMD", "curl", "-f", "http://localhost:8000/"))
DEFAULT_LIMITS = {"limits": {"cpu": "1000m", "memory": "512Mi"}}


def of_instance(application: App, name: str = "web", **given: Any) -> dict[str, dict[str, Any]]:
    reached = scope(application, **given)
    return {each["name"]: each for each in containers.of_instance(reached, application.services[name])}


def sidecar(name: str, **keys: Any) -> Service:
    return service(name, network_mode="service:web", **{"networks": {}, **keys})


def test_a_container_is_what_the_file_says() -> None:
    web = service(
        "web",
        entrypoint=("/entry",),
        command=("serve", "--fast"),
        working_dir="/srv",
        environment={"A": "1", "UNSET": None, "KEY": SECRET},
        ports=(Port(target=8000, published="80"),),
        tmpfs=("/tmp:size=16m",),
    )
    assert of_instance(app(web)) == {
        "web": {
            "name": "web",
            "image": "web:1",
            "commands": ["/entry"],
            "args": ["serve", "--fast"],
            "working_dir": "/srv",
            "envs": [
                {"name": "A", "value": "1"},
                {
                    "name": "KEY",
                    "value_source": {
                        "secret_key_ref": {
                            "secret": Ref("Secret", "web-KEY", "secret_id"),
                            "version": Ref("SecretVersion", "web-KEY", "version"),
                        }
                    },
                },
            ],
            "ports": {"container_port": 8000},
            "volume_mounts": [{"name": "memory-web-e9671ac", "mount_path": "/tmp"}],
            "resources": DEFAULT_LIMITS,
        }
    }


def test_what_the_file_says_nothing_of_is_left_out() -> None:
    assert of_instance(app(service("web"))) == {"web": {"name": "web", "image": "web:1", "resources": DEFAULT_LIMITS}}


@pytest.mark.parametrize("said", ["grpc", "h2c", "http2"])
def test_a_port_of_http_2_is_named_so(said: str) -> None:
    web = service("web", ports=(Port(target=50051, app_protocol=said),))
    assert of_instance(app(web))["web"]["ports"] == {"container_port": 50051, "name": "h2c"}


def test_a_health_check_is_a_startup_and_a_liveness_probe() -> None:
    found = of_instance(app(service("web", healthcheck=HTTP)))["web"]
    assert found["startup_probe"]["http_get"] == {"path": "/", "port": 8000}
    assert found["liveness_probe"]["http_get"] == {"path": "/", "port": 8000}


def test_what_runs_to_its_end_is_not_asked() -> None:
    run = service("web", healthcheck=HTTP)
    other = service("api", depends_on={"web": Dependency(condition="service_completed_successfully")})
    assert not {"startup_probe", "liveness_probe"} & set(of_instance(app(run, other))["web"])


def test_a_companion_is_a_container_beside_the_services_own() -> None:
    found = of_instance(app(service("web", expose=("80",)), sidecar("proxy", cpus=0.25, mem_limit=Bytes(64 * 2**20))))
    assert found["proxy"] == {
        "name": "proxy",
        "image": "proxy:1",
        "resources": {"limits": {"cpu": "250m", "memory": "128Mi"}},
    }
    assert found["web"]["ports"] == {"container_port": 80}


def test_a_companion_starts_after_what_it_depends_on_in_the_same_instance() -> None:
    dependent = sidecar("proxy", depends_on={"web": Dependency(condition="service_healthy"), "api": Dependency()})
    found = of_instance(app(service("web", healthcheck=HTTP), dependent, service("api")))
    assert found["proxy"]["depends_ons"] == ["web"]


def test_the_platforms_own_question_is_written_where_another_container_waits_for_it() -> None:
    found = of_instance(app(service("web", expose=("80",)), sidecar("proxy", depends_on={"web": Dependency()})))
    assert found["proxy"]["depends_ons"] == ["web"]
    assert found["web"]["startup_probe"] == {
        "tcp_socket": {"port": 80},
        "period_seconds": 240,
        "failure_threshold": 1,
        "timeout_seconds": 240,
    }


def test_what_nothing_can_be_asked_of_is_not_waited_for() -> None:
    found = of_instance(app(service("web", depends_on={"proxy": Dependency()}), sidecar("proxy")))
    assert "depends_ons" not in found["web"]


# --- variables -------------------------------------------------------------------------------------------------------


def test_the_variable_that_cloud_run_sets_itself_is_left_to_it() -> None:
    web = service("web", environment={"PORT": "8000", "A": "1"}, expose=("8000",))
    assert of_instance(app(web))["web"]["envs"] == [{"name": "A", "value": "1"}]
    assert list(environment.conflicts(app(web))) == []


def test_a_worker_may_be_told_a_port() -> None:
    assert of_instance(app(service("web", environment={"PORT": "8000"})))["web"]["envs"] == [
        {"name": "PORT", "value": "8000"}
    ]


def test_a_companion_may_be_told_a_port() -> None:
    found = of_instance(app(service("web", expose=("80",)), sidecar("proxy", environment={"PORT": "8888"})))
    assert found["proxy"]["envs"] == [{"name": "PORT", "value": "8888"}]


def test_another_port_than_that_of_requests_is_refused() -> None:
    web = service("web", environment={"PORT": "3000"}, expose=("8000",))
    assert list(environment.conflicts(app(web))) == [
        Conflict(
            ("services", "web", "environment", "PORT"),
            "Cloud Run sets it to 8000, the port that requests are handed to, and not to 3000",
            "publish 3000, or remove it",
        )
    ]


@pytest.mark.parametrize("name", ["K_SERVICE", "K_REVISION", "K_CONFIGURATION"])
def test_a_variable_of_cloud_runs_own_is_refused(name: str) -> None:
    web = service("web", environment={name: "x"}, expose=("8000",))
    assert list(environment.conflicts(app(web))) == [
        Conflict(("services", "web", "environment", name), "Cloud Run sets it itself", "rename it")
    ]


def test_a_variable_that_is_too_long_is_refused() -> None:
    long: Text = "x" * (32 * 1024 + 1)
    found = problems(app(service("web", environment={"A": "x" * 32768, "B": long})), *_nothing())
    assert [str(each) for each in found] == [
        "services.web: the variable B of web has 32769 bytes, and 32768 are the most; put a part of it into the image"
    ]


def _nothing() -> tuple[Any, Any]:
    reached = scope(app())
    return reached.given.contents, reached.access


# --- instances -------------------------------------------------------------------------------------------------------


def test_a_template_has_an_account_and_the_way_into_the_network_where_something_is_called() -> None:
    web = service("web", environment={"API": "http://api:8080"}, expose=("80",))
    reached = scope(app(web, service("api", expose=("8080",))), reached={"kms_key": "projects/shop-1/key"})
    assert instances.template(reached, web) == {
        "containers": containers.of_instance(reached, web),
        "service_account": Ref("Account", "web", "email"),
        "vpc_access": {
            "network_interfaces": [{"network": NETWORK, "subnetwork": SUBNETWORK}],
            "egress": "PRIVATE_RANGES_ONLY",
        },
        "encryption_key": "projects/shop-1/key",
    }


def conflicts(application: App) -> list[Conflict]:
    return [each for rule in RULES for each in rule(application)]


def test_containers_that_ask_for_more_than_an_instance_has_are_refused() -> None:
    assert conflicts(app(service("web", cpus=9.0))) == [
        Conflict(
            ("services", "web", "deploy"),
            "its instances ask for 9 vCPU and 32 GiB, and 8 vCPU and 32 GiB are the most that one has",
            "ask for less, or use the target kubernetes on GKE",
        )
    ]


def test_the_containers_of_an_instance_count_together() -> None:
    found = conflicts(app(service("web", cpus=8.0), sidecar("proxy", cpus=0.5)))
    assert [each.what for each in found] == [
        "its instances ask for 8.5 vCPU and 4.5 GiB, and 8 vCPU and 32 GiB are the most that one has"
    ]


def test_what_writes_files_counts_as_well() -> None:
    web = service("web", cpus=8.0, configs=(FileGrant(source="page", target="/etc/app/page"),))
    application = app(web, configs={"page": FileObject(content="x")})
    assert conflicts(application) == []
    assert [str(each) for each in problems(application, *_nothing())] == [
        "services.web: its instances have 8.16 vCPU and 4.625 GiB with what writes their files, "
        "and 8 vCPU and 32 GiB are the most; ask for less, or put files into the image"
    ]


def test_two_containers_of_one_name_are_refused() -> None:
    found = conflicts(app(service("web"), sidecar("WEB"), sidecar("slipway_init")))
    assert found == [
        Conflict(
            ("services", "web"),
            f'two containers of its instances are "{name}"',
            "rename the service, or the one in its network",
        )
        for name in ("web", "slipway-init")
    ]


def test_what_stays_beside_what_ends_is_refused() -> None:
    waiting = service("api", depends_on={"web": Dependency(condition="service_completed_successfully")})
    assert conflicts(app(service("web"), sidecar("proxy"), waiting)) == [
        Conflict(
            ("services", "proxy", "network_mode"),
            '"web" runs to its end, and it would have to end as well',
            "give it a network of its own",
        )
    ]


def test_more_than_ten_containers_are_refused() -> None:
    many = app(service("web"), *(sidecar(f"s{number}", cpus=0.1) for number in range(10)))
    found = problems(many, *_nothing())
    listed = ", ".join(["web", *(f"s{number}" for number in range(10))])
    assert [str(each) for each in found] == [
        f"services.web: its instances have 11 containers, and 10 are the most ({listed}); "
        "give some a network of their own, or put files into the image"
    ]


def test_what_writes_files_counts_among_the_containers() -> None:
    web = service("web", secrets=(FileGrant(source="a"), FileGrant(source="b")))
    objects = {name: FileObject(environment=name) for name in "ab"}
    many = app(web, *(sidecar(f"s{number}", cpus=0.1) for number in range(9)), secrets=objects)
    assert [str(each).partition(" (")[0] for each in problems(many, *_nothing())] == [
        "services.web: its instances have 11 containers, and 10 are the most"
    ]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("web", "web"),
        ("My_Web.1", "my-web-1"),
        ("a" * 63, "a" * 63),
        ("a" * 64, f"{'a' * 55}-ffe054f"),
    ],
)
def test_a_containers_name_is_a_label_of_dns(name: str, found: str) -> None:
    assert names.container(name) == found
