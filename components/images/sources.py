"""What a build reads: contexts and Dockerfile staged, images of other services named, in the order of building."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..errors import InputError, Problem
from ..model import App, Build, Service, Text
from . import context
from .ignore import FILE

DEFAULT_DOCKERFILE = "Dockerfile"
SERVICE = "service:"
"""Begins an additional context that is the image of another service."""
LARGE = 200_000_000
"""Bytes above which a context is worth a word: it is hashed on every update."""


@dataclass(frozen=True)
class Sources:
    """What a build reads.

    Attributes:
        location: the staged context, or a URL.
        dockerfile: the staged Dockerfile; None: inline, or the default one of a URL.
        named: additional contexts: name -> staged folder, URL, image or layout.
        services: additional contexts that are images of services, see `with_images`: name -> service.
        remark: what is worth a word about them; empty: nothing.
    """

    location: str
    dockerfile: str | None = None
    named: Mapping[str, Text] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""

    def with_images(self, images: Mapping[str, Text]) -> "Sources":
        """The same, with every service's image among the named contexts.

        Args:
            images: service -> where the builder finds its image: `docker-image://...` or `oci-layout://...`.
        """
        return replace(self, named={**self.named, **{name: images[other] for name, other in self.services.items()}})


def read(services: Iterable[Service], app: App, secrets: Mapping[str, Any]) -> dict[str, Sources]:
    """Stage what the builds of some services read, in the order in which they are to be built.

    Args:
        services: have a `build`.
        app: the application.
        secrets: content of the application's secrets.

    Raises:
        InputError: a context, a Dockerfile or a secret is not as it must be; all problems at once.
    """
    found: dict[str, Sources] = {}
    problems: list[Problem] = []
    for service in services:
        problems += _unfit_secrets(service, app, secrets)
        try:
            found[service.name] = _sources(service, app)
        except InputError as error:
            problems += error.problems
    needs = {name: {other for other in each.services.values() if other in found} for name, each in found.items()}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        ring = " -> ".join(reversed(error.args[1]))
        problems.append(Problem(f"builds need each other: {ring}", "", "take one out of additional_contexts"))
    if problems:
        raise InputError(problems)
    return {name: found[name] for name in order}


def bases(app: App) -> frozenset[str]:
    """The services whose images others are made from."""
    builds = (each.build for each in app.services.values() if each.build is not None)
    return frozenset(name for build in builds for name in _services(build).values())


def _services(build: Build) -> dict[str, str]:
    """Name of an additional context -> the service whose image it is."""
    return {
        name: place.removeprefix(SERVICE)
        for name, place in build.additional_contexts.items()
        if place.startswith(SERVICE)
    }


def _unfit_secrets(service: Service, app: App, secrets: Mapping[str, Any]) -> list[Problem]:
    where = app.where(("services", service.name, "build", "secrets"))
    fix = "encode it, and decode it in the Dockerfile"
    return [
        Problem(f'secret "{grant.source}" is not text, and the builder takes no other', where, fix)
        for grant in (service.build or Build()).secrets
        if isinstance(secrets.get(grant.source), bytes)
    ]


def _sources(service: Service, app: App) -> Sources:
    build = service.build or Build()
    where = app.where(("services", service.name, "build"))
    key = f"{app.name}/{service.name}"
    named = {name: place for name, place in build.additional_contexts.items() if not place.startswith(SERVICE)}
    services = _services(build)
    began = time.monotonic()
    staged = {
        name: context.stage(_folder(place, where), f"{key}+{quote(name, safe='')}", where)
        for name, place in named.items()
        if not context.is_remote(place)
    }
    locations = {name: staged[name].location if name in staged else place for name, place in named.items()}
    place = build.context or "."
    if context.is_remote(place):
        _check_remote(build, where)
        main = Sources(location=place, named=locations, services=services)
        parts = list(staged.values())
    else:
        own = context.stage(_folder(place, where), key, where, dockerfile=_dockerfile(build, Path(place), where))
        main = Sources(location=own.location, dockerfile=own.dockerfile, named=locations, services=services)
        parts = [own, *staged.values()]
    return replace(main, remark=_remark(parts, time.monotonic() - began, where))


def _remark(parts: Sequence[context.Staged], seconds: float, where: str) -> str:
    size, files = sum(part.size for part in parts), sum(part.files for part in parts)
    if size < LARGE:
        return ""
    found = f"the build context has {size / 1e6:.0f} MB in {files} files ({seconds:.1f} s to read)"
    return f"{where}: {found}; name what the build does not need in {FILE}"


def _folder(place: str, where: str) -> Path:
    folder = Path(place)
    if not folder.is_dir():
        raise InputError(Problem(f'build context "{place}" is not a folder', where, "check the path"))
    return folder


def _dockerfile(build: Build, folder: Path, where: str) -> Path | None:
    if build.dockerfile_inline is not None:
        return None
    path = folder / (build.dockerfile or DEFAULT_DOCKERFILE)
    if not path.is_file():
        name = build.dockerfile or DEFAULT_DOCKERFILE
        raise InputError(Problem(f'there is no "{name}" in {folder}', where, "write build.dockerfile"))
    return path


def _check_remote(build: Build, where: str) -> None:
    """The plugin looks for a Dockerfile that has a name on this machine, not in the repository."""
    named = build.dockerfile or DEFAULT_DOCKERFILE
    if build.dockerfile_inline is None and named != DEFAULT_DOCKERFILE and not context.is_remote(named):
        fix = "let the URL name its folder (repository.git#branch:folder) and call it Dockerfile, or write it inline"
        raise InputError(
            Problem(f'"{named}" of a remote context cannot be chosen with pulumi-docker-build', where, fix)
        )
