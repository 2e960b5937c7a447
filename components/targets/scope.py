"""What modules that render are given: the application, and what several of them ask of it, read once."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypeVar

from ..access import Contents, ImageReference, Images
from ..model import App, Container, Path, Service
from . import completion, discovery, sharing
from .managed import is_managed
from .project_files import ProjectFile, ProjectFiles


class Brought(Protocol):
    """What every rendering is made from, beside the application and its images."""

    @property
    def contents(self) -> Contents:
        """What secrets and configs contain."""

    @property
    def project(self) -> ProjectFiles:
        """What binds of project files bring."""


Given = TypeVar("Given", bound=Brought)


@dataclass(frozen=True)  # without slots: what is read off the whole application is read once
class Reading(Generic[Given]):
    """One application on one cluster.

    Attributes:
        app: the application.
        images: what each service runs.
        given: what else the rendering is made from.
        beside: what the platform's names may have beside letters, digits and hyphens.
    """

    beside: ClassVar[str] = ""

    app: App
    images: Images
    given: Given

    @functools.cached_property
    def completing(self) -> frozenset[str]:
        """See `sharing.completing`."""
        return sharing.completing(self.app)

    @functools.cached_property
    def needed(self) -> frozenset[str]:
        """The services that others need running: wait for, or name with a port."""
        return sharing.kept_running(self.app).union(self.named_ports)

    @functools.cached_property
    def companions(self) -> Mapping[str, tuple[Service, ...]]:
        """See `sharing.companions`."""
        return sharing.companions(self.app)

    @functools.cached_property
    def users(self) -> Mapping[str, tuple[str, ...]]:
        """See `sharing.users`."""
        return sharing.users(self.app)

    def is_companion(self, service: Service) -> bool:
        """Whether a service's container is beside another's, in the same pods or tasks."""
        return sharing.network_owner(service, self.app) != service.name

    def members(self, service: Service) -> tuple[Service, ...]:
        """The services whose containers are in a service's pods or tasks, itself first."""
        return (service, *self.companions.get(service.name, ()))

    def image(self, container: Container, name: str) -> ImageReference:
        """What a container runs: what was built or pinned for its service, else the image that the file names."""
        return self.images.get(name) or ImageReference(name=container.image or "")

    @functools.cached_property
    def called(self) -> Mapping[str, Mapping[str, Path]]:
        """Service -> the names that others call it by; see `discovery.called`."""
        return discovery.called(self.app, self.beside)

    @functools.cached_property
    def named_ports(self) -> Mapping[str, tuple[int, ...]]:
        """Service -> the ports that values, configs and files of the project name with it."""
        written = [*self.given.contents.configs.values(), *(file.content for file in self._project_files)]
        texts = (each.decode(errors="replace") if isinstance(each, bytes) else each for each in written)
        return discovery.named_ports(self.app, (text for text in texts if isinstance(text, str)), self.beside)

    @property
    def _project_files(self) -> Iterator[ProjectFile]:
        return (file for files in self.given.project.values() for file in files)


class CloudReading(Reading[Given]):
    """One application on a cloud, whose own services may take the place of containers."""

    @functools.cached_property
    def networks(self) -> Mapping[str, tuple[str, ...]]:
        """See `sharing.members`."""
        return sharing.members(self.app)

    def is_run(self, service: Service) -> bool:
        """Whether a service, or the one whose tasks or instances its container is in, runs to its end, as jobs do."""
        return service.name in self.app.jobs or sharing.network_owner(service, self.app) in self._runs

    @functools.cached_property
    def _runs(self) -> frozenset[str]:
        """The services whose tasks or instances run to their end."""
        return frozenset(
            name
            for name, service in self.app.services.items()
            if not is_managed(service) and completion.is_run(service, self.completing, self.needed)
        )
