"""What is secret, in Secrets Manager: a task definition names it, with the version, and never shows it.

A value that changes is a new version, and so a new task definition: the service rolls.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...model import App, Container, FileObject, Path, Service, Text, dotted
from ...support import Conflict
from .. import secret_store, workloads
from ..rows import Base64, Joined, Json, Ref, Row
from . import given, tags
from .given import Scope

LIMIT = 65536
"""Bytes of a secret (https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html)."""
BINARY_LIMIT = LIMIT * 3 // 4
"""Bytes of what is no text: it is kept in base64."""
RECOVERY_DAYS = 7
"""How long a deleted secret can be had back, the least that there is; its name is its own, so that it blocks none."""
ARN = "arn:"
NO_LABELS: Mapping[str, Text] = {}


@dataclass(frozen=True, slots=True)
class Kept:
    """A secret as a container takes it.

    Attributes:
        value_from: what the container definition says.
        resource: the ARN that the execution role may read.
    """

    value_from: Any
    resource: Any


def containers(service: Service) -> Iterator[tuple[str, Container]]:
    """What runs for a service, each with the name that its variables' secret has: its steps, and itself."""
    for index, step in enumerate(service.pre_start):
        yield step_key(service, index), step
    yield service.name, service


def of_members(scope: Scope, service: Service) -> list[Container]:
    """All containers of the file's in a service's tasks."""
    return [container for member in scope.members(service) for _, container in containers(member)]


def step_key(service: Service, index: int) -> str:
    """The name of a step before a service starts, counted from 0."""
    return f"{service.name}-pre-start-{index + 1}"


# --- rows ------------------------------------------------------------------------------------------------------------


def rows(scope: Scope) -> Iterator[Row]:
    """A secret for each of the application's own that is read, and one for each container with secret variables."""
    read = [each for workload in workloads.of(scope) for each in of_members(scope, workloads.service(workload))]
    for kind, key in secret_store.granted_to(read):
        if secret_store.is_kept(scope, kind, key):
            content = getattr(scope.given.contents, kind)[key]
            labels = getattr(scope.app, kind)[key].labels
            yield from kept(scope, secret_store.key_of(kind, key), stored(content, f"{kind}.{key}"), labels=labels)
    for workload in workloads.of(scope):
        service = workloads.service(workload)
        for member in scope.members(service):
            for name, container in containers(member):
                found = secret_store.variables(container)
                if found:
                    yield from kept(scope, environment_key(name), Json(dict(found)), service=service.name)


def kept(
    scope: Scope, key: str, content: Any, *, service: str = "", labels: Mapping[str, Text] = NO_LABELS
) -> Iterator[Row]:
    """A secret and the version of it that is current.

    Args:
        scope: the application.
        key: of both rows.
        content: a text, or what is made into one.
        service: the Compose service that it belongs to; "": several share it.
        labels: that the file gives it.
    """
    args = {
        "recovery_window_in_days": RECOVERY_DAYS,
        "kms_key_id": scope.access.kms_key,
        "tags": tags.of(labels),
    }
    yield scope.row("Secret", key, args, service=service)
    version = {"secret_id": Ref("Secret", key, "id"), "secret_string": content}
    yield scope.row("SecretVersion", key, version, service=service)


def stored(content: Text | bytes, where: str) -> Any:
    """Content as a secret's text: what is no text is in base64."""
    return Base64(content, where, BINARY_LIMIT) if isinstance(content, bytes) else content


def environment_key(container: str) -> str:
    """The secret with a container's secret variables."""
    return f"{container}-environment"


# --- references ------------------------------------------------------------------------------------------------------


def own(key: str, variable: str = "") -> Kept:
    """A secret of the application's, or a variable of one, at the version that is deployed."""
    arn = Ref("Secret", key, "arn")
    return Kept(Joined((arn, f":{variable}::", Ref("SecretVersion", key, "version_id"))), arn)


def external(scope: Scope, item: FileObject, key: str) -> Kept:
    """A secret that is there already, by its ARN, or by its name in the cluster's account and region.

    Without the version: who changes it, rolls what reads it. A name's ARN ends with six characters that are AWS'.
    """
    name = item.name or key
    if name.startswith(ARN):
        return Kept(name, name)
    arn = scope.access.arn("secretsmanager", f"secret:{name}")
    return Kept(arn, f"{arn}-??????")


def of_container(container: Container, name: str) -> list[tuple[str, Kept]]:
    """The secret variables of a container, each with where its value is.

    Args:
        container: whose environment it is.
        name: as `containers` gives it.
    """
    return [(variable, own(environment_key(name), variable)) for variable in secret_store.variables(container)]


def size(content: Any) -> int | None:
    """Bytes that content takes in Secrets Manager; None: it is not known yet."""
    if isinstance(content, bytes):
        return len(base64.b64encode(content))
    return len(content.encode()) if isinstance(content, str) else None


def conflicts(app: App) -> Iterator[Conflict]:
    """Secrets of the file that have the name of one that is made for something else."""
    scope = given.of(app)
    made: dict[str, Path] = {
        environment_key(name): ("services", member.name, "environment")
        for workload in workloads.of(scope)
        for member in scope.members(workloads.service(workload))
        for name, container in containers(member)
        if secret_store.variables(container)
    }
    made |= {secret_store.key_of("configs", key): ("configs", key) for key in app.configs}
    for key in app.secrets:
        if key in made:
            what = f'"{key}" is the name of the secret that {dotted(made[key])} becomes'
            yield Conflict(("secrets", key), what, "rename it")
