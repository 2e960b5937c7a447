"""What a cluster gives to an application, and what a target gives back: the two types between clusters and targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class DockerAccess:
    """A Docker Engine.

    Attributes:
        host: `unix:///...`, `tcp://host:2376` or `ssh://user@host`; None: the Engine that the user's own tools would
            use (`DOCKER_HOST`, else the default socket).
        ca: PEM of the authority that signed the Engine's certificate (tcp with TLS).
        cert: PEM of the client's certificate.
        key: PEM of the client's key, a secret.
    """

    host: Any = None
    ca: Any = None
    cert: Any = None
    key: Any = None

    @property
    def remote(self) -> bool:
        """Whether the Engine is on another machine; an Engine that is not known yet counts as one."""
        if self.host is None:
            return False
        return not (isinstance(self.host, str) and urlsplit(self.host).scheme in {"unix", "npipe"})

    @property
    def address(self) -> str:
        """The name or address at which published ports answer."""
        if isinstance(self.host, str) and self.remote:
            return urlsplit(self.host).hostname or "localhost"
        return "localhost"


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """One service as the target made it.

    Attributes:
        url: where it answers from outside; None: it is not published.
        identities: what it runs as on the platform (container IDs), for logs and inspection.
    """

    url: Any = None
    identities: Sequence[Any] = ()


@dataclass(frozen=True, kw_only=True)
class ImageReference:
    """What a service runs.

    Attributes:
        name: the reference: a tag on docker, with its digest elsewhere.
        digest: of what was built; None: the image comes from a registry, or from the Engine's own store.
    """

    name: str
    digest: Any = None


Images = Mapping[str, ImageReference]
"""Service name -> what it runs."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What the application's secrets and configs contain, read before anything is rendered.

    Attributes:
        secrets: name -> content; bytes where it is not text.
        configs: name -> content; bytes where it is not text.
    """

    secrets: Mapping[str, Any] = field(default_factory=dict)
    configs: Mapping[str, Any] = field(default_factory=dict)
