"""What a service asks of the entry point: what is the same on every target."""

import pytest
from apps import app, service

from components.errors import Problem
from components.model import Ingress, Port, Service, ServiceExtension
from components.support import Conflict
from components.targets import ingress

PATH = ("services", "web", "x-slipway", "ingress")


def asking(name: str = "web", asked: Ingress | None = None, **keys: object) -> Service:
    return service(name, x_slipway=ServiceExtension(ingress=asked or Ingress()), **keys)


def test_those_that_ask_are_found_with_the_place_that_says_it() -> None:
    web = asking()
    assert list(ingress.asking(app(service("db"), web))) == [(web, Ingress(), PATH)]


@pytest.mark.parametrize(
    ("keys", "port"),
    [
        ({"asked": Ingress(port=80), "expose": ("81", "82")}, 80),
        ({"expose": ("81",)}, 81),
        ({"ports": (Port(target=82),), "expose": ("82",)}, 82),
        ({"expose": ("81", "82")}, None),
        ({"expose": ("81-82",)}, None),
        ({}, None),
    ],
)
def test_requests_are_handed_to_the_only_port_unless_the_file_names_one(keys: dict[str, object], port: object) -> None:
    web = asking(**keys)  # type: ignore[arg-type]
    assert ingress.container_port(web) == port
    problem = Problem(
        "the service has not exactly one port to hand requests to",
        "services.web.x-slipway.ingress",
        "write ingress.port",
    )
    assert list(ingress.without_port(app(web), web, PATH)) == ([problem] if port is None else [])


@pytest.mark.parametrize(
    ("domain", "host", "covered"),
    [
        ("example.com", "example.com", True),
        ("example.com", "shop.example.com", True),
        ("example.com", "notexample.com", False),
        (None, "example.com", False),
    ],
)
def test_a_domain_covers_itself_and_what_is_below(domain: str | None, host: str, covered: bool) -> None:
    assert ingress.covers(domain, host) is covered


@pytest.mark.parametrize(("host", "other", "path"), [(None, None, "/x"), (None, None, "/x/"), ("a.org", "A.org", "/x")])
def test_two_services_that_ask_for_the_same_requests_are_told(host: str | None, other: str | None, path: str) -> None:
    one, two = asking("one", Ingress(host=host, path="/x")), asking("two", Ingress(host=other, path=path))
    what = f'"{other or ""}{path}" is that of services.one'
    assert list(ingress.twice_asked(app(one, two, asking("three")))) == [
        Conflict(("services", "two", *PATH[2:]), what, "give it another host or path")
    ]
