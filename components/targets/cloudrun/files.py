"""Secrets, configs and files of the project as files in a container.

A volume of Cloud Run holds one secret, and hides what the image has in its folder. So a single secret in the folder of
Compose's secrets, which no image has, is mounted as it is; anything else is written into a volume in memory by a
container that starts before: see `preparation`.
https://cloud.google.com/run/docs/configuring/services/secrets#mounting-secrets
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...errors import Problem
from ...model import App, Service
from ...support import Conflict
from .. import placed, secret_store
from ..conditions import last
from ..files import SECRETS_DIRECTORY
from ..placed import File
from ..rows import Row
from . import given, members, mounts, names, secrets, steps
from .given import Scope

INLINE_LIMIT = 24 * 1024
"""Bytes of a container's contents that are shown in the variables of what writes them, of which each has 32 KiB at most
(https://cloud.google.com/run/quotas); more is in Secret Manager."""
WRITABLE = 0o222
"""Permissions that a mounted secret has not, whatever is asked for (the API's reference, `SecretVolumeSource`)."""
NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
"""What the file of a mounted secret may be called; others were refused, and no page says that they are not any more
(https://github.com/googleapis/python-run/issues/84)."""
NOBODY = "0:0"
"""Whose a mounted secret is: root's."""


def of(scope: Scope, member: Service) -> list[File]:
    """The files that a container sees, in the file's order."""
    return _of_app(scope)[member.name]


@last
def _of_app(scope: Scope) -> Mapping[str, list[File]]:
    """Container -> its files: they are asked for again and again."""
    return {member.name: _of(scope, member) for member in members.every(scope)}


def _of(scope: Scope, member: Service) -> list[File]:
    found = _written(scope, member)
    if placed.are_more(found, INLINE_LIMIT):
        found = [_moved(file, member.name) for file in found]
    return placed.in_one_volume(found)


def by_folder(scope: Scope, member: Service) -> dict[str, list[File]]:
    """Where a container has a volume of files -> what is in it."""
    found: dict[str, list[File]] = {}
    for file in of(scope, member):
        found.setdefault(file.folder, []).append(file)
    return found


def is_mounted(found: list[File]) -> bool:
    """Whether the files of a folder are a secret that is mounted as it is; else they are written before the start."""
    [file, *more] = found
    plain = file.owner == NOBODY and not file.mode & WRITABLE and NAME.fullmatch(posixpath.basename(file.path))
    return bool(plain) and not more and file.kept is not None and file.folder == SECRETS_DIRECTORY


def written(scope: Scope, service: Service) -> Iterator[tuple[str, File]]:
    """Every file of a service's instances that is written before the start, with the name of its container."""
    for member in scope.members(service):
        for found in by_folder(scope, member).values():
            if not is_mounted(found):
                yield from ((member.name, file) for file in found)


def kept(scope: Scope, service: Service) -> list[secrets.Kept]:
    """The secrets that the files of a service's instances come from."""
    return [file.kept for member in scope.members(service) for file in of(scope, member) if file.kept is not None]


def rows(scope: Scope) -> Iterator[Row]:
    """The secrets that hold what is too much to be shown, though it is none."""
    for member in members.every(scope):
        found = _written(scope, member)
        for file in found if placed.are_more(found, INLINE_LIMIT) else ():
            if file.content is not None:
                yield from secrets.kept(scope, placed.key(member.name, file), file.content, service=member.name)


# --- where -----------------------------------------------------------------------------------------------------------


def volume(name: str, folder: str) -> str:
    """The volume that a container sees in a folder."""
    return placed.volume(names.container(name), folder)


def volumes(scope: Scope, service: Service) -> Iterator[dict[str, Any]]:
    """The `volumes` of files that the containers of a service's instances see."""
    for member in scope.members(service):
        for folder, found in by_folder(scope, member).items():
            name = volume(member.name, folder)
            if is_mounted(found):
                yield of_secret(name, found[0].kept, posixpath.basename(found[0].path), found[0].mode)
            else:
                yield {"name": name, "empty_dir": {"medium": "MEMORY"}}


def of_secret(name: str, kept: secrets.Kept, path: str, mode: int) -> dict[str, Any]:
    """A volume with a secret in it.

    Args:
        name: of the volume.
        kept: the secret.
        path: of the only file in the volume.
        mode: its permissions.
    """
    item = {"path": path, "version": kept.version, "mode": mode}
    return {"name": name, "secret": {"secret": kept.secret, "items": [item]}}


def mounted(scope: Scope, member: Service) -> list[dict[str, Any]]:
    """Where a container sees its files."""
    return [{"name": volume(member.name, folder), "mount_path": folder} for folder in by_folder(scope, member)]


# --- what ------------------------------------------------------------------------------------------------------------


def _written(scope: Scope, member: Service) -> list[File]:
    # a step sees what its service binds
    service = replace(member, name=steps.owner(scope.app, member.name))
    return placed.of(scope, service, member, secret_store.keep(scope, secrets.own, secrets.external))


def _moved(file: File, name: str) -> File:
    """A file whose content is in Secret Manager instead of in a variable."""
    return file if file.content is None else replace(file, content=None, kept=secrets.own(placed.key(name, file)))


# --- what is known before --------------------------------------------------------------------------------------------


def problems(scope: Scope) -> Iterator[Problem]:
    """Contents that are too large for Secret Manager; a secret's own size is known when it is sent."""
    most = f"{secrets.LIMIT} are the most that Secret Manager keeps"
    for kind, key, size in secret_store.oversized(scope, secrets.LIMIT, secrets.size):
        yield Problem(f"it has {size} bytes, and {most}", scope.app.where((kind, key)), "put it into the image")
    for service, sent in scope.given.project.items():
        for file in sent:
            if len(file.content) > secrets.LIMIT:
                where = scope.app.where(("services", service, "volumes"))
                yield Problem(f"{file.path} has {len(file.content)} bytes, and {most}", where, "put it into the image")


def conflicts(app: App) -> Iterator[Conflict]:
    """Files right below the root, and within volumes: what is mounted are folders."""
    scope = given.of(app)
    for member in members.every(scope):
        found = list(placed.places(app, steps.path(app, member.name), member))
        yield from placed.below_root(found, "Cloud Run")
        yield from placed.hidden(found, list(mounts.targets(scope, member)))
