"""`x-slipway.managed: postgres` and `mysql`: an instance of RDS in the container's place.

It is private and encrypted, and has the container's name, port, user, password and database. Clients choose whether
they use TLS, as they do with the container: many that the file's services have would not know how.
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...model import App, Service
from ...support import Conflict
from .. import credentials, instance_classes, volumes
from ..instance_classes import InstanceClass, smallest
from ..managed import Engine, port
from ..rows import Json, Ref, Row
from . import endpoints, secrets
from .given import Scope
from .managed import DATABASE, ENGINES, MARIADB, MYSQL, POSTGRES

LEAST_STORAGE = 20
"""GiB of a disk of the kind gp3, the least that RDS has."""
BACKUP_DAYS = 7
TLS: Mapping[str, str] = {
    POSTGRES.name: "rds.force_ssl",
    MYSQL.name: "require_secure_transport",
    MARIADB.name: "require_secure_transport",
}
"""Engine -> the parameter that refuses clients without TLS
(https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html)."""
PASSWORD_MOST: Mapping[str, int] = {POSTGRES.name: 128, MYSQL.name: 41, MARIADB.name: 41}
"""Engine -> characters of a password, of which there are eight at least: the page above."""
PASSWORD = re.compile(r"[!-~]{8,}")
NOT_IN_PASSWORD = frozenset('/@"')
USER = re.compile(r"[A-Za-z]\w{0,15}", re.ASCII)
NAME = re.compile(r"[A-Za-z]\w{0,62}", re.ASCII)
RESERVED = frozenset({"admin", "rdsadmin"})
"""Users that are RDS' own in PostgreSQL."""
PREFIX = 36
"""Characters of an identifier that are not the provider's: 63 in all, and it appends 26."""
POSTGRES_OWN = "postgres"
"""The database that PostgreSQL has in any case."""


CLASSES: Sequence[InstanceClass] = (
    InstanceClass("db.t4g.micro", 2, 1),
    InstanceClass("db.t4g.small", 2, 2),
    InstanceClass("db.t4g.medium", 2, 4),
    InstanceClass("db.t4g.large", 2, 8),
    InstanceClass("db.t4g.xlarge", 4, 16),
    InstanceClass("db.t4g.2xlarge", 8, 32),
    InstanceClass("db.m7g.4xlarge", 16, 64),
    InstanceClass("db.m7g.8xlarge", 32, 128),
    InstanceClass("db.m7g.16xlarge", 64, 256),
)
"""From the smallest (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html)."""


def rows(scope: Scope) -> Iterator[Row]:
    """The instances, each with its parameters, its group, its credentials and its names."""
    found = list(ENGINES.services(scope.app, DATABASE))
    if found:
        yield endpoints.subnets(scope, "DatabaseSubnetGroup")
    for service, engine in found:
        yield from endpoints.group(scope, service, engine)
        content = Json(credentials.kept(scope.given.contents, service, engine.name))
        yield from secrets.kept(scope, secrets.environment_key(service.name), content, service=service.name)
        yield _parameters(scope, service, engine)
        yield _instance(scope, service, engine)
        yield from endpoints.names(scope, service, Ref(DATABASE, service.name, "address"))


def _parameters(scope: Scope, service: Service, engine: Engine) -> Row:
    args = {
        "name_prefix": f"{endpoints.identifier(scope.app.name, service.name)}-",
        "family": f"{engine.name}{ENGINES.series(service)}",
        "description": f"{service.name} of {scope.app.name}",
        "parameters": [{"name": TLS[engine.name], "value": "0"}],
    }
    return scope.row("DatabaseParameterGroup", service.name, args, service=service.name)


def _instance(scope: Scope, service: Service, engine: Engine) -> Row:
    user = credentials.of(service, engine.name)
    kept = is_kept(scope, service)
    name = endpoints.identifier(scope.app.name, service.name)
    asked = ENGINES.version(service)
    size = smallest(service, CLASSES)
    args = {
        "identifier_prefix": f"{name[:PREFIX].rstrip('-')}-",
        "engine": engine.name,
        "engine_version": asked,
        # a version that the file writes in full is the one that it stays
        "auto_minor_version_upgrade": asked == ENGINES.series(service),
        "instance_class": (size or CLASSES[-1]).name,
        "allocated_storage": volumes.disk(service, scope.app, LEAST_STORAGE),
        "storage_type": "gp3",
        "storage_encrypted": True,
        "kms_key_id": scope.access.kms_key,
        "username": credentials.value(scope.given.contents, service, user.user) or user.default,
        "password": credentials.value(scope.given.contents, service, user.password),
        "db_name": _database(scope, service, engine, user),
        "port": port(service, engine),
        "db_subnet_group_name": Ref("DatabaseSubnetGroup", endpoints.SUBNETS, "name"),
        "parameter_group_name": Ref("DatabaseParameterGroup", service.name, "name"),
        "vpc_security_group_ids": [Ref("SecurityGroup", service.name, "id")],
        "publicly_accessible": False,
        "multi_az": False,
        "backup_retention_period": BACKUP_DAYS,
        "copy_tags_to_snapshot": True,
        "apply_immediately": True,
        "deletion_protection": kept and scope.access.deletion_protection,
        "skip_final_snapshot": not kept,
        "final_snapshot_identifier": f"{name}-final" if kept else None,
    }
    return scope.row(DATABASE, service.name, args, service=service.name, retain=kept)


def _database(scope: Scope, service: Service, engine: Engine, user: credentials.Variables) -> Any:
    """The database that is made; PostgreSQL's images make one of the user's name where the file names none."""
    named = credentials.value(scope.given.contents, service, user.database)
    if named is None and engine is POSTGRES:
        named = credentials.value(scope.given.contents, service, user.user)
    return None if named == POSTGRES_OWN and engine is POSTGRES else named


def is_kept(scope: Scope, service: Service) -> bool:
    """Whether it stays when the stack goes."""
    return scope.given.protect or volumes.outlives(service, scope.app)


# --- what is wrong ---------------------------------------------------------------------------------------------------


def conflicts(app: App) -> Iterator[Conflict]:
    """Databases that RDS cannot be: without a password, or with a name that it does not take."""
    for service, engine in ENGINES.services(app, DATABASE):
        yield from instance_classes.conflicts(service, CLASSES)
        user = credentials.of(service, engine.name)
        yield from _password(service, engine, user)
        yield from _named(service, user.user, USER, "1 to 16 letters, digits and underscores, a letter first")
        yield from _named(service, user.database, NAME, "1 to 63 letters, digits and underscores, a letter first")
        name = credentials.written(service, user.user)
        if engine is POSTGRES and name in RESERVED:
            what = f'the user "{name}" is RDS\' own'
            yield Conflict(("services", service.name, "environment", user.user[0]), what, "take another")


def _password(service: Service, engine: Engine, user: credentials.Variables) -> Iterator[Conflict]:
    path = ("services", service.name, "environment")
    found = credentials.place(service, user.password)
    if found is None:
        fix = f"set {user.password[0]}, or {user.password[0]}{credentials.FILE} to the path of a secret"
        yield Conflict(path, f"no {user.password[0]}, and RDS makes no database without a password", fix)
        return
    text = credentials.written(service, user.password)
    most = PASSWORD_MOST[engine.name]
    if not isinstance(text, str) or (
        PASSWORD.fullmatch(text) and len(text) <= most and not NOT_IN_PASSWORD.intersection(text)
    ):
        return  # what is secret is judged by RDS alone
    what = f'the password is none that RDS takes: 8 to {most} printable characters without space, /, @ and "'
    yield Conflict((*path, found[0]), what, "choose another")


def _named(service: Service, names: Sequence[str], form: re.Pattern[str], rule: str) -> Iterator[Conflict]:
    text = credentials.written(service, names)
    found = credentials.place(service, names)
    if found is not None and isinstance(text, str) and not form.fullmatch(text):
        path = ("services", service.name, "environment", found[0])
        yield Conflict(path, f'"{text}" is no name that RDS takes: {rule}', "choose another")
