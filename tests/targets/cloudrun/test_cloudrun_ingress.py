"""The load balancer of an application on Google Cloud. That it answers, no test here proves: there is no project."""

from typing import Any

import pytest
from apps import app, service
from cloudrun_scopes import PROJECT, REGION, access, by_key, host, scope

from components.errors import Problem
from components.model import App, Ingress, Port, Service, ServiceExtension
from components.support import Conflict
from components.targets.cloudrun import balancer, urls
from components.targets.rows import Joined, Ref, Row

HOST = "shop.example.com"
REDIRECT = {"https_redirect": True, "strip_query": False, "redirect_response_code": "MOVED_PERMANENTLY_DEFAULT"}


def asking(name: str = "web", **asked: Any) -> Service:
    return service(name, expose=("80",), x_slipway=ServiceExtension(ingress=Ingress(**asked)))


def rows(*services: Service, **reached: Any) -> dict[tuple[str, str], Row]:
    return by_key(balancer.rows(scope(app(*services), reached=reached)))


def nothing(name: str) -> dict[str, Any]:
    return {
        "fault_injection_policy": {"abort": {"http_status": 404, "percentage": 100}},
        "weighted_backend_services": [{"backend_service": Ref("BackendService", name, "id"), "weight": 100}],
    }


def routes(found: dict[tuple[str, str], Row], key: str) -> dict[str, dict[str, str]]:
    """Host -> path -> service, of what matches requests."""
    args = found["UrlMap", key].args
    matchers = {each["name"]: each for each in args.get("path_matchers", ())}
    return {
        host: {
            **({"/": whole.key} if isinstance(whole := matcher.get("default_service"), Ref) else {}),
            **{path: rule["service"].key for rule in matcher.get("path_rules", ()) for path in rule["paths"]},
        }
        for rule in args.get("host_rules", ())
        for host in rule["hosts"]
        for matcher in [matchers[rule["path_matcher"]]]
    }


def problems(application: App, **reached: Any) -> list[Problem]:
    return list(balancer.problems(application, access(**reached)))


def test_a_host_has_a_load_balancer_with_tls_and_plain_http_is_sent_on() -> None:
    found = rows(asking(host=HOST))
    assert list(found) == [
        ("NetworkEndpointGroup", "web"),
        ("BackendService", "web"),
        ("Address", "entry"),
        ("Certificate", HOST),
        ("UrlMap", "entry-https"),
        ("HttpsProxy", "entry"),
        ("ForwardingRule", "entry-https"),
        ("UrlMap", "entry-http"),
        ("HttpProxy", "entry"),
        ("ForwardingRule", "entry-http"),
    ]
    assert routes(found, "entry-https") == {HOST: {"/": "web"}}
    assert found["UrlMap", "entry-http"].args == {
        "project": PROJECT,
        "name": "shop-entry-http",
        "default_url_redirect": REDIRECT,
    }


def test_a_service_is_behind_the_load_balancer_by_its_name() -> None:
    found = rows(asking(host=HOST))
    assert found["NetworkEndpointGroup", "web"].args == {
        "project": PROJECT,
        "name": "shop-web",
        "region": REGION,
        "network_endpoint_type": "SERVERLESS",
        "cloud_run": {"service": Ref("Service", "web", "name")},
    }
    assert found["BackendService", "web"].args == {
        "project": PROJECT,
        "name": "shop-web",
        "load_balancing_scheme": "EXTERNAL_MANAGED",
        "backends": [{"group": Ref("NetworkEndpointGroup", "web", "id")}],
    }


def test_the_address_takes_requests_at_both_ports() -> None:
    found = rows(asking(host=HOST))
    rules = {key: row.args for (kind, key), row in found.items() if kind == "ForwardingRule"}
    assert {key: (args["port_range"], args["target"], args["ip_address"]) for key, args in rules.items()} == {
        "entry-https": ("443", Ref("HttpsProxy", "entry", "id"), Ref("Address", "entry", "id")),
        "entry-http": ("80", Ref("HttpProxy", "entry", "id"), Ref("Address", "entry", "id")),
    }
    assert found["HttpsProxy", "entry"].args["url_map"] == Ref("UrlMap", "entry-https", "id")
    assert found["HttpProxy", "entry"].args["url_map"] == Ref("UrlMap", "entry-http", "id")


def test_services_share_a_host_by_their_paths_and_what_is_nobodys_is_not_found() -> None:
    found = rows(asking("web", host=HOST, path="/web/"), asking("api", host=HOST, path="/api"))
    assert routes(found, "entry-https") == {HOST: {"/web": "web", "/web/*": "web", "/api": "api", "/api/*": "api"}}
    args = found["UrlMap", "entry-https"].args
    assert args["default_route_action"] == nothing("web")
    assert args["path_matchers"][0]["default_route_action"] == nothing("web")


def test_a_host_is_the_same_in_any_case() -> None:
    found = rows(asking("web", host=HOST), asking("api", host=HOST.upper(), path="/api"))
    assert routes(found, "entry-https") == {HOST: {"/": "web", "/api": "api", "/api/*": "api"}}


def test_each_host_is_matched_by_itself() -> None:
    found = rows(asking("web", host=HOST), asking("api", host="api.example.com"))
    assert routes(found, "entry-https") == {HOST: {"/": "web"}, "api.example.com": {"/": "api"}}


@pytest.mark.parametrize(
    ("asked", "secure", "plain"),
    [
        ({"tls": "auto"}, {HOST: {"/": "web"}}, {}),
        ({"redirect_http": False}, {HOST: {"/": "web"}}, {HOST: {"/": "web"}}),
        ({"tls": "off"}, None, {HOST: {"/": "web"}}),
    ],
)
def test_the_file_says_which_port_a_service_is_at(asked: dict[str, Any], secure: object, plain: object) -> None:
    found = rows(asking(host=HOST, **asked))
    assert (routes(found, "entry-https") if ("UrlMap", "entry-https") in found else None) == secure
    assert routes(found, "entry-http") == plain


def test_without_tls_plain_http_for_another_host_is_not_found() -> None:
    assert rows(asking(host=HOST, tls="off"))["UrlMap", "entry-http"].args["default_route_action"] == nothing("web")


def test_a_host_has_a_certificate_of_its_own_unless_the_file_or_the_stack_names_one() -> None:
    own, named, whole = (asking(name, host=f"{name}.org", **more) for name, more in CERTIFIED.items())
    found = rows(own, named, whole)
    assert [key for kind, key in found if kind == "Certificate"] == ["own.org"]
    assert found["Certificate", "own.org"].args["managed"] == {"domains": ["own.org"]}
    assert found["HttpsProxy", "entry"].args["ssl_certificates"] == [
        Ref("Certificate", "own.org", "id"),
        f"projects/{PROJECT}/global/sslCertificates/mine",
        "projects/other/global/sslCertificates/theirs",
    ]


CERTIFIED: dict[str, dict[str, Any]] = {
    "own": {},
    "named": {"tls": {"certificate": "mine"}},
    "whole": {"tls": {"certificate": "projects/other/global/sslCertificates/theirs"}},
}


def test_a_certificate_map_has_the_certificates_of_every_host() -> None:
    found = rows(asking(host=HOST), certificate_map="projects/shop-1/locations/global/certificateMaps/all")
    assert [key for kind, key in found if kind == "Certificate"] == []
    args = found["HttpsProxy", "entry"].args
    assert "ssl_certificates" not in args
    assert args["certificate_map"] == Joined(
        ("//certificatemanager.googleapis.com/", "projects/shop-1/locations/global/certificateMaps/all")
    )


@pytest.mark.parametrize(("name", "there"), [(HOST, True), ("example.com", True), ("shop.notexample.com", False)])
def test_a_host_that_the_platforms_zone_covers_has_its_record(name: str, there: bool) -> None:
    found = rows(asking(host=name), zone="main", zone_name="example.com")
    record = {
        "project": PROJECT,
        "managed_zone": "main",
        "name": f"{name}.",
        "type": "A",
        "ttl": 300,
        "rrdatas": [Ref("Address", "entry", "address")],
    }
    assert [row.args for (kind, _), row in found.items() if kind == "Record"] == ([record] if there else [])


@pytest.mark.parametrize(
    ("asked", "reached"),
    [
        ({}, {}),
        ({"host": HOST, "internal": True}, {}),
        ({"host": HOST}, {"balancer": "internal"}),
        ({"host": HOST}, {"balancer": "none"}),
    ],
)
def test_a_service_answers_at_its_own_url_without_a_load_balancer(
    asked: dict[str, Any], reached: dict[str, Any]
) -> None:
    web = asking(**asked)
    assert rows(web, **reached) == {}
    assert urls.of(scope(app(web), reached=reached), web) == Joined(("https://", host("web")))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"host": HOST}, f"https://{HOST}"),
        ({"host": HOST, "path": "/x/"}, f"https://{HOST}/x"),
        ({"host": HOST, "tls": "off"}, f"http://{HOST}"),
    ],
)
def test_a_service_answers_at_its_host(asked: dict[str, Any], expected: str) -> None:
    web = asking(**asked)
    assert urls.of(scope(app(web)), web) == Joined((expected,))


@pytest.mark.parametrize(
    ("keys", "publish", "there"),
    [
        ({"ports": (Port(target=80),)}, "public", True),
        ({"ports": (Port(target=80),)}, "internal", True),
        ({"ports": (Port(target=80),)}, "none", False),
        ({"ports": (Port(target=80, host_ip="127.0.0.1"),)}, "public", False),
        ({"expose": ("80",)}, "public", False),
        ({}, "public", False),
    ],
)
def test_what_is_published_has_a_url(keys: dict[str, Any], publish: str, there: bool) -> None:
    web = service("web", **keys)
    found = urls.of(scope(app(web), reached={"publish": publish}), web)
    assert found == (Joined(("https://", host("web"))) if there else None)


# --- what is refused -------------------------------------------------------------------------------------------------


def test_a_service_of_which_no_port_is_known_is_told() -> None:
    web = service("web", x_slipway=ServiceExtension(ingress=Ingress()))
    what = "the service has not exactly one port to hand requests to"
    assert problems(app(web)) == [Problem(what, "services.web.x-slipway.ingress", "write ingress.port")]


def test_certificates_that_nothing_can_serve_are_told() -> None:
    wild = asking(host="*.example.com")
    named = asking(host=HOST, tls={"certificate": "mine"})
    assert problems(app(wild)) == [
        Problem(
            'Google issues no certificate for "*.example.com" by itself',
            "services.web.x-slipway.ingress.host",
            "name one with tls.certificate, or a map with slipway:cloudrun.certificateMap",
        )
    ]
    assert problems(app(wild), certificate_map="all") == []
    assert problems(app(named)) == []
    assert problems(app(named), certificate_map="all") == [
        Problem(
            f"slipway:cloudrun.certificateMap has the certificates of all hosts, and {HOST} names another",
            "services.web.x-slipway.ingress.tls",
            "remove one of them",
        )
    ]


def test_two_services_at_one_place_are_refused_but_not_where_each_has_its_own_url() -> None:
    place = ("services", "two", "x-slipway", "ingress")
    assert list(balancer.conflicts(app(asking("one"), asking("two")))) == []
    assert list(balancer.conflicts(app(asking("one", host=HOST), asking("two", host=HOST)))) == [
        Conflict(place, f'"{HOST}/" is that of services.one', "give it another host or path")
    ]


def test_what_no_rule_can_say_is_refused() -> None:
    path = ("services", "web", "x-slipway", "ingress")
    assert list(balancer.conflicts(app(asking(path="/a*", redirect_http=True)))) == [
        Conflict(
            (*path, "path"),
            '"/a*" is no path that a load balancer takes',
            "begin with a slash, and leave out ?, # and *",
        ),
        Conflict((*path, "redirect_http"), "there is no HTTPS to send requests on to", "remove it"),
    ]


def test_a_route_of_what_takes_no_requests_is_refused() -> None:
    entry = ServiceExtension(ingress=Ingress(port=80))
    beside = service("beside", network_mode="service:web", networks={}, x_slipway=entry)
    assert list(balancer.conflicts(app(service("web"), beside))) == [
        Conflict(
            ("services", "beside", "x-slipway", "ingress"),
            "nothing of its own takes requests",
            "write it at the service that does",
        )
    ]
