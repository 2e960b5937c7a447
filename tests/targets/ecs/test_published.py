"""Published ports, their load balancer and its target groups. Whether they answer: tests/aws."""

from typing import Any

import pytest
from apps import app, service
from ecs_scopes import access, by_key, scope, tags

from components.errors import Problem
from components.model import App, Healthcheck, Ingress, Port, Service, ServiceExtension
from components.support import Conflict
from components.targets.ecs import published
from components.targets.rows import Ref, Row

WEB = service("web", ports=(Port(target=8000, published="8080"),))
CHECK = {"interval": 10, "timeout": 5, "healthy_threshold": 2, "unhealthy_threshold": 3}


def rows(*given: Service, name: str = "shop", **reached: Any) -> dict[tuple[str, str], Row]:
    shop = App(name=name, services={each.name: each for each in given}, networks=app().networks)
    return by_key(published.rows(scope(shop, reached=reached)))


def check(**keys: Any) -> dict[str, Any]:
    web = service("web", ports=(Port(target=8000),), **keys)
    return dict(rows(web)["TargetGroup", "web-8000-tcp"].args["health_check"])


def test_what_publishes_nothing_has_no_load_balancer() -> None:
    assert rows(service("web", expose=("80",))) == {}
    assert rows(WEB, publish="none") == {}


def test_a_port_that_takes_sctp_is_left_out_where_its_loss_is_accepted() -> None:
    assert rows(service("web", ports=(Port(target=8000, published="8080", protocol="sctp"),))) == {}
    both = service("web", ports=(Port(target=9000, protocol="sctp"), Port(target=8000, published="8080")))
    assert list(rows(both)) == list(rows(WEB))


def test_a_published_port_is_a_listener_of_the_applications_load_balancer() -> None:
    found = rows(WEB)
    assert list(found) == [
        ("LoadBalancer", "published"),
        ("TargetGroup", "web-8000-tcp"),
        ("Listener", "published-8080"),
    ]
    assert found["LoadBalancer", "published"].args == {
        "load_balancer_type": "network",
        "internal": False,
        "subnets": ["subnet-public-a", "subnet-public-b"],
        "security_groups": [Ref("SecurityGroup", "published", "id")],
        "enable_cross_zone_load_balancing": True,
        "tags": tags(),
    }
    assert found["Listener", "published-8080"].args == {
        "load_balancer_arn": Ref("LoadBalancer", "published", "arn"),
        "port": 8080,
        "protocol": "TCP",
        "default_actions": [{"type": "forward", "target_group_arn": Ref("TargetGroup", "web-8000-tcp", "arn")}],
    }
    assert found["TargetGroup", "web-8000-tcp"].args == {
        "target_type": "ip",
        "port": 8000,
        "vpc_id": "vpc-1",
        "deregistration_delay": 30,
        "protocol": "TCP",
        "health_check": {"protocol": "TCP", **CHECK},
        "tags": tags("web"),
    }


def test_an_internal_load_balancer_is_where_the_tasks_are() -> None:
    args = rows(WEB, publish="internal")["LoadBalancer", "published"].args
    assert (args["internal"], args["subnets"]) == (True, ["subnet-a", "subnet-b"])


@pytest.mark.parametrize(
    ("port", "number"),
    [
        (Port(target=80), 80),
        (Port(target=80, published="9000"), 9000),
        (Port(target=80, published="9000-9010"), 9000),
        (Port(target=80, published="9000", host_ip="10.0.0.1"), 9000),
    ],
)
def test_the_listeners_port_is_the_published_one_or_else_the_containers(port: Port, number: int) -> None:
    assert ("Listener", f"published-{number}") in rows(service("web", ports=(port,)))


@pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "::1"])
def test_what_is_for_the_host_alone_is_not_published(address: str) -> None:
    assert rows(service("web", ports=(Port(target=80, host_ip=address),))) == {}


def test_two_published_ports_of_one_container_port_have_one_target_group() -> None:
    web = service("web", ports=(Port(target=80, published="8080"), Port(target=80, published="8081")))
    assert [key for kind, key in rows(web) if kind == "TargetGroup"] == ["web-80-tcp"]


def test_a_port_that_takes_tcp_and_udp_is_one_listener() -> None:
    dns = service("dns", ports=(Port(target=53, published="53"), Port(target=53, published="53", protocol="udp")))
    found = rows(dns)
    assert found["Listener", "published-53"].args["protocol"] == "TCP_UDP"
    assert found["TargetGroup", "dns-53-tcp-udp"].args["protocol"] == "TCP_UDP"


def test_a_port_that_takes_udp_is_checked_at_one_that_takes_tcp() -> None:
    dns = service("dns", ports=(Port(target=53, protocol="udp"),), expose=("8053",))
    found = rows(dns)["TargetGroup", "dns-53-udp"].args
    assert (found["protocol"], found["health_check"]) == ("UDP", {"protocol": "TCP", "port": "8053", **CHECK})


def test_a_task_is_well_where_its_health_checks_own_path_answers() -> None:
    healthcheck = Healthcheck(test=("CMD", "curl", "-f", "http://localhost:8000/healthz"))
    assert check(healthcheck=healthcheck) == {
        "protocol": "HTTP",
        "path": "/healthz",
        "matcher": "200-499",
        **CHECK,
    }


@pytest.mark.parametrize(
    "test",
    [
        ("CMD", "curl", "-f", "http://localhost:9000/"),
        ("CMD", "curl", "-fk", "https://localhost:8000/"),
        ("CMD", "true"),
        ("NONE",),
    ],
)
def test_a_health_check_of_something_else_says_nothing_of_the_port(test: tuple[str, ...]) -> None:
    assert check(healthcheck=Healthcheck(test=test)) == {"protocol": "TCP", **CHECK}


def test_a_path_that_the_file_names_has_to_answer_well() -> None:
    asked = check(x_slipway=ServiceExtension(ingress=Ingress(health_path="/up")))
    assert asked == {"protocol": "HTTP", "path": "/up", "matcher": "200-399", **CHECK}


def test_names_that_do_not_fit_are_made_from_a_prefix() -> None:
    web = service("web_server", ports=(Port(target=8000),))
    found = rows(web, name="a-long-name-of-a-shop")
    assert found["LoadBalancer", "published"].args["name_prefix"] == "a-lon-"
    assert found["TargetGroup", "web_server-8000-tcp"].args["name_prefix"] == "a-lon-"
    assert "name_prefix" not in rows(WEB)["LoadBalancer", "published"].args


# --- what is refused -------------------------------------------------------------------------------------------------


def test_a_public_load_balancer_needs_public_subnets() -> None:
    [found] = published.problems(app(WEB), access(public_subnets={}))
    assert found == Problem(
        "there are no public subnets that are known here",
        "services.web.ports",
        "name them with slipway:ecs.publicSubnets, or set slipway:ecs.publish to internal or none",
    )
    assert list(published.problems(app(WEB), access(public_subnets={}, publish="internal"))) == []


def test_one_port_cannot_lead_to_two_services() -> None:
    other = service("other", ports=(Port(target=80, published="8080"),))
    what = "port 8080 leads to port 8000 of services.web"
    assert list(published.conflicts(app(WEB, other))) == [
        Conflict(("services", "other", "ports"), what, "publish another port")
    ]


def test_udp_without_a_port_that_takes_tcp_is_refused() -> None:
    game = service("game", ports=(Port(target=7000, protocol="udp"),))
    what = "port 7000 takes UDP, and no port that takes TCP tells whether a task is well"
    assert list(published.conflicts(app(game))) == [
        Conflict(("services", "game", "ports"), what, "expose one that does")
    ]


def test_more_listeners_than_a_load_balancer_has_are_refused() -> None:
    many = [service(f"s{number}", ports=(Port(target=80, published=str(8000 + number)),)) for number in range(51)]
    what = "51 ports are published, and 50 are the most of a load balancer"
    assert list(published.conflicts(app(*many))) == [Conflict(("services",), what, "publish fewer")]
