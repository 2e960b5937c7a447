"""Routes at the cluster's load balancer. Whether they answer: tests/aws."""

import dataclasses
import itertools
from typing import Any

import pytest
from apps import app, service
from ecs_scopes import BALANCER, access, by_key, scope, tags

from components.errors import Problem
from components.model import App, Ingress, Service, ServiceExtension
from components.support import Conflict
from components.targets.ecs import ingress, priorities
from components.targets.rows import Joined, Ref, Row

FORWARD = {"type": "forward", "target_group_arn": Ref("TargetGroup", "web-80-http", "arn")}
REDIRECT = {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"}}
HTTP_ONLY = dataclasses.replace(BALANCER, https=None)
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/1"


def asking(name: str = "web", **asked: Any) -> Service:
    return service(name, expose=("80",), x_slipway=ServiceExtension(ingress=Ingress(**asked)))


def rows(*services: Service, **reached: Any) -> dict[tuple[str, str], Row]:
    return by_key(ingress.rows(scope(app(*services), reached={"rule_priority": 1000, **reached})))


def rules(*services: Service, **reached: Any) -> dict[str, tuple[Any, Any]]:
    """Key -> listener and action of every rule."""
    found = rows(*services, **reached).items()
    return {
        key: (row.args["listener_arn"], row.args["actions"][0]) for (kind, key), row in found if kind == "ListenerRule"
    }


def problems(application: App, **reached: Any) -> list[Problem]:
    return list(ingress.problems(application, access(**reached)))


def test_a_service_without_a_host_is_at_its_path_by_plain_http() -> None:
    found = rows(asking(path="/api"))
    assert list(found) == [("TargetGroup", "web-80-http"), ("ListenerRule", "web")]
    assert found["ListenerRule", "web"].args == {
        "listener_arn": BALANCER.http,
        "priority": 1949,
        "conditions": [{"path_pattern": {"values": ["/api", "/api/*"]}}],
        "actions": [FORWARD],
        "tags": tags("web"),
    }


def test_a_service_with_a_host_is_there_by_tls_and_plain_http_is_sent_on() -> None:
    web = asking(host="shop.example.com")
    assert rules(web) == {"web": (BALANCER.https, FORWARD), "web-redirect": (BALANCER.http, REDIRECT)}
    assert rows(web)["ListenerRule", "web"].args["conditions"] == [{"host_header": {"values": ["shop.example.com"]}}]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"host": "a.example.com", "redirect_http": False}, {"web": "https", "web-http": "http"}),
        ({"host": "a.example.com", "tls": "off"}, {"web": "http"}),
        ({"tls": "auto"}, {"web": "https", "web-redirect": "http"}),
    ],
)
def test_the_file_says_which_listeners_a_service_is_at(asked: dict[str, Any], expected: dict[str, str]) -> None:
    found = {key: listener.rpartition("/")[2] for key, (listener, _) in rules(asking(**asked)).items()}
    assert found == expected


def test_without_a_listener_for_https_a_host_is_there_by_plain_http() -> None:
    assert rules(asking(host="a.example.com"), balancer=HTTP_ONLY) == {"web": (BALANCER.http, FORWARD)}


def test_only_the_rule_that_hands_requests_on_is_meant_by_a_patch() -> None:
    found = rows(asking(host="a.example.com"))
    assert {key: row.auxiliary for (_, key), row in found.items()} == {
        "web-80-http": False,
        "web": False,
        "web-redirect": True,
    }


def test_the_target_group_asks_by_http_and_takes_anything_but_the_servers_own_errors() -> None:
    assert rows(asking(sticky=True))["TargetGroup", "web-80-http"].args == {
        "target_type": "ip",
        "port": 80,
        "vpc_id": "vpc-1",
        "deregistration_delay": 30,
        "protocol": "HTTP",
        "health_check": {
            "protocol": "HTTP",
            "path": "/",
            "matcher": "200-499",
            "interval": 10,
            "timeout": 5,
            "healthy_threshold": 2,
            "unhealthy_threshold": 3,
        },
        "stickiness": {"type": "lb_cookie", "enabled": True, "cookie_duration": 86400},
        "tags": tags("web"),
    }


def test_a_certificate_of_the_files_own_is_added_to_the_listener_once() -> None:
    one, two = (asking(name, host=f"{name}.org", tls={"certificate": CERTIFICATE}) for name in ("one", "two"))
    [row] = [row for (kind, _), row in rows(one, two).items() if kind == "ListenerCertificate"]
    assert row.args == {"listener_arn": BALANCER.https, "certificate_arn": CERTIFICATE}


@pytest.mark.parametrize("host", ["example.com", "shop.example.com"])
def test_a_host_that_the_clusters_zone_covers_has_its_record(host: str) -> None:
    found = rows(asking(host=host), zone="Z1", zone_name="example.com")
    assert found["Record", host].args == {
        "zone_id": "Z1",
        "name": host,
        "type": "A",
        "aliases": [{"name": BALANCER.name, "zone_id": BALANCER.zone, "evaluate_target_health": True}],
    }


def test_a_host_elsewhere_has_no_record() -> None:
    found = rows(asking(host="shop.notexample.com"), zone="Z1", zone_name="example.com")
    assert [key for key in found if key[0] == "Record"] == []


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ({"host": "a.example.com", "path": "/x/"}, ("https://", "a.example.com", "/x")),
        ({}, ("http://", BALANCER.name, "")),
    ],
)
def test_a_service_answers_at_its_host_or_at_the_load_balancer(asked: dict[str, Any], parts: tuple[str, ...]) -> None:
    web = asking(**asked)
    assert ingress.url(scope(app(web)), web) == Joined(parts)


def test_without_a_load_balancer_there_is_no_route() -> None:
    web = asking()
    assert rows(web, balancer=None) == {}
    assert ingress.url(scope(app(web), reached={"balancer": None}), web) is None


# --- the order of rules ----------------------------------------------------------------------------------------------


def order(*asked: dict[str, Any]) -> list[int]:
    found = {str(index): Ingress(**each) for index, each in enumerate(asked)}
    return list(priorities.of(app(), found, 1000).values())


def test_a_host_comes_before_none_and_a_longer_path_before_a_shorter_one() -> None:
    given = [
        {"host": "a.org", "path": "/a/b/c"},
        {"host": "a.org", "path": "/a/b"},
        {"host": "a.org", "path": "/a"},
        {"host": "a.org"},
        {"path": "/a/b"},
        {"path": "/a"},
        {},
    ]
    assert all(one < other for one, other in itertools.pairwise(order(*given)))


def test_another_route_moves_no_number() -> None:
    first, second = {"host": "a.org"}, {"host": "b.org"}
    assert order(first, second)[0] == order(first)[0]
    assert order(second, first)[1] == order(first)[0]


def test_numbers_are_within_the_applications_thousand_and_none_is_twice() -> None:
    numbers = order(*({"host": f"{number}.org"} for number in range(300)))
    assert len(set(numbers)) == 300
    assert (min(numbers), max(numbers)) == (1500, 1799)


def test_an_application_has_its_thousand_by_its_name() -> None:
    asked = {"web": Ingress()}
    assert priorities.of(app(), asked, None) == {"web": 8999}
    assert priorities.of(App(name="other"), asked, None) == {"web": 49999}


def test_more_routes_than_numbers_are_refused() -> None:
    services = [asking(f"s{number}", host=f"{number}.org", path="/a/b/c/d") for number in range(21)]
    what = "there are more than 20 routes with as many parts in their path"
    assert list(priorities.conflicts(app(*services))) == [
        Conflict(("services", "s20", "x-slipway", "ingress"), what, "put them behind one service")
    ]


# --- what is refused -------------------------------------------------------------------------------------------------


def test_a_cluster_without_a_load_balancer_is_told() -> None:
    assert problems(app(asking()), balancer=None) == [
        Problem(
            "this cluster has no load balancer that is known here",
            "services.web.x-slipway.ingress",
            "write slipway:cluster.new.ingress where the cluster is made, or publish a port",
        )
    ]


def test_a_service_of_which_no_port_is_known_is_told() -> None:
    web = service("web", x_slipway=ServiceExtension(ingress=Ingress()))
    what = "the service has not exactly one port to hand requests to"
    assert problems(app(web)) == [Problem(what, "services.web.x-slipway.ingress", "write ingress.port")]


@pytest.mark.parametrize(
    ("asked", "balancer", "key", "what", "fix"),
    [
        (
            {"internal": True},
            BALANCER,
            "internal",
            "the cluster's load balancer is reachable from outside",
            "remove it, or use a cluster whose load balancer is internal",
        ),
        (
            {"tls": "auto"},
            HTTP_ONLY,
            "tls",
            "the cluster's load balancer has no listener for HTTPS",
            "write tls: off, or give the cluster one",
        ),
        (
            {},
            dataclasses.replace(BALANCER, http=None),
            "tls",
            "the cluster's load balancer has no listener for HTTP",
            "write tls: auto",
        ),
        ({"redirect_http": True}, BALANCER, "redirect_http", "there is no HTTPS to send requests on to", "remove it"),
    ],
)
def test_what_the_load_balancer_cannot_do_is_told(
    asked: dict[str, Any], balancer: Any, key: str, what: str, fix: str
) -> None:
    assert problems(app(asking(**asked)), balancer=balancer) == [
        Problem(what, f"services.web.x-slipway.ingress.{key}", fix)
    ]


def test_two_services_at_one_place_and_what_no_rule_takes_are_refused() -> None:
    place = ("services", "two", "x-slipway", "ingress")
    shop = app(asking("one", path="/a b"), asking("two", path="/a b", tls={"certificate": "mine"}))
    path = '"/a b" is no path that a rule of a load balancer takes'
    use = "use letters, digits and slashes, 126 characters at most"
    assert list(ingress.conflicts(shop)) == [
        Conflict(place, '"/a b" is that of services.one', "give it another host or path"),
        Conflict(("services", "one", "x-slipway", "ingress", "path"), path, use),
        Conflict((*place, "path"), path, use),
        Conflict((*place, "tls"), '"mine" is not the ARN of a certificate of ACM', "write the ARN"),
    ]
