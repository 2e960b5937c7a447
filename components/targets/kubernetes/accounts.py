"""As whom pods run and pull: an account of the application's own without any right, and a registry's credentials."""

from collections.abc import Iterator
from typing import Any

from ..rows import Json, Row
from . import awaits, names
from .given import Scope

DOCKER_CONFIG = "kubernetes.io/dockerconfigjson"
"""https://kubernetes.io/docs/concepts/configuration/secret/#docker-config-secrets"""


def service_account(scope: Scope) -> str:
    """The name of the application's ServiceAccount."""
    return names.label(scope.app.name)


def pull_secrets(scope: Scope) -> list[dict[str, str]]:
    """`imagePullSecrets` of every pod; empty where the registry asks for no credentials of ours."""
    return [{"name": _registry_secret(scope)}] if _logs_in(scope) else []


def rows(scope: Scope) -> Iterator[Row]:
    """The ServiceAccount, whose token no pod gets, and the Secret of the registry."""
    # plugins before version 4 would wait for the token, which no cluster of today makes
    body: dict[str, Any] = {"automountServiceAccountToken": False}
    yield scope.row("ServiceAccount", service_account(scope), body, annotations=awaits.SKIP)
    registry = scope.given.registry
    if registry is None or not _logs_in(scope):
        return
    login = {"username": registry.username, "password": registry.password}
    body = {"type": DOCKER_CONFIG, "stringData": {".dockerconfigjson": Json({"auths": {registry.host: login}})}}
    yield scope.row("Secret", _registry_secret(scope), body)


def _logs_in(scope: Scope) -> bool:
    return scope.given.registry is not None and scope.given.registry.username is not None


def _registry_secret(scope: Scope) -> str:
    return f"{names.label(scope.app.name)}-registry"
