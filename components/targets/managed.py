"""`x-slipway.managed`, where a platform has a service of its own for what a container serves."""

from ..model import Service


def is_managed(service: Service) -> bool:
    """Whether the platform's own service takes the place of the service's container."""
    return service.x_slipway is not None and service.x_slipway.managed is not None
