"""A service's secrets and configs as files in its containers.

They are uploaded before the container starts, so their content is in no layer, no bind and no environment. The Engine
refuses an upload where the root is read-only: there, a volume is filled by a container that never starts, and mounted.
"""

import base64
import hashlib
import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from ...access import Contents
from ...errors import Problem
from ...model import App, FileGrant, Path, Service, Text

SECRETS_DIRECTORY = "/run/secrets"
"""Where a secret is unless its grant says otherwise (Compose Specification, 05-services.md, secrets)."""
DEFAULT_MODE = 0o444
"""World-readable, as the specification has it."""


def uploads(service: Service, contents: Contents) -> list[dict[str, Any]]:
    """The argument `uploads`: every secret and config that the service sees, in the file's order."""
    return [_upload(path, grant, content) for path, grant, content in _granted(service, contents)]


def directories(files: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Uploads by the folder that they are in."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for upload in files:
        grouped.setdefault(posixpath.dirname(upload["file"]), []).append(upload)
    return grouped


def directory_key(service: Service, directory: str) -> str:
    """The key of the volume that stands for `directory`."""
    return f"{service.name}-files-{hashlib.sha256(directory.encode()).hexdigest()[:7]}"


def problems(app: App, contents: Contents) -> Iterator[Problem]:
    """Files that cannot get into a container: empty ones, under a tmpfs, and in the root of a read-only root."""
    for name, service in app.services.items():
        for kind, grant in _grants(service):
            path: Path = ("services", name, kind)
            target = _target(kind, grant)
            where = app.where(path)
            if _content(kind, grant, contents) in ("", b""):
                yield Problem(
                    f'"{grant.source}" is empty, and an empty file cannot be uploaded', where, "give it content"
                )
            for hidden in _tmpfs_paths(service):
                if target == hidden or target.startswith(hidden.rstrip("/") + "/"):
                    yield Problem(
                        f"{target} is under the tmpfs {hidden}, which hides it", where, "choose another target"
                    )
            if service.read_only and posixpath.dirname(target) == "/":
                yield Problem(
                    f"{target} is in the root folder of a read-only container", where, "choose a target in a folder"
                )


def _tmpfs_paths(service: Service) -> list[str]:
    return [entry.partition(":")[0] for entry in service.tmpfs] + [
        mount.target for mount in service.volumes if mount.type == "tmpfs"
    ]


def _grants(service: Service) -> Iterator[tuple[str, FileGrant]]:
    for grant in service.secrets:
        yield "secrets", grant
    for grant in service.configs:
        yield "configs", grant


def _content(kind: str, grant: FileGrant, contents: Contents) -> Text | bytes:
    source: Mapping[str, Text | bytes] = contents.secrets if kind == "secrets" else contents.configs
    return source[grant.source]


def _granted(service: Service, contents: Contents) -> Iterator[tuple[str, FileGrant, Text | bytes]]:
    for kind, grant in _grants(service):
        yield _target(kind, grant), grant, _content(kind, grant, contents)


def _target(kind: str, grant: FileGrant) -> str:
    name = grant.target or grant.source
    return posixpath.normpath(posixpath.join(SECRETS_DIRECTORY if kind == "secrets" else "/", name))


def _upload(path: str, grant: FileGrant, content: Text | bytes) -> dict[str, Any]:
    args: dict[str, Any] = {"file": path, "permissions": f"{DEFAULT_MODE if grant.mode is None else grant.mode:04o}"}
    if isinstance(content, bytes):
        args["content_base64"] = base64.b64encode(content).decode()
    else:
        args["content"] = content
    if grant.uid is not None:
        args["owner"] = grant.uid
    if grant.gid is not None:
        args["group"] = grant.gid
    return args
