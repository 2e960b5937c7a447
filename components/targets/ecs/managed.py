"""`x-slipway.managed`: what AWS has as a service of its own.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Welcome.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/WhatIs.html
"""

from ...model import Service
from .. import managed
from ..managed import Engine, Engines
from ..rows import Key

DATABASE, CACHE = "DatabaseInstance", "CacheReplicationGroup"
"""What a managed service becomes."""

POSTGRES = Engine(
    name=managed.POSTGRES,
    word="postgres",
    kind=DATABASE,
    port=5432,
    data="/var/lib/postgresql",
    default="17",
    example="postgres:17",
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
    series={"8": "8.4"},
)
MARIADB = Engine(
    name=managed.MARIADB,
    word="mysql",
    kind=DATABASE,
    port=3306,
    data="/var/lib/mysql",
    default="11.4",
    example="mariadb:11.4",
    parts=2,
    series={"10": "10.11", "11": "11.8"},
)
REDIS = Engine(
    name="valkey",
    word="redis",
    kind=CACHE,
    port=6379,
    data="/data",
    default="8.1",
    example="valkey:8.1",
    parts=2,
    in_full=False,
    series={"7": "7.2", "7.0": "7.2", "7.4": "8.0", "8": "8.1", "8.2": "8.1"},
)
"""Redis is Valkey: ElastiCache's Redis ends at 7.1, and Valkey 7.2 takes its place without a change of the clients
(https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagementConsiderations.html)."""

ENGINES = Engines(
    whose="AWS",
    images={
        "mariadb": MARIADB,
        "mysql": MYSQL,
        "pgvector": POSTGRES,
        "postgis": POSTGRES,
        "postgres": POSTGRES,
        "redis": REDIS,
        "valkey": REDIS,
    },
    units="a task",
)
"""The extensions of pgvector and postgis are in RDS
(https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-extensions.html)."""


def key(service: Service) -> Key:
    """The row of AWS's own service: what dependents wait for."""
    found = ENGINES.of(service)
    return (DATABASE if found is None else found.kind, service.name)
