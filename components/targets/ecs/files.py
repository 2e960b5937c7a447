"""Secrets, configs and files of the project as files in a task: an init container writes them before anything starts.

A container sees a volume in a file's folder, since Fargate mounts no single files. What the image has in that folder is
copied there first, but for the folder of Compose's secrets, which no image has, and for a folder that a bind replaces
as a whole.
"""

import base64
import hashlib
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ...errors import Problem
from ...model import App, Container, FileObject, Parts, Path, Service
from ...support import Conflict
from .. import project_files
from ..files import SECRETS_DIRECTORY, granted
from ..project_files import ProjectFile
from ..rows import Row
from . import given, images, names, reach, secrets
from .given import Scope
from .init_script import FOLDER

INLINE_LIMIT = 24 * 1024
"""Bytes that stand in a task definition, which has 64 KiB in all
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html); more is in Secrets Manager."""
HASH = 7


@dataclass(frozen=True, slots=True)
class File:
    """A file of a container.

    Attributes:
        path: absolute, in the container.
        folder: where its volume is mounted: its own folder, or one above it.
        whole: whether the volume replaces what the image has there.
        mode: permissions.
        owner: `user:group`, by number.
        content: what is in it, where the task definition shows it; None: `kept` has it.
        kept: the secret that has it.
        coding: `text`, or `base64` for what is no text.
    """

    path: str
    folder: str
    whole: bool
    mode: int
    owner: str = "0:0"
    content: Any = field(default=None, repr=False)
    kept: secrets.Kept | None = None
    coding: str = "text"


def of(scope: Scope, service: Service, name: str, container: Container) -> list[File]:
    """The files that a container sees, in the file's order.

    Args:
        scope: the application.
        service: it belongs to.
        name: as `secrets.containers` gives it.
        container: the service's own, or one of its steps.
    """
    found = [*_granted(scope, container), *_bound(scope, service)]
    if _are_much(found):
        found = [_moved(file, name) for file in found]
    return _in_one_volume(found)


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
    for workload in reach.workloads(scope):
        service = reach.service(workload)
        for member in scope.members(service):
            for name, container in holders(member):
                found = [*_granted(scope, container), *_bound(scope, member)]
                for file in found if _are_much(found) else ():
                    if file.content is not None:
                        yield from secrets.kept(scope, _key(name, file), inline(file), service=member.name)


# --- where -----------------------------------------------------------------------------------------------------------


def volume(name: str, folder: str) -> str:
    """The task's volume that a container sees in a folder."""
    return f"files-{names.plain(name)}-{hashlib.sha256(folder.encode()).hexdigest()[:HASH]}"


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
    folders = dict.fromkeys(file.folder for file in found if not file.whole and file.folder != SECRETS_DIRECTORY)
    return [f"{folder}={place(name, folder)}" for folder in folders]


def place(name: str, folder: str) -> str:
    """Where the init container and the seeds have a volume of files."""
    return posixpath.join(FOLDER, volume(name, folder))


def written(name: str, file: File) -> str:
    """Where the init container writes a file."""
    return posixpath.join(place(name, file.folder), posixpath.relpath(file.path, file.folder))


def _in_one_volume(found: list[File]) -> list[File]:
    """A folder within another one is in that one's volume: mounted over it, it would hide a part of it."""
    folders = {file.folder for file in found}
    wholes = {file.folder for file in found if file.whole}
    return [_within(file, folders, wholes) for file in found]


def _within(file: File, folders: set[str], wholes: set[str]) -> File:
    above = [folder for folder in folders if file.folder == folder or file.folder.startswith(f"{folder}/")]
    folder = min(above, key=len)
    return replace(file, folder=folder, whole=folder in wholes)


# --- what ------------------------------------------------------------------------------------------------------------


def _granted(scope: Scope, container: Container) -> Iterator[File]:
    for file in granted(container):
        item: FileObject = getattr(scope.app, file.kind)[file.grant.source]
        content = getattr(scope.given.contents, file.kind).get(file.grant.source, "")
        found = File(
            path=file.path,
            folder=posixpath.dirname(file.path),
            whole=False,
            mode=file.mode,
            owner=f"{file.grant.uid or 0}:{file.grant.gid or 0}",
        )
        if item.external:
            yield replace(found, kept=secrets.external(scope, item, file.grant.source))
        elif secrets.is_kept(scope, file.kind, file.grant.source):
            key = secrets.key_of(file.kind, file.grant.source)
            yield replace(found, kept=secrets.own(key), coding=_coding(content))
        else:
            yield replace(found, content=content, coding=_coding(content))


def _bound(scope: Scope, service: Service) -> Iterator[File]:
    for mount in project_files.bound(service, scope.app):
        folder = mount.target.rstrip("/")
        for sent in scope.given.project.get(service.name, ()):
            if sent.path == mount.target:
                yield _sent(sent, posixpath.dirname(sent.path), whole=False)
            elif sent.path.startswith(f"{folder}/"):
                yield _sent(sent, folder, whole=True)


def _sent(sent: ProjectFile, folder: str, *, whole: bool) -> File:
    try:
        content: str | bytes = sent.content.decode()
    except UnicodeDecodeError:
        content = sent.content
    return File(sent.path, folder, whole, sent.mode, content=content, coding=_coding(content))


def _coding(content: Any) -> str:
    """How a content is a text: no variable has a zero byte in it."""
    return "base64" if isinstance(content, bytes) or (isinstance(content, str) and "\0" in content) else "text"


def _moved(file: File, name: str) -> File:
    """A file whose content is in Secrets Manager instead of in the task definition."""
    return file if file.content is None else replace(file, content=None, kept=secrets.own(_key(name, file)))


def _key(name: str, file: File) -> str:
    return f"{name}-file-{hashlib.sha256(file.path.encode()).hexdigest()[:HASH]}"


def inline(file: File) -> Any:
    """A file's content as the text of a variable or secret."""
    if file.coding == "text" or isinstance(file.content, Parts):
        return file.content
    return base64.b64encode(file.content if isinstance(file.content, bytes) else file.content.encode()).decode()


def _are_much(found: list[File]) -> bool:
    """Whether contents are too much for a task definition; what is not known yet counts as nothing."""
    shown = (inline(file) for file in found if file.content is not None)
    return sum(secrets.size(content) or 0 for content in shown) > INLINE_LIMIT


# --- what is known before --------------------------------------------------------------------------------------------


def problems(scope: Scope) -> Iterator[Problem]:
    """Contents that are too large for Secrets Manager; a secret's own size is known when it is sent."""
    for kind, key, size in secrets.oversized(scope):
        what = f"it has {size} bytes, and {secrets.LIMIT} are the most that AWS keeps"
        yield Problem(what, scope.app.where((kind, key)), "put it into the image, or into a volume")
    for service, sent in scope.given.project.items():
        for file in sent:
            size = secrets.size(inline(_sent(file, "", whole=False))) or 0
            if size > secrets.LIMIT:
                what = f"{file.path} has {size} bytes, and {secrets.LIMIT} are the most that AWS keeps"
                yield Problem(what, scope.app.where(("services", service, "volumes")), "put it into the image")


def conflicts(app: App) -> Iterator[Conflict]:
    """Files right below the root: a volume would have to be in place of everything."""
    scope = given.of(app)
    for workload in reach.workloads(scope):
        for member in scope.members(reach.service(workload)):
            for name, container in secrets.containers(member):
                for where, path in places(app, member, name, container):
                    if posixpath.dirname(path) == "/":
                        what = f'"{path}" is right below the root, and Fargate mounts folders alone'
                        yield Conflict(where, what, "give it a target in a folder")


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
    seen = {"secrets": 0, "configs": 0}
    for file in granted(container):
        yield (*above, file.kind, seen[file.kind]), file.path
        seen[file.kind] += 1
    for index, mount in enumerate(container.volumes):
        if project_files.of_project(mount, app) and not project_files.is_folder(mount):
            yield (*above, "volumes", index), mount.target
