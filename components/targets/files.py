"""A service's secrets and configs as files: where each is in the container, and what it contains."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from ..access import Contents
from ..model import Container, FileGrant, Text

SECRETS_DIRECTORY = "/run/secrets"
"""Where a secret is unless its grant says otherwise (Compose Specification, 05-services.md, secrets)."""
DEFAULT_MODE = 0o444
"""World-readable, as the specification has it."""


@dataclass(frozen=True, slots=True)
class GrantedFile:
    """A secret or a config as one service sees it.

    Attributes:
        kind: `secrets` or `configs`.
        grant: as the service has it.
        path: absolute, in the container.
    """

    kind: str
    grant: FileGrant
    path: str

    @property
    def mode(self) -> int:
        """The file's permissions."""
        return DEFAULT_MODE if self.grant.mode is None else self.grant.mode

    def content(self, contents: Contents) -> Text | bytes:
        """What is in it."""
        content: Text | bytes = getattr(contents, self.kind)[self.grant.source]
        return content


def granted(service: Container) -> Iterator[GrantedFile]:
    """Every secret and config that a service sees, in the file's order."""
    for kind, base in (("secrets", SECRETS_DIRECTORY), ("configs", "/")):
        for grant in getattr(service, kind):
            yield GrantedFile(kind, grant, posixpath.normpath(posixpath.join(base, grant.target or grant.source)))


def tmpfs_paths(service: Container) -> list[str]:
    """Where a service has a tmpfs, in either of Compose's two forms."""
    return [entry.partition(":")[0] for entry in service.tmpfs] + [
        mount.target for mount in service.volumes if mount.type == "tmpfs"
    ]
