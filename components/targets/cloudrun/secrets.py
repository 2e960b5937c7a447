"""What is secret, in Secret Manager: a container names it, with the version, and never shows it.

A value that changes is a new version, and so a new revision: the service rolls.
https://cloud.google.com/run/docs/configuring/services/secrets
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...model import App, FileObject, Path, Text, dotted
from ...support import Conflict
from .. import secret_store
from ..rows import Base64, Ref, Row
from . import caches, given, members, steps
from .given import Scope

LIMIT = 64 * 1024
"""Bytes of a secret (https://cloud.google.com/secret-manager/quotas)."""
LATEST = "latest"
"""The version of a secret that is there already: who changes it, rolls what reads it."""
NO_LABELS: Mapping[str, Text] = {}


@dataclass(frozen=True, slots=True)
class Kept:
    """A secret as a container takes it.

    Attributes:
        key: of the row that allows a service to read it, after the service's name.
        secret: its ID.
        version: that is read.
    """

    key: str
    secret: Any
    version: Any


# --- rows ------------------------------------------------------------------------------------------------------------


def rows(scope: Scope) -> Iterator[Row]:
    """A secret for each of the application's own that is read, and one for each variable that is secret."""
    for kind, key in secret_store.granted_to(members.every(scope)):
        if secret_store.is_kept(scope, kind, key):
            content = _content(scope, kind, key)
            labels = getattr(scope.app, kind)[key].labels
            yield from kept(scope, secret_store.key_of(kind, key), content, labels=labels)
    for member in members.every(scope):
        for name, value in secret_store.variables(members.rewritten(scope, member)).items():
            yield from kept(scope, variable_key(member.name, name), value, service=member.name)


def _content(scope: Scope, kind: str, key: str) -> Any:
    """What a secret holds: its own content, or the password that Google has made for a managed service."""
    made = caches.content(scope, key) if kind == "secrets" else None
    return getattr(scope.given.contents, kind)[key] if made is None else made


def kept(
    scope: Scope, key: str, content: Any, *, service: str = "", labels: Mapping[str, Text] = NO_LABELS
) -> Iterator[Row]:
    """A secret and the version of it that is current.

    Args:
        scope: the application.
        key: of both rows.
        content: of the version: a text, bytes, or what another resource puts out.
        service: the Compose service that it belongs to; "": several share it.
        labels: that the file gives it.
    """
    args = {
        "project": scope.access.project,
        "secret_id": scope.name("Secret", key),
        "replication": _replication(scope),
        "annotations": dict(labels) or None,
    }
    yield scope.row("Secret", key, args, service=service)
    encoded = isinstance(content, bytes)
    version = {
        "secret": Ref("Secret", key, "id"),
        "secret_data": Base64(content, key, LIMIT) if encoded else content,
        "is_secret_data_base64": encoded or None,
    }
    yield scope.row("SecretVersion", key, version, service=service)


def _replication(scope: Scope) -> dict[str, Any]:
    """Where Google keeps a secret: in the regions that the stack names, else where it chooses."""
    key = scope.access.kms_key
    encryption = {} if key is None else {"customer_managed_encryption": {"kms_key_name": key}}
    if not scope.access.replication:
        return {"auto": encryption}
    return {"user_managed": {"replicas": [{"location": each, **encryption} for each in scope.access.replication]}}


# --- references ------------------------------------------------------------------------------------------------------


def variable_key(container: str, variable: str) -> str:
    """The secret of a container's variable."""
    return f"{container}-{variable}"


def own(key: str) -> Kept:
    """A secret of the application's, at the version that is deployed."""
    return Kept(key, Ref("Secret", key, "secret_id"), Ref("SecretVersion", key, "version"))


def external(item: FileObject, key: str) -> Kept:
    """A secret that is there already, by its name in the project, or `projects/<project>/secrets/<name>`."""
    return Kept(key, item.name or key, LATEST)


def size(content: Any) -> int | None:
    """Bytes that content takes in Secret Manager; None: it is not known yet."""
    if isinstance(content, bytes):
        return len(content)
    return len(content.encode()) if isinstance(content, str) else None


def conflicts(app: App) -> Iterator[Conflict]:
    """Secrets of the file that have the name of one that is made for something else."""
    scope = given.of(app)
    made: dict[str, Path] = {
        variable_key(member.name, name): (*steps.path(app, member.name), "environment", name)
        for member in members.every(scope)
        for name in secret_store.variables(member)
    }
    made |= {secret_store.key_of("configs", key): ("configs", key) for key in app.configs}
    for key in app.secrets:
        if key in made:
            what = f'"{key}" is the name of the secret that {dotted(made[key])} becomes'
            yield Conflict(("secrets", key), what, "rename it")
