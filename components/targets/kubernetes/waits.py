"""What a pod waits for before it starts: init containers, so that it holds after a reschedule too.

A dependency's Service has only ready pods behind it: where it answers, the dependency is healthy. A run to completion
is a Job, which the deployment itself waits for.
"""

from typing import Any

from ...model import Service
from ..dependencies import runs_to_completion
from . import services
from .given import Scope

NOBODY = 65534
SECURITY = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "runAsUser": NOBODY,
}
RESOURCES = {"limits": {"memory": "32Mi"}, "requests": {"cpu": "10m", "memory": "8Mi"}}


def containers(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """An init container per dependency that has to be ready."""
    found = [(name, services.address(scope, scope.app.services[name])) for name in _awaited(scope, service)]
    return [_wait(scope, name, *address) for name, address in found if address is not None]


def _awaited(scope: Scope, service: Service) -> list[str]:
    app = scope.app
    return [
        name
        for name, dependency in service.depends_on.items()
        if name in app.services
        and dependency.condition == "service_healthy"
        and not runs_to_completion(name, app)
        and f"service:{name}" != service.network_mode
    ]


def _wait(scope: Scope, name: str, host: str, port: int | None) -> dict[str, Any]:
    test = f"nslookup {host}" if port is None else f"nc -z -w 2 {host} {port}"
    script = f"until {test} >/dev/null 2>&1; do echo 'waiting for {name}'; sleep 1; done"
    return {
        "name": f"wait-for-{host}",
        "image": scope.given.access.wait_image,
        "command": ["sh", "-c", script],
        "resources": RESOURCES,
        "securityContext": SECURITY,
    }
