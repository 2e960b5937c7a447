"""Environment variables: what is secret is named by where Secrets Manager has it, and never shown."""

from typing import Any

from ...model import Container, is_secret
from . import secrets


def variables(container: Container) -> list[dict[str, Any]]:
    """A container's `environment`: what is not secret. A name without a value is not set, as with docker compose."""
    return [
        {"name": name, "value": value}
        for name, value in container.environment.items()
        if value is not None and not is_secret(value)
    ]


def secret_variables(container: Container, name: str) -> list[dict[str, Any]]:
    """A container's `secrets`.

    Args:
        container: whose environment it is.
        name: as `secrets.containers` gives it.
    """
    return [{"name": key, "valueFrom": kept.value_from} for key, kept in secrets.of_container(container, name)]
