"""Images of registries that Cloud Run does not pull from: they come by a remote repository of Artifact Registry.

Cloud Run pulls from Artifact Registry and Docker Hub (https://cloud.google.com/run/docs/deploying#images). A remote
repository stands for another registry, and keeps what was pulled
(https://cloud.google.com/artifact-registry/docs/repositories/remote-overview).
"""

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ...errors import Problem
from ...model import Parts, Text
from .. import registries
from ..rows import Row
from .given import Scope

DIRECT = (registries.DOCKER_HUB, "index.docker.io", "registry-1.docker.io", "gcr.io")
"""Registries that are pulled from as they are; Artifact Registry serves gcr.io
(https://cloud.google.com/artifact-registry/docs/transition/transition-from-gcr)."""
HOSTS = (".gcr.io", ".pkg.dev")
"""How the hosts of Artifact Registry end (https://cloud.google.com/artifact-registry/docs/docker/names)."""
HERE = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
"""What only this machine reaches."""
CONTAINERS: Mapping[str, Sequence[str]] = {
    "Job": ("template", "template", "containers"),
    "Service": ("template", "containers"),
    "WorkerPool": ("template", "containers"),
}
"""Kind of a row -> where its containers are."""


def with_remotes(scope: Scope, rows: Sequence[Row]) -> list[Row]:
    """Rows whose images Cloud Run can pull, with the repositories that this needs before them.

    Args:
        scope: the application.
        rows: all others.
    """
    needed: set[str] = set()
    changed = [_changed(scope, row, needed) if row.kind in CONTAINERS else row for row in rows]
    return [*(_repository(scope, each) for each in sorted(needed)), *changed]


def problems(scope: Scope) -> Iterator[Problem]:
    """Images in registries that only this machine reaches."""
    run = [(("services", name, "image"), scope.image(each, name).name) for name, each in scope.app.services.items()]
    run += [(("jobs", name, "image"), job.image or "") for name, job in scope.app.jobs.items()]
    for path, image in run:
        if HERE.fullmatch(registries.host(_begin(image))) and _remote(scope, image) is not None:
            where = scope.app.where(path)
            what = f'"{image}" is in a registry that Google does not reach'
            yield Problem(what, where, "push it to Artifact Registry, or to a registry of the internet")


def _changed(scope: Scope, row: Row, needed: set[str]) -> Row:
    hosts: set[str] = set()

    def routed(containers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        hosts.update(host for each in containers if (host := _remote(scope, each["image"])) is not None)
        return [{**each, "image": _routed(scope, each["image"])} for each in containers]

    args = _replaced(row.args, CONTAINERS[row.kind], routed)
    needed |= hosts
    after = (("Repository", _key(host)) for host in sorted(hosts))
    return dataclasses.replace(row, args=args, after=(*row.after, *after))


def _replaced(value: Mapping[str, Any], path: Sequence[str], change: Callable[[Any], Any]) -> dict[str, Any]:
    """A mapping with what is at a path in it changed."""
    key, *rest = path
    return {**value, key: _replaced(value[key], rest, change) if rest else change(value[key])}


def _routed(scope: Scope, image: Text) -> Text:
    """An image as Cloud Run pulls it."""
    host = _remote(scope, image)
    if host is None:
        return image
    place = f"{scope.access.region}-docker.pkg.dev/{scope.access.project}/{scope.name('Repository', _key(host))}"
    begin = _begin(image)
    moved = f"{place}/{begin.removeprefix(f'{host}/')}"
    return moved if isinstance(image, str) else Parts([moved, *image[1:]])


def _remote(scope: Scope, image: Text) -> str | None:
    """The registry of an image that needs a remote repository; None: it needs none."""
    host = registries.host(_begin(image))
    own = str(scope.access.repository or "").partition("/")[0]
    return None if host in (*DIRECT, own) or host.endswith(HOSTS) else host


def _begin(image: Text) -> str:
    """An image's name as far as it is known; an output that begins one is taken as it is."""
    first = image if isinstance(image, str) else image[0]
    return first if isinstance(first, str) else ""


def _key(host: str) -> str:
    return f"remote-{host}"


def _repository(scope: Scope, host: str) -> Row:
    args = {
        "project": scope.access.project,
        "location": scope.access.region,
        "repository_id": scope.name("Repository", _key(host)),
        "description": f"what {scope.app.name} pulls from {host}",
        "format": "DOCKER",
        "mode": "REMOTE_REPOSITORY",
        "remote_repository_config": {"common_repository": {"uri": f"https://{host}"}},
        "kms_key_name": scope.access.kms_key,
    }
    return scope.row("Repository", _key(host), args)
