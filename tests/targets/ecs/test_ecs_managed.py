"""AWS's own databases and caches in a container's place: what they are, who reaches them, and what cannot be one.

That RDS and ElastiCache take these arguments, no test here proves: no account is at hand.
"""

from typing import Any

import pytest

from components.access import Contents
from components.model import (
    App,
    Build,
    Bytes,
    Dependency,
    FileGrant,
    FileObject,
    Mount,
    Network,
    Opaque,
    Parts,
    Service,
    ServiceExtension,
    Volume,
    VolumeExtension,
)
from components.targets import credentials
from components.targets.ecs import caches, databases
from components.targets.ecs.managed import ENGINES
from components.targets.ecs.render import RULES, render
from components.targets.rows import Extract, Json, Ref, Row
from tests.apps import app, service
from tests.targets.ecs.ecs_scopes import by_key, scope

PASSWORD = Parts([Opaque("correct-horse", name="DB_PASSWORD")])
GIB = 1024**3


def database(**keys: Any) -> Service:
    """A PostgreSQL that is AWS's."""
    known = {
        "image": "postgres:16-alpine",
        "environment": {"POSTGRES_PASSWORD": PASSWORD},
        "x_slipway": ServiceExtension(managed="postgres"),
    }
    return service("db", **{**known, **keys})


def cache(**keys: Any) -> Service:
    """A Redis that is AWS's."""
    return service("cache", **{"image": "redis:7", "x_slipway": ServiceExtension(managed="redis"), **keys})


def rendered(
    *services: Service, reached: dict[str, Any] | None = None, contents: Contents | None = None, **keys: Any
) -> dict[tuple[str, str], Row]:
    """All rows of an application, by kind and key."""
    made = scope(app(*services, **keys), reached=reached, contents=contents or Contents())
    return by_key(render(made.app, made.images, made.given))


def instance(**keys: Any) -> Row:
    """The row of the database, which one service calls."""
    return rendered(service("web"), database(**keys))["DatabaseInstance", "db"]


def refused(*services: Service, **keys: Any) -> list[str]:
    """What the rules say."""
    made = app(*services, **keys)
    return [f"{each.what}; {each.fix}" for rule in RULES for each in rule(made)]


def test_a_database_is_private_encrypted_and_backed_up() -> None:
    args = instance().args
    assert {key: args[key] for key in ("publicly_accessible", "storage_encrypted", "backup_retention_period")} == {
        "publicly_accessible": False,
        "storage_encrypted": True,
        "backup_retention_period": 7,
    }


def test_a_managed_service_has_no_tasks() -> None:
    found = rendered(service("web"), database(), cache())
    assert [key for kind, key in found if kind in ("TaskDefinition", "Service", "Invocation")] == ["web", "web"]


def test_what_shares_a_network_calls_the_database_at_its_port_and_nobody_else_does() -> None:
    apart = service("apart", networks={"other": None})
    networks = {"default": Network(), "other": Network()}
    found = rendered(service("web"), apart, database(), networks=networks)
    assert [
        (key, row.args["referenced_security_group_id"], row.args["from_port"], row.args["to_port"])
        for (kind, key), row in found.items()
        if kind == "IngressRule" and row.args["security_group_id"] == Ref("SecurityGroup", "db", "id")
    ] == [("db-from-network-default-5432", Ref("SecurityGroup", "network-default", "id"), 5432, 5432)]


def test_the_compose_name_means_the_database() -> None:
    target = rendered(service("web"), database())["DiscoveryInstance", "db"].args["attributes"]
    assert target == {"AWS_INSTANCE_CNAME": Ref("DatabaseInstance", "db", "address")}


def test_a_dependent_waits_for_the_name_of_the_database() -> None:
    web = service("web", depends_on={"db": Dependency(condition="service_healthy")})
    assert ("DiscoveryInstance", "db") in rendered(web, database())["Service", "web"].after


def test_clients_choose_whether_they_use_tls() -> None:
    found = rendered(service("web"), database(), cache())
    assert found["DatabaseParameterGroup", "db"].args["parameters"] == [{"name": "rds.force_ssl", "value": "0"}]
    assert found["CacheReplicationGroup", "cache"].args["transit_encryption_mode"] == "preferred"


def test_the_credentials_are_in_secrets_manager_under_the_names_of_the_variables() -> None:
    environment = {"POSTGRES_USER": "shop", "POSTGRES_PASSWORD": PASSWORD, "POSTGRES_DB": "orders", "PGDATA": "/x"}
    found = rendered(service("web"), database(environment=environment))
    content = found["SecretVersion", "db-environment"].args["secret_string"]
    assert content == Json({"POSTGRES_USER": "shop", "POSTGRES_PASSWORD": PASSWORD, "POSTGRES_DB": "orders"})


def test_user_password_and_database_are_the_containers_own() -> None:
    environment = {"POSTGRES_USER": "shop", "POSTGRES_PASSWORD": PASSWORD}
    args = instance(environment=environment).args
    assert (args["username"], args["password"], args["db_name"]) == ("shop", PASSWORD, "shop")


def test_the_database_that_postgresql_has_in_any_case_is_not_asked_for() -> None:
    args = instance(environment={"POSTGRES_USER": "postgres", "POSTGRES_PASSWORD": PASSWORD}).args
    assert (args["username"], "db_name" in args) == ("postgres", False)


def test_a_password_in_a_file_is_taken_without_its_newline() -> None:
    db = database(
        environment={"POSTGRES_PASSWORD_FILE": "/run/secrets/password"}, secrets=(FileGrant(source="password"),)
    )
    secret = Parts([Opaque("correct-horse\n", name="password")])
    found = rendered(
        service("web"),
        db,
        secrets={"password": FileObject(file="/password")},
        contents=Contents(secrets={"password": secret}),
    )
    given = found["DatabaseInstance", "db"].args["password"]
    assert isinstance(given, Extract)
    assert (given.value, given.of("correct-horse\n")) == (secret, "correct-horse")


@pytest.mark.parametrize(
    ("environment", "user", "password"),
    [
        ({"MYSQL_ROOT_PASSWORD": "root-password"}, "root", "root-password"),
        (
            {"MYSQL_ROOT_PASSWORD": "root-password", "MYSQL_USER": "shop", "MYSQL_PASSWORD": "shop-password"},
            "shop",
            "shop-password",
        ),
    ],
)
def test_mysql_has_the_applications_own_user_before_the_root(
    environment: dict[str, str], user: str, password: str
) -> None:
    extension = ServiceExtension(managed="mysql")
    args = instance(image="mysql:8", environment=environment, x_slipway=extension).args
    assert (args["username"], args["password"]) == (user, password)


@pytest.mark.parametrize(
    ("image", "version", "series"),
    [
        ("postgres:16-alpine", "16", "16"),
        ("docker.io/library/postgres:16.4", "16.4", "16"),
        ("pgvector/pgvector:pg17", "17", "17"),
        ("postgis/postgis:16-3.4", "16", "16"),
        ("mysql:8", "8.4", "8.4"),
        ("mysql:8.0.36", "8.0.36", "8.0"),
        ("mysql:9", None, None),
        ("mariadb:11", "11.8", "11.8"),
        ("redis:7-alpine", "7.2", "7.2"),
        ("redis:8.2", "8.1", "8.1"),
        ("valkey/valkey:8.1", "8.1", "8.1"),
        ("postgres", None, None),
        ("registry:5000/postgres", None, None),
    ],
)
def test_the_version_is_that_of_the_images_tag(image: str, version: str | None, series: str | None) -> None:
    container = service("db", image=image)
    assert (ENGINES.version(container), ENGINES.series(container)) == (version, series)


def test_a_version_that_is_written_in_full_is_not_updated() -> None:
    assert instance(image="postgres:16.4").args["auto_minor_version_upgrade"] is False
    assert instance(image="postgres:16").args["auto_minor_version_upgrade"] is True


def volumes(**extension: Any) -> dict[str, Any]:
    """A database with a volume."""
    mount = Mount(type="volume", source="data", target="/var/lib/postgresql/data")
    return {"db": database(volumes=(mount,)), "volumes": {"data": Volume(x_slipway=VolumeExtension(**extension))}}


def test_the_disk_is_as_large_as_the_volume() -> None:
    given = volumes(size=Bytes(50 * GIB))
    found = rendered(service("web"), given["db"], volumes=given["volumes"])
    assert found["DatabaseInstance", "db"].args["allocated_storage"] == 50


def test_a_database_stays_when_the_stack_goes_and_leaves_a_snapshot_when_it_is_deleted() -> None:
    row = instance()
    assert (row.retain, row.args["deletion_protection"], row.args["skip_final_snapshot"]) == (True, True, False)
    assert row.args["final_snapshot_identifier"] == "shop-db-final"


def test_a_database_whose_volume_is_not_kept_goes_with_the_stack() -> None:
    given = volumes(keep=False)
    row = rendered(service("web"), given["db"], volumes=given["volumes"])["DatabaseInstance", "db"]
    assert (row.retain, row.args["deletion_protection"], row.args["skip_final_snapshot"]) == (False, False, True)


@pytest.mark.parametrize(
    ("memory", "name"),
    [(GIB // 2, "db.t4g.micro"), (GIB + 1, "db.t4g.small"), (33 * GIB, "db.m7g.4xlarge")],
)
def test_the_instance_is_the_smallest_that_has_what_the_container_asks_for(memory: int, name: str) -> None:
    assert instance(mem_limit=Bytes(memory)).args["instance_class"] == name


def test_a_redis_with_a_password_asks_its_clients_for_tls() -> None:
    found = rendered(service("web"), cache(command=("redis-server", "--requirepass", "a-password-of-length")))
    args = found["CacheReplicationGroup", "cache"].args
    assert (args["auth_token"], args["transit_encryption_mode"]) == ("a-password-of-length", "required")


def test_a_redis_without_a_volume_is_not_backed_up() -> None:
    mount = Mount(type="volume", source="data", target="/data")
    without = rendered(service("web"), cache())["CacheReplicationGroup", "cache"].args
    beside = rendered(service("web"), cache(volumes=(mount,)), volumes={"data": Volume()})
    assert "snapshot_retention_limit" not in without
    assert beside["CacheReplicationGroup", "cache"].args["snapshot_retention_limit"] == 7


def test_the_port_is_the_one_that_the_file_knows() -> None:
    assert instance(expose=("6543",)).args["port"] == 6543
    assert instance(expose=("5432", "6543")).args["port"] == 5432


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {"environment": {}},
            "no POSTGRES_PASSWORD, and RDS makes no database without a password; "
            "set POSTGRES_PASSWORD, or POSTGRES_PASSWORD_FILE to the path of a secret",
        ),
        (
            {"environment": {"POSTGRES_PASSWORD": "a@b-c-d-e-f"}},
            'the password is none that RDS takes: 8 to 128 printable characters without space, /, @ and "; '
            "choose another",
        ),
        (
            {"environment": {"POSTGRES_PASSWORD": PASSWORD, "POSTGRES_DB": "my-shop"}},
            '"my-shop" is no name that RDS takes: 1 to 63 letters, digits and underscores, a letter first; '
            "choose another",
        ),
        (
            {"environment": {"POSTGRES_PASSWORD": PASSWORD, "POSTGRES_USER": "admin"}},
            'the user "admin" is RDS\' own; take another',
        ),
        (
            {"image": "timescale/timescaledb:latest-pg16"},
            '"timescale/timescaledb:latest-pg16" is no image of a postgres server that is known; '
            "name one of mariadb, mysql, pgvector, postgis, postgres, redis, valkey, or take x-slipway.managed away",
        ),
        (
            {"image": "postgres:latest"},
            'the tag of "postgres:latest" names no version that AWS has; name one, such as postgres:17',
        ),
        (
            {"x_slipway": ServiceExtension(managed="mysql")},
            '"postgres:16-alpine" is no mysql; write postgres, or take x-slipway.managed away',
        ),
        (
            {"mem_limit": Bytes(300 * GIB)},
            "it asks for more than db.m7g.16xlarge has: 64 vCPU and 256 GiB; ask for less",
        ),
    ],
)
def test_what_rds_cannot_be_is_refused(keys: dict[str, Any], message: str) -> None:
    assert refused(service("web"), database(**keys)) == [message]


def test_a_password_that_elasticache_does_not_take_is_refused() -> None:
    assert refused(service("web"), cache(environment={"REDIS_PASSWORD": "short"})) == [
        "the password is none that ElastiCache takes: 16 to 128 letters, digits and !&#$^<>-; choose another"
    ]


def test_a_container_in_the_tasks_of_a_managed_service_is_refused() -> None:
    beside = service("beside", networks={}, network_mode="service:db")
    assert [each.what for each in ENGINES.conflicts(app(database(), beside))] == [
        "services.db and it share a task, and AWS's own service has none"
    ]


def test_without_managed_services_there_is_nothing_of_them() -> None:
    made = scope(App(name="shop", services={"web": service("web")}, networks={"default": Network()}))
    assert [*databases.rows(made), *caches.rows(made)] == []


def test_what_is_built_here_is_what_the_file_says_in_its_default_version() -> None:
    built = cache(image=None, build=Build(context="."))
    assert rendered(service("web"), built)["CacheReplicationGroup", "cache"].args["engine_version"] == "8.1"


def test_the_one_secret_that_a_cache_is_granted_is_its_password() -> None:
    secret = Parts([Opaque("correct-horse-battery", name="PASSWORD")])
    found = rendered(
        service("web"),
        cache(image=None, build=Build(context="."), secrets=(FileGrant(source="password"),)),
        secrets={"password": FileObject(environment="PASSWORD")},
        contents=Contents(secrets={"password": secret}),
    )
    args = found["CacheReplicationGroup", "cache"].args
    assert args["auth_token"] == Extract(secret, credentials.WITHOUT_NEWLINES)
    assert args["transit_encryption_mode"] == "required"
