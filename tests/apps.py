"""Small applications built in Python, for tests of what comes after the loader."""

from typing import Any

from components.model import App, Healthcheck, Network, Seconds, Service

HEALTHY = Healthcheck(test=("CMD", "true"), interval=Seconds(1), timeout=Seconds(1), retries=2)


def service(name: str, **keys: Any) -> Service:
    """A service with an image, on the default network."""
    return Service(name=name, **{"image": f"{name}:1", "networks": {"default": None}, **keys})


def app(*services: Service, **keys: Any) -> App:
    """An application called shop."""
    given = {"networks": {"default": Network()}, **keys}
    return App(name="shop", services={each.name: each for each in services}, **given)
