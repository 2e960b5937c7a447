"""What is secret, in Secrets Manager: a task definition names it, with the version, and never shows it.

A value that changes is a new version, and so a new task definition: the service rolls.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...model import App, Container, FileObject, Path, Service, Text, dotted, is_secret
from ...support import Conflict
from ..files import granted
from ..rows import Base64, Joined, Json, Ref, Row
from . import given, reach, tags
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


def variables(container: Container) -> Mapping[str, Text]:
    """The variables of a container that are secret."""
    return {name: value for name, value in container.environment.items() if value is not None and is_secret(value)}


# --- rows ------------------------------------------------------------------------------------------------------------


def rows(scope: Scope) -> Iterator[Row]:
    """A secret for each of the application's own that is read, and one for each container with secret variables."""
    for kind, key in _granted(scope):
        if is_kept(scope, kind, key):
            content = getattr(scope.given.contents, kind)[key]
            labels = getattr(scope.app, kind)[key].labels
            yield from kept(scope, key_of(kind, key), stored(content, f"{kind}.{key}"), labels=labels)
    for workload in reach.workloads(scope):
        service = reach.service(workload)
        for member in scope.members(service):
            for name, container in containers(member):
                found = variables(container)
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


def key_of(kind: str, key: str) -> str:
    """The secret of a Compose secret, or of a config whose content holds one."""
    return key if kind == "secrets" else f"{key}-config"


def is_kept(scope: Scope, kind: str, key: str) -> bool:
    """Whether a secret or config is one of Secrets Manager's that the application makes."""
    contents = getattr(scope.given.contents, kind)
    item: FileObject = getattr(scope.app, kind)[key]
    if item.external or key not in contents:
        return False
    return kind == "secrets" or is_secret(contents[key])


def _granted(scope: Scope) -> dict[tuple[str, str], None]:
    """The secrets and configs that any task reads, each once, in the file's order."""
    return {
        (file.kind, file.grant.source): None
        for workload in reach.workloads(scope)
        for container in of_members(scope, reach.service(workload))
        for file in granted(container)
    }


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
    return [(variable, own(environment_key(name), variable)) for variable in variables(container)]


def size(content: Any) -> int | None:
    """Bytes that content takes in Secrets Manager; None: it is not known yet."""
    if isinstance(content, bytes):
        return len(base64.b64encode(content))
    return len(content.encode()) if isinstance(content, str) else None


def oversized(scope: Scope) -> Iterator[tuple[str, str, int]]:
    """Kind, key and bytes of each content that no secret can hold; a secret's own size is known when it is sent."""
    for kind in ("secrets", "configs"):
        for key, content in getattr(scope.given.contents, kind).items():
            found = size(content)
            if found is not None and found > LIMIT and not getattr(scope.app, kind)[key].external:
                yield kind, key, found


def conflicts(app: App) -> Iterator[Conflict]:
    """Secrets of the file that have the name of one that is made for something else."""
    scope = given.of(app)
    made: dict[str, Path] = {
        environment_key(name): ("services", member.name, "environment")
        for workload in reach.workloads(scope)
        for member in scope.members(reach.service(workload))
        for name, container in containers(member)
        if variables(container)
    }
    made |= {key_of("configs", key): ("configs", key) for key in app.configs}
    for key in app.secrets:
        if key in made:
            what = f'"{key}" is the name of the secret that {dotted(made[key])} becomes'
            yield Conflict(("secrets", key), what, "rename it")
