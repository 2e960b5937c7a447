"""Names that DNS takes, from names that Compose takes."""

import re

LABEL_LIMIT = 63
"""Characters of a DNS label (RFC 1123; https://kubernetes.io/docs/concepts/overview/working-with-objects/names/)."""


def label(name: str, beside: str = "") -> str:
    """A Compose name as a DNS label: lower case, and a hyphen for anything but letters and digits.

    What is too long stays too long: a target's rules refuse it, because a cut name is not the name that others call.

    Args:
        name: it.
        beside: what else a label may have, though neither first nor last: Route 53 takes an underscore.
    """
    return re.sub(rf"[^a-z0-9{beside}]+", "-", name.lower()).strip(f"-{beside}")


def is_label(name: str, beside: str = "") -> bool:
    """Whether a name is a DNS label as it is; see `label`."""
    return re.fullmatch(rf"[a-z0-9]([a-z0-9{beside}-]*[a-z0-9])?", name) is not None and len(name) <= LABEL_LIMIT
