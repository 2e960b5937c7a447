"""Physical names: what a resource is called on its platform, and how long that may be.

Logical names (in Pulumi's state) are made by the components: their own name, then the Compose keys, joined by `-`.
"""

import hashlib

HASH_LENGTH = 7
"""Hex digits of a shortened name's suffix: as many as Pulumi's own auto-naming uses."""


def join(*parts: str | int) -> str:
    """`join("guestbook", "web", 1)` is `guestbook-web-1`, the form that Compose gives its containers."""
    return "-".join(str(part) for part in parts)


def shorten(name: str, limit: int) -> str:
    """Cut a name to `limit` characters; a stable suffix keeps two long names apart.

    Args:
        name: any name.
        limit: the most characters that the platform takes; more than `HASH_LENGTH` + 1.
    """
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:HASH_LENGTH]
    return f"{name[: limit - HASH_LENGTH - 1].rstrip('-_.')}-{digest}"
