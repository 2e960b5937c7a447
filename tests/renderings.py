"""What a target would create of an application: for tests that hold it against something else."""

from typing import Any

from components import contents
from components.access import ImageReference, KubernetesAccess
from components.compose import extension, schema
from components.model import App
from components.support import keys
from components.targets import offline, project_files, runs_jobs
from components.targets.kubernetes import render as kubernetes
from components.targets.kubernetes.given import Given
from components.targets.rows import Row

KEYS = keys(schema.official(), extension.blocks())
"""Every key of Compose and of `x-slipway`."""


def rows(target: str, app: App) -> tuple[Row, ...]:
    """The rows. On kubernetes, with the one controller that knows every key of an ingress (see test_ingress.py)."""
    found = contents.read(app, jobs=runs_jobs(target))
    images: dict[str, Any] = {name: ImageReference(name=each.image or name) for name, each in app.services.items()}
    if target != "kubernetes":
        return offline(target, app, images, found)
    access = KubernetesAccess(ingress_class="nginx")
    return kubernetes.render(app, images, Given(access=access, contents=found, project=project_files.read(app)))
