"""Environment variables and arguments, which Kubernetes reads in its own way: `$(NAME)` is a reference to it.

A value with a secret in it is kept in a Secret of its container, and the pod refers to it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...model import Container, Parts, Service, Text, is_secret
from ..rows import Row
from . import names
from .given import Scope

REFERENCE = re.compile(r"\$(?=[$(])")
"""What has to be doubled to be taken as it is written
(https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container, `command`, `env.value`)."""


def literal(text: Text) -> Text:
    """A text that Kubernetes passes on as it is written."""
    if isinstance(text, Parts):
        return Parts([REFERENCE.sub("$$", part) if isinstance(part, str) else part for part in text])
    return REFERENCE.sub("$$", text)


def step_name(index: int) -> str:
    """The name of a container of `pre_start`, counted from 0."""
    return f"pre-start-{index + 1}"


def containers(service: Service) -> Iterator[tuple[str, Container]]:
    """What runs for a service, each with the name that its environment's Secret has: its steps, and itself."""
    for index, step in enumerate(service.pre_start):
        yield f"{service.name}-{step_name(index)}", step
    yield service.name, service


def secret_name(name: str) -> str:
    """The Secret that holds the secret variables of a container.

    Args:
        name: as `containers` gives it.
    """
    return f"{names.label(name)}-environment"


def secrets(container: Container) -> Mapping[str, Text]:
    """The variables of a container that are secret."""
    return {name: value for name, value in container.environment.items() if value is not None and is_secret(value)}


def variables(container: Container, name: str) -> list[dict[str, Any]]:
    """A container's `env`; a name without a value is not set, as with docker compose.

    Args:
        container: whose environment it is.
        name: as `containers` gives it.
    """
    return [_variable(key, value, name) for key, value in container.environment.items() if value is not None]


def _variable(key: str, value: Text, name: str) -> dict[str, Any]:
    if is_secret(value):
        return {"name": key, "valueFrom": {"secretKeyRef": {"name": secret_name(name), "key": key}}}
    return {"name": key, "value": literal(value)}


def rows(scope: Scope, service: Service) -> Iterator[Row]:
    """The Secrets with secret variables of a service and its steps."""
    for name, container in containers(service):
        found = secrets(container)
        if found:
            body = {"type": "Opaque", "stringData": dict(found)}
            yield scope.row("Secret", secret_name(name), body, service=service.name)
