"""A run to completion: pulumi-docker has no Swarm jobs, so it is an attached container on the manager's own Engine.

It is what the docker target makes of it, on the application's attachable networks, and its exit code is checked on
every `up`.
"""

import base64
import dataclasses
from collections.abc import Iterator
from typing import Any

from ...access import Contents
from ...model import App, Service
from ...support import Conflict
from .. import project_files
from ..dependencies import runs_to_completion
from ..docker.render import container_rows, replica_keys, volume_row
from ..files import granted
from ..project_files import ProjectFile, ProjectFiles
from ..rows import Key, Row


def keys(service: Service) -> list[Key]:
    """The keys of a run's rows."""
    return [("container", key) for key in replica_keys(service)]


def services(app: App) -> list[Service]:
    """The services that run to completion."""
    return [service for name, service in app.services.items() if runs_to_completion(name, app)]


def rows(service: Service, app: App, contents: Contents, project: ProjectFiles, stack: str) -> Iterator[Row]:
    """The rows of one run; what they wait for is left to the caller."""
    bare = dataclasses.replace(
        service, volumes=tuple(mount for mount in service.volumes if not project_files.of_project(mount, app))
    )
    uploads = [_upload(file) for file in project.get(service.name, ())]
    own = keys(service)
    for row in container_rows(bare, app, contents, stack):
        if uploads and (row.kind, row.key) in own:
            yield dataclasses.replace(row, args={**row.args, "uploads": [*row.args.get("uploads", ()), *uploads]})
        else:
            yield row


def volumes(app: App, stack: str, *, protect: bool) -> Iterator[Row]:
    """Volumes of the manager's Engine: those that a run mounts. Any other is made by the node whose task mounts it."""
    mounted = {mount.source for service in services(app) for mount in service.volumes if mount.type == "volume"}
    for key, volume in app.volumes.items():
        if key in mounted and not volume.external:
            yield volume_row(key, volume, app, stack, protect)


def networks(app: App) -> set[str]:
    """Networks that a run is on: they have to be attachable."""
    return {key for service in services(app) for key in service.networks}


def conflicts(app: App) -> Iterator[Conflict]:
    """What the manager's Engine refuses."""
    for service in services(app):
        for index, mount in enumerate(service.volumes):
            if service.read_only and project_files.of_project(mount, app):
                yield Conflict(
                    ("services", service.name, "volumes", index),
                    "a project file cannot be put into a read-only run to completion",
                    "use a config",
                )
        for file in granted(service):
            if getattr(app, file.kind)[file.grant.source].external:
                yield Conflict(
                    ("services", service.name, file.kind),
                    f'Swarm gives "{file.grant.source}" to its services alone, and this is a run to completion',
                    "use environment or file",
                )


def _upload(file: ProjectFile) -> dict[str, Any]:
    content = base64.b64encode(file.content).decode()
    return {"file": file.path, "content_base64": content, "permissions": f"{file.mode:04o}"}
