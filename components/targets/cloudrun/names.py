"""Names that Google Cloud takes, from names that Compose takes: as they are while they fit, else cut, with a hash."""

import hashlib
import re
from collections.abc import Mapping

LIMITS: Mapping[str, int] = {
    "Account": 30,
    "Address": 63,
    "BackendService": 63,
    "Bucket": 63,
    "CacheInstance": 40,
    "Certificate": 63,
    "DatabaseInstance": 80,
    "ForwardingRule": 63,
    "HttpProxy": 63,
    "HttpsProxy": 63,
    "InternalBackend": 63,
    "InternalForwarding": 63,
    "InternalMap": 63,
    "InternalProxy": 63,
    "Job": 49,
    "NetworkEndpointGroup": 63,
    "Repository": 63,
    "Schedule": 500,
    "Secret": 255,
    "Service": 49,
    "UrlMap": 63,
    "WorkerPool": 49,
    "Zone": 63,
}
"""Kind -> characters that its name may have (the reference of each API, `create`)."""

CONTAINER_LIMIT = 63
"""Characters of the name of a container or of a volume."""
HASH = 7
"""Characters of the hash that tells cut names apart."""
SHORTEST = 6
"""Characters that a service account's ID has at least
(https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/create)."""

RANDOM = 8
"""Characters that Pulumi's auto-naming appends: a hyphen and seven digits."""
_NAMED = re.compile(r"[a-z][a-z0-9-]*")


def fitting(kind: str, *words: str) -> str:
    """A name from words, within the kind's limit: lower-case letters, digits and hyphens, a letter first.

    Args:
        kind: of the resource, one of `LIMITS`.
        words: joined by hyphens.
    """
    limit = LIMITS[kind]
    full = "-".join(words)
    plain = re.sub(r"[^a-z0-9]+", "-", full.lower()).strip("-")
    if not plain[:1].isalpha():
        plain = f"s-{plain}"
    if plain == full and SHORTEST <= len(full) <= limit:
        return full
    return f"{plain[: limit - HASH - 1].strip('-')}-{hashlib.sha256(full.encode()).hexdigest()[:HASH]}"


def auto(kind: str, *words: str) -> dict[str, str]:
    """The argument `name` where Pulumi's own, the logical name and eight characters, would be none of the kind's.

    Args:
        kind: of the resource, one of `LIMITS`.
        words: of its logical name, joined by hyphens.
    """
    full = "-".join(words)
    fits = _NAMED.fullmatch(full) is not None and len(full) + RANDOM <= LIMITS[kind]
    return {} if fits else {"name": fitting(kind, *words)}


def container(name: str) -> str:
    """The name of a container or of a volume of an instance: a label of DNS (RFC 1123)."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if len(plain) <= CONTAINER_LIMIT:
        return plain
    return f"{plain[: CONTAINER_LIMIT - HASH - 1].strip('-')}-{hashlib.sha256(name.encode()).hexdigest()[:HASH]}"
