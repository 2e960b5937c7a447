"""Who reaches which service, at which ports: what Compose's networks say, read once for all that grants it."""

from ...model import Job, Service
from .. import completion, conditions, discovery
from ..discovery import ServicePort
from .given import Scope

PROTOCOLS = ("tcp", "udp")
"""What a task takes (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html); what else the
file has is left out where its loss was accepted."""


def networks(scope: Scope, workload: Service | Job) -> list[str]:
    """The networks on which a service or job is not alone; replicas of one service are company."""
    own = isinstance(workload, Service) and completion.several(workload)
    return [key for key in workload.networks if own or len(scope.networks[key]) > 1]


def is_called(scope: Scope, service: Service) -> bool:
    """Whether anything can call a service by its name: what shares a network with it, or a value that names it."""
    return service.name in _called(scope)


@conditions.last
def _called(scope: Scope) -> frozenset[str]:
    return frozenset(
        name
        for name, service in scope.app.services.items()
        if discovery.has_address(service)
        and not scope.is_run(service)
        and (networks(scope, service) or name in scope.named_ports)
    )


def ports(scope: Scope, service: Service) -> tuple[ServicePort, ...]:
    """The ports that a service is known to listen on, in the file's order, then those that others name."""
    known = discovery.ports(service, scope.named_ports.get(service.name, ()))
    return tuple(port for port in known if port.protocol in PROTOCOLS)
