"""A Docker Engine that is there already: `slipway:cluster: {existing: {host: ...}}`."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ..access import DockerAccess
from ..errors import Problem, SettingsError, suggest

SCHEMES = ("npipe", "ssh", "tcp", "unix")
KEYS = ("ca", "cert", "host", "key")


def docker(existing: Mapping[str, Any]) -> DockerAccess:
    """The access that a stack's `existing` block describes; an empty block is the Engine of the user's own tools.

    Args:
        existing: `host`, and for tcp with TLS `ca`, `cert` and `key` as PEM.

    Raises:
        SettingsError: with every problem at once.
    """
    where = "slipway:cluster.existing"
    problems = [Problem(f'unknown key "{key}"', where, suggest(key, KEYS)) for key in existing if key not in KEYS]
    host = existing.get("host")
    if isinstance(host, str):
        scheme = urlsplit(host).scheme
        if scheme not in SCHEMES:
            problems.append(Problem(f'host "{host}" has no known scheme', where, f"{suggest(scheme, SCHEMES)}"))
        if scheme == "tcp" and not existing.get("ca"):
            fix = "give ca, cert and key, or use ssh:// (an open port gives root on that machine to the network)"
            problems.append(Problem(f'host "{host}" without TLS', where, fix))
    if problems:
        raise SettingsError(problems)
    return DockerAccess(**{key: existing[key] for key in KEYS if existing.get(key) is not None})
