"""`x-slipway.autoscale` of a service: what it asks for, the same on every target."""

from collections.abc import Iterator

from ..model import App, Autoscale, Path, Service
from ..support import Conflict


def of(service: Service) -> Autoscale | None:
    """How the service is scaled; None: its number of replicas is fixed."""
    return service.x_slipway.autoscale if service.x_slipway is not None else None


def asking(app: App) -> Iterator[tuple[Service, Autoscale, Path]]:
    """The services that are scaled, with how, and with the place that says it."""
    for name, service in app.services.items():
        asked = of(service)
        if asked is not None:
            yield service, asked, ("services", name, "x-slipway", "autoscale")


def without_max(path: Path, asked: Autoscale) -> Iterator[Conflict]:
    """An autoscaler that would not know where to end."""
    if asked.max is None:
        yield Conflict(path, "there is no max, and an autoscaler needs one", "write autoscale.max")


def below_least(path: Path, asked: Autoscale, service: Service) -> Iterator[Conflict]:
    """More replicas at rest than there may be."""
    if asked.max is not None and asked.max < service.replicas:
        yield Conflict(path, f"max is {asked.max}, and {service.replicas} is the least", "write a larger max")
