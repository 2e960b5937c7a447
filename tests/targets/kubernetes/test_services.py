"""The Services of a service. Whether requests arrive: tests/conformance."""

from typing import Any

import pytest
from apps import app, service
from scopes import scope

from components.access import Contents
from components.model import App, Dependency, Deploy, Network, Port, Service, ServiceNetwork
from components.support import Conflict
from components.targets.kubernetes import services
from components.targets.kubernetes.services import address
from components.targets.project_files import ProjectFile
from components.targets.rows import Row

PODS = {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop"}


def rows(web: Service, *others: Service, access: dict[str, Any] | None = None, **keys: Any) -> dict[str, Row]:
    return {row.key: row for row in services.rows(scope(app(web, *others, **keys), access=access), web)}


def spec(web: Service, *others: Service, name: str = "web", **given: Any) -> dict[str, Any]:
    return dict(rows(web, *others, **given)[name].args["spec"])


def publishing(*ports: Port, **access: Any) -> dict[str, Any]:
    return spec(service("web", ports=ports), name="web-published", access=access)


def test_a_service_has_its_name_and_the_ports_of_its_container() -> None:
    found = rows(service("web", ports=(Port(target=8000, published="8080"),)))
    assert found["web"].args == {
        "metadata": {
            "name": "web",
            "namespace": "shop",
            "labels": {**PODS, "app.kubernetes.io/part-of": "shop", "app.kubernetes.io/managed-by": "slipway"},
            "annotations": {"pulumi.com/skipAwait": "true"},
        },
        "spec": {"selector": PODS, "ports": [{"port": 8000, "targetPort": 8000, "protocol": "TCP"}]},
    }


def test_several_ports_have_names_of_their_own() -> None:
    web = service("web", ports=(Port(target=53, protocol="udp"), Port(target=53, name="Zone_Transfer")), expose=("80",))
    assert spec(web)["ports"] == [
        {"port": 53, "targetPort": 53, "protocol": "UDP", "name": "udp-53"},
        {"port": 53, "targetPort": 53, "protocol": "TCP", "name": "zone-transfer"},
        {"port": 80, "targetPort": 80, "protocol": "TCP", "name": "tcp-80"},
    ]


@pytest.mark.parametrize(("written", "meant"), [("h2c", "kubernetes.io/h2c"), ("https", "https")])
def test_the_protocol_of_a_port_is_named_as_kubernetes_names_it(written: str, meant: str) -> None:
    assert spec(service("web", ports=(Port(target=80, app_protocol=written),)))["ports"][0]["appProtocol"] == meant


def test_without_a_port_the_name_is_that_of_the_pods() -> None:
    assert spec(service("web")) == {"selector": PODS, "clusterIP": "None"}


def test_a_port_that_another_service_names_is_forwarded() -> None:
    other = service("other", environment={"URL": "http://web:9000"})
    assert spec(service("web"), other)["ports"] == [{"port": 9000, "targetPort": 9000, "protocol": "TCP"}]


@pytest.mark.parametrize(
    "given",
    [
        {"contents": Contents(configs={"nginx": b"proxy_pass http://web:9000;"})},
        {"project": {"proxy": (ProjectFile("nginx", "/etc/nginx.conf", 0o444, b"proxy_pass http://web:9000;"),)}},
    ],
)
def test_a_port_that_a_config_or_a_file_of_the_project_names_is_forwarded(given: dict[str, Any]) -> None:
    web = service("web")
    assert [port.number for port in services.ports(scope(app(web), **given), web)] == [9000]


def test_dnsrr_leads_to_the_pods_themselves() -> None:
    web = service("web", expose=("80",), deploy=Deploy(endpoint_mode="dnsrr"))
    assert spec(web)["clusterIP"] == "None"
    assert spec(web)["ports"] == [{"port": 80, "targetPort": 80, "protocol": "TCP"}]


def test_a_network_with_ipv6_makes_services_dual_stack() -> None:
    assert spec(service("web"), networks={"default": Network(enable_ipv6=True)})["ipFamilyPolicy"] == "PreferDualStack"


def test_every_alias_is_a_service_that_no_patch_is_meant_for() -> None:
    web = service("web", expose=("80",), networks={"default": ServiceNetwork(aliases=("shop", "www.example.com"))})
    found = rows(web)
    assert {key: row.auxiliary for key, row in found.items()} == {"web": False, "shop": True}
    assert found["shop"].args["spec"] == found["web"].args["spec"]


def test_the_published_service_is_the_one_that_a_patch_is_meant_for() -> None:
    found = rows(service("web", ports=(Port(target=80),)))
    assert {key: row.auxiliary for key, row in found.items()} == {"web": True, "web-published": False}


def test_a_published_port_is_any_port_of_the_nodes() -> None:
    assert publishing(Port(target=8000, published="8080")) == {
        "type": "NodePort",
        "selector": PODS,
        "ports": [{"port": 8080, "targetPort": 8000, "protocol": "TCP"}],
    }


@pytest.mark.parametrize(("written", "node"), [("29999", None), ("30000", 30000), ("32767", 32767), ("32768", None)])
def test_a_published_port_that_a_node_can_have_is_kept(written: str, node: int | None) -> None:
    assert publishing(Port(target=80, published=written))["ports"][0].get("nodePort") == node


def test_a_load_balancer_has_exactly_the_published_port_and_its_address_is_waited_for() -> None:
    web = service("web", ports=(Port(target=80, published="30080"),))
    row = rows(web, access={"publish": "LoadBalancer"})["web-published"]
    assert row.args["spec"]["type"] == "LoadBalancer"
    assert row.args["spec"]["ports"] == [{"port": 30080, "targetPort": 80, "protocol": "TCP"}]
    assert "annotations" not in row.args["metadata"]


@pytest.mark.parametrize(("publish", "pulumis"), [("LoadBalancer", {}), ("NodePort", {"pulumi.com/skipAwait": "true"})])
def test_what_makes_load_balancers_finds_its_annotations_on_what_is_published_alone(publish: str, pulumis: Any) -> None:
    web = service("web", ports=(Port(target=80),))
    found = rows(web, access={"publish": publish, "service_annotations": {"example.com/scheme": "internal"}})
    assert found["web-published"].args["metadata"]["annotations"] == {**pulumis, "example.com/scheme": "internal"}
    assert "example.com/scheme" not in found["web"].args["metadata"]["annotations"]


def test_a_port_that_the_platform_picks_is_the_containers_own() -> None:
    assert publishing(Port(target=8000), publish="LoadBalancer")["ports"][0]["port"] == 8000


def test_of_a_range_the_first_port_is_published() -> None:
    assert publishing(Port(target=80, published="8000-8003"))["ports"][0]["port"] == 8000


def test_what_is_only_exposed_is_not_published() -> None:
    assert list(rows(service("web", expose=("80",)))) == ["web"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.53", "::1"])
def test_a_port_of_the_hosts_loopback_is_not_published(host: str) -> None:
    assert list(rows(service("web", ports=(Port(target=80, host_ip=host),)))) == ["web"]


def test_two_addresses_of_one_published_port_are_one_port() -> None:
    ports = (Port(target=80, published="80", host_ip="0.0.0.0"), Port(target=80, published="80", host_ip="::"))
    assert len(publishing(*ports)["ports"]) == 1


def test_nothing_is_published_where_the_stack_says_so() -> None:
    assert list(rows(service("web", ports=(Port(target=80),)), access={"publish": "ClusterIP"})) == ["web"]


@pytest.mark.parametrize(("second", "policy"), [("host", "Local"), ("ingress", None)])
def test_ports_in_host_mode_answer_where_the_service_runs(second: str, policy: str | None) -> None:
    found = publishing(Port(target=80, mode="host"), Port(target=443, mode=second))
    assert found.get("externalTrafficPolicy") == policy


@pytest.mark.parametrize("mode", ["none", "service:other"])
def test_a_service_without_an_address_has_no_service(mode: str) -> None:
    web = service("web", network_mode=mode, networks={})
    assert rows(web, service("other")) == {}
    assert address(scope(app(web, service("other"))), web) is None


def migrating(**keys: Any) -> tuple[App, Service]:
    run = service("migrate", **keys)
    web = service("web", depends_on={"migrate": Dependency(condition="service_completed_successfully")})
    return app(run, web), run


def test_a_run_to_completion_that_nobody_calls_has_no_service() -> None:
    shop, run = migrating()
    assert list(services.rows(scope(shop), run)) == []


def test_a_run_to_completion_with_a_port_has_one() -> None:
    shop, run = migrating(expose=("80",))
    assert [row.key for row in services.rows(scope(shop), run)] == ["migrate"]


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        ({"expose": ("53/udp", "80", "81")}, ("my-web", 80)),
        ({}, ("my-web", None)),
        ({"expose": ("80",), "deploy": Deploy(endpoint_mode="dnsrr")}, ("my-web", None)),
        ({"expose": ("53/udp",)}, None),
    ],
)
def test_what_tells_that_a_service_is_ready(keys: dict[str, Any], asked: tuple[str, int | None] | None) -> None:
    web = service("my_web", **keys)
    assert address(scope(app(web)), web) == asked


def test_the_published_services_name_has_to_be_one() -> None:
    name = "w" * 54
    shop = app(service(name, ports=(Port(target=80),)), service("w" * 53, ports=(Port(target=80),)))
    assert list(services.conflicts(shop)) == [
        Conflict(
            ("services", name),
            f'"{name}-published" has 64 characters, and 63 are the most of a DNS name',
            "shorten it",
        )
    ]


def test_the_published_services_name_has_to_be_free() -> None:
    shop = app(service("web", ports=(Port(target=80),)), service("web-published"))
    assert list(services.conflicts(shop)) == [
        Conflict(
            ("services", "web"),
            'its published ports are "web-published", which is the name of services.web-published',
            "rename one of them",
        )
    ]
