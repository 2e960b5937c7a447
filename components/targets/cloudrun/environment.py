"""Environment variables: what is secret is named by where Secret Manager has it, and never shown.

https://cloud.google.com/run/docs/configuring/services/environment-variables
"""

from collections.abc import Iterator
from typing import Any

from ...model import App, Container, Service, is_secret
from ...support import Conflict
from . import given, reach, secrets
from .given import Scope

PORT = "PORT"
"""The variable with which Cloud Run tells the container that takes requests at which port these come."""
RESERVED = ("K_SERVICE", "K_REVISION", "K_CONFIGURATION")
"""What else Cloud Run sets in a service's containers, and refuses to be given
(https://cloud.google.com/run/docs/container-contract#env-vars)."""
LIMIT = 32 * 1024
"""Bytes of a variable (https://cloud.google.com/run/quotas)."""


def variables(container: Container, name: str, *, is_told: bool = False) -> list[dict[str, Any]]:
    """A container's `envs`. A name without a value is not set, as with docker compose.

    Args:
        container: whose environment it is, with the references in it rewritten.
        name: of the service or job.
        is_told: whether Cloud Run sets `PORT` in it.
    """
    found: list[dict[str, Any]] = []
    for key, value in container.environment.items():
        if value is None or (is_told and key == PORT):
            continue
        if is_secret(value):
            found.append(from_secret(key, secrets.own(secrets.variable_key(name, key))))
        else:
            found.append({"name": key, "value": value})
    return found


def from_secret(name: str, kept: secrets.Kept) -> dict[str, Any]:
    """A variable whose value is a secret's."""
    reference = {"secret": kept.secret, "version": kept.version}
    return {"name": name, "value_source": {"secret_key_ref": reference}}


def conflicts(app: App) -> Iterator[Conflict]:
    """Variables that Cloud Run sets itself, to something else."""
    scope = given.of(app)
    for name, service in app.services.items():
        if reach.is_served(scope, service):
            yield from _of_port(scope, service)
            yield from _reserved(name, service)


def _of_port(scope: Scope, service: Service) -> Iterator[Conflict]:
    port, value = reach.port(scope, service), service.environment.get(PORT)
    if port is not None and value is not None and str(value) != str(port.number):
        what = f"Cloud Run sets it to {port.number}, the port that requests are handed to, and not to {value}"
        yield Conflict(("services", service.name, "environment", PORT), what, f"publish {value}, or remove it")


def _reserved(name: str, service: Service) -> Iterator[Conflict]:
    for key in RESERVED:
        if service.environment.get(key) is not None:
            yield Conflict(("services", name, "environment", key), "Cloud Run sets it itself", "rename it")
