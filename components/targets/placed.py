"""Secrets, configs and files of the project in folders of containers, where a platform mounts folders alone.

A container sees a volume in a file's folder, and something writes the files into it before the container starts. What
the image has in that folder is copied there first, but for the folder of Compose's secrets, which no image has, and for
a folder that a bind replaces as a whole.
"""

import base64
import hashlib
import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..access import Contents
from ..model import App, Container, FileObject, Parts, Path, Service
from ..support import Conflict
from . import files, project_files
from .files import SECRETS_DIRECTORY, GrantedFile
from .project_files import ProjectFile, ProjectFiles
from .scope import Reading

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
        content: what is in it, where it may be shown; None: `kept` has it.
        kept: the platform's secret that has it.
        coding: `text`, or `base64` for what is no text.
    """

    path: str
    folder: str
    whole: bool
    mode: int
    owner: str = "0:0"
    content: Any = field(default=None, repr=False)
    kept: Any = None
    coding: str = "text"


Keep = Callable[[GrantedFile, FileObject], Any]
"""The platform's secret of a secret or config that a container is granted; None: its content may be shown."""


def of(scope: Reading[Any], service: Service, container: Container, keep: Keep) -> list[File]:
    """What a container is granted, and what its service binds of the project.

    Args:
        scope: the application.
        service: that the container belongs to.
        container: the service's own, or one of its steps.
        keep: see `Keep`.
    """
    own = granted(scope.app, scope.given.contents, container, keep)
    return [*own, *bound(scope.app, scope.given.project, service)]


def granted(app: App, contents: Contents, container: Container, keep: Keep) -> Iterator[File]:
    """The secrets and configs of a container, in the file's order."""
    for file in files.granted(container):
        item: FileObject = getattr(app, file.kind)[file.grant.source]
        content = getattr(contents, file.kind).get(file.grant.source, "")
        kept = keep(file, item)
        yield File(
            path=file.path,
            folder=posixpath.dirname(file.path),
            whole=False,
            mode=file.mode,
            owner=f"{file.grant.uid or 0}:{file.grant.gid or 0}",
            content=content if kept is None else None,
            kept=kept,
            coding="text" if item.external else coding(content),
        )


def bound(app: App, project: ProjectFiles, service: Service) -> Iterator[File]:
    """The files of the project that a service binds."""
    for mount in project_files.bound(service, app):
        folder = mount.target.rstrip("/")
        for sent in project.get(service.name, ()):
            if sent.path == mount.target:
                yield of_project(sent, posixpath.dirname(sent.path), whole=False)
            elif sent.path.startswith(f"{folder}/"):
                yield of_project(sent, folder, whole=True)


def of_project(sent: ProjectFile, folder: str, *, whole: bool) -> File:
    """A file of the project.

    Args:
        sent: it.
        folder: where its volume is mounted.
        whole: whether the volume replaces what the image has there.
    """
    try:
        content: str | bytes = sent.content.decode()
    except UnicodeDecodeError:
        content = sent.content
    return File(sent.path, folder, whole, sent.mode, content=content, coding=coding(content))


def coding(content: Any) -> str:
    """How a content is a text: no variable has a zero byte in it."""
    return "base64" if isinstance(content, bytes) or (isinstance(content, str) and "\0" in content) else "text"


def inline(file: File) -> Any:
    """A file's content as the text of a variable or secret."""
    if file.coding == "text" or isinstance(file.content, Parts):
        return file.content
    return base64.b64encode(file.content if isinstance(file.content, bytes) else file.content.encode()).decode()


def are_more(found: Iterable[File], limit: int) -> bool:
    """Whether the contents that are shown have more bytes than a limit; what is not known yet counts as nothing."""
    shown = (inline(file) for file in found if file.content is not None)
    return sum(len(text.encode()) for text in shown if isinstance(text, str)) > limit


def key(name: str, file: File) -> str:
    """The platform's secret that has what is too much to be shown.

    Args:
        name: of the container.
        file: of it.
    """
    return f"{name}-file-{hashlib.sha256(file.path.encode()).hexdigest()[:HASH]}"


# --- where -----------------------------------------------------------------------------------------------------------


def in_one_volume(found: Sequence[File]) -> list[File]:
    """A folder within another one is in that one's volume: mounted over it, it would hide a part of it."""
    folders = {file.folder for file in found}
    wholes = {file.folder for file in found if file.whole}
    return [_within(file, folders, wholes) for file in found]


def _within(file: File, folders: set[str], wholes: set[str]) -> File:
    above = [folder for folder in folders if file.folder == folder or file.folder.startswith(f"{folder}/")]
    folder = min(above, key=len)
    return replace(file, folder=folder, whole=folder in wholes)


def volume(name: str, folder: str) -> str:
    """The volume that a container sees in a folder.

    Args:
        name: of the container, in characters that a volume's name may have.
        folder: absolute, in the container.
    """
    return f"files-{name}-{hashlib.sha256(folder.encode()).hexdigest()[:HASH]}"


def seeds(found: Iterable[File]) -> list[str]:
    """The folders that are copied from a container's image."""
    return list(dict.fromkeys(each.folder for each in found if not each.whole and each.folder != SECRETS_DIRECTORY))


def places(app: App, above: Path, container: Container) -> Iterator[tuple[Path, str]]:
    """Where in the application each file of a container is written, and where the container has it.

    Args:
        app: the application.
        above: where in the application the container is.
        container: the member's own, or one of its steps.
    """
    seen = {"secrets": 0, "configs": 0}
    for file in files.granted(container):
        yield (*above, file.kind, seen[file.kind]), file.path
        seen[file.kind] += 1
    for index, mount in enumerate(container.volumes):
        if project_files.of_project(mount, app) and not project_files.is_folder(mount):
            yield (*above, "volumes", index), mount.target


def below_root(places: Iterable[tuple[Path, str]], platform: str) -> Iterator[Conflict]:
    """Files right below the root: a volume would have to be in place of everything.

    Args:
        places: see `places`.
        platform: what mounts folders alone, in messages.
    """
    for where, path in places:
        if posixpath.dirname(path) == "/":
            what = f'"{path}" is right below the root, and {platform} mounts folders alone'
            yield Conflict(where, what, "give it a target in a folder")


def hidden(places: Iterable[tuple[Path, str]], mounted: Collection[str]) -> Iterator[Conflict]:
    """Files in a folder that something else is mounted at: there is one thing in each place.

    Args:
        places: see `places`.
        mounted: where a container has volumes and folders in memory.
    """
    taken = {posixpath.normpath(path) for path in mounted}
    for where, path in places:
        if posixpath.dirname(path) in taken:
            what = f'"{path}" is in {posixpath.dirname(path)}, where a volume or a tmpfs is'
            yield Conflict(where, what, "give it a target in a folder of its own")
