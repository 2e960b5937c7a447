"""An application on a cluster, for tests of what renders one kind of object."""

from typing import Any

from components.access import ImageReference, KubernetesAccess
from components.model import App
from components.targets.kubernetes.given import Given, Scope


def scope(application: App, *, access: dict[str, Any] | None = None, **given: Any) -> Scope:
    """A scope whose images are the services' own."""
    images = {name: ImageReference(name=each.image or name) for name, each in application.services.items()}
    return Scope(app=application, images=images, given=Given(access=KubernetesAccess(**(access or {})), **given))
