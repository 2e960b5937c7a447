"""`x-slipway.managed`: what Google Cloud has as a service of its own.

https://cloud.google.com/sql/docs/db-versions, https://cloud.google.com/memorystore/docs/redis/supported-versions
"""

from ...model import Service
from .. import managed
from ..managed import Engine, Engines
from ..rows import Key, Ref

DATABASE, CACHE = "DatabaseInstance", "CacheInstance"
"""What a managed service becomes."""

POSTGRES = Engine(
    name=managed.POSTGRES,
    word="postgres",
    kind=DATABASE,
    port=5432,
    data="/var/lib/postgresql",
    default="17",
    example="postgres:17",
    in_full=False,
    versions=("13", "14", "15", "16", "17", "18"),
)
MYSQL = Engine(
    name=managed.MYSQL,
    word="mysql",
    kind=DATABASE,
    port=3306,
    data="/var/lib/mysql",
    default="8.4",
    example="mysql:8.4",
    parts=2,
    in_full=False,
    series={"8": "8.4"},
    versions=("8.0", "8.4"),
)
REDIS = Engine(
    name="redis",
    word="redis",
    kind=CACHE,
    port=6379,
    data="/data",
    default="7.2",
    example="redis:7.2",
    parts=2,
    in_full=False,
    series={"7": "7.2"},
    versions=("7.0", "7.2"),
)
"""Valkey 7.2 is what Redis 7.2 was; later ones of both have commands that Memorystore for Redis has not."""

ENGINES = Engines(
    whose="Google Cloud",
    images={
        "mysql": MYSQL,
        "pgvector": POSTGRES,
        "postgis": POSTGRES,
        "postgres": POSTGRES,
        "redis": REDIS,
        "valkey": REDIS,
    },
    units="instances",
)
"""The extensions of pgvector and postgis are in Cloud SQL
(https://cloud.google.com/sql/docs/postgres/extensions); MariaDB is not."""

ADDRESSES = {DATABASE: "private_ip_address", CACHE: "host"}
"""Kind -> the output that is its address in the network."""


def key(service: Service) -> Key:
    """The row of Google's own service: what dependents wait for."""
    found = ENGINES.of(service)
    return (DATABASE if found is None else found.kind, service.name)


def address(service: Service) -> Ref:
    """Where Google's own service is in the network, an address."""
    kind, name = key(service)
    return Ref(kind, name, ADDRESSES[kind])


def port(service: Service) -> int:
    """The port at which Google's own service is called, whatever the container's is: it is fixed."""
    found = ENGINES.of(service)
    return 0 if found is None else found.port
