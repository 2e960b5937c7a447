"""What a file tells of who calls whom at which port. Whether the names resolve: tests/conformance."""

import pytest
from apps import app, service
from work import calls

from components.model import App, Healthcheck, Job, Opaque, Parts, Port, Service, ServiceExtension, ServiceNetwork
from components.model import Ingress as Asked
from components.support import Conflict
from components.targets import discovery
from components.targets.discovery import ServicePort, called, conflicts, named_ports, ports

DB = service("db")
API = service("api")


def named_by(value: object) -> dict[str, tuple[int, ...]]:
    return dict(named_ports(app(service("web", environment={"URL": value}), API, DB)))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("api:9000", {"api": (9000,)}),
        ("http://api:9000/v1?x=1", {"api": (9000,)}),
        ("http://API:9000", {"api": (9000,)}),
        ("postgres://user:word@db:5432/shop", {"db": (5432,)}),
        ("api:9000,api:9001;db:5432", {"api": (9000, 9001), "db": (5432,)}),
        ("postgres://db:1234@elsewhere:5432/shop", {}),
        ("http://my.api:9000", {}),
        ("http://other:9000", {}),
        ("db:16", {}),
        ("db:16-alpine", {}),
        ("db:22.04", {}),
        ("api:99999", {}),
        ("api is at api:9000.", {"api": (9000,)}),
    ],
)
def test_a_port_is_read_off_a_value_that_names_a_service(value: str, found: dict[str, tuple[int, ...]]) -> None:
    assert named_by(value) == found


def test_a_value_with_a_secret_is_read_but_for_the_secret() -> None:
    url = Parts(["postgres://shop:", Opaque("db:1111", "PASSWORD"), "@db:5432/shop"])
    assert named_by(url) == {"db": (5432,)}


def test_a_port_beside_a_host_is_the_hosts() -> None:
    shop = app(service("web", environment={"DB_HOST": "db", "DB_PORT": "5432", "PORT": "80"}), DB)
    assert named_ports(shop) == {"db": (5432,)}


@pytest.mark.parametrize(
    "keys",
    [
        {"command": ("serve", "--upstream=api:9000")},
        {"entrypoint": ("serve", "api:9000")},
        {"healthcheck": Healthcheck(test=("CMD-SHELL", "curl -f http://api:9000"))},
    ],
)
def test_commands_and_health_checks_name_ports_too(keys: dict[str, object]) -> None:
    assert named_ports(app(service("web", **keys), API)) == {"api": (9000,)}


def test_a_job_names_ports() -> None:
    shop = app(API, jobs={"nightly": Job(name="nightly", command=("curl", "http://api:9000"))})
    assert named_ports(shop) == {"api": (9000,)}


def test_a_file_names_ports() -> None:
    assert named_ports(app(API), ["location / { proxy_pass http://api:9000; }"]) == {"api": (9000,)}


def test_an_alias_stands_for_its_service() -> None:
    api = service("api", networks={"default": ServiceNetwork(aliases=("backend",))})
    assert named_ports(app(service("web", environment={"URL": "http://backend:9000"}), api)) == {"api": (9000,)}


def test_a_services_ports_are_in_the_files_order_and_each_once() -> None:
    web = service(
        "web",
        ports=(Port(target=80, published="8080", name="http", app_protocol="http"), Port(target=80, published="8081")),
        expose=("443", "53/udp", "6000-6001", "80"),
        x_slipway=ServiceExtension(ingress=Asked(port=9000)),
    )
    assert ports(web, (443, 7000)) == (
        ServicePort(80, name="http", app_protocol="http"),
        ServicePort(443),
        ServicePort(53, "udp"),
        ServicePort(6000),
        ServicePort(6001),
        ServicePort(9000),
        ServicePort(7000),
    )


def test_a_service_is_called_by_its_aliases_links_and_container() -> None:
    db = service(
        "db",
        networks={"default": ServiceNetwork(aliases=("Store", "db.example.com"))},
        container_name="shop-db",
        hostname="primary",
    )
    shop = app(db, service("web", links=("db:database",)))
    assert list(called(shop)["db"]) == ["db", "Store", "shop-db", "primary", "database"]


@pytest.mark.parametrize("mode", ["none", "service:web"])
def test_a_service_without_an_address_has_no_name(mode: str) -> None:
    assert list(called(app(service("web"), service("side", network_mode=mode)))) == ["web"]


def found_in(*services: Service) -> list[Conflict]:
    return list(conflicts(app(*services)))


def test_two_services_with_one_name_in_dns_are_refused() -> None:
    assert found_in(service("my_db"), service("my-db")) == [
        Conflict(
            ("services", "my-db"), '"my-db" and "my_db" are both "my-db" in the cluster\'s DNS', "rename one of them"
        )
    ]


def test_an_alias_that_is_another_services_name_is_refused() -> None:
    web = service("web", networks={"default": ServiceNetwork(aliases=("db",))})
    assert found_in(web, DB) == [
        Conflict(
            ("services", "web", "networks", "default", "aliases", 0),
            'the name "db" is that of services.db',
            "give it another",
        )
    ]


@pytest.mark.parametrize("value", ["my_db", "my_db:5432", "postgres://u:p@my_db/shop", "http://my_db:80/"])
def test_a_name_that_no_dns_has_is_refused_where_a_value_calls_it(value: str) -> None:
    assert found_in(service("web", environment={"DB": value}), service("my_db")) == [
        Conflict(
            ("services", "web", "environment", "DB"),
            '"my_db" is no name that DNS has; the service is "my-db" in the cluster',
            'rename the service, or give it the network alias "my-db" and write that',
        )
    ]


def test_a_name_that_no_dns_has_is_allowed_where_nobody_calls_it() -> None:
    assert found_in(service("web", environment={"NAME": "my_db_2", "PATH": "/x/my_db.d"}), service("my_db")) == []


def test_reading_ten_times_as_many_services_is_ten_times_the_work() -> None:
    def shop(count: int) -> App:
        values = ({"URL": f"http://s{n - 1}:9000", "KEY": "x" * 1000} for n in range(count))
        return app(*(service(f"s{n}", environment=each) for n, each in enumerate(values)))

    assert len(discovery.named_ports(shop(1000))) == 999
    assert calls(discovery.named_ports, shop(1000)) < 11 * calls(discovery.named_ports, shop(100))
