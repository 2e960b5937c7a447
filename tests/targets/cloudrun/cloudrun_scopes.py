"""An application in a project of Google Cloud, for tests of what renders one kind of resource."""

from collections.abc import Iterable
from typing import Any

from components.access import CloudRunAccess, ImageReference
from components.model import App
from components.targets.cloudrun.given import Given, Scope
from components.targets.rows import Row

PROJECT, NUMBER, REGION = "shop-1", "123456789012", "europe-west1"
NETWORK = f"projects/{PROJECT}/global/networks/main"
SUBNETWORK = f"projects/{PROJECT}/regions/{REGION}/subnetworks/main"


def access(**given: Any) -> CloudRunAccess:
    """A project with a network."""
    known = {"project": PROJECT, "number": NUMBER, "region": REGION, "network": NETWORK, "subnetwork": SUBNETWORK}
    return CloudRunAccess(**{**known, **given})


def scope(application: App, *, reached: dict[str, Any] | None = None, **given: Any) -> Scope:
    """A scope whose images are the services' own.

    Args:
        application: it.
        reached: what is told of the project, beside what `access` tells.
        given: of `Given`.
    """
    images = {name: ImageReference(name=each.image or name) for name, each in application.services.items()}
    return Scope(app=application, images=images, given=Given(access=access(**(reached or {})), **given))


def by_key(rows: Iterable[Row]) -> dict[tuple[str, str], Row]:
    """Rows by kind and key."""
    return {(row.kind, row.key): row for row in rows}


def host(service: str) -> str:
    """The host of a service of the application called shop."""
    return f"shop-{service}-{NUMBER}.{REGION}.run.app"


def labels(service: str = "") -> dict[str, str]:
    """The labels of what belongs to the application called shop."""
    return {"slipway-application": "shop", **({"slipway-service": service} if service else {})}
