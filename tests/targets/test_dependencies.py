"""In which order services start, read from the application."""

from apps import app, service

from components.model import App, Dependency
from components.support import Conflict
from components.targets import dependencies

WITH_WEB = {"network_mode": "service:web", "networks": {}}


def order(application: App) -> list[str]:
    return [each.name for each in dependencies.in_starting_order(application)]


def test_a_service_comes_after_what_it_waits_for() -> None:
    web = service("web", depends_on={"api": Dependency()})
    shop = app(web, service("other"), service("api", depends_on={"db": Dependency()}), service("db"))
    assert order(shop) == ["db", "api", "web", "other"]


def test_a_service_comes_after_what_a_companion_waits_for() -> None:
    shop = app(service("web"), service("beside", depends_on={"db": Dependency()}, **WITH_WEB), service("db"))
    assert order(shop) == ["db", "web", "beside"]


def test_what_waits_for_a_companion_comes_after_the_service_that_it_is_with() -> None:
    shop = app(service("first", depends_on={"beside": Dependency()}), service("web"), service("beside", **WITH_WEB))
    assert order(shop) == ["web", "first", "beside"]


def test_what_is_together_does_not_wait_for_itself() -> None:
    web = service("web", depends_on={"beside": Dependency(), "gone": Dependency(required=False)})
    beside = service("beside", depends_on={"db": Dependency(), "web": Dependency()}, **WITH_WEB)
    assert dependencies.waited((web, beside), app(web, beside, service("db"))) == ["db"]


def test_what_is_together_cannot_wait_for_what_waits_for_it() -> None:
    beside = service("beside", depends_on={"db": Dependency()}, **WITH_WEB)
    api = service("api", depends_on={"web": Dependency()})
    shop = app(service("web"), beside, api, service("db", depends_on={"api": Dependency()}))
    assert list(dependencies.circles(shop)) == [
        Conflict(
            ("services", "beside", "depends_on", "db"),
            'it is with "web", which "db" waits for',
            "give it a network of its own, or remove one of the two",
        )
    ]


def test_a_companion_that_waits_for_its_own_service_is_no_circle() -> None:
    beside = service("beside", depends_on={"web": Dependency(), "db": Dependency()}, **WITH_WEB)
    assert list(dependencies.circles(app(service("web"), beside, service("db")))) == []
