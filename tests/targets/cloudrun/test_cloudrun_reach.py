"""What a service becomes on Cloud Run, at which port it is called, and from where."""

from typing import Any

import pytest
from apps import app, service
from cloudrun_scopes import NETWORK, SUBNETWORK, access, scope

from components.errors import Problem
from components.model import (
    App,
    Build,
    Dependency,
    Ingress,
    Job,
    Mount,
    Port,
    Service,
    ServiceExtension,
    ServiceNetwork,
    Volume,
    VolumeExtension,
)
from components.support import Conflict
from components.targets.cloudrun import network, reach, servers

MANAGED = ServiceExtension(managed="postgres")


def port_of(web: Service, *others: Service) -> int | None:
    found = reach.port(scope(app(web, *others)), web)
    return None if found is None else found.number


def asking(**asked: Any) -> ServiceExtension:
    return ServiceExtension(ingress=Ingress(**asked))


# --- ports -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"expose": ("8080", "9090")}, 8080),
        ({"expose": ("9090",), "ports": (Port(target=8080),)}, 8080),
        ({"ports": (Port(target=9090, host_ip="127.0.0.1"), Port(target=8080))}, 8080),
        ({"ports": (Port(target=9090, host_ip="127.0.0.1"),)}, 9090),
        ({"ports": (Port(target=9090),), "expose": ("8080",), "x_slipway": asking(port=8080)}, 8080),
        ({"expose": ("53/udp",)}, None),
        ({}, None),
    ],
)
def test_requests_come_at_the_port_of_the_ingress_else_the_first_published_else_the_first(
    keys: dict[str, Any], expected: int | None
) -> None:
    assert port_of(service("web", **keys)) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [("http://web:9000/", 9000), ("web:9000", 9000), ("http://web/", 80), ("http://web.example.com/", None)],
)
def test_a_port_that_no_service_declares_is_read_off_the_values_that_name_it(url: str, expected: int | None) -> None:
    assert port_of(service("web"), service("other", environment={"URL": url})) == expected


def test_a_service_that_names_itself_listens_on_nothing_by_that() -> None:
    assert port_of(service("web", environment={"URL": "http://web/"})) is None


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"expose": ("80",)}, "Service"),
        ({}, "WorkerPool"),
        ({"restart": "no"}, "Job"),
        ({"image": "postgres:17", "x_slipway": MANAGED}, "DatabaseInstance"),
    ],
)
def test_a_service_becomes_what_its_ports_and_its_end_say(keys: dict[str, Any], expected: str) -> None:
    web = service("web", **keys)
    assert reach.key(scope(app(web)), web) == (expected, "web")


def test_an_alias_of_two_services_is_refused() -> None:
    one, two = (service(name, networks={"default": ServiceNetwork(aliases=("back.end",))}) for name in ("one", "two"))
    path = ("services", "two", "networks", "default", "aliases", 0)
    assert list(reach.conflicts(app(one, two))) == [
        Conflict(path, 'the name "back.end" is that of services.one', "give it another")
    ]


# --- servers without HTTP --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"image": "postgres:17"}, True),
        ({"image": "docker.io/library/redis@sha256:0"}, True),
        ({"image": "team/own:1", "expose": ("5432",)}, True),
        ({"build": Build(context="."), "image": "redis", "expose": ("8080",)}, False),
        ({"image": "team/postgres-backup:1"}, False),
        ({"image": "nginx:1", "expose": ("80",)}, False),
        ({"image": "postgres:17", "x_slipway": MANAGED}, False),
        ({"image": "postgres:17", "restart": "no"}, False),
        ({"image": "redis:7", "network_mode": "service:web", "networks": {}}, False),
    ],
)
def test_a_server_is_known_by_its_image_or_its_port(keys: dict[str, Any], expected: bool) -> None:
    db = service("db", **keys)
    assert servers.is_without_http(scope(app(service("web"), db)), db) is expected


# --- where requests come from ----------------------------------------------------------------------------------------

PUBLISHED = {"ports": (Port(target=80, published="8080"),)}
LOOPBACK = {"ports": (Port(target=80, published="8080", host_ip="127.0.0.1"),)}
HOST = asking(host="shop.example.com")


@pytest.mark.parametrize(
    ("keys", "reached", "expected"),
    [
        ({"expose": ("80",)}, {}, "INGRESS_TRAFFIC_INTERNAL_ONLY"),
        (LOOPBACK, {}, "INGRESS_TRAFFIC_INTERNAL_ONLY"),
        (PUBLISHED, {}, "INGRESS_TRAFFIC_ALL"),
        (PUBLISHED, {"publish": "internal"}, "INGRESS_TRAFFIC_INTERNAL_ONLY"),
        (PUBLISHED, {"publish": "none"}, "INGRESS_TRAFFIC_INTERNAL_ONLY"),
        ({**PUBLISHED, "x_slipway": HOST}, {}, "INGRESS_TRAFFIC_ALL"),
        ({"expose": ("80",), "x_slipway": HOST}, {}, "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"),
        ({"expose": ("80",), "x_slipway": HOST}, {"balancer": "none"}, "INGRESS_TRAFFIC_ALL"),
        ({"expose": ("80",), "x_slipway": HOST}, {"balancer": "internal"}, "INGRESS_TRAFFIC_INTERNAL_ONLY"),
        ({"expose": ("80",), "x_slipway": asking()}, {}, "INGRESS_TRAFFIC_ALL"),
        ({"expose": ("80",), "x_slipway": asking(internal=True)}, {}, "INGRESS_TRAFFIC_INTERNAL_ONLY"),
    ],
)
def test_what_is_not_published_takes_requests_from_inside_only(
    keys: dict[str, Any], reached: dict[str, Any], expected: str
) -> None:
    web = service("web", **keys)
    assert network.ingress(scope(app(web), reached=reached), web) == expected


# --- calls -----------------------------------------------------------------------------------------------------------

API = service("api", expose=("8080",))
DB = service("db", image="postgres:17", x_slipway=MANAGED)
WORKER = service("worker")
SHARE = {"share": Volume(x_slipway=VolumeExtension(storage_class="nfs"))}


def is_in_network(workload: Service | Job, *others: Service, **keys: Any) -> bool:
    known = (workload,) if isinstance(workload, Service) else ()
    jobs = {} if isinstance(workload, Service) else {workload.name: workload}
    return network.vpc_access(scope(app(*known, API, DB, WORKER, *others, jobs=jobs, **keys)), workload) is not None


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"environment": {"URL": "http://api:8080"}}, True),
        ({"command": ("serve", "--db-host", "db")}, True),
        ({"depends_on": {"db": Dependency()}}, True),
        ({"volumes": (Mount(type="volume", source="share", target="/share"),)}, True),
        ({"depends_on": {"worker": Dependency()}}, False),
        ({"environment": {"URL": "http://example.com"}}, False),
    ],
)
def test_what_calls_a_service_or_mounts_a_share_is_in_the_network(keys: dict[str, Any], expected: bool) -> None:
    assert is_in_network(service("web", **keys), volumes=SHARE) is expected


def test_a_job_that_calls_and_a_service_whose_companion_calls_are_in_the_network() -> None:
    assert is_in_network(Job(name="nightly", command=("curl", "http://api:8080")))
    beside = service("beside", network_mode="service:web", networks={}, environment={"URL": "http://api:8080"})
    assert is_in_network(service("web"), beside)


@pytest.mark.parametrize(("egress", "expected"), [("private", "PRIVATE_RANGES_ONLY"), ("all", "ALL_TRAFFIC")])
def test_the_stack_says_what_goes_through_the_network(egress: str, expected: str) -> None:
    web = service("web", environment={"URL": "http://api:8080"})
    assert network.vpc_access(scope(app(web, API), reached={"egress": egress}), web) == {
        "network_interfaces": [{"network": NETWORK, "subnetwork": SUBNETWORK}],
        "egress": expected,
    }


def test_a_service_that_takes_requests_from_everywhere_is_called_without_a_network() -> None:
    api = service("api", ports=(Port(target=8080),))
    web = service("web", environment={"URL": "http://api:8080"})
    assert network.vpc_access(scope(app(web, api)), web) is None
    assert network.vpc_access(scope(app(web, api), reached={"discovery": "balancer"}), web) is not None


def test_a_network_alone_is_enough() -> None:
    web = service("web", environment={"URL": "http://api:8080"})
    found = network.vpc_access(scope(app(web, API), reached={"subnetwork": None}), web)
    assert found is not None
    assert found["network_interfaces"] == [{"network": NETWORK}]


def problems(application: App, **reached: Any) -> list[Problem]:
    return list(network.problems(application, access(**reached)))


def test_calls_without_a_network_are_told() -> None:
    web = service("web", environment={"URL": "http://api:8080"})
    nowhere = {"network": None, "subnetwork": None}
    assert problems(app(web, API)) == []
    assert problems(app(web, API), **nowhere) == [
        Problem(
            "it calls another service through a network, and none is known here",
            "services.web",
            "deploy the platform's stack, or write slipway:cluster.existing.subnetwork",
        )
    ]
    assert network.vpc_access(scope(app(web, API), reached=nowhere), web) is None
