"""A service's published ports, for each of its replicas, and the URLs that they make."""

from collections.abc import Iterator
from typing import Any

from ...model import App, Port, Service
from ...support import Conflict


def arguments(service: Service, number: int) -> dict[str, Any]:
    """The argument `ports` of replica `number` (from 1); a range of host ports gives each replica its own."""
    ports = [_port(port, number) for port in service.ports]
    return {"ports": ports} if ports else {}


def external(port: Port, number: int) -> int | None:
    """The host's port for replica `number`; None: the Engine picks one."""
    if port.published is None:
        return None
    first, _, _ = port.published.partition("-")
    return int(first) + number - 1 if "-" in port.published else int(first)


def conflicts(app: App) -> Iterator[Conflict]:
    """Host ports that the replicas of one service would have to share."""
    for name, service in app.services.items():
        for index, port in enumerate(service.ports):
            if port.published is None or service.replicas <= _width(port):
                continue
            yield Conflict(
                ("services", name, "ports", index),
                f"{service.replicas} replicas cannot share the host's port {port.published}",
                f"publish a range of {service.replicas} ports, leave the host's port out, or run one replica",
            )


def _width(port: Port) -> int:
    first, dash, last = (port.published or "").partition("-")
    return int(last) - int(first) + 1 if dash else 1


def _port(port: Port, number: int) -> dict[str, Any]:
    args: dict[str, Any] = {"internal": port.target, "protocol": port.protocol}
    published = external(port, number)
    if published is not None:
        args["external"] = published
    if port.host_ip is not None:
        args["ip"] = port.host_ip
    return args
