"""A Compose health check as the three probes of Kubernetes.

Startup: whether the container has come up, with the start period. Readiness: whether it gets requests. Liveness:
whether it is started anew, which is what Swarm does with an unhealthy task.
https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

import math
from typing import Any

from ...model import Healthcheck, Seconds, Service
from .. import checks, health, ingress
from . import services
from .given import Scope

SHELL = ("/bin/sh", "-c")
START_INTERVAL = 5
"""Seconds between two checks at the start, the Engine's default (docs.docker.com/reference/dockerfile/#healthcheck)."""


PATIENCE = 3
"""How many times longer a container may be unhealthy before it is started anew than before it gets no more requests: a
check that asks a database would else end all replicas when that is away for a moment."""


def probes(scope: Scope, service: Service) -> dict[str, Any]:
    """The keys `startupProbe`, `readinessProbe` and `livenessProbe`; what is not checked has none.

    Where `x-slipway.ingress` says what to ask, that decides who gets requests.
    """
    asked = _ingress(service)
    check = service.healthcheck
    if check is None or not health.checked(service) or not check.test:
        return {"readinessProbe": asked} if asked else {}
    action = _action(check, {port.number for port in services.ports(scope, service) if port.protocol == "tcp"})
    interval = _seconds(health.DEFAULT_INTERVAL if check.interval is None else check.interval)
    retries = max(health.DEFAULT_RETRIES if check.retries is None else check.retries, 1)
    each = {"timeoutSeconds": _seconds(health.DEFAULT_TIMEOUT if check.timeout is None else check.timeout)}
    steady = {"periodSeconds": interval, **each}
    return {
        "startupProbe": {**action, **_start(check, interval, retries), **each},
        "readinessProbe": {**(asked or action), **steady, "failureThreshold": retries},
        "livenessProbe": {**action, **steady, "failureThreshold": PATIENCE * retries},
    }


def _ingress(service: Service) -> dict[str, Any]:
    asked, port = ingress.ingress(service), ingress.container_port(service)
    if asked is None or asked.health_path is None or port is None:
        return {}
    return {"httpGet": {"path": asked.health_path, "port": port}}


def _start(check: Healthcheck, interval: int, retries: int) -> dict[str, Any]:
    """Failures within the start period do not count; then every retry is left."""
    period = min(interval, START_INTERVAL) if check.start_interval is None else _seconds(check.start_interval)
    spared = (check.start_period or 0.0) + retries * interval
    return {"periodSeconds": period, "failureThreshold": max(math.ceil(spared / period), 1)}


def _action(check: Healthcheck, ports: set[int]) -> dict[str, Any]:
    """What is done: HTTP, TCP or gRPC where the command is one of the table's, else the command itself.

    The kubelet asks from outside the pod: it can ask only what the service listens on for others, not a port that may
    be there for the container alone.
    """
    found = checks.known(check.test)
    if found is None or not found.exact or found.check.port not in ports:
        kind, *words = check.test
        return {"exec": {"command": [*SHELL, *words] if kind == "CMD-SHELL" else words}}
    asked = found.check
    if isinstance(asked, checks.Tcp):
        return {"tcpSocket": {"port": asked.port}}
    if isinstance(asked, checks.Grpc):
        return {"grpc": {"port": asked.port, **({"service": asked.service} if asked.service else {})}}
    return {"httpGet": _http(asked)}


def _http(found: checks.Http) -> dict[str, Any]:
    """The command's own request: servers look at the name that they are called by."""
    headers = dict(found.headers)
    if not any(name.lower() == "host" for name in headers):
        headers = {"Host": found.host, **headers}
    return {
        "path": found.path,
        "port": found.port,
        **({"scheme": "HTTPS"} if found.tls else {}),
        "httpHeaders": [{"name": name, "value": value} for name, value in headers.items()],
    }


def _seconds(value: Seconds) -> int:
    """Kubernetes counts in whole seconds, at least one."""
    return max(math.ceil(value), 1)
