"""`x-slipway.managed: redis`: an instance of Memorystore for Redis in the container's place.

Its password is Google's own: it takes the place of the content of the secret that the container reads it from, so
that every service which is granted that secret logs in. It is reached inside the network alone; TLS is left out, since
clients would have to trust an authority of the instance's own.
https://cloud.google.com/memorystore/docs/redis/reference/rest/v1/projects.locations.instances
"""

import math
from collections.abc import Iterator

from ...model import App, Job, Opaque, Parts, Path, Service, Text
from ...support import Conflict
from .. import amounts, credentials, sharing
from ..files import GrantedFile
from ..instance_classes import GIB
from ..managed import Engine
from ..rows import Ref, Row
from . import reach
from .databases import is_kept
from .given import Scope
from .managed import CACHE, ENGINES

VARIABLES = ("REDIS_PASSWORD", "VALKEY_PASSWORD")
OPTION = "--requirepass"
LEAST, MOST = 1, 300
"""GiB of an instance (https://cloud.google.com/memorystore/docs/redis/redis-tiers)."""


def rows(scope: Scope) -> Iterator[Row]:
    """The instances."""
    for service, engine in ENGINES.services(scope.app, CACHE):
        yield _instance(scope, service, engine)


def _instance(scope: Scope, service: Service, engine: Engine) -> Row:
    lasting = bool(sharing.volumes(service, scope.app))
    kept = lasting and is_kept(scope, service)
    args = {
        "name": scope.name(CACHE, service.name),
        "project": scope.access.project,
        "region": scope.access.region,
        "display_name": f"{service.name} of {scope.app.name}",
        "redis_version": f"{engine.name}_{ENGINES.version(service)}".upper().replace(".", "_"),
        "tier": "BASIC",
        "memory_size_gb": max(LEAST, memory(service)),
        "authorized_network": scope.access.network,
        "connect_mode": "DIRECT_PEERING",
        "auth_enabled": password(service) is not None,
        "transit_encryption_mode": "DISABLED",
        "customer_managed_key": scope.access.kms_key,
        # without a volume, the container forgets too
        "persistence_config": {"persistence_mode": "RDB", "rdb_snapshot_period": "ONE_HOUR"} if lasting else None,
        "deletion_protection": kept and scope.access.deletion_protection,
    }
    return scope.row(CACHE, service.name, args, service=service.name, retain=kept, stop_first=True)


def content(scope: Scope, key: str) -> Ref | None:
    """What a Compose secret holds in place of its own content: the password that Google has made; None: its own.

    Args:
        scope: the application.
        key: of the secret.
    """
    for service, _ in ENGINES.services(scope.app, CACHE):
        file = password(service)
        if file is not None and file.grant.source == key:
            return Ref(CACHE, service.name, "auth_string")
    return None


def password(service: Service) -> GrantedFile | None:
    """The secret's file that has the password which the container would ask for; None: it asks for none."""
    found = credentials.place(service, VARIABLES)
    return credentials.sole_secret(service) if found is None else found[1]


def memory(service: Service) -> int:
    """GiB that the container asks for; 0: the file does not say."""
    asked = amounts.of(service)
    return math.ceil(max(asked.memory or 0, asked.reserved_memory or 0) / GIB)


def conflicts(app: App) -> Iterator[Conflict]:
    """Instances that Memorystore cannot be: too large, or with a password of the file's own."""
    for service, _ in ENGINES.services(app, CACHE):
        if memory(service) > MOST:
            what = f"it asks for {memory(service)} GiB, and Memorystore for Redis has {MOST} at most"
            yield Conflict(("services", service.name, "deploy", "resources"), what, "ask for less")
        yield from _passwords(service)
        yield from _copies(app, service)


def _copies(app: App, service: Service) -> Iterator[Conflict]:
    """What has the password elsewhere: here it is another, which is in the one secret alone."""
    file = password(service)
    name = None if file is None else app.secrets[file.grant.source].environment
    if file is None or name is None:
        return
    what = f"it holds {name}, and the password of {service.name} is one that Memorystore makes"
    for path, value in _values(app):
        if isinstance(value, Parts) and any(isinstance(part, Opaque) and part.name == name for part in value):
            yield Conflict(path, what, f"read it from the file of the secret {file.grant.source}")
    for key, secret in app.secrets.items():
        if secret.environment == name and key != file.grant.source:
            yield Conflict(("secrets", key), what, f"grant the secret {file.grant.source} in its place")


def _values(app: App) -> Iterator[tuple[Path, Text | None]]:
    """Every variable of the application's services, of the steps before them, and of its jobs."""
    owners: list[Service | Job] = [*app.services.values(), *app.jobs.values()]
    for owner in owners:
        own: Path = ("jobs" if isinstance(owner, Job) else "services", owner.name)
        steps = [((*own, "pre_start", index), step) for index, step in enumerate(reach.steps(owner))]
        for path, container in ((own, owner), *steps):
            for variable, value in container.environment.items():
                yield (*path, "environment", variable), value


def _passwords(service: Service) -> Iterator[Conflict]:
    what = "Memorystore makes the password itself, and it can be told through a secret's file alone"
    fix = "grant the password as a secret, to this service and to those that log in"
    found = credentials.place(service, VARIABLES)
    if found is not None and found[1] is None:
        yield Conflict(("services", service.name, "environment", found[0]), what, fix)
    if OPTION in (service.command or ()):
        yield Conflict(("services", service.name, "command"), what, fix)
