"""`x-slipway.managed`, where a platform has a service of its own for what a container serves."""

from dataclasses import replace

from ..model import App, Service


def is_managed(service: Service) -> bool:
    """Whether the platform's own service takes the place of the service's container."""
    return service.x_slipway is not None and service.x_slipway.managed is not None


def as_containers(app: App) -> App:
    """The application with a container wherever the file allows the platform's own service."""
    return replace(app, services={name: _as_container(service) for name, service in app.services.items()})


def _as_container(service: Service) -> Service:
    if not is_managed(service) or service.x_slipway is None:
        return service
    return replace(service, x_slipway=replace(service.x_slipway, managed=None))
