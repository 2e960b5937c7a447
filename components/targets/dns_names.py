"""Names that DNS takes, from names that Compose takes."""

import re

LABEL_LIMIT = 63
"""Characters of a DNS label (RFC 1123; https://kubernetes.io/docs/concepts/overview/working-with-objects/names/)."""

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def label(name: str) -> str:
    """A Compose name as a DNS label: lower case, and a hyphen for anything but letters and digits.

    What is too long stays too long: a target's rules refuse it, because a cut name is not the name that others call.
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def is_label(name: str) -> bool:
    """Whether a name is a DNS label as it is."""
    return _LABEL.fullmatch(name) is not None and len(name) <= LABEL_LIMIT
