"""What of an application's secrets and configs is in a platform's store of secrets, and how large it may be."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..model import Container, FileObject, Text, is_secret
from .files import GrantedFile, granted
from .placed import Keep
from .scope import Reading

Size = Callable[[Any], int | None]
"""From a content to the bytes that it takes in the store; None: it is not known yet."""


def key_of(kind: str, key: str) -> str:
    """The store's secret of a Compose secret, or of a config whose content holds one."""
    return key if kind == "secrets" else f"{key}-config"


def is_kept(scope: Reading[Any], kind: str, key: str) -> bool:
    """Whether a secret or config is a secret of the store that the application makes."""
    contents = getattr(scope.given.contents, kind)
    item: FileObject = getattr(scope.app, kind)[key]
    if item.external or key not in contents:
        return False
    return kind == "secrets" or is_secret(contents[key])


def granted_to(containers: Iterable[Container]) -> dict[tuple[str, str], None]:
    """Kind and key of the secrets and configs that containers read, each once, in the file's order."""
    return {(file.kind, file.grant.source): None for container in containers for file in granted(container)}


def variables(container: Container) -> dict[str, Text]:
    """The variables of a container that are secret."""
    return {name: value for name, value in container.environment.items() if value is not None and is_secret(value)}


def oversized(scope: Reading[Any], limit: int, size: Size) -> Iterator[tuple[str, str, int]]:
    """Kind, key and bytes of each content that no secret can hold; a secret's own size is known when it is sent."""
    for kind in ("secrets", "configs"):
        for key, content in getattr(scope.given.contents, kind).items():
            found = size(content)
            if found is not None and found > limit and not getattr(scope.app, kind)[key].external:
                yield kind, key, found


def keep(scope: Reading[Any], own: Callable[[str], Any], external: Callable[[FileObject, str], Any]) -> Keep:
    """Which secret of the store a file comes from; see `placed.Keep`.

    Args:
        scope: the application.
        own: from the key of one that the application makes.
        external: from one that is there already, and its key.
    """

    def of(file: GrantedFile, item: FileObject) -> Any:
        if item.external:
            return external(item, file.grant.source)
        if is_kept(scope, file.kind, file.grant.source):
            return own(key_of(file.kind, file.grant.source))
        return None

    return of
