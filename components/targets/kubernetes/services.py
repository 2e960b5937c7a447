"""Services: the names by which services of an application call each other, and their published ports.

A service has a ClusterIP under its own name with every port that is known (`discovery.py`), and no address of its own
(headless, https://kubernetes.io/docs/concepts/services-networking/service/#headless-services) where none is: then the
name is that of the pods themselves, and every port of theirs answers. Aliases are more of the same. What is published
is a second Service, because it has the host's ports, and only what the file publishes may be reached from outside.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...model import App, Port, Service
from ...support import Conflict
from .. import discovery
from ..discovery import ServicePort
from ..rows import Row
from . import awaits, names
from .given import Scope

NODE_PORTS = range(30000, 32768)
"""The default range of `--service-node-port-range`: a published port outside it cannot be a node's."""
NOT_AWAITED = awaits.SKIP
"""pulumi-kubernetes would wait for pods, which their workload waits for already, and some Services never have any."""
PROTOCOLS: Mapping[str, str] = {
    "h2c": "kubernetes.io/h2c",
    "ws": "kubernetes.io/ws",
    "wss": "kubernetes.io/wss",
}
"""`app_protocol` -> what Kubernetes calls it; any other is IANA's word for it on both sides
(https://kubernetes.io/docs/reference/networking/application-protocols/)."""


def ports(scope: Scope, service: Service) -> tuple[ServicePort, ...]:
    """The ports that a service is known to listen on, in the file's order, then those that others name."""
    return discovery.ports(service, scope.named_ports.get(service.name, ()))


def headless(scope: Scope, service: Service) -> bool:
    """Whether the service's name leads to its pods themselves, and not to an address that stands for them."""
    asked = service.deploy.endpoint_mode if service.deploy is not None else None
    return asked == "dnsrr" or not ports(scope, service)


def address(scope: Scope, service: Service) -> tuple[str, int | None] | None:
    """What to ask to see whether the service has a pod that is ready.

    Returns:
        Host and TCP port; no port where only the name tells, which leads to pods that are ready; None where there is
        nothing to ask.
    """
    if not discovery.has_address(service):
        return None
    host = names.label(service.name)
    if headless(scope, service):
        return host, None
    first = next((port.number for port in ports(scope, service) if port.protocol == "tcp"), None)
    return None if first is None else (host, first)


def conflicts(app: App) -> Iterator[Conflict]:
    """Services with published ports whose second Service would have no name of its own."""
    taken = {names.label(alias): name for name, aliases in discovery.called(app).items() for alias in aliases}
    for name, service in app.services.items():
        outside = published_name(service)
        if not discovery.published(service) or not discovery.has_address(service):
            continue
        if len(outside) > names.LABEL_LIMIT:
            what = f'"{outside}" has {len(outside)} characters, and {names.LABEL_LIMIT} are the most of a DNS name'
            yield Conflict(("services", name), what, "shorten it")
        if outside in taken:
            what = f'its published ports are "{outside}", which is the name of services.{taken[outside]}'
            yield Conflict(("services", name), what, "rename one of them")


def rows(scope: Scope, service: Service) -> Iterator[Row]:
    """The Services of a service: under its name, under each alias, and for what is published."""
    if not discovery.has_address(service):
        return
    known = ports(scope, service)
    if not known and service.name in scope.completing:
        return  # nobody calls it
    outside = _published(scope, service)
    spec = _spec(scope, service, [_port(port, len(known)) for port in known], headless=headless(scope, service))
    own, *aliases = scope.called[service.name]
    yield _row(scope, service, names.label(own), spec, auxiliary=outside is not None)
    for alias in aliases:
        yield _row(scope, service, names.label(alias), spec, auxiliary=True)
    if outside is not None:
        yield outside


def published_name(service: Service) -> str:
    """The name of the Service with the published ports."""
    return f"{names.label(service.name)}-published"


def _published(scope: Scope, service: Service) -> Row | None:
    """What takes requests from outside. A patch of the service's `Service` is for this one where there is one."""
    kind = scope.given.access.publish
    shown = {(discovery.outside(port), port.protocol): port for port in discovery.published(service)}
    if kind == "ClusterIP" or not shown:
        return None
    listed = [_published_port(port, len(shown), nodes=kind == "NodePort") for port in shown.values()]
    spec = {"type": kind, **_spec(scope, service, listed)}
    if all(port.mode == "host" for port in shown.values()):
        spec["externalTrafficPolicy"] = "Local"  # as in a Swarm: the nodes answer that run it
    # the address of a load balancer is waited for, because it is what the URL is made of
    awaited = {} if kind == "LoadBalancer" else NOT_AWAITED
    annotations = {**awaited, **scope.given.access.service_annotations}
    name = published_name(service)
    return scope.row("Service", name, {"spec": spec}, service=service.name, annotations=annotations)


def _row(scope: Scope, service: Service, name: str, spec: Mapping[str, Any], *, auxiliary: bool) -> Row:
    return scope.row(
        "Service", name, {"spec": spec}, service=service.name, annotations=NOT_AWAITED, auxiliary=auxiliary
    )


def _spec(
    scope: Scope, service: Service, listed: Sequence[Mapping[str, Any]], *, headless: bool = False
) -> dict[str, Any]:
    spec: dict[str, Any] = {"selector": scope.selector(service.name)}
    if headless:
        spec["clusterIP"] = "None"
    if any(scope.app.networks[name].enable_ipv6 for name in service.networks):
        spec["ipFamilyPolicy"] = "PreferDualStack"
    if listed:
        spec["ports"] = list(listed)
    return spec


def _port(port: ServicePort, count: int) -> dict[str, Any]:
    spec: dict[str, Any] = {"port": port.number, "targetPort": port.number, "protocol": port.protocol.upper()}
    if port.name is not None or count > 1:
        spec["name"] = names.label(port.name or f"{port.protocol}-{port.number}")
    if port.app_protocol is not None:
        spec["appProtocol"] = PROTOCOLS.get(port.app_protocol, port.app_protocol)
    return spec


def _published_port(port: Port, count: int, *, nodes: bool) -> dict[str, Any]:
    number = discovery.outside(port)
    spec = _port(ServicePort(number, port.protocol, port.name, port.app_protocol), count)
    spec["targetPort"] = port.target
    if nodes and port.published is not None and number in NODE_PORTS:
        spec["nodePort"] = number
    return spec
