"""The images of a task's containers, and what is needed to pull them."""

from typing import Any

from ...access import ImageReference
from ...model import Container, Parts, PreStart, Service
from ..registries import host
from . import secrets
from .given import Scope


def of(scope: Scope, member: Service, container: Container) -> ImageReference:
    """What a container runs: a step runs its member's image where it names no other."""
    own = is_own(member, container)
    return scope.image(member, member.name) if own else ImageReference(name=str(container.image))


def is_own(member: Service, container: Container) -> bool:
    """Whether a container runs its member's image."""
    return not isinstance(container, PreStart) or container.image is None or container.image == member.image


def names(scope: Scope, service: Service) -> list[str]:
    """The images that a service's tasks run, each once; the init container's is among them even where it has none."""
    found = [
        name_of(of(scope, member, container))
        for member in scope.members(service)
        for _, container in secrets.containers(member)
    ]
    return list(dict.fromkeys((*found, scope.access.init_image)))


def credentials(scope: Scope, image: ImageReference) -> dict[str, Any]:
    """The key `repositoryCredentials`, where the stack has any for the image's registry."""
    secret = scope.given.pull_secrets.get(host(name_of(image)))
    return {} if secret is None else {"repositoryCredentials": {"credentialsParameter": secret}}


def pull_secrets(scope: Scope, service: Service) -> list[Any]:
    """The secrets with credentials of the registries that a service's images come from."""
    found = dict.fromkeys(host(name) for name in names(scope, service))
    return [scope.given.pull_secrets[each] for each in found if each in scope.given.pull_secrets]


def name_of(image: ImageReference) -> str:
    """An image's name as far as it is known."""
    name: Any = image.name
    return "".join(part for part in name if isinstance(part, str)) if isinstance(name, Parts) else name
