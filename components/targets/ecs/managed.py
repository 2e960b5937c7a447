"""`x-slipway.managed`: AWS's own service in a container's place."""

from ...model import Service


def is_managed(service: Service) -> bool:
    """Whether AWS's own service takes the place of the service's container."""
    return service.x_slipway is not None and service.x_slipway.managed is not None
