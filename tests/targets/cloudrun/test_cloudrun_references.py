"""Values that name other services, on Cloud Run. That the addresses answer: tests/conformance."""

import dataclasses
from typing import Any

import pytest
from apps import app, service
from bounds import bounded
from cloudrun_scopes import host, scope
from hypothesis import given
from hypothesis import strategies as st

from components.model import (
    App,
    Healthcheck,
    Job,
    Opaque,
    Parts,
    PreStart,
    Service,
    ServiceExtension,
    ServiceNetwork,
    Text,
)
from components.support import Row
from components.targets.cloudrun import references
from components.targets.cloudrun.conditional_reach import REFERENCES
from components.targets.rows import Ref

API = service("api", expose=("8080",))
DB = service("db", image="postgres:17", x_slipway=ServiceExtension(managed="postgres"))
WORKER = service("worker")
ADDRESS = Opaque(Ref("DatabaseInstance", "db", "private_ip_address"), "db", secret=False)
WORD = Opaque("correct-horse", "WORD")


def shop(web: Service, *others: Service) -> App:
    return app(web, API, DB, WORKER, *others)


def rewritten(web: Service, *others: Service) -> Service:
    return references.rewritten(scope(shop(web, *others)), web, web)


def value(text: Text, key: str = "URL") -> Text | None:
    """What a variable of `web` is."""
    return rewritten(service("web", environment={key: text})).environment[key]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://api:8080/x?y=1#z", f"https://{host('api')}/x?y=1#z"),
        ("http://api", f"https://{host('api')}"),
        ("HTTP://API:8080", f"https://{host('api')}"),
        ("https://api:8080/", f"https://{host('api')}/"),
        ("ws://api:8080/socket", f"wss://{host('api')}/socket"),
        ("http://user:word@api:8080/", f"https://user:word@{host('api')}/"),
        ("http://api:$PORT/x", f"https://{host('api')}/x"),
        ("http://api:8080,http://api:8080/2", f"https://{host('api')},https://{host('api')}/2"),
        ("see http://api:8080.", f"see https://{host('api')}."),
    ],
)
def test_a_url_is_that_of_the_service(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("URL", "postgres://shop:word@db:5432/db", ["postgres://shop:word@", ADDRESS, ":5432/db"]),
        ("URL", "postgres://shop:word@db/shop", ["postgres://shop:word@", ADDRESS, "/shop"]),
        ("URL", "postgres://shop:word@db:6543/shop", ["postgres://shop:word@", ADDRESS, ":5432/shop"]),
        ("URL", "postgres://shop:word@db:$PORT/shop", ["postgres://shop:word@", ADDRESS, ":$PORT/shop"]),
        ("URL", "host=db user=shop", ["host=", ADDRESS, " user=shop"]),
        ("URL", "db:5432", [ADDRESS, ":5432"]),
        ("DB_HOST", "db", [ADDRESS]),
    ],
)
def test_a_managed_service_is_at_its_address(key: str, text: str, expected: list[Any]) -> None:
    assert value(text, key) == Parts(expected)


def test_the_port_beside_the_host_of_a_managed_service_is_that_of_googles() -> None:
    given = {"DB_HOST": "DB", "DB_PORT": "6543", "PORT": "6543", "OTHER_HOST": "example.com", "OTHER_PORT": "6543"}
    web = rewritten(service("web", environment=given))
    assert web.environment == {**given, "DB_HOST": Parts([ADDRESS]), "DB_PORT": "5432"}


def test_what_is_secret_in_a_value_stays_and_stays_secret() -> None:
    found = value(Parts(["postgres://shop:", WORD, "@db:5432/shop?x=", WORD]))
    assert found == Parts(["postgres://shop:", WORD, "@", ADDRESS, ":5432/shop?x=", WORD])
    assert isinstance(found, Parts)
    assert found.secret


def test_a_projects_number_may_be_known_later() -> None:
    number: Any = object()
    web = service("web", environment={"URL": "http://api:8080/x"})
    found = references.rewritten(scope(shop(web), reached={"number": number}), web, web)
    project = Opaque(number, "project", secret=False)
    assert found.environment["URL"] == Parts(["https://shop-api-", project, ".europe-west1.run.app/x"])


def test_commands_and_entrypoints_are_rewritten_and_an_option_says_what_a_word_is() -> None:
    web = rewritten(
        service("web", command=("serve", "--upstream=http://api:8080", "--db-host", "db", "db"), entrypoint=("api",))
    )
    assert web.command == ("serve", f"--upstream=https://{host('api')}", "--db-host", Parts([ADDRESS]), "db")
    assert web.entrypoint == ("api",)


def test_what_is_not_set_stays_unset() -> None:
    web = rewritten(service("web", environment={"URL": None}))
    assert (web.environment, web.command, web.entrypoint, web.healthcheck) == ({"URL": None}, None, None, None)


def test_steps_and_jobs_are_rewritten_as_well() -> None:
    step = PreStart(image="step:1", environment={"URL": "http://api:8080"})
    job = Job(name="nightly", command=("curl", "http://api:8080"))
    web = service("web", pre_start=(step,))
    given = scope(dataclasses.replace(shop(web), jobs={"nightly": job}))
    assert references.rewritten(given, step, web).environment == {"URL": f"https://{host('api')}"}
    assert references.rewritten(given, job, job).command == ("curl", f"https://{host('api')}")


def test_an_alias_is_a_name_too() -> None:
    other = service("other", expose=("80",), networks={"default": ServiceNetwork(aliases=("Back.end", "my_alias"))})
    web = rewritten(service("web", environment={"A": "http://back.end/", "B": "http://my_alias/"}), other)
    assert web.environment == {"A": f"https://{host('other')}/", "B": f"https://{host('other')}/"}


def test_two_services_may_name_each_other() -> None:
    one = service("one", expose=("80",), environment={"URL": "http://two/"})
    two = service("two", expose=("80",), environment={"URL": "http://one/"})
    given = scope(app(one, two))
    assert references.rewritten(given, one, one).environment == {"URL": f"https://{host('two')}/"}
    assert references.rewritten(given, two, two).environment == {"URL": f"https://{host('one')}/"}


def test_a_container_beside_another_calls_it_at_localhost() -> None:
    web = service("web", expose=("80",))
    proxy = service("proxy", network_mode="service:web", networks={}, environment={"A": "http://web:80", "B": "web:80"})
    found = references.rewritten(scope(app(web, proxy)), proxy, proxy)
    assert found.environment == {"A": "http://localhost:80", "B": "localhost:80"}


def test_a_health_check_that_names_its_own_service_asks_what_is_on_the_instance() -> None:
    check = Healthcheck(test=("CMD", "curl", "-f", "http://web:8080/well"), retries=2)
    web = rewritten(service("web", expose=("8080",), healthcheck=check))
    assert web.healthcheck == Healthcheck(test=("CMD", "curl", "-f", "http://localhost:8080/well"), retries=2)


def test_a_service_that_names_itself_alone_is_no_call() -> None:
    assert value("web", "HOST") == "web"
    assert not judged("web", "HOST")


def test_what_a_service_calls_is_named_or_comes_first() -> None:
    web = service("web", environment={"URL": "http://api:8080", "OWN": "http://web/"}, command=("wait", "db:5432"))
    assert references.calls(scope(shop(web)), web) == {"api", "db"}


# --- findings --------------------------------------------------------------------------------------------------------


def judged(text: Text, key: str = "URL", *others: Service) -> list[Row]:
    """The rows that hold for a variable of `web`."""
    shown = shop(service("web", environment={key: text}), *others)
    path = ("services", "web", "environment", key)
    rows = [row for row in REFERENCES if row.path == "services.*.environment.*"]
    return [row for row in rows if row.when is not None and row.when(shown, path, text)]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("URL", "api:8080"),
        ("URL", "grpc://api:8080"),
        ("URL", "http://api:%s"),
        ("URL", "http://worker:$PORT/"),
        ("API_HOST", "api"),
        ("API_HOST", "worker"),
        ("URL", "web:9000"),
    ],
)
def test_a_form_without_an_address_is_refused_and_left_as_it_is(key: str, text: str) -> None:
    assert [row.verdict.value for row in judged(text, key)] == ["rejected"]
    assert value(text, key) == text


@pytest.mark.parametrize(("key", "text"), [("URL", "http://api:8080"), ("DB_HOST", "db")])
def test_what_is_rewritten_is_told(key: str, text: str) -> None:
    assert [row.verdict.value for row in judged(text, key)] == ["approximated"]


@pytest.mark.parametrize("text", ["http://example.com", "api", "http://localhost:8080"])
def test_a_value_that_names_nothing_is_no_finding(text: str) -> None:
    assert judged(text) == []


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("DATABASE_URL", Parts([WORD]), ["approximated"]),
        ("DB_HOST", Parts([WORD]), ["approximated"]),
        ("PASSWORD", Parts([WORD]), []),
        ("DATABASE_URL", Parts(["postgres://u:", WORD, "@example.com/x"]), []),
    ],
)
def test_an_address_that_is_secret_as_a_whole_is_told_to_be_as_it_is(key: str, text: Text, expected: list[str]) -> None:
    assert [row.verdict.value for row in judged(text, key)] == expected


def test_a_variable_that_is_only_named_is_no_address() -> None:
    named = ("services", "web", "environment", "DATABASE_URL")
    others = app(service("web", environment={"DATABASE_URL": None}), service("api", expose=("80",)))
    assert not references.is_hidden(others, named, None)


def test_where_there_is_no_other_service_no_secret_can_name_one() -> None:
    shown = app(service("web", environment={"DATABASE_URL": Parts([WORD])}))
    assert not references.is_hidden(shown, ("services", "web", "environment", "DATABASE_URL"), Parts([WORD]))


def test_a_database_that_is_refused_itself_is_not_refused_again_wherever_it_is_named() -> None:
    cache = service("cache", image="redis:7")
    assert judged("redis://cache:6379", "URL", cache) == []


def test_a_word_of_a_command_is_judged_with_the_option_before_it() -> None:
    command = ("api", "--api-host", "api", "--host")
    shown = shop(service("web", command=command))
    paths = [("services", "web", "command", index) for index in range(len(command))]
    found = [references.is_unreachable(shown, path, word) for path, word in zip(paths, command, strict=True)]
    assert found == [False, False, True, False]
    one = shop(service("web", command=("--api-host", "api")))
    assert references.is_unreachable(one, ("services", "web", "command", 1), "api")


def test_what_a_managed_service_would_be_called_with_is_no_call() -> None:
    db = dataclasses.replace(DB, environment={"URL": "api:8080"})
    shown = app(service("web"), API, db)
    assert not references.is_unreachable(shown, ("services", "db", "environment", "URL"), "api:8080")


# --- what nobody thought of ------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    ["api", "db", "http://", "https://", "postgres://", "u:w@", ":8080", ":5432", "/", "-", ".", " ", "=", "host", ","]
)
TEXTS = st.lists(WORDS | st.text(max_size=3) | st.just(WORD), max_size=8).map(
    lambda parts: Parts(parts) if WORD in parts else "".join(parts)  # type: ignore[arg-type]
)


@bounded(300)
@given(TEXTS)
def test_nothing_is_rewritten_twice(text: Text) -> None:
    once = value(text)
    assert once is not None
    assert value(once) == once


def secrets(text: Text) -> list[Opaque]:
    return [part for part in text if isinstance(part, Opaque) and part.secret]


@bounded(300)
@given(TEXTS)
def test_secrets_stay_in_their_order(text: Text) -> None:
    found = value(text)
    assert found is not None
    assert secrets(found) == secrets(text)


@bounded(300)
@given(st.text(max_size=20))
def test_a_text_that_names_nothing_is_as_it_was(text: str) -> None:
    plain = text.replace("api", "").replace("db", "")
    assert value(plain) == plain


@bounded(300)
@given(st.text(alphabet="abz09_.-", min_size=1, max_size=4))
def test_a_longer_name_is_another(more: str) -> None:
    for url in (f"http://{more}.api:8080/", f"http://api{more}x:8080/", f"{more}_api:8080"):
        assert value(url) == url
