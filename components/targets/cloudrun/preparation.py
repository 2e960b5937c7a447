"""What runs in an instance before the containers of the file's: it writes files that Cloud Run cannot mount.

Cloud Run has no containers that end before others start. So what writes them listens on a port once it is done, which
is its startup probe, and the others depend on it. In a service it stays there, asleep; in a job, which ends when its
containers have, it goes when it has been asked.
https://cloud.google.com/run/docs/deploying#multicontainer-services
"""

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...model import Service
from .. import init_script, placed
from ..placed import File
from . import files, names, reach, scripts
from .given import Scope
from .probes import START_LIMIT
from .sizes import Size

INIT = "slipway-init"
"""What writes files before anything else starts."""
SEED = "slipway-seed"
"""Begins the name of what copies a folder of an image to where a volume hides it."""
DONE = "slipway-done"
"""The volume in which each seed says that it is done."""
FIRST_PORT = 20202
"""Where the init container listens, if nothing of the file's does."""
INIT_SIZE, SEED_SIZE = Size(80, 128), Size(80, 512)
"""What they have: the least of a processor that there is, and room for what a seed copies."""


def first(scope: Scope, service: Service) -> list[str]:
    """What the containers of the file's depend on."""
    return [INIT] if is_needed(scope, service) else []


def is_needed(scope: Scope, service: Service) -> bool:
    """Whether anything is written before a service's containers start."""
    return any(True for _ in files.written(scope, service))


def of_instance(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """The init container, and the seeds that it waits for."""
    if not is_needed(scope, service):
        return []
    seeds = [each for member in scope.members(service) for each in _seed(scope, service, member)]
    return [_init(scope, service, [each["name"] for each in seeds]), *seeds]


def size(scope: Scope, service: Service) -> Size:
    """What the init container and the seeds have together."""
    if not is_needed(scope, service):
        return Size(0, 0)
    return sum((SEED_SIZE for member in scope.members(service) if _folders(scope, member)), INIT_SIZE)


def volumes(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """The `volumes` that only they mount."""
    found = [
        files.of_secret(_secret(number), file.kept, scripts.CONTENT, 0o444)
        for number, _, file in _numbered(scope, service)
        if file.kept is not None
    ]
    copied = any(_folders(scope, member) for member in scope.members(service))
    return [*found, *([{"name": DONE, "empty_dir": {"medium": "MEMORY"}}] if copied else [])]


def port(scope: Scope, service: Service) -> int:
    """Where the init container listens: at a port that no container of the file's is known to listen on."""
    taken = {each.number for member in scope.members(service) for each in reach.ports(scope, member)}
    return next(number for number in range(FIRST_PORT, FIRST_PORT + len(taken) + 1) if number not in taken)


def _init(scope: Scope, service: Service, seeds: list[str]) -> dict[str, Any]:
    lines, variables = [], {}
    for number, name, file in _numbered(scope, service):
        variable = f"SLIPWAY_FILE_{number}"
        # a secret is read as it is, so that it may be no text
        coded = file if file.kept is None else replace(file, coding="base64")
        lines.append(init_script.line(variable, coded, _path(name, file)))
        if file.kept is None:
            variables[variable] = placed.inline(file)
    listens = port(scope, service)
    told = {
        init_script.FILES: "\n".join(lines),
        scripts.SEEDS: " ".join(seeds),
        scripts.PORT: str(listens),
        **_once(scope, service),
        **variables,
    }
    return {
        "name": INIT,
        "image": scope.access.init_image,
        "commands": ["sh", "-c"],
        "args": [scripts.INIT],
        "envs": [{"name": key, "value": value} for key, value in told.items() if value],
        "resources": {"limits": INIT_SIZE.limits},
        "startup_probe": {
            "tcp_socket": {"port": listens},
            "period_seconds": 1,
            "timeout_seconds": 1,
            "failure_threshold": START_LIMIT,
        },
        "volume_mounts": _mounts(scope, service, seeds),
    }


def _mounts(scope: Scope, service: Service, seeds: list[str]) -> list[dict[str, Any]]:
    """Every volume of files, every secret, and what the seeds say."""
    places = {_place(name, file): files.volume(name, file.folder) for name, file in files.written(scope, service)}
    kept = [number for number, _, file in _numbered(scope, service) if file.kept is not None]
    return [
        *({"name": volume, "mount_path": place} for place, volume in places.items()),
        *({"name": _secret(number), "mount_path": posixpath.join(scripts.SECRETS, str(number))} for number in kept),
        *([{"name": DONE, "mount_path": scripts.DONE}] if seeds else []),
    ]


def _seed(scope: Scope, service: Service, member: Service) -> Iterator[dict[str, Any]]:
    """A container of a member's own image, for what volumes would hide of it."""
    folders = _folders(scope, member)
    if not folders:
        return
    name = names.container(f"{SEED}-{member.name}")
    places = {folder: posixpath.join(init_script.FOLDER, files.volume(member.name, folder)) for folder in folders}
    told = {scripts.OWN: name, **_once(scope, service)}
    yield {
        "name": name,
        "image": scope.image(member, member.name).text,
        "commands": ["sh", "-c"],
        "args": [scripts.SEED, "seed", *(f"{folder}={place}" for folder, place in places.items())],
        "envs": [{"name": key, "value": value} for key, value in told.items()],
        "resources": {"limits": SEED_SIZE.limits},
        "volume_mounts": [
            *({"name": files.volume(member.name, folder), "mount_path": place} for folder, place in places.items()),
            {"name": DONE, "mount_path": scripts.DONE},
        ],
    }


def _folders(scope: Scope, member: Service) -> list[str]:
    """The folders of a container that are copied from its image."""
    found = [each for each in files.by_folder(scope, member).values() if not files.is_mounted(each)]
    return placed.seeds(file for each in found for file in each)


def _numbered(scope: Scope, service: Service) -> Iterator[tuple[int, str, File]]:
    """Every file that is written, with a number that is its own in the instance, and the name of its container."""
    for number, (name, file) in enumerate(files.written(scope, service), start=1):
        yield number, name, file


def _once(scope: Scope, service: Service) -> dict[str, str]:
    return {scripts.ONCE: "1"} if scope.is_run(service) else {}


def _secret(number: int) -> str:
    return f"slipway-secret-{number}"


def _place(name: str, file: File) -> str:
    """Where the init container has a volume of files."""
    return posixpath.join(init_script.FOLDER, files.volume(name, file.folder))


def _path(name: str, file: File) -> str:
    """Where it writes a file."""
    return posixpath.join(_place(name, file), posixpath.relpath(file.path, file.folder))
