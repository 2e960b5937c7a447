"""Service Connect, where the stack asks for it: a proxy in every task sends on what is called by a service's name.

It is beside the private domain, not in its place: a task never sees a service that came after it, and the tasks of runs
and jobs are no part of it. There the name is found by DNS.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts.html
"""

from typing import Any

from ...model import Service
from ..rows import Ref
from . import cloud_map, reach
from .given import Scope


def configuration(scope: Scope, service: Service) -> dict[str, Any] | None:
    """The `service_connect_configuration` of an ECS service; None: the stack does not ask for it, or nobody calls."""
    if not scope.access.service_connect or not cloud_map.is_needed(scope):
        return None
    called = reach.ports(scope, service) if reach.is_called(scope, service) else ()
    name = cloud_map.label(service.name)
    endpoints = [
        {
            "port_name": port_name(port.number),
            # of Cloud Map's services: no name that a service of the file has there ends with an underscore
            "discovery_name": f"{name}-{port.number}_",
            "client_alias": [{"port": port.number, "dns_name": name}],
        }
        for port in called
        if port.protocol == "tcp"
    ]
    found: dict[str, Any] = {"enabled": True, "namespace": Ref(*cloud_map.NAMESPACE, "arn")}
    return {**found, "services": endpoints} if endpoints else found


def port_name(number: int) -> str:
    """The name of a port mapping of a container."""
    return f"tcp-{number}"
