"""Names that Kubernetes takes, from names that Compose takes."""

import hashlib
import re

from ..dns_names import LABEL_LIMIT, is_label, label

__all__ = ["LABEL_LIMIT", "inner", "is_annotation", "is_label", "label", "physical"]

HASH = 7
"""Characters of the hash that tells cut names apart."""

_QUALIFIED = re.compile(r"([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?")


def inner(name: str) -> str:
    """A DNS label for what only one object refers to, such as a pod's volume: cut where it is too long."""
    found = label(name) or "root"
    if len(found) <= LABEL_LIMIT:
        return found
    return f"{found[: LABEL_LIMIT - HASH - 1].strip('-')}-{hashlib.sha256(name.encode()).hexdigest()[:HASH]}"


def is_annotation(name: str) -> bool:
    """Whether a name can be that of an annotation.

    A name of at most 63 letters, digits, `-`, `_` and `.`, and before it a domain and a slash where there is one
    (https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set).
    """
    return _QUALIFIED.fullmatch(name) is not None and len(name.rpartition("/")[2]) <= LABEL_LIMIT


def physical(written: str | None, key: str, app: str) -> str:
    """The name of the object that stands for a volume, secret or config of the application.

    Args:
        written: its `name`, which the loader completes to `<application>_<key>`: the namespace says that already.
        key: in the file.
        app: the application's name.
    """
    return label(key if written in (None, f"{app}_{key}") else str(written))
