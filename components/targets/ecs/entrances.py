"""Published ports: which port of the application's load balancer leads to which port of a service."""

from dataclasses import dataclass

from ...model import Service
from .. import discovery, workloads
from ..discovery import ServicePort
from . import reach
from .given import Scope

KEY = "published"
"""The key of the load balancer and of its security group."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """A port of the load balancer, and the container's port behind it.

    Attributes:
        number: of the load balancer.
        target: of the container.
        protocol: tcp, udp, or tcp_udp where one port takes both.
    """

    number: int
    target: int
    protocol: str

    @property
    def key(self) -> str:
        """The key of its listener."""
        return f"{KEY}-{self.number}" + ("-udp" if self.protocol == "udp" else "")


def entrances(scope: Scope, service: Service) -> list[Entrance]:
    """What a service publishes, in the file's order."""
    if scope.access.publish == "none" or not workloads.is_kept_running(scope, service):
        return []
    found: dict[tuple[int, int], set[str]] = {}
    for port in discovery.published(service):
        if port.protocol in reach.PROTOCOLS:
            found.setdefault((discovery.outside(port), port.target), set()).add(port.protocol)
    return [Entrance(number, target, "_".join(sorted(spoken))) for (number, target), spoken in found.items()]


def reached(scope: Scope, service: Service) -> list[ServicePort]:
    """The ports of a service's tasks that the load balancer sends to, or asks whether they are well."""
    found: dict[tuple[int, str], None] = {}
    for each in entrances(scope, service):
        for protocol in each.protocol.split("_"):
            found[each.target, protocol] = None
        if each.protocol == "udp" and (asked := checked_port(scope, service, each.target)) is not None:
            found[asked, "tcp"] = None
    return [ServicePort(number, protocol) for number, protocol in found]


def checked_port(scope: Scope, service: Service, target: int) -> int | None:
    """The TCP port that tells whether a task is well: its own, else the first that is known; None: there is none.

    Args:
        scope: the application.
        service: it.
        target: the port that takes UDP.
    """
    known = [port.number for port in reach.ports(scope, service) if port.protocol == "tcp"]
    return target if target in known else next(iter(known), None)
