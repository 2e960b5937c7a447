"""Secrets, configs and files of the project as files in a task: an init container writes them before anything starts.

A container sees a volume in a file's folder, since Fargate mounts no single files. What the image has in that folder is
copied there first, but for the folder of Compose's secrets, which no image has, and for a folder that a bind replaces
as a whole.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...errors import Problem
from ...model import App, Container, Path, Service
from ...support import Conflict
from .. import placed, secret_store, workloads
from ..files import SECRETS_DIRECTORY
from ..init_script import FOLDER
from ..placed import File, inline
from ..rows import Row
from . import given, images, names, secrets
from .given import Scope

INLINE_LIMIT = 24 * 1024
"""Bytes that stand in a task definition, which has 64 KiB in all
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html); more is in Secrets Manager."""


def of(scope: Scope, service: Service, name: str, container: Container) -> list[File]:
    """The files that a container sees, in the file's order.

    Args:
        scope: the application.
        service: it belongs to.
        name: as `secrets.containers` gives it.
        container: the service's own, or one of its steps.
    """
    found = _written(scope, service, container)
    if placed.are_more(found, INLINE_LIMIT):
        found = [_moved(file, name) for file in found]
    return placed.in_one_volume(found)


def holders(member: Service) -> list[tuple[str, Container]]:
    """The containers of a member that have files of their own: its own, and steps that see others than that."""
    return [
        (name, container) for name, container in secrets.containers(member) if _holder(member, name, container) == name
    ]


def _holder(member: Service, name: str, container: Container) -> str:
    """The container whose files one sees: a step of the same image that is granted the same sees its member's."""
    granted_alike = (container.secrets, container.configs) == (member.secrets, member.configs)
    return member.name if granted_alike and images.is_own(member, container) else name


def of_task(scope: Scope, service: Service) -> Iterator[tuple[str, list[File]]]:
    """The files of every container of a service's tasks, each with the container's name."""
    for member in scope.members(service):
        for name, container in holders(member):
            found = of(scope, member, name, container)
            if found:
                yield name, found


def kept(scope: Scope, service: Service) -> list[secrets.Kept]:
    """The secrets that a service's files come from."""
    return [file.kept for _, found in of_task(scope, service) for file in found if file.kept is not None]


def rows(scope: Scope) -> Iterator[Row]:
    """The secrets that hold what is too much for a task definition, though it is none."""
    for workload in workloads.of(scope):
        service = workloads.service(workload)
        for member in scope.members(service):
            for name, container in holders(member):
                found = _written(scope, member, container)
                for file in found if placed.are_more(found, INLINE_LIMIT) else ():
                    if file.content is not None:
                        yield from secrets.kept(scope, placed.key(name, file), inline(file), service=member.name)


# --- where -----------------------------------------------------------------------------------------------------------


def volume(name: str, folder: str) -> str:
    """The task's volume that a container sees in a folder."""
    return placed.volume(names.plain(name), folder)


def volumes(scope: Scope, service: Service) -> list[str]:
    """The volumes of files of a service's tasks, each once."""
    return list(dict.fromkeys(volume(name, file.folder) for name, found in of_task(scope, service) for file in found))


def mounts(scope: Scope, service: Service, name: str, container: Container) -> list[dict[str, Any]]:
    """Where a container sees its files."""
    holder = _holder(service, name, container)
    folders = {file.folder: file.whole for file in of(scope, service, holder, container)}
    return [
        {
            "sourceVolume": volume(holder, folder),
            "containerPath": folder,
            "readOnly": folder == SECRETS_DIRECTORY or whole,
        }
        for folder, whole in folders.items()
    ]


def seeds(found: list[File], name: str) -> list[str]:
    """What is copied from a container's image: `folder=where its volume is`."""
    return [f"{folder}={place(name, folder)}" for folder in placed.seeds(found)]


def place(name: str, folder: str) -> str:
    """Where the init container and the seeds have a volume of files."""
    return posixpath.join(FOLDER, volume(name, folder))


def written(name: str, file: File) -> str:
    """Where the init container writes a file."""
    return posixpath.join(place(name, file.folder), posixpath.relpath(file.path, file.folder))


# --- what ------------------------------------------------------------------------------------------------------------


def _written(scope: Scope, service: Service, container: Container) -> list[File]:
    keep = secret_store.keep(scope, secrets.own, lambda item, key: secrets.external(scope, item, key))
    return placed.of(scope, service, container, keep)


def _moved(file: File, name: str) -> File:
    """A file whose content is in Secrets Manager instead of in the task definition."""
    return file if file.content is None else replace(file, content=None, kept=secrets.own(placed.key(name, file)))


# --- what is known before --------------------------------------------------------------------------------------------


def problems(scope: Scope) -> Iterator[Problem]:
    """Contents that are too large for Secrets Manager; a secret's own size is known when it is sent."""
    for kind, key, size in secret_store.oversized(scope, secrets.LIMIT, secrets.size):
        what = f"it has {size} bytes, and {secrets.LIMIT} are the most that AWS keeps"
        yield Problem(what, scope.app.where((kind, key)), "put it into the image, or into a volume")
    for service, sent in scope.given.project.items():
        for file in sent:
            size = secrets.size(inline(placed.of_project(file, "", whole=False))) or 0
            if size > secrets.LIMIT:
                what = f"{file.path} has {size} bytes, and {secrets.LIMIT} are the most that AWS keeps"
                yield Problem(what, scope.app.where(("services", service, "volumes")), "put it into the image")


def conflicts(app: App) -> Iterator[Conflict]:
    """Files right below the root: a volume would have to be in place of everything."""
    scope = given.of(app)
    for workload in workloads.of(scope):
        for member in scope.members(workloads.service(workload)):
            for name, container in secrets.containers(member):
                yield from placed.below_root(places(app, member, name, container), "Fargate")


def places(app: App, member: Service, name: str, container: Container) -> Iterator[tuple[Path, str]]:
    """Where in the application each file of a container is written, and where the container has it.

    Args:
        app: the application.
        member: the service that the container belongs to.
        name: as `secrets.containers` gives it.
        container: the member's own, or one of its steps.
    """
    above: Path = ("services" if member.name in app.services else "jobs", member.name)
    if name != member.name:
        above = (*above, "pre_start", member.pre_start.index(container))
    return placed.places(app, above, container)
