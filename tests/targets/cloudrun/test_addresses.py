"""The forms in which a value names a host. What becomes of them: test_cloudrun_references.py."""

import pytest

from components.model import Opaque, Parts
from components.targets.cloudrun import addresses

NAMES = frozenset({"api", "db", "postgres", "es1", "es2", "my_svc", "api.local"})


def found(text: str, key: str = "") -> list[tuple[str, str, str | None]]:
    """Form, name and port of each place."""
    return [
        (each.form.value, text[slice(*each.host)], None if each.port is None else text[slice(*each.port)])
        for each in addresses.named(text, NAMES, key)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://api", [("url", "api", None)]),
        ("http://api:8080/x?y=1", [("url", "api", "8080")]),
        ("HTTPS://API:8443", [("url", "API", "8443")]),
        ("ws://api/socket", [("url", "api", None)]),
        ("http://user:word@api:8080/", [("url", "api", "8080")]),
        ("http://my_svc:80", [("url", "my_svc", "80")]),
        ("http://api.local:80", [("url", "api.local", "80")]),
        ("http://api:$PORT/", [("url", "api", "$PORT")]),
        ("http://api:${PORT}/", [("url", "api", "${PORT}")]),
        ("see http://api:8080.", [("url", "api", "8080")]),
        ("http://es1:9200,http://es2:9200", [("url", "es1", "9200"), ("url", "es2", "9200")]),
        ("http://elsewhere?to=http://api:80", [("url", "api", "80")]),
        ('["http://api:80"]', [("url", "api", "80")]),
        ("${API:-http://api:80}", [("url", "api", "80")]),
    ],
)
def test_a_url_of_http_names_its_host(text: str, expected: object) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgres://shop:word@db:5432/shop", [("login", "db", "5432")]),
        ("postgres://shop:word@db/shop", [("login", "db", None)]),
        ("postgres://postgres:5432@postgres:5432/postgres", [("login", "postgres", "5432")]),
        ("jdbc:postgresql://db:5432/shop", [("login", "db", "5432")]),
        ("mongodb://u:w@es1:27017,es2:27018/shop", [("login", "es1", "27017"), ("login", "es2", "27018")]),
        ("grpc://api:50051", [("login", "api", "50051")]),
        ("shop:word@db/shop", [("login", "db", None)]),
        ("shop:word@tcp(db:3306)/shop", [("address", "db", "3306")]),
        ("api:8080", [("address", "api", "8080")]),
        ("api:20 api:65535", [("address", "api", "20"), ("address", "api", "65535")]),
        ("dns:///api:50051", [("address", "api", "50051")]),
        ("db:${DB_PORT}", [("address", "db", "${DB_PORT}")]),
        ("http://es1:9200,es2:9200", [("url", "es1", "9200"), ("address", "es2", "9200")]),
        ("http://api:%s", [("address", "api", None)]),
        ("http://api:80abc", [("address", "api", "80")]),
        ("host=db port=5432 user=api", [("host", "db", None)]),
        ("Server=db;Database=api", [("host", "db", None)]),
        ('{"host": "db", "name": "api"}', [("host", "db", None)]),
        ("pg_isready --host db -U api", [("host", "db", None)]),
        ("pg_isready --host=db", [("host", "db", None)]),
        ("psql -h db api", [("host", "db", None)]),
    ],
)
def test_other_forms_name_a_host_too(text: str, expected: object) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("DB_HOST", "db", ["db"]),
        ("PGHOST", "db", ["db"]),
        ("REDIS_SERVER", "db", ["db"]),
        ("KAFKA_BROKERS", "es1,es2", ["es1", "es2"]),
        ("--db-host", "db", ["db"]),
        ("-h", "db", ["db"]),
        ("CACHE_DRIVER", "db", []),
        ("DB_NAME", "db", []),
        ("-U", "db", []),
        ("", "db", []),
    ],
)
def test_a_name_alone_is_a_host_where_its_key_says_so(key: str, text: str, expected: list[str]) -> None:
    assert found(text, key) == [("host", name, None) for name in expected]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "api",
        "http://api-x:80",
        "http://my-api:80",
        "http://api.example.com",
        "http://api-${REGION}:80",
        "http://api{{suffix}}",
        "http://api@elsewhere/",
        "http://api:8080@elsewhere/",
        "https://example.com/api",
        "https://example.com/api:8080",
        "registry.example.com/team/api:2024",
        "db:16",
        "db:16-alpine",
        "db:99999",
        "noreply@db",
        "my.api:8080",
        "/var/lib/db",
        "api:word@elsewhere:5432",
    ],
)
def test_a_word_that_only_looks_like_a_name_is_none(text: str) -> None:
    assert found(text) == []


def test_opaque_parts_are_a_character_each_and_no_name_goes_on_in_one() -> None:
    url = Parts(["postgres://u:", Opaque("secret", "WORD"), "@db:5432/x"])
    assert addresses.masked(url) == f"postgres://u:{addresses.MASK}@db:5432/x"
    assert found(addresses.masked(url)) == [("login", "db", "5432")]
    assert found(addresses.masked(Parts(["http://api", Opaque("x")]))) == [("address", "api", None)]


def test_without_names_nothing_is_looked_for() -> None:
    assert addresses.named("http://api:80", frozenset()) == []
