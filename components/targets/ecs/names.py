"""Names that AWS takes, from names that Compose takes: as they are while they fit, else cut, with a hash."""

import hashlib
import re
from collections.abc import Mapping

from ..dns_names import LABEL_LIMIT, label

__all__ = ["LABEL_LIMIT", "auto", "fitting", "label", "plain", "prefix"]

LIMITS: Mapping[str, int] = {
    "CacheReplicationGroup": 40,
    "DatabaseInstance": 63,
    "DiscoveryService": 63,
    "FileSystem": 64,
    "Function": 64,
    "LoadBalancer": 32,
    "LogGroup": 512,
    "Repository": 256,
    "Role": 64,
    "RolePolicy": 128,
    "Schedule": 64,
    "Secret": 256,
    "SecurityGroup": 255,
    "Service": 255,
    "TargetGroup": 32,
    "TaskDefinition": 255,
}
"""Kind -> characters that its name may have (the API reference of each service, `Create...`)."""

HASH = 8
"""Characters of the hash that tells cut names apart."""
RANDOM = 8
"""Characters that Pulumi's auto-naming appends: a hyphen and seven digits."""


BESIDE = "_"
"""What a name in Cloud Map may have that a host's has not
(https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html, Name)."""


def fitting(kind: str, *words: str, room: int = 0) -> str:
    """A name from words, within the kind's limit, of letters, digits and hyphens.

    Args:
        kind: of the resource.
        words: joined by hyphens.
        room: characters to leave for what is appended.
    """
    limit = LIMITS[kind] - room
    full = "-".join(words)
    plain = re.sub(r"[^A-Za-z0-9]+", "-", full).strip("-")
    if plain == full and len(full) <= limit:
        return full
    return f"{plain[: limit - HASH - 1].strip('-')}-{hashlib.sha256(full.encode()).hexdigest()[:HASH]}"


def plain(name: str) -> str:
    """A Compose name as ECS takes it, for a service, a family and a container: a dot becomes a hyphen.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html (serviceName)
    """
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)


PREFIXES: Mapping[str, int] = {"LoadBalancer": 6, "Schedule": 38, "TargetGroup": 6}
"""Kind -> characters of a prefix, to which the provider appends what makes a name of it
(https://www.pulumi.com/registry/packages/aws/api-docs/lb/targetgroup/, namePrefix)."""
_NAMED = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?")


def prefix(kind: str, *words: str) -> dict[str, str]:
    """The arguments that name a resource: none where the logical name, made of the words, is the begin of one.

    Args:
        kind: of the resource, one of `PREFIXES`.
        words: joined by hyphens.
    """
    full = "-".join(words)
    if _NAMED.fullmatch(full) and len(full) <= LIMITS[kind] - RANDOM:
        return {}
    begin = re.sub(r"[^A-Za-z0-9-]+", "-", full).strip("-")
    return {"name_prefix": f"{begin[: PREFIXES[kind] - 1].strip('-')}-"}


def auto(kind: str, *words: str) -> dict[str, str]:
    """The argument `name` where Pulumi's own, the logical name and eight characters, would be too long for the kind.

    Args:
        kind: of the resource.
        words: of its logical name, joined by hyphens.
    """
    full = "-".join(words)
    return {} if len(full) + RANDOM <= LIMITS[kind] else {"name": fitting(kind, *words)}
