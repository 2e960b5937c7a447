"""`x-slipway.managed: redis`: a node of ElastiCache in the container's place.

It is private and encrypted at rest. Clients choose whether they use TLS, as long as there is no password: ElastiCache
takes one only where all of them do (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html).
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
"""

import itertools
import re
from collections.abc import Iterator, Sequence

from ...model import App, Service, Text
from ...support import Conflict
from .. import credentials, instance_classes, sharing
from ..instance_classes import InstanceClass, smallest
from ..managed import Engine, port
from ..rows import Ref, Row
from . import databases, endpoints
from .given import Scope
from .managed import CACHE, ENGINES

VARIABLES = ("REDIS_PASSWORD", "VALKEY_PASSWORD")
OPTION = "--requirepass"
TOKEN = re.compile(r"[A-Za-z0-9!&#$^<>-]{16,128}")
"""A password that ElastiCache takes: the page above."""
BACKUP_DAYS = 7
NAME_MOST = 40

CLASSES: Sequence[InstanceClass] = (
    InstanceClass("cache.t4g.micro", 2, 0.5),
    InstanceClass("cache.t4g.small", 2, 1.37),
    InstanceClass("cache.t4g.medium", 2, 3.09),
    InstanceClass("cache.m7g.large", 2, 6.38),
    InstanceClass("cache.m7g.xlarge", 4, 12.93),
    InstanceClass("cache.m7g.2xlarge", 8, 26.04),
    InstanceClass("cache.m7g.4xlarge", 16, 52.26),
    InstanceClass("cache.m7g.8xlarge", 32, 103.68),
    InstanceClass("cache.m7g.16xlarge", 64, 209.55),
)
"""From the smallest (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html)."""


def rows(scope: Scope) -> Iterator[Row]:
    """The nodes, each with its group and its names."""
    found = list(ENGINES.services(scope.app, CACHE))
    if found:
        yield endpoints.subnets(scope, "CacheSubnetGroup")
    for service, engine in found:
        yield from endpoints.group(scope, service, engine)
        yield _node(scope, service, engine)
        yield from endpoints.names(scope, service, Ref(CACHE, service.name, "primary_endpoint_address"))


def _node(scope: Scope, service: Service, engine: Engine) -> Row:
    token = password(scope, service)
    lasting = bool(sharing.volumes(service, scope.app))
    name = endpoints.identifier(scope.app.name, service.name)[:NAME_MOST].rstrip("-")
    size = smallest(service, CLASSES)
    args = {
        "replication_group_id": name,
        "description": f"{service.name} of {scope.app.name}",
        "engine": engine.name,
        "engine_version": ENGINES.version(service),
        "auto_minor_version_upgrade": True,
        "node_type": (size or CLASSES[-1]).name,
        "num_cache_clusters": 1,
        "automatic_failover_enabled": False,
        "multi_az_enabled": False,
        "port": port(service, engine),
        "subnet_group_name": Ref("CacheSubnetGroup", endpoints.SUBNETS, "name"),
        "security_group_ids": [Ref("SecurityGroup", service.name, "id")],
        "at_rest_encryption_enabled": True,
        "kms_key_id": scope.access.kms_key,
        "transit_encryption_enabled": True,
        "transit_encryption_mode": "preferred" if token is None else "required",
        "auth_token": token,
        "apply_immediately": True,
        # without a volume, the container forgets too
        "snapshot_retention_limit": BACKUP_DAYS if lasting else None,
        "final_snapshot_identifier": f"{name}-final" if lasting and databases.is_kept(scope, service) else None,
    }
    # its name is fixed: where a change replaces it, the old one has to go first
    return scope.row(CACHE, service.name, args, service=service.name, stop_first=True)


def password(scope: Scope, service: Service) -> object | None:
    """The password that the container would ask for; None: it asks for none."""
    said = option(service) or credentials.value(scope.given.contents, service, VARIABLES)
    return credentials.of_secret(scope.given.contents, service) if said is None else said


def option(service: Service) -> Text | None:
    """What follows `--requirepass` in the container's command."""
    words = service.command or ()
    return next((after for word, after in itertools.pairwise(words) if word == OPTION), None)


def conflicts(app: App) -> Iterator[Conflict]:
    """Nodes that ElastiCache cannot be."""
    for service, _ in ENGINES.services(app, CACHE):
        yield from instance_classes.conflicts(service, CLASSES)
        text = option(service) or credentials.written(service, VARIABLES)
        if isinstance(text, str) and not TOKEN.fullmatch(text):
            what = "the password is none that ElastiCache takes: 16 to 128 letters, digits and !&#$^<>-"
            key = "command" if option(service) else "environment"
            yield Conflict(("services", service.name, key), what, "choose another")
