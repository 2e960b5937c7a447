"""Names that Kubernetes takes, from names that Compose takes."""

import re

LABEL_LIMIT = 63
"""Characters of a DNS label (RFC 1123; https://kubernetes.io/docs/concepts/overview/working-with-objects/names/)."""


def label(name: str) -> str:
    """A Compose name as a DNS label: lower case, and a hyphen for anything but letters and digits.

    What is too long stays too long: `render.RULES` refuses it, because a cut name is not the name that others call.
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
