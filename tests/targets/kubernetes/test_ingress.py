"""What `x-slipway.ingress` becomes. Whether requests arrive is the controller's affair, and not proved here."""

from typing import Any

import pytest
from apps import app, service
from scopes import scope

from components.access import KubernetesAccess
from components.model import App, Port, Service, ServiceExtension
from components.model import Ingress as Asked
from components.support import Conflict
from components.targets.ingress import twice_asked
from components.targets.kubernetes import ingress
from components.targets.rows import Row

GATEWAY = {"gateway": "edge/public"}
NGINX = "nginx.ingress.kubernetes.io/"
CERTIFICATE = {"certificate": "shop-cert"}


def web(name: str = "web", **asked: Any) -> Service:
    return service(name, expose=("8000",), x_slipway=ServiceExtension(ingress=Asked(**asked)))


def rows(each: Service, **access: Any) -> list[Row]:
    return list(ingress.rows(scope(app(each), access=access)))


def spec(each: Service, **access: Any) -> dict[str, Any]:
    return dict(rows(each, **access)[0].args["spec"])


def annotations(each: Service, **access: Any) -> dict[str, str]:
    """Those that are not for Pulumi."""
    found = rows(each, **access)[0].args["metadata"]["annotations"]
    return {key: value for key, value in found.items() if not key.startswith("pulumi.com/")}


def problems(application: App, **access: Any) -> list[str]:
    return [str(problem) for problem in ingress.problems(application, KubernetesAccess(**access))]


def test_requests_are_handed_to_the_services_only_port() -> None:
    [row] = rows(web())
    assert (row.kind, row.key, row.service) == ("Ingress", "web", "web")
    assert row.args["metadata"]["annotations"] == {"pulumi.com/skipAwait": "true"}
    assert row.args["spec"] == {
        "rules": [
            {
                "http": {
                    "paths": [
                        {
                            "path": "/",
                            "pathType": "Prefix",
                            "backend": {"service": {"name": "web", "port": {"number": 8000}}},
                        }
                    ]
                }
            }
        ]
    }


def test_host_path_port_and_class_are_those_that_are_asked_for() -> None:
    found = spec(web(host="shop.example.com", path="/api", port=9000, tls="off"), ingress_class="traefik")
    assert found["ingressClassName"] == "traefik"
    assert found["rules"][0]["host"] == "shop.example.com"
    assert found["rules"][0]["http"]["paths"] == [
        {
            "path": "/api",
            "pathType": "Prefix",
            "backend": {"service": {"name": "web", "port": {"number": 9000}}},
        }
    ]


def test_a_service_that_asks_for_nothing_has_no_route() -> None:
    assert rows(service("web", ports=(Port(target=80),))) == []


@pytest.mark.parametrize(
    ("asked", "access", "tls"),
    [
        ({}, {}, None),
        ({"host": "a.example"}, {}, [{"hosts": ["a.example"]}]),
        ({"host": "a.example", "tls": "off"}, {"issuer": "le"}, None),
        ({"host": "a.example"}, {"issuer": "le"}, [{"hosts": ["a.example"], "secretName": "web-tls"}]),
        ({"host": "a.example", "tls": "auto"}, {"issuer": "le"}, [{"hosts": ["a.example"], "secretName": "web-tls"}]),
        (
            {"host": "a.example", "tls": CERTIFICATE},
            {"issuer": "le"},
            [{"hosts": ["a.example"], "secretName": "shop-cert"}],
        ),
        ({"tls": "auto"}, {}, [{}]),
        ({"tls": CERTIFICATE}, {}, [{"secretName": "shop-cert"}]),
    ],
)
def test_where_the_certificate_comes_from(asked: dict[str, Any], access: dict[str, Any], tls: Any) -> None:
    assert spec(web(**asked), **access).get("tls") == tls


@pytest.mark.parametrize(
    ("asked", "issuer"),
    [({}, {"cert-manager.io/cluster-issuer": "le"}), ({"tls": CERTIFICATE}, {}), ({"tls": "off"}, {})],
)
def test_the_issuer_makes_certificates_that_nobody_else_makes(asked: dict[str, Any], issuer: dict[str, str]) -> None:
    assert annotations(web(host="a.example", **asked), issuer="le") == issuer


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {}),
        ({"host": "a.example"}, {"ssl-redirect": "true"}),
        ({"host": "a.example", "redirect_http": True}, {"ssl-redirect": "true"}),
        ({"host": "a.example", "redirect_http": False}, {"ssl-redirect": "false"}),
        ({"redirect_http": True}, {"ssl-redirect": "true", "force-ssl-redirect": "true"}),
        ({"sticky": True}, {"affinity": "cookie"}),
    ],
)
def test_ingress_nginx_is_told_by_annotations(asked: dict[str, Any], found: dict[str, str]) -> None:
    expected = {f"{NGINX}{key}": value for key, value in found.items()}
    assert annotations(web(**asked), ingress_class="nginx-internal") == expected


ALB = "alb.ingress.kubernetes.io/"
PLAIN = {"target-type": "ip", "listen-ports": '[{"HTTP": 80}]', "healthcheck-path": "/", "success-codes": "200-499"}
BOTH = '[{"HTTP": 80}, {"HTTPS": 443}]'


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, PLAIN),
        ({"host": "a.example"}, {**PLAIN, "listen-ports": BOTH}),
        ({"host": "a.example", "tls": "off"}, PLAIN),
        ({"health_path": "/health"}, {**PLAIN, "healthcheck-path": "/health", "success-codes": "200-399"}),
        (
            {"sticky": True},
            {**PLAIN, "target-group-attributes": "stickiness.enabled=true,stickiness.type=lb_cookie"},
        ),
    ],
)
def test_a_load_balancer_of_aws_is_told_by_annotations(asked: dict[str, Any], found: dict[str, str]) -> None:
    assert annotations(web(**asked), ingress_class="alb") == {f"{ALB}{key}": value for key, value in found.items()}


def test_another_controller_is_told_nothing_that_it_does_not_know() -> None:
    assert annotations(web(host="a.example"), ingress_class="traefik") == {}


def test_a_gateway_gets_a_route_and_one_that_sends_http_on() -> None:
    route, redirect = rows(web(host="a.example", path="/api"), **GATEWAY)
    match = {"path": {"type": "PathPrefix", "value": "/api"}}
    assert (route.kind, route.key, route.auxiliary) == ("HTTPRoute", "web", False)
    assert route.args["spec"] == {
        "parentRefs": [{"name": "public", "namespace": "edge", "port": 443}],
        "hostnames": ["a.example"],
        "rules": [{"matches": [match], "backendRefs": [{"name": "web", "port": 8000}]}],
    }
    assert (redirect.kind, redirect.key, redirect.auxiliary) == ("HTTPRoute", "web-redirect", True)
    assert redirect.args["spec"] == {
        "parentRefs": [{"name": "public", "namespace": "edge", "port": 80}],
        "hostnames": ["a.example"],
        "rules": [
            {
                "matches": [match],
                "filters": [{"type": "RequestRedirect", "requestRedirect": {"scheme": "https", "statusCode": 301}}],
            }
        ],
    }


@pytest.mark.parametrize(
    "asked", [{}, {"host": "a.example", "redirect_http": False}, {"host": "a.example", "tls": "off"}]
)
def test_without_a_redirect_a_route_is_for_every_listener(asked: dict[str, Any]) -> None:
    [route] = rows(web(**asked), **GATEWAY)
    assert route.args["spec"]["parentRefs"] == [{"name": "public", "namespace": "edge"}]


def test_a_gateway_without_a_namespace_is_in_the_applications() -> None:
    assert spec(web(), gateway="public")["parentRefs"] == [{"name": "public", "namespace": "shop"}]


PLACE = "services.web.x-slipway.ingress"
USE = "set slipway:kubernetes.ingressClass to that of ingress-nginx, or patch the Ingress with annotations"


@pytest.mark.parametrize(
    ("asked", "access", "found"),
    [
        ({"sticky": True}, {"ingress_class": "nginx"}, []),
        ({"redirect_http": True}, {"ingress_class": "nginx"}, []),
        (
            {"sticky": True, "redirect_http": True},
            {},
            [
                f"{PLACE}.sticky: the cluster's own class has no word for it that is known here; {USE}",
                f"{PLACE}.redirect_http: the cluster's own class has no word for it that is known here; {USE}",
            ],
        ),
        (
            {"sticky": True},
            {"ingress_class": "traefik"},
            [f'{PLACE}.sticky: the class "traefik" has no word for it that is known here; {USE}'],
        ),
        (
            {"sticky": True, "redirect_http": True},
            {"ingress_class": "alb"},
            [f'{PLACE}.redirect_http: the class "alb" has no word for it that is known here; {USE}'],
        ),
        (
            {"tls": "auto"},
            {"issuer": "le"},
            [f"{PLACE}.tls: a certificate is made for a host, and there is none; write ingress.host"],
        ),
        ({"host": "a.example", "redirect_http": True}, GATEWAY, []),
        (
            {"tls": CERTIFICATE, "sticky": True},
            GATEWAY,
            [
                f"{PLACE}.tls: certificates are those of the Gateway edge/public; write tls: auto, and name it there",
                f"{PLACE}.sticky: an HTTPRoute cannot keep a client with one pod; remove it",
            ],
        ),
    ],
)
def test_what_the_cluster_cannot_do_is_refused(asked: dict[str, Any], access: dict[str, Any], found: list[str]) -> None:
    assert problems(app(web(**asked)), **access) == found


def test_a_service_without_one_port_is_refused() -> None:
    several = service("web", expose=("80", "81"), x_slipway=ServiceExtension(ingress=Asked()))
    assert problems(app(several)) == [
        f"{PLACE}: the service has not exactly one port to hand requests to; write ingress.port"
    ]


def test_two_services_cannot_have_the_same_requests() -> None:
    shop = app(web(host="a.example"), web("other", host="a.example"), web("third", host="b.example"), web("fourth"))
    assert list(twice_asked(shop)) == [
        Conflict(
            ("services", "other", "x-slipway", "ingress"),
            '"a.example/" is that of services.web',
            "give it another host or path",
        )
    ]
