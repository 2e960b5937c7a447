"""A Compose health check as the three probes of Kubernetes.

Startup: whether the container has come up, with the start period. Readiness: whether it gets requests. Liveness:
whether it is started anew, which is what Swarm does with an unhealthy task.
https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

import math
from typing import Any

from ...model import Healthcheck, Seconds, Service
from .. import checks, health
from . import environment

SHELL = ("/bin/sh", "-c")


def probes(service: Service) -> dict[str, Any]:
    """The keys `startupProbe`, `readinessProbe` and `livenessProbe`; empty without a health check."""
    check = service.healthcheck
    if check is None or not health.checked(service) or not check.test:
        return {}
    action = _action(check)
    interval = _seconds(health.DEFAULT_INTERVAL if check.interval is None else check.interval)
    retries = health.DEFAULT_RETRIES if check.retries is None else check.retries
    each = {"timeoutSeconds": _seconds(health.DEFAULT_TIMEOUT if check.timeout is None else check.timeout)}
    steady = {**action, "periodSeconds": interval, **each, "failureThreshold": max(retries, 1)}
    return {
        "startupProbe": {**action, **_start(check, interval, retries), **each},
        "readinessProbe": steady,
        "livenessProbe": steady,
    }


def _start(check: Healthcheck, interval: int, retries: int) -> dict[str, Any]:
    """Failures within the start period do not count; then every retry is left."""
    period = min(interval, START_INTERVAL) if check.start_interval is None else _seconds(check.start_interval)
    spared = (check.start_period or 0.0) + max(retries, 1) * interval
    return {"periodSeconds": period, "failureThreshold": max(math.ceil(spared / period), 1)}


START_INTERVAL = 5
"""Seconds between two checks at the start, the Engine's default (docs.docker.com/reference/dockerfile/#healthcheck)."""


def _action(check: Healthcheck) -> dict[str, Any]:
    """What is done: HTTP or TCP where the command is one of the table's, else the command itself."""
    found = checks.known(check.test)
    if isinstance(found, checks.Http):
        headers = [{"name": name, "value": value} for name, value in found.headers]
        scheme = {"scheme": "HTTPS"} if found.tls else {}
        extra = {"httpHeaders": headers} if headers else {}
        return {"httpGet": {"path": found.path, "port": found.port, **scheme, **extra}}
    if isinstance(found, checks.Tcp):
        return {"tcpSocket": {"port": found.port}}
    if isinstance(found, checks.Grpc):
        return {"grpc": {"port": found.port, **({"service": found.service} if found.service else {})}}
    kind, *words = check.test
    command = [*SHELL, *words] if kind == "CMD-SHELL" else words
    return {"exec": {"command": [environment.literal(word) for word in command]}}


def _seconds(value: Seconds) -> int:
    """Kubernetes counts in whole seconds, at least one."""
    return max(math.ceil(value), 1)
