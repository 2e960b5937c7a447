"""`x-slipway.managed`, where a platform has a service of its own for what a container serves.

Which server that is, is read off the container's image; what is built may be anything, and is what the file says.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..model import App, Container, Service
from ..support import Conflict
from . import discovery, sharing

POSTGRES, MYSQL, MARIADB = "postgres", "mysql", "mariadb"
"""Databases, by the names that their images have."""
TAG = re.compile(r":(?:pg|v)?(\d+(?:\.\d+)*)")
"""The version in an image's tag: `postgres:16-alpine`, `pgvector:pg17`, `mysql:8.0.36`."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """A kind of server that a platform has as a service.

    Attributes:
        name: as the platform calls it.
        word: as `x-slipway.managed` calls it.
        kind: of the row that it becomes.
        port: at which clients call it, unless the file says otherwise.
        data: where its images keep their data.
        default: the version of what is built here, whose image has no tag that says one.
        example: an image with a version that the platform has.
        parts: how many numbers of a version name a release series, `16` or `8.4`.
        in_full: whether a version of more numbers than a series has may be asked for.
        series: what a tag of fewer or of other numbers means.
        versions: the release series that there are; empty: they are not checked.
    """

    name: str
    word: str
    kind: str
    port: int
    data: str
    default: str
    example: str
    parts: int = 1
    in_full: bool = True
    series: Mapping[str, str] = field(default_factory=dict)
    versions: Collection[str] = ()

    def cut(self, version: str) -> str:
        """The release series that a version is of."""
        return ".".join(version.split(".")[: self.parts])


@dataclass(frozen=True, kw_only=True)
class Engines:
    """What a platform has.

    Attributes:
        whose: the platform, in messages: `AWS`.
        images: the last part of an image's name -> what it serves; the words of `x-slipway.managed` are among them.
        units: what the containers of a service and of its companions are in, in messages: `a task`.
    """

    whose: str
    images: Mapping[str, Engine]
    units: str

    def of(self, container: Container) -> Engine | None:
        """What a container serves; None: nothing that the platform has, or what is built, which may be anything."""
        if getattr(container, "build", None) is not None:
            return self.images.get(_word(container) or "")
        if container.image is None:
            return None
        return self.images.get(container.image.rpartition("/")[2].partition("@")[0].partition(":")[0])

    def version(self, container: Container) -> str | None:
        """The version that the platform is asked for, `16` or `16.4`; None: the image's tag names none that it has."""
        found = self.of(container)
        if found is None:
            return None
        if getattr(container, "build", None) is not None:
            return found.default
        tag = TAG.search((container.image or "").partition("@")[0].rpartition("/")[2])
        if tag is None:
            return None
        cut = found.cut(tag[1])
        written = found.series.get(cut, tag[1] if found.in_full else cut)
        known = not found.versions or found.cut(written) in found.versions
        return written if known and written.count(".") + 1 >= found.parts else None

    def series(self, container: Container) -> str | None:
        """The release series of `version`."""
        found, asked = self.of(container), self.version(container)
        return None if found is None or asked is None else found.cut(asked)

    def services(self, app: App, kind: str) -> Iterator[tuple[Service, Engine]]:
        """The managed services that become a kind of row, in the file's order."""
        for service in app.services.values():
            found = self.of(service) if is_managed(service) else None
            if found is not None and found.kind == kind:
                yield service, found

    def conflicts(self, app: App) -> Iterator[Conflict]:
        """Managed services that the platform has no engine for, and containers that would be beside one."""
        for name, service in app.services.items():
            owner = app.services[sharing.network_owner(service, app)]
            if owner is not service and (is_managed(owner) or is_managed(service)):
                what = f"services.{owner.name} and it share {self.units}, and {self.whose}'s own service has none"
                yield Conflict(("services", name, "network_mode"), what, "take network_mode or managed away")
            if is_managed(service):
                yield from self._engine(service)

    def _engine(self, service: Service) -> Iterator[Conflict]:
        found, word, way_out = self.of(service), _word(service), "or take x-slipway.managed away"
        path = ("services", service.name, "image")
        if found is None:
            what = f'"{service.image or "what is built"}" is no image of a {word} server that is known'
            yield Conflict(path, what, f"name one of {', '.join(sorted(self.images))}, {way_out}")
        elif found.word != word:
            managed_path = ("services", service.name, "x-slipway", "managed")
            yield Conflict(managed_path, f'"{service.image}" is no {word}', f"write {found.word}, {way_out}")
        elif self.version(service) is None:
            what = f'the tag of "{service.image}" names no version that {self.whose} has'
            yield Conflict(path, what, f"name one, such as {found.example}")


def is_managed(service: Service) -> bool:
    """Whether the platform's own service takes the place of the service's container."""
    return _word(service) is not None


def as_containers(app: App) -> App:
    """The application with a container wherever the file allows the platform's own service."""
    return replace(app, services={name: _as_container(service) for name, service in app.services.items()})


def port(service: Service, found: Engine) -> int:
    """At which port it is called: the engine's, unless the file knows the container at one other port alone."""
    known = [each.number for each in discovery.ports(service) if each.protocol == "tcp"]
    return known[0] if len(known) == 1 else found.port


def _word(container: Container) -> str | None:
    extension = getattr(container, "x_slipway", None)
    return None if extension is None else extension.managed


def _as_container(service: Service) -> Service:
    if not is_managed(service) or service.x_slipway is None:
        return service
    return replace(service, x_slipway=replace(service.x_slipway, managed=None))
