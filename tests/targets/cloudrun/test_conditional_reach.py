"""What is told of how services are reached on Cloud Run: which rows hold for which files."""

from typing import Any

import pytest
from apps import app, service

from components import support
from components.model import (
    App,
    Autoscale,
    Build,
    Deploy,
    Ingress,
    Job,
    Network,
    Port,
    Schedule,
    Service,
    ServiceExtension,
    Triggers,
    UpdateConfig,
)
from components.targets.cloudrun.support import SUPPORT


def told(application: App, below: str) -> dict[str, tuple[str, str]]:
    """Path -> verdict and reason of every finding below a path, or of one."""
    found = support.findings(application, SUPPORT, "cloudrun")
    return {each.path: (each.verdict.value, each.reason) for each in found if each.path.startswith(below)}


def of_web(*others: Service, below: str, **keys: Any) -> dict[str, tuple[str, str]]:
    place = f"services.web.{below}"
    return {
        path.removeprefix(place): found for path, found in told(app(service("web", **keys), *others), place).items()
    }


OWN_URL = "it answers at a URL of its own, by TLS; plain HTTP is sent on to that, whatever the port"
ONE_PORT = "Cloud Run hands requests to one port of a service"


def test_a_published_port_is_another_outside_and_a_second_one_is_refused() -> None:
    ports = (Port(target=80, published="8080"), Port(target=9090, published="9090"))
    assert of_web(below="ports", ports=ports) == {
        "[0].published": ("approximated", OWN_URL),
        "[1].target": ("rejected", ONE_PORT),
    }


def test_a_port_for_the_machine_itself_is_not_published() -> None:
    assert of_web(below="ports", ports=(Port(target=80, published="80", host_ip="127.0.0.1"),)) == {
        "[0].host_ip": ("approximated", "it is not published: reach it with `gcloud run services proxy`")
    }


@pytest.mark.parametrize("protocol", ["udp", "sctp"])
def test_nothing_but_http_is_taken(protocol: str) -> None:
    found = of_web(below="ports[0].protocol", ports=(Port(target=53, protocol=protocol),))
    assert found == {"": ("rejected", "Cloud Run takes nothing but HTTP")}


def test_a_second_port_that_is_exposed_is_told() -> None:
    assert of_web(below="expose", expose=("8080", "9090")) == {
        "": ("approximated", f"others do not reach it: {ONE_PORT}")
    }


@pytest.mark.parametrize(
    ("keys", "below"),
    [
        ({"image": "redis:7"}, "image"),
        ({"image": None, "build": Build(context="/shop"), "expose": ("6379",)}, "build.context"),
    ],
)
def test_a_server_without_http_is_refused(keys: dict[str, Any], below: str) -> None:
    assert of_web(below=below, **keys) == {
        "": ("rejected", "it does not speak HTTP, and Cloud Run hands on nothing else")
    }


@pytest.mark.parametrize(
    ("image", "fix"),
    [
        (
            "postgres:16",
            "let it be x-slipway.managed: postgres, mysql or redis, use the target kubernetes on GKE, "
            "or accept it with slipway:accept",
        ),
        ("eclipse-mosquitto", "use the target kubernetes on GKE, or accept it with slipway:accept"),
    ],
)
def test_what_google_has_as_a_service_is_offered_in_a_servers_place(image: str, fix: str) -> None:
    [finding] = support.findings(app(service("db", image=image)), SUPPORT, "cloudrun")
    assert finding.fix == fix


def test_a_service_that_no_request_starts_has_an_instance_at_least() -> None:
    scale = ServiceExtension(autoscale=Autoscale(min=0, max=5))
    assert of_web(below="x-slipway.autoscale.min", x_slipway=scale) == {
        "": ("rejected", "it would never run: no request starts it")
    }
    assert of_web(below="x-slipway.autoscale.min", x_slipway=scale, expose=("80",)) == {}


def test_a_value_that_names_a_service_says_what_becomes_of_it() -> None:
    api = service("api", expose=("8080",))
    job = Job(name="nightly", environment={"API": "api:8080"})
    shop = app(service("web", environment={"URL": "http://api:8080"}), api, jobs={"nightly": job})
    assert told(shop, "services.web.environment") == {
        "services.web.environment.URL": (
            "approximated",
            "the service that it names has its address on Google Cloud in the name's place",
        )
    }
    assert told(shop, "jobs.nightly.environment") == {
        "jobs.nightly.environment.API": ("rejected", "it names a service in a form in which that has no address")
    }


def test_the_message_says_the_way_out() -> None:
    shop = app(service("web", environment={"URL": "api:8080"}), service("api", expose=("8080",)))
    [finding] = support.findings(shop, SUPPORT, "cloudrun")
    assert finding.fix == (
        "write a URL such as http://api:8080, let a database be x-slipway.managed, "
        "use the target kubernetes on GKE, or accept it with slipway:accept"
    )


def test_networks_that_keep_services_apart_do_not_on_cloud_run() -> None:
    front, back = {"front": None}, {"back": None}
    keys = {"networks": {"front": Network(), "back": Network()}}
    shop = app(service("web", networks=front), service("api", networks={**front, **back}), **keys)
    assert told(shop, "services.web.networks") == {}
    apart = app(*shop.services.values(), service("db", networks=back), **keys)
    reason = "whatever is in the application's network may call it: networks are not told apart"
    assert told(apart, "services.web.networks") == {"services.web.networks.front": ("approximated", reason)}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"host": "shop.example.com", "path": "/x", "tls": "off", "sticky": True}, []),
        ({"port": 80}, []),
        ({"path": "/x", "tls": "off", "redirect_http": False}, ["path", "redirect_http", "tls"]),
        ({"tls": {"certificate": "mine"}}, ["tls.certificate"]),
        ({"host": "shop.example.com", "internal": True}, ["host"]),
        ({"host": "shop.example.com", "health_path": "/well"}, ["health_path"]),
    ],
)
def test_a_route_without_a_load_balancer_has_what_its_own_url_has(asked: dict[str, Any], expected: list[str]) -> None:
    entry = ServiceExtension(ingress=Ingress(**asked))
    found = of_web(below="x-slipway.ingress.", expose=("80",), x_slipway=entry)
    assert sorted(found) == expected
    assert {verdict for verdict, _ in found.values()} <= {"approximated"}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [({"expose": ("80",)}, ["memory", "requests"]), ({}, ["cpu", "max", "memory", "requests"])],
)
def test_load_that_cannot_be_kept_is_told(keys: dict[str, Any], expected: list[str]) -> None:
    scale = ServiceExtension(autoscale=Autoscale(min=1, max=5, cpu=70, memory=70, requests=10))
    assert sorted(of_web(below="x-slipway.autoscale.", x_slipway=scale, **keys)) == expected


def test_an_update_goes_as_cloud_run_does_it() -> None:
    def of(**keys: Any) -> list[str]:
        update = UpdateConfig(**keys)
        return sorted(of_web(below="deploy.update_config.", deploy=Deploy(update_config=update), expose=("80",)))

    assert of(order="start-first", failure_action="rollback") == []
    assert of(order="stop-first", failure_action="pause", parallelism=2) == ["failure_action", "order", "parallelism"]


def test_a_run_that_is_due_during_another_runs_beside_it() -> None:
    job = Job(name="nightly", image="job:1", triggers=Triggers(schedule=(Schedule(cron="0 3 * * *"),)))
    assert list(told(app(jobs={"nightly": job}), "jobs.nightly.triggers")) == ["jobs.nightly.triggers.schedule[0].cron"]
