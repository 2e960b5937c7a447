"""What is there already, `slipway:cluster: {existing: {...}}`: an Engine, a cluster, a project of Google Cloud."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from ..access import Access, DockerAccess, EntryPoint, SwarmAccess
from ..errors import Problem, SettingsError, suggest
from . import cloudrun_access, ecs_access, kubernetes

WHERE = "slipway:cluster.existing"
SCHEMES = ("npipe", "ssh", "tcp", "unix")
ENGINE_KEYS = ("ca", "cert", "host", "key")
SSH_KEYS = ("address", "hostKey", "privateKey")
"""`privateKey` is what a cluster's stack gives where it made the key: it is for the user's own `ssh`, and not read."""
SWARM_KEYS = (*ENGINE_KEYS, *SSH_KEYS, "ingress", "initialise", "routingMesh", "volumeNode")
"""`initialise` is for `make up`: it makes a Swarm of one node of this machine's Engine, where that is in none."""
HOST_KEY = re.compile(r"[a-z0-9@.-]+ [A-Za-z0-9+/=]+")
"""https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT"""
ENTRY_KEYS = ("http", "https", "image", "network", "node", "volume")
ENTRY_REQUIRED = ("image", "network", "node", "volume")


def docker(existing: Mapping[str, Any]) -> DockerAccess:
    """The access that a stack's `existing` block describes; an empty block is the Engine of the user's own tools.

    Args:
        existing: `host`, for tcp with TLS `ca`, `cert` and `key` as PEM, for ssh `hostKey`, and `address`; see
            `DockerAccess`.

    Raises:
        SettingsError: with every problem at once.
    """
    _refuse(_engine_problems(existing, (*ENGINE_KEYS, *SSH_KEYS)))
    return DockerAccess(**_engine(existing))


def swarm(existing: Mapping[str, Any]) -> SwarmAccess:
    """A Swarm, by the Engine of one of its managers; an empty block is the Engine of the user's own tools.

    Args:
        existing: as on docker, and `routingMesh`, `volumeNode` and `ingress` (the entry point); see `SwarmAccess`.

    Raises:
        SettingsError: with every problem at once.
    """
    problems = _engine_problems(existing, SWARM_KEYS)
    mesh = existing.get("routingMesh", True)
    if not isinstance(mesh, bool):
        problems.append(Problem(f"routingMesh is {mesh!r}, not true or false", WHERE, "write one of these"))
    if not isinstance(existing.get("volumeNode"), str | None):
        what = f"volumeNode is {existing['volumeNode']!r}, not a string"
        problems.append(Problem(what, WHERE, "write a node's hostname"))
    ingress = existing.get("ingress")
    problems += _entry_problems(ingress) if ingress is not None else []
    _refuse(problems)
    # a number that came from another stack is a float
    whole = {key: int(value) if isinstance(value, float) else value for key, value in (ingress or {}).items()}
    entry = EntryPoint(**whole) if ingress is not None else None
    return SwarmAccess(
        **_engine(existing),
        routing_mesh=mesh,
        volume_node=existing.get("volumeNode"),
        entry=entry,
    )


def _entry_problems(ingress: Any) -> list[Problem]:
    where = f"{WHERE}.ingress"
    if not isinstance(ingress, Mapping):
        return [Problem(f"it is {ingress!r}, not a mapping", where, f"write {', '.join(ENTRY_KEYS)}")]
    problems = [Problem(f'unknown key "{key}"', where, suggest(key, ENTRY_KEYS)) for key in ingress.keys() - ENTRY_KEYS]
    missing = [key for key in ENTRY_REQUIRED if key not in ingress]
    return problems + [Problem(f"no value for {key}", where, "write what the entry point has") for key in missing]


READERS: Mapping[str, Callable[[Mapping[str, Any]], Access]] = {
    "cloudrun": cloudrun_access.access,
    "docker": docker,
    "ecs": ecs_access.access,
    "kubernetes": kubernetes.access,
    "swarm": swarm,
}
"""Target -> what reads its `existing` block."""
CHOOSERS: Mapping[str, Callable[[Any, Mapping[str, Any]], Access]] = {
    "cloudrun": cloudrun_access.chosen,
    "ecs": ecs_access.chosen,
    "kubernetes": kubernetes.chosen,
}
"""Target -> what puts the choices of an application's stack, in the setting of the target's name, over an access."""


def _engine(existing: Mapping[str, Any]) -> dict[str, Any]:
    names = {**{key: key for key in ENGINE_KEYS}, "address": "published_at", "hostKey": "host_key"}
    return {name: existing[key] for key, name in names.items() if existing.get(key) is not None}


def _engine_problems(existing: Mapping[str, Any], keys: Sequence[str]) -> list[Problem]:
    problems = [Problem(f'unknown key "{key}"', WHERE, suggest(key, keys)) for key in existing if key not in keys]
    host = existing.get("host")
    if isinstance(host, str):
        scheme = urlsplit(host).scheme
        if scheme not in SCHEMES:
            problems.append(Problem(f'host "{host}" has no known scheme', WHERE, f"{suggest(scheme, SCHEMES)}"))
        if scheme == "tcp" and not existing.get("ca"):
            fix = "give ca, cert and key, or use ssh:// (an open port gives root on that machine to the network)"
            problems.append(Problem(f'host "{host}" without TLS', WHERE, fix))
    if isinstance(existing.get("address"), (int, float, list, Mapping)):
        what = f"address is {existing['address']!r}, not a string"
        problems.append(Problem(what, WHERE, "write a name or an address"))
    key = existing.get("hostKey")
    if isinstance(key, str) and not HOST_KEY.fullmatch(key):
        fix = "write type and key, as `ssh-keyscan` prints them after the host"
        problems.append(Problem(f'hostKey is "{key}", not a host\'s key', WHERE, fix))
    return problems


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise SettingsError(problems)
