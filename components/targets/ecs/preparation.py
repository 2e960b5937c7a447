"""What runs in a task before anything of the file's does: it writes files, and how names are looked up.

Fargate has no way of its own for either: docs/adr/0006 and 0007.
"""

import posixpath
from collections.abc import Iterator
from typing import Any

from ...access import ImageReference
from ...model import Service
from .. import init_script, placed
from . import cloud_map, files, images, logs, mounts, names
from .forms import listed
from .given import Scope

INIT = "slipway-init"
"""What writes files and the search domain before anything else starts."""
SEED = "slipway-seed"
"""Begins the name of what copies a folder of an image to where a volume hides it."""


def of_task(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """The init container, and the seeds that it waits for; nothing where there is nothing to write before a start."""
    environment, written = _init_environment(scope, service), files.volumes(scope, service)
    if not (environment or written or mounts.ephemeral(scope, service)):
        return []
    seeds = [each for member in scope.members(service) for each in _seeds(scope, member)]
    found, plain, kept = _manifest(scope, service)
    variables = {**environment, **({init_script.FILES: "\n".join(found)} if found else {})}
    points = [mounts.point(volume, posixpath.join(init_script.FOLDER, volume), read_only=False) for volume in written]
    init = {
        "name": INIT,
        "essential": False,
        "image": scope.access.init_image,
        **images.credentials(scope, ImageReference(name=scope.access.init_image)),
        "user": "0",
        "entryPoint": ["sh", "-c"],
        "command": [init_script.SCRIPT],
        **listed("environment", [{"name": key, "value": value} for key, value in {**variables, **plain}.items()]),
        **listed("secrets", [{"name": key, "valueFrom": value} for key, value in kept.items()]),
        **listed("mountPoints", points),
        **listed("dependsOn", [{"containerName": each["name"], "condition": "SUCCESS"} for each in seeds]),
        "logConfiguration": logs.configuration(scope),
    }
    return [init, *seeds]


def _init_environment(scope: Scope, service: Service) -> dict[str, str]:
    """What the init container writes beside files."""
    members = scope.members(service)
    search = [scope.namespace] if cloud_map.is_needed(scope) else []
    search += [domain for each in members for domain in each.dns_search]
    options = [option for each in members for option in each.dns_opt]
    hosts = [f"{ip} {host}" for each in members for host, ips in each.extra_hosts.items() for ip in ips]
    found = {
        init_script.SEARCH: " ".join(dict.fromkeys(search)),
        init_script.OPTIONS: " ".join(dict.fromkeys(options)),
        init_script.HOSTS: "\n".join(dict.fromkeys(hosts)),
    }
    return {key: value for key, value in found.items() if value}


def _manifest(scope: Scope, service: Service) -> tuple[list[str], dict[str, Any], dict[str, Any]]:
    """A line for each file, and the variables with their contents: those that are shown, and those that are secret."""
    lines: list[str] = []
    plain: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    for name, found in files.of_task(scope, service):
        for file in found:
            variable = f"SLIPWAY_FILE_{len(lines) + 1}"
            lines.append(init_script.line(variable, file, files.written(name, file)))
            if file.kept is None:
                plain[variable] = placed.inline(file)
            else:
                kept[variable] = file.kept.value_from
    return lines, plain, kept


def _seeds(scope: Scope, member: Service) -> Iterator[dict[str, Any]]:
    """A container of a member's own image for what volumes would hide of it."""
    for name, container in files.holders(member):
        pairs = files.seeds(files.of(scope, member, name, container), name)
        own = mounts.unnamed(scope, member, container) if container is member else {}
        pairs += [f"{path}={posixpath.join(init_script.FOLDER, volume)}" for volume, path in own.items()]
        if pairs:
            image = images.of(scope, member, container)
            points = [mounts.point(posixpath.basename(place), place, read_only=False) for place in _places(pairs)]
            yield {
                "name": names.plain(f"{SEED}-{name}"),
                "essential": False,
                "image": image.text,
                **images.credentials(scope, image),
                "user": "0",
                "entryPoint": ["sh", "-c"],
                "command": [init_script.SEED, "seed", *pairs],
                "mountPoints": points,
                "logConfiguration": logs.configuration(scope),
            }


def _places(pairs: list[str]) -> list[str]:
    return [pair.rpartition("=")[2] for pair in pairs]
