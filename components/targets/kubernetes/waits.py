"""What a pod waits for before it starts: init containers, so that it holds after a reschedule too.

A dependency's Service has only ready pods behind it: where it answers, the dependency is healthy. A run to completion
is a Job, which the deployment itself waits for.
"""

from typing import Any

from ...model import Container, Service
from . import names, services
from .given import Scope
from .policies import share_network

NOBODY = 65534
SECURITY = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "runAsUser": NOBODY,
}
RESOURCES = {"limits": {"memory": "32Mi"}, "requests": {"cpu": "10m", "memory": "8Mi"}}
"""So that a quota of the namespace has what it asks for."""


def containers(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """An init container per dependency of a service's pods that has to be ready first."""
    members = scope.members(service)
    inside = {each.name for each in members}
    found: dict[str, dict[str, Any]] = {}
    for each in members:
        for name in each.depends_on:
            if name in inside or name in found or not _answers(scope, each, name):
                continue
            address = services.address(scope, scope.app.services[name])
            if address is not None:
                found[name] = _wait(scope, name, *address)
    return list(found.values())


def _answers(scope: Scope, dependent: Container, name: str) -> bool:
    """Whether a dependency keeps running, on a network that the dependent is on too: else nothing could be asked."""
    dependency = scope.app.services.get(name)
    if dependency is None or name in scope.completing or dependency.replicas == 0:
        return False
    on_host = "host" in (dependent.network_mode, dependency.network_mode)
    return on_host or share_network(dependent, dependency)


def _wait(scope: Scope, name: str, host: str, port: int | None) -> dict[str, Any]:
    domain = f"{host}.{scope.namespace}.svc.{scope.given.access.cluster_domain}"
    # `-e true` ends as soon as it is connected, and every busybox has it, unlike `-z`;
    # `nslookup` ends with 0 for a name without an address too
    test = f"nslookup {domain} | grep -q ^Name" if port is None else f"nc -w 2 {domain} {port} -e true"
    script = f"until {test} >/dev/null 2>&1; do echo 'waiting for {name}'; sleep 1; done"
    return {
        "name": names.inner(f"wait-for-{host}"),
        "image": scope.given.access.wait_image,
        "command": ["sh", "-c", script],
        "resources": RESOURCES,
        "securityContext": SECURITY,
    }
