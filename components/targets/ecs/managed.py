"""`x-slipway.managed`: AWS's own service in a container's place. Which engine it is, read off the container's image.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Welcome.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/WhatIs.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...model import Container, Service
from ..managed import is_managed
from ..rows import Key

__all__ = [
    "CACHE",
    "DATABASE",
    "IMAGES",
    "MARIADB",
    "MYSQL",
    "POSTGRES",
    "REDIS",
    "Engine",
    "engine",
    "is_managed",
    "key",
    "series",
    "version",
]

DATABASE, CACHE = "DatabaseInstance", "CacheReplicationGroup"
"""What a managed service becomes."""
NAME = re.compile(r"(?:.*/)?([^/:@]+)")
"""The last part of an image's name, without tag and digest."""
TAG = re.compile(r":(?:pg|v)?(\d+(?:\.\d+)*)")
"""The version in an image's tag: `postgres:16-alpine`, `pgvector:pg17`, `mysql:8.0.36`."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A kind of server that AWS has as a service.

    Attributes:
        name: as AWS calls it.
        word: as `x-slipway.managed` calls it.
        kind: `DATABASE` or `CACHE`.
        port: at which clients call it, unless the file says otherwise.
        data: where its images keep their data.
        parts: how many numbers of a version name a release series, `16` or `8.4`.
        series: what a tag of fewer or of other numbers means; a cache's as (engine, version).
    """

    name: str
    word: str
    kind: str
    port: int
    data: str
    parts: int = 1
    series: Mapping[str, str] = field(default_factory=dict)


POSTGRES = Engine(name="postgres", word="postgres", kind=DATABASE, port=5432, data="/var/lib/postgresql")
MYSQL = Engine(
    name="mysql",
    word="mysql",
    kind=DATABASE,
    port=3306,
    data="/var/lib/mysql",
    parts=2,
    series={"8": "8.4"},
)
MARIADB = Engine(
    name="mariadb",
    word="mysql",
    kind=DATABASE,
    port=3306,
    data="/var/lib/mysql",
    parts=2,
    series={"10": "10.11", "11": "11.8"},
)
REDIS = Engine(
    name="valkey",
    word="redis",
    kind=CACHE,
    port=6379,
    data="/data",
    parts=2,
    series={"7": "7.2", "7.0": "7.2", "7.4": "8.0", "8": "8.1", "8.2": "8.1"},
)
"""Redis is Valkey: ElastiCache's Redis ends at 7.1, and Valkey 7.2 takes its place without a change of the clients
(https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagementConsiderations.html)."""

IMAGES: Mapping[str, Engine] = {
    "mariadb": MARIADB,
    "mysql": MYSQL,
    "pgvector": POSTGRES,
    "postgis": POSTGRES,
    "postgres": POSTGRES,
    "redis": REDIS,
    "valkey": REDIS,
}
"""The last part of an image's name -> what it serves. The extensions of the two others are in RDS
(https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-extensions.html)."""


def key(service: Service) -> Key:
    """The row of AWS's own service: what dependents wait for."""
    found = engine(service)
    return (DATABASE if found is None else found.kind, service.name)


def engine(container: Container) -> Engine | None:
    """What a container's image serves; None: it is none that AWS has, or it is built and may be anything."""
    if container.image is None or getattr(container, "build", None) is not None:
        return None
    return IMAGES.get(container.image.rpartition("/")[2].partition("@")[0].partition(":")[0])


def version(container: Container) -> str | None:
    """The version that AWS is asked for, `16` or `16.4`; None: the image's tag names none that it has."""
    found, tag = engine(container), TAG.search((container.image or "").partition("@")[0].rpartition("/")[2])
    if found is None or tag is None:
        return None
    written = tag[1]
    if found.kind == CACHE:
        written = ".".join(written.split(".")[: found.parts])
        written = found.series.get(written, written)
    written = found.series.get(written, written)
    return written if written.count(".") + 1 >= found.parts else None


def series(container: Container) -> str | None:
    """The release series of `version`: what a database's parameters are of, and what is updated within by itself."""
    found, asked = engine(container), version(container)
    return None if found is None or asked is None else ".".join(asked.split(".")[: found.parts])
