"""Google's own databases and caches in a container's place: what they are, and what cannot be one.

That Cloud SQL and Memorystore take these arguments, no test here proves: no project is at hand.
"""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from components.access import CloudRunAccess, Contents
from components.model import (
    App,
    Build,
    Bytes,
    FileGrant,
    FileObject,
    Job,
    Mount,
    Opaque,
    Parts,
    PreStart,
    Service,
    ServiceExtension,
    Volume,
    VolumeExtension,
)
from components.support import Conflict
from components.targets import credentials
from components.targets.cloudrun import caches, databases, managed
from components.targets.cloudrun.given import Given, Scope
from components.targets.rows import Extract, Ref, Row
from tests.apps import app, service

GIB = 1024**3
PASSWORD = Parts([Opaque("correct-horse", name="DB_PASSWORD")])
NETWORK = "projects/shop-1/global/networks/n"
ACCESS = CloudRunAccess(project="shop-1", number="42", region="europe-west1", network=NETWORK)


def database(**keys: Any) -> Service:
    """A PostgreSQL that is Google's."""
    known = {
        "image": "postgres:16-alpine",
        "environment": {"POSTGRES_USER": "shop", "POSTGRES_PASSWORD": PASSWORD},
        "x_slipway": ServiceExtension(managed="postgres"),
    }
    return service("db", **{**known, **keys})


def cache(**keys: Any) -> Service:
    """A Redis that is Google's, whose image is built here."""
    known = {"image": None, "build": Build(context="."), "x_slipway": ServiceExtension(managed="redis")}
    return service("cache", **{**known, **keys})


def rendered(made: App, contents: Contents | None = None) -> dict[tuple[str, str], Row]:
    """The rows of managed services, by kind and key."""
    scope = Scope(made, {}, Given(access=ACCESS, contents=contents or Contents()))
    return {(row.kind, row.key): row for row in (*databases.rows(scope), *caches.rows(scope))}


def instance(**keys: Any) -> Row:
    """The row of the database."""
    return rendered(app(database(**keys)))["DatabaseInstance", "db"]


def test_a_database_is_private_and_backed_up() -> None:
    row = instance()
    assert row.retain
    assert row.args == {
        "project": "shop-1",
        "region": "europe-west1",
        "database_version": "POSTGRES_16",
        "deletion_protection": True,
        "settings": {
            "tier": "db-f1-micro",
            "edition": "ENTERPRISE",
            "availability_type": "ZONAL",
            "disk_type": "PD_SSD",
            "disk_size": 10,
            "disk_autoresize": True,
            "deletion_protection_enabled": True,
            "ip_configuration": {
                "ipv4_enabled": False,
                "private_network": NETWORK,
                "ssl_mode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
            },
            "backup_configuration": {
                "enabled": True,
                "point_in_time_recovery_enabled": True,
                "transaction_log_retention_days": 7,
                "backup_retention_settings": {"retained_backups": 7, "retention_unit": "COUNT"},
            },
            "final_backup_config": {"enabled": True},
            "user_labels": {"slipway-application": "shop", "slipway-service": "db"},
        },
    }


def test_a_database_has_the_containers_user_and_the_database_of_that_name() -> None:
    found = rendered(app(database()))
    of_instance = {"project": "shop-1", "instance": Ref("DatabaseInstance", "db", "name"), "name": "shop"}
    assert found["DatabaseUser", "db"].args == {**of_instance, "password": PASSWORD}
    assert found["Database", "db"].args == of_instance


def test_the_user_that_every_instance_has_gets_the_password_and_is_not_made() -> None:
    found = rendered(app(database(environment={"POSTGRES_PASSWORD": PASSWORD})))
    assert list(found) == [("DatabaseInstance", "db")]
    assert found["DatabaseInstance", "db"].args["root_password"] == PASSWORD


def test_mysql_keeps_a_log_of_its_own_kind_and_lets_its_user_come_from_anywhere() -> None:
    environment = {"MYSQL_USER": "shop", "MYSQL_PASSWORD": PASSWORD, "MYSQL_DATABASE": "goods"}
    found = rendered(
        app(database(image="mysql:8", environment=environment, x_slipway=ServiceExtension(managed="mysql")))
    )
    args = found["DatabaseInstance", "db"].args
    assert args["database_version"] == "MYSQL_8_4"
    assert args["settings"]["backup_configuration"]["binary_log_enabled"] is True
    assert found["DatabaseUser", "db"].args["host"] == "%"
    assert found["Database", "db"].args["name"] == "goods"


def test_the_disk_and_what_becomes_of_it_are_the_volumes() -> None:
    mount = Mount(type="volume", source="data", target="/var/lib/postgresql/data")
    volume = Volume(x_slipway=VolumeExtension(size=Bytes(50 * GIB), keep=False))
    row = rendered(app(database(volumes=(mount,)), volumes={"data": volume}))["DatabaseInstance", "db"]
    assert (row.retain, row.args["deletion_protection"], row.args["settings"]["disk_size"]) == (False, False, 50)


def test_the_instance_is_the_smallest_that_has_what_the_container_asks_for() -> None:
    assert instance(mem_limit=Bytes(2 * GIB)).args["settings"]["tier"] == "db-custom-1-3840"


def test_a_cache_is_private_and_has_a_password_where_the_container_is_granted_one() -> None:
    secrets = {"password": FileObject(environment="PASSWORD")}
    mount = Mount(type="volume", source="data", target="/data")
    made = app(
        cache(secrets=(FileGrant(source="password"),), volumes=(mount,)), secrets=secrets, volumes={"data": Volume()}
    )
    row = rendered(made)["CacheInstance", "cache"]
    assert row.retain
    assert row.args == {
        "name": "shop-cache",
        "project": "shop-1",
        "region": "europe-west1",
        "display_name": "cache of shop",
        "redis_version": "REDIS_7_2",
        "tier": "BASIC",
        "memory_size_gb": 1,
        "authorized_network": NETWORK,
        "connect_mode": "DIRECT_PEERING",
        "auth_enabled": True,
        "transit_encryption_mode": "DISABLED",
        "persistence_config": {"persistence_mode": "RDB", "rdb_snapshot_period": "ONE_HOUR"},
        "deletion_protection": True,
        "labels": {"slipway-application": "shop", "slipway-service": "cache"},
    }
    assert caches.content(Scope(made, {}, Given(access=ACCESS)), "password") == Ref(
        "CacheInstance", "cache", "auth_string"
    )


def test_a_cache_without_volume_and_password_forgets_and_asks_for_none() -> None:
    made = app(cache())
    row = rendered(made)["CacheInstance", "cache"]
    assert (row.retain, row.args["auth_enabled"], "persistence_config" in row.args) == (False, False, False)
    assert caches.content(Scope(made, {}, Given(access=ACCESS)), "password") is None


def test_a_password_in_a_file_is_taken_without_its_newlines() -> None:
    content = "correct-horse\n"
    environment = {"POSTGRES_USER": "shop", "POSTGRES_PASSWORD_FILE": "/run/secrets/password"}
    made = app(
        database(environment=environment, secrets=(FileGrant(source="password"),)),
        secrets={"password": FileObject(file="password.txt")},
    )
    found = rendered(made, Contents(secrets={"password": content}))
    assert found["DatabaseUser", "db"].args["password"] == Extract(content, credentials.WITHOUT_NEWLINES)


def messages(judge: Callable[[App], Iterable[Conflict]], made: App) -> list[str]:
    return [f"{each.what}; {each.fix}" for each in judge(made)]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {"environment": {}},
            "no POSTGRES_PASSWORD, and Cloud SQL is open to nobody without one; "
            "set POSTGRES_PASSWORD, or POSTGRES_PASSWORD_FILE to the path of a secret",
        ),
        (
            {"environment": {"POSTGRES_USER": "cloudsqladmin", "POSTGRES_PASSWORD": PASSWORD}},
            'the user "cloudsqladmin" is Cloud SQL\'s own; take another',
        ),
        (
            {"environment": {"POSTGRES_USER": "a" * 64, "POSTGRES_PASSWORD": PASSWORD}},
            f'the user "{"a" * 64}" has 64 characters, and 63 are the most; shorten it',
        ),
        (
            {"mem_limit": Bytes(400 * GIB)},
            "it asks for more than db-custom-96-368640 has: 96 vCPU and 360 GiB; ask for less",
        ),
    ],
)
def test_what_cloud_sql_cannot_be_is_refused(keys: dict[str, Any], message: str) -> None:
    assert messages(databases.conflicts, app(database(**keys))) == [message]


@pytest.mark.parametrize(
    ("image", "word", "message"),
    [
        (
            "postgres:9.6",
            "postgres",
            'the tag of "postgres:9.6" names no version that Google Cloud has; name one, such as postgres:17',
        ),
        (
            "mariadb:11",
            "mysql",
            '"mariadb:11" is no image of a mysql server that is known; name one of '
            "mysql, pgvector, postgis, postgres, redis, valkey, or take x-slipway.managed away",
        ),
        (
            "redis:8",
            "redis",
            'the tag of "redis:8" names no version that Google Cloud has; name one, such as redis:7.2',
        ),
    ],
)
def test_a_server_that_google_has_not_is_refused(image: str, word: str, message: str) -> None:
    given = database(image=image, x_slipway=ServiceExtension(managed=word))
    assert messages(managed.ENGINES.conflicts, app(given)) == [message]


MADE = "Memorystore makes the password itself, and it can be told through a secret's file alone"
GRANT = "grant the password as a secret, to this service and to those that log in"


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"environment": {"REDIS_PASSWORD": "said"}}, f"{MADE}; {GRANT}"),
        ({"command": ("redis-server", "--requirepass", "said")}, f"{MADE}; {GRANT}"),
        (
            {"mem_limit": Bytes(301 * GIB)},
            "it asks for 301 GiB, and Memorystore for Redis has 300 at most; ask for less",
        ),
    ],
)
def test_what_memorystore_cannot_be_is_refused(keys: dict[str, Any], message: str) -> None:
    assert messages(caches.conflicts, app(cache(**keys))) == [message]


def test_whatever_has_what_the_password_is_elsewhere_is_refused() -> None:
    url = {"REDIS_URL": Parts(["redis://:", Opaque("correct-horse", name="PASSWORD"), "@cache"])}
    made = app(
        service("web", environment=url, pre_start=(PreStart(image="web:1", environment=url),)),
        cache(secrets=(FileGrant(source="password"),)),
        jobs={"report": Job(name="report", image="report:1", environment=url)},
        secrets={"password": FileObject(environment="PASSWORD"), "copy": FileObject(environment="PASSWORD")},
    )
    what = "it holds PASSWORD, and the password of cache is one that Memorystore makes"
    read = "read it from the file of the secret password"
    assert list(caches.conflicts(made)) == [
        Conflict(("services", "web", "environment", "REDIS_URL"), what, read),
        Conflict(("services", "web", "pre_start", 0, "environment", "REDIS_URL"), what, read),
        Conflict(("jobs", "report", "environment", "REDIS_URL"), what, read),
        Conflict(("secrets", "copy"), what, "grant the secret password in its place"),
    ]
