"""Environment variables and arguments, which Kubernetes reads in its own way: `$(NAME)` is a reference to it.

A value with a secret in it is kept in a Secret of the service, and the pod refers to it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...model import Container, Parts, Service, Text
from ..rows import Row
from . import names
from .given import Scope

REFERENCE = re.compile(r"\$(?=[$(])")
"""What has to be doubled to be taken as it is written
(https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container, `command`, `env.value`)."""


def literal(text: Text) -> Text:
    """A text that Kubernetes passes on as it is written."""
    if isinstance(text, Parts):
        return Parts([REFERENCE.sub("$$$$", part) if isinstance(part, str) else part for part in text])
    return REFERENCE.sub("$$$$", text)


def secret_name(service: str) -> str:
    """The Secret that holds a service's secret variables."""
    return f"{names.label(service)}-environment"


def is_secret(value: Any) -> bool:
    """Whether a value has a secret in it."""
    return isinstance(value, Parts) and value.secret


def variables(container: Container, service: str) -> list[dict[str, Any]]:
    """A container's `env`; a name without a value is not set, as with docker compose.

    Args:
        container: whose environment it is.
        service: whose Secret holds what is secret.
    """
    return [_variable(name, value, service) for name, value in container.environment.items() if value is not None]


def _variable(name: str, value: Text, service: str) -> dict[str, Any]:
    if is_secret(value):
        return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret_name(service), "key": name}}}
    return {"name": name, "value": literal(value)}


def secrets(service: Service) -> Mapping[str, Text]:
    """The variables of a service, and of the steps before it starts, that are secret."""
    return {
        name: value
        for container in (service, *service.pre_start)
        for name, value in container.environment.items()
        if value is not None and is_secret(value)
    }


def rows(scope: Scope, service: Service) -> Iterator[Row]:
    """The Secret with a service's secret variables, where it has any."""
    found = secrets(service)
    if found:
        body = {"type": "Opaque", "stringData": dict(found)}
        yield scope.row("Secret", secret_name(service.name), body, service=service.name)
