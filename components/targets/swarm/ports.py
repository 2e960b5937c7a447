"""A service's published ports."""

from collections.abc import Iterator
from typing import Any

from ...access import SwarmAccess
from ...errors import Problem
from ...model import App, Port, Service

FIX = "use stop-first, publish through the routing mesh, or put an entry point in front"


def endpoint_spec(service: Service, access: SwarmAccess) -> dict[str, Any]:
    """The argument `endpoint_spec`: how the name resolves (Swarm's own way is `vip`), and what is published."""
    wanted = (service.deploy.endpoint_mode if service.deploy else None) or (None if access.routing_mesh else "dnsrr")
    args: dict[str, Any] = {} if wanted is None else {"mode": wanted}
    if service.ports:
        args["ports"] = [_port(port, access) for port in service.ports]
    return {"endpoint_spec": args} if args else {}


def publish_mode(port: Port, access: SwarmAccess) -> str:
    """`ingress`: on every node; `host`: where tasks run, and that is all there is without a routing mesh."""
    return port.mode if access.routing_mesh else "host"


def _port(port: Port, access: SwarmAccess) -> dict[str, Any]:
    args: dict[str, Any] = {
        "target_port": port.target,
        "protocol": port.protocol,
        "publish_mode": publish_mode(port, access),
    }
    if port.published is not None:
        args["published_port"] = int(port.published)
    if port.name is not None:
        args["name"] = port.name
    return args


def starts_first(service: Service) -> bool:
    """Whether the file asks for new tasks before the old ones go."""
    update = service.deploy.update_config if service.deploy else None
    return update is not None and update.order == "start-first"


def problems(app: App, access: SwarmAccess) -> Iterator[Problem]:
    """Ports that the access rules out; what the file alone rules out is in the support table."""
    for name, service in app.services.items():
        for index, port in enumerate(service.ports):
            where = app.where(("services", name, "ports", index))
            if publish_mode(port, access) == "host" and port.mode != "host" and starts_first(service):
                what = f"port {port.published or port.target} is published on the task's node (routingMesh is false)"
                yield Problem(f"{what}, which a second task cannot share: start-first would wait for ever", where, FIX)
        mode = service.deploy.endpoint_mode if service.deploy else None
        if mode == "vip" and not access.routing_mesh:
            where = app.where(("services", name, "deploy", "endpoint_mode"))
            yield Problem("vip needs IP_VS, and routingMesh is false", where, "leave it out, or write dnsrr")
