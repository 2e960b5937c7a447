"""Labels: what `docker compose ls/ps/logs` reads, and what Slipway finds its own things by.

Docker Compose's labels: https://github.com/docker/compose, `pkg/api/labels.go`. `ps` and `logs` take a container into
account only when it has `project`, `service`, `oneoff` and `config-hash`.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from ...model import Service

COMPOSE = "com.docker.compose"
STACK = "slipway.stack"
"""The Pulumi stack that a thing belongs to, see `targets.identity`."""


def own(project: str, stack: str) -> dict[str, str]:
    """The labels of every network, volume and container."""
    return {f"{COMPOSE}.project": project, **({STACK: stack} if stack else {})}


def container(project: str, stack: str, service: Service, number: int, args: Mapping[str, Any]) -> dict[str, str]:
    """A container's labels, without those that the Compose file asks for.

    Args:
        project: the application's name.
        stack: see `STACK`.
        service: what the container is a replica of.
        number: which replica, from 1.
        args: everything else that the container is created from: its hash is the label `config-hash`.
    """
    dependencies = ",".join(
        f"{name}:{dependency.condition}:{str(bool(dependency.restart)).lower()}"
        for name, dependency in service.depends_on.items()
    )
    return {
        **own(project, stack),
        f"{COMPOSE}.service": service.name,
        f"{COMPOSE}.container-number": str(number),
        f"{COMPOSE}.oneoff": "False",
        f"{COMPOSE}.depends_on": dependencies,
        f"{COMPOSE}.config-hash": hashlib.sha256(_canonical(args).encode()).hexdigest(),
    }


def _canonical(value: Any) -> str:
    """A stable text of arguments; `str()` masks what is secret, so that no hash of a secret gets into a label."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{key}:{_canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_canonical(element) for element in value) + "]"
    return str(value)
