"""`x-slipway.ingress` of a service: what it asks for, the same on every target."""

from collections.abc import Iterator

from ..errors import Problem
from ..model import App, Ingress, Path, Service
from ..support import Conflict


def ingress(service: Service) -> Ingress | None:
    """What the service asks of the entry point; None: nothing."""
    return service.x_slipway.ingress if service.x_slipway is not None else None


def asking(app: App) -> Iterator[tuple[Service, Ingress, Path]]:
    """The services that ask for something, with what, and with the place that says it."""
    for name, service in app.services.items():
        asked = ingress(service)
        if asked is not None:
            yield service, asked, ("services", name, "x-slipway", "ingress")


def without_port(app: App, service: Service, path: Path) -> Iterator[Problem]:
    """A service of which the file does not tell which port requests are handed to."""
    if container_port(service) is None:
        what = "the service has not exactly one port to hand requests to"
        yield Problem(what, app.where(path), "write ingress.port")


def covers(domain: str | None, host: str) -> bool:
    """Whether a domain is a host's own, or above it."""
    return domain is not None and f".{host}".endswith(f".{domain}")


def container_port(service: Service) -> int | None:
    """The port that requests are handed to; None: the file does not tell."""
    asked = ingress(service)
    if asked is not None and asked.port is not None:
        return asked.port
    published = [port.target for port in service.ports if port.protocol == "tcp"]
    exposed = [int(port.partition("/")[0]) for port in service.expose if port.partition("-")[0] == port]
    only = list(dict.fromkeys((*published, *exposed)))
    return only[0] if len(only) == 1 else None


def secure(asked: Ingress) -> bool:
    """Whether requests come by TLS: as the file says, else where there is a host that a certificate can name."""
    return asked.host is not None if asked.tls is None else asked.tls != "off"


def twice_asked(app: App) -> Iterator[Conflict]:
    """Two services that ask for the same requests."""
    taken: dict[tuple[str | None, str], str] = {}
    for service, asked, path in asking(app):
        host = None if asked.host is None else asked.host.lower()
        other = taken.setdefault((host, asked.path.rstrip("/")), service.name)
        if other != service.name:
            what = f'"{asked.host or ""}{asked.path}" is that of services.{other}'
            yield Conflict(path, what, "give it another host or path")
