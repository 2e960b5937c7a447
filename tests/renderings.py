"""What a target would create of an application: for tests that hold it against something else."""

import dataclasses
from typing import Any

from components import contents
from components.access import ImageReference, KubernetesAccess
from components.compose import extension, schema
from components.model import App
from components.support import keys
from components.targets import offline, project_files, runs_jobs
from components.targets.ecs import render as ecs
from components.targets.ecs.given import UNKNOWN
from components.targets.ecs.given import Given as EcsGiven
from components.targets.kubernetes import render as kubernetes
from components.targets.kubernetes.given import Given
from components.targets.rows import Row

KEYS = keys(schema.official(), extension.blocks())
"""Every key of Compose and of `x-slipway`."""


def rows(target: str, app: App) -> tuple[Row, ...]:
    """The rows. On a cluster that has what every key of an ingress needs: a controller, a load balancer."""
    found = contents.read(app, jobs=runs_jobs(target))
    images: dict[str, Any] = {name: ImageReference(name=each.image or name) for name, each in app.services.items()}
    if target not in ("ecs", "kubernetes"):
        return offline(target, app, images, found)
    project = project_files.read(app)
    if target == "ecs":
        assert UNKNOWN.balancer is not None
        # internal, so that it may serve what is to be reached from inside alone, too
        inside = dataclasses.replace(UNKNOWN, balancer=dataclasses.replace(UNKNOWN.balancer, internal=True))
        return ecs.render(app, images, EcsGiven(access=inside, contents=found, project=project))
    nginx = KubernetesAccess(ingress_class="nginx")
    return kubernetes.render(app, images, Given(access=nginx, contents=found, project=project))
