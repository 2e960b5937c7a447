"""For which values a row on how services are reached holds (`support.Condition`), where it does not hold for all."""

from typing import Any

from ...model import App, Ingress, Path, Port, Service, Workload
from .. import discovery, workloads
from ..conditions import last, nearest
from . import given, managed, reach, servers

_scope = last(given.of)
"""The scope of the application that is judged."""


def without_http(app: App, path: Path, _value: Any) -> bool:
    """Of a service that keeps a server running that does not speak HTTP."""
    return path[0] == "services" and servers.is_without_http(_scope(app), nearest(Service, app, path))


def of_engine(app: App, path: Path, value: Any) -> bool:
    """Of such a server that Google Cloud has as a service of its own."""
    return without_http(app, path, value) and managed.ENGINES.of(nearest(Service, app, path)) is not None


def not_served(app: App, path: Path, value: Any) -> bool:
    """A port that is published, and is not the one that takes requests."""
    service, port = nearest(Service, app, path), nearest(Port, app, path)
    if discovery.is_loopback(port) or port.protocol != "tcp":
        return False
    taken = reach.port(_scope(app), service)
    return taken is None or taken.number != value


def refused(app: App, path: Path, _value: Any) -> bool:
    """Of a port that is not taken at all."""
    port = nearest(Port, app, path)
    return port.protocol != "tcp" or not_served(app, path, port.target)


def not_reached(app: App, path: Path, value: Any) -> bool:
    """A port that is exposed, and is not the one that takes requests."""
    taken = reach.port(_scope(app), nearest(Service, app, path))
    return str(value).partition("/")[0] != (str(taken.number) if taken is not None else "")


def apart(app: App, path: Path, _value: Any) -> bool:
    """A network of a service that shares none with another."""
    own = set(nearest(Workload, app, path).networks)
    return any(others and not others & own for others in _joined(app))


@last
def _joined(app: App) -> frozenset[frozenset[str]]:
    """The networks that a service is on, each combination once."""
    return frozenset(frozenset(service.networks) for service in app.services.values())


def at_own_url(app: App, path: Path, value: Any) -> bool:
    """Of a route without a load balancer, which has the service's own URL; the value is not the default."""
    asked = nearest(Ingress, app, path)
    return (asked.host is None or asked.internal) and value not in (None, "/", "auto", True)


def internal_host(app: App, path: Path, _value: Any) -> bool:
    """The host of a route that is reachable inside the network only."""
    return nearest(Ingress, app, path).internal


def not_scaled(app: App, path: Path, _value: Any) -> bool:
    """Of a service that takes no requests."""
    scope, service = _scope(app), nearest(Service, app, path)
    return workloads.is_kept_running(scope, service) and not reach.is_served(scope, service)


def never_started(app: App, path: Path, value: Any) -> bool:
    """No instance at rest, of a service that takes no requests, which would start one."""
    return value == 0 and not_scaled(app, path, value)
