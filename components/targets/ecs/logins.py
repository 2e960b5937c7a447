"""The login of a registry that the stack names, for the tasks that pull from it.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ...access import Registry
from ..rows import Json, Ref, Row
from . import secrets
from .given import Scope

KEY = "registry"


def references(registry: Registry | None) -> Mapping[str, Any]:
    """Host -> the secret with its login; empty where the stack names none."""
    if registry is None or registry.username is None:
        return {}
    return {registry.host: Ref("Secret", KEY, "arn")}


def rows(scope: Scope, registry: Registry | None) -> Iterator[Row]:
    """The secret with the login."""
    if registry is not None and registry.username is not None:
        login = Json({"username": registry.username, "password": registry.password})
        yield from secrets.kept(scope, KEY, login)
