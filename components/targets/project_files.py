"""Binds of project files: a cluster's nodes do not have this machine's files.

What is within the project's folder is sent as configs, where it is small and only read. Anything else is a path of
whichever node runs the task, as with `docker stack deploy`.
"""

import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..model import App, Mount, Service

LIMIT = 1024 * 1024
"""Bytes of one bind that are sent."""
SOCKETS = ("/var/run/docker.sock", "/run/docker.sock")


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """A file of the project that a container sees at the place of a bind.

    Attributes:
        key: of the config that it becomes: its name, and a hash of its path within the project.
        path: absolute, in the container.
        mode: 0o555 where the file is executable, else 0o444: a checkout's umask changes nothing.
        content: what is in it.
    """

    key: str
    path: str
    mode: int
    content: bytes = field(repr=False)


ProjectFiles = Mapping[str, tuple[ProjectFile, ...]]
"""Service -> what its binds of project files bring."""


def of_project(mount: Mount, app: App) -> bool:
    """Whether a mount binds a file or folder of the project."""
    if mount.type != "bind" or not app.directory or mount.source is None:
        return False
    return mount.source == app.directory or mount.source.startswith(app.directory.rstrip("/") + "/")


def bound(service: Service, app: App) -> list[Mount]:
    """A service's binds of files and folders of the project."""
    return [mount for mount in service.volumes if of_project(mount, app)]


def is_socket(mount: Mount) -> bool:
    """Whether a mount gives a container the Docker Engine."""
    return mount.type == "bind" and mount.source in SOCKETS


def too_large(mount: Mount) -> bool:
    """Whether a project file or folder is more than is sent. What is missing is not large."""
    return mount.source is not None and sum(path.stat().st_size for path in _files(Path(mount.source))) > LIMIT


def is_folder(mount: Mount) -> bool:
    """Whether a bind's source is a folder."""
    return Path(mount.source or "").is_dir()


def is_missing(mount: Mount) -> bool:
    """Whether there is nothing where a bind's source should be."""
    return not Path(mount.source or "").exists()


def read(app: App) -> ProjectFiles:
    """Read what the application's binds of project files bring; the support table has judged them before."""
    return {name: tuple(_read(service, app)) for name, service in app.services.items()}


def _read(service: Service, app: App) -> Iterator[ProjectFile]:
    for mount in service.volumes:
        if not of_project(mount, app):
            continue
        source = Path(mount.source or "")
        for path in _files(source):
            inside = path.relative_to(source).as_posix()
            yield ProjectFile(
                key=_key(path, app),
                path=mount.target if inside == "." else posixpath.join(mount.target, inside),
                mode=0o555 if path.stat().st_mode & 0o111 else 0o444,
                content=path.read_bytes(),
            )


def _files(source: Path) -> list[Path]:
    return [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())


def _key(path: Path, app: App) -> str:
    inside = path.relative_to(app.directory).as_posix()
    name = re.sub(r"[^a-zA-Z0-9._-]", "-", path.name)[:20].strip("._-") or "file"
    return f"{name}-{hashlib.sha256(inside.encode()).hexdigest()[:7]}"
