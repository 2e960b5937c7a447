"""A service's secrets and configs as files in its containers.

They are uploaded before the container starts, so their content is in no layer, no bind and no environment. The Engine
refuses an upload where the root is read-only: there, a volume is filled by a container that never starts, and mounted.
"""

import base64
import hashlib
import posixpath
from collections.abc import Iterator
from typing import Any

from ...access import Contents
from ...errors import Problem
from ...model import App, Service, Text
from ..files import GrantedFile, granted, tmpfs_paths


def uploads(service: Service, contents: Contents) -> list[dict[str, Any]]:
    """The argument `uploads`: every secret and config that the service sees, in the file's order."""
    return [_upload(file, file.content(contents)) for file in granted(service)]


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
        for file in granted(service):
            where = app.where(("services", name, file.kind))
            if file.content(contents) in ("", b""):
                yield Problem(
                    f'"{file.grant.source}" is empty, and an empty file cannot be uploaded', where, "give it content"
                )
            for hidden in tmpfs_paths(service):
                if file.path == hidden or file.path.startswith(hidden.rstrip("/") + "/"):
                    yield Problem(
                        f"{file.path} is under the tmpfs {hidden}, which hides it", where, "choose another target"
                    )
            if service.read_only and posixpath.dirname(file.path) == "/":
                yield Problem(
                    f"{file.path} is in the root folder of a read-only container", where, "choose a target in a folder"
                )


def _upload(file: GrantedFile, content: Text | bytes) -> dict[str, Any]:
    args: dict[str, Any] = {"file": file.path, "permissions": f"{file.mode:04o}"}
    if isinstance(content, bytes):
        args["content_base64"] = base64.b64encode(content).decode()
    else:
        args["content"] = content
    if file.grant.uid is not None:
        args["owner"] = file.grant.uid
    if file.grant.gid is not None:
        args["group"] = file.grant.gid
    return args
