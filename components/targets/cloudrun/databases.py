"""`x-slipway.managed: postgres` and `mysql`: an instance of Cloud SQL in the container's place.

It has a private address alone, and the container's user, password and database. Clients choose whether they use TLS,
as they do with the container: many that the file's services have would not know how.
https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/instances
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...model import App, Service
from ...support import Conflict
from .. import credentials, instance_classes, volumes
from ..instance_classes import InstanceClass, smallest
from ..managed import Engine
from ..rows import Ref, Row
from . import names
from .given import Scope
from .managed import DATABASE, ENGINES, MYSQL, POSTGRES

LEAST_STORAGE = 10
"""GiB of a disk, the least that Cloud SQL has (https://cloud.google.com/sql/docs/quotas#storage_limits)."""
BACKUPS = 7
"""Daily backups, and days of the log from which a moment in between is restored."""
OWN_USERS: Mapping[str, str] = {POSTGRES.name: "postgres", MYSQL.name: "root"}
"""Engine -> the user that an instance has in any case (https://cloud.google.com/sql/docs/postgres/users)."""
OWN_DATABASES: Mapping[str, str] = {POSTGRES.name: "postgres", MYSQL.name: "mysql"}
"""Engine -> the database that an instance has in any case."""
RESERVED = re.compile(r"cloudsql\w*|root", re.ASCII)
"""Users of PostgreSQL that are Cloud SQL's own, or that it does not make."""
USER_MOST: Mapping[str, int] = {POSTGRES.name: 63, MYSQL.name: 32}
"""Engine -> characters of a user's name: the servers' own limits."""

CLASSES: Sequence[InstanceClass] = (
    InstanceClass("db-f1-micro", 1, 0.6),
    InstanceClass("db-g1-small", 1, 1.7),
    InstanceClass("db-custom-1-3840", 1, 3.75),
    InstanceClass("db-custom-2-7680", 2, 7.5),
    InstanceClass("db-custom-4-15360", 4, 15),
    InstanceClass("db-custom-8-30720", 8, 30),
    InstanceClass("db-custom-16-61440", 16, 60),
    InstanceClass("db-custom-32-122880", 32, 120),
    InstanceClass("db-custom-64-245760", 64, 240),
    InstanceClass("db-custom-96-368640", 96, 360),
)
"""From the smallest; the first two share a core (https://cloud.google.com/sql/docs/postgres/machine-series-overview)."""


def rows(scope: Scope) -> Iterator[Row]:
    """The instances, each with the user and the database that the container would make."""
    for service, engine in ENGINES.services(scope.app, DATABASE):
        yield _instance(scope, service, engine)
        yield from _user(scope, service, engine)
        yield from _database(scope, service, engine)


def _instance(scope: Scope, service: Service, engine: Engine) -> Row:
    kept = is_kept(scope, service)
    size = smallest(service, CLASSES)
    args = {
        **names.auto(DATABASE, scope.app.name, service.name),
        "project": scope.access.project,
        "region": scope.access.region,
        "database_version": f"{engine.name}_{ENGINES.version(service)}".upper().replace(".", "_"),
        "root_password": _password(scope, service, engine) if _is_own_user(scope, service, engine) else None,
        "encryption_key_name": scope.access.kms_key,
        "deletion_protection": kept and scope.access.deletion_protection,
        "settings": {
            "tier": (size or CLASSES[-1]).name,
            # newer versions have a dearer edition where nothing is said
            "edition": "ENTERPRISE",
            "availability_type": "ZONAL",
            "disk_type": "PD_SSD",
            "disk_size": volumes.disk(service, scope.app, LEAST_STORAGE),
            "disk_autoresize": True,
            "deletion_protection_enabled": kept and scope.access.deletion_protection,
            "ip_configuration": {
                "ipv4_enabled": False,
                "private_network": scope.access.network,
                "ssl_mode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
            },
            "backup_configuration": {
                "enabled": True,
                **_log(engine),
                "transaction_log_retention_days": BACKUPS,
                "backup_retention_settings": {"retained_backups": BACKUPS, "retention_unit": "COUNT"},
            },
            "final_backup_config": {"enabled": kept},
            "user_labels": scope.labels(service.name),
        },
    }
    # a disk that has grown is no change
    return scope.row(DATABASE, service.name, args, service=service.name, retain=kept, unasked=("settings.diskSize",))


def _log(engine: Engine) -> dict[str, bool]:
    """What keeps a log to restore from, which each engine has by a name of its own."""
    return {"point_in_time_recovery_enabled" if engine is POSTGRES else "binary_log_enabled": True}


def _user(scope: Scope, service: Service, engine: Engine) -> Iterator[Row]:
    if _is_own_user(scope, service, engine):
        return
    args = {
        "project": scope.access.project,
        "instance": Ref(DATABASE, service.name, "name"),
        "name": _name(scope, service, engine),
        "password": _password(scope, service, engine),
        # MySQL knows a user by where he comes from
        "host": "%" if engine is MYSQL else None,
    }
    yield scope.row("DatabaseUser", service.name, args, service=service.name, retain=is_kept(scope, service))


def _database(scope: Scope, service: Service, engine: Engine) -> Iterator[Row]:
    """The database that is made; PostgreSQL's images make one of the user's name where the file names none."""
    user = credentials.of(service, engine.name)
    named = credentials.value(scope.given.contents, service, user.database)
    if named is None and engine is POSTGRES:
        named = credentials.value(scope.given.contents, service, user.user)
    if named is None or named == OWN_DATABASES[engine.name]:
        return
    args = {"project": scope.access.project, "instance": Ref(DATABASE, service.name, "name"), "name": named}
    yield scope.row("Database", service.name, args, service=service.name, retain=is_kept(scope, service))


def _name(scope: Scope, service: Service, engine: Engine) -> Any:
    user = credentials.of(service, engine.name)
    return credentials.value(scope.given.contents, service, user.user) or user.default


def _password(scope: Scope, service: Service, engine: Engine) -> Any:
    return credentials.value(scope.given.contents, service, credentials.of(service, engine.name).password)


def _is_own_user(scope: Scope, service: Service, engine: Engine) -> bool:
    """Whether the container's user is the one that every instance has, whose password is the instance's."""
    return bool(_name(scope, service, engine) == OWN_USERS[engine.name])


def is_kept(scope: Scope, service: Service) -> bool:
    """Whether it stays when the stack goes."""
    return scope.given.protect or volumes.outlives(service, scope.app)


# --- what is wrong ---------------------------------------------------------------------------------------------------


def conflicts(app: App) -> Iterator[Conflict]:
    """Databases that Cloud SQL cannot be: without a password, or with a user that it does not make."""
    for service, engine in ENGINES.services(app, DATABASE):
        yield from instance_classes.conflicts(service, CLASSES)
        user = credentials.of(service, engine.name)
        path = ("services", service.name, "environment")
        if credentials.place(service, user.password) is None:
            fix = f"set {user.password[0]}, or {user.password[0]}{credentials.FILE} to the path of a secret"
            yield Conflict(path, f"no {user.password[0]}, and Cloud SQL is open to nobody without one", fix)
        yield from _named(service, engine, user)


def _named(service: Service, engine: Engine, user: credentials.Variables) -> Iterator[Conflict]:
    name, found = credentials.written(service, user.user), credentials.place(service, user.user)
    if not isinstance(name, str) or found is None:
        return
    path = ("services", service.name, "environment", found[0])
    if engine is POSTGRES and RESERVED.fullmatch(name):
        yield Conflict(path, f'the user "{name}" is Cloud SQL\'s own', "take another")
    elif len(name) > USER_MOST[engine.name]:
        what = f'the user "{name}" has {len(name)} characters, and {USER_MOST[engine.name]} are the most'
        yield Conflict(path, what, "shorten it")
