"""A Compose health check as the two probes of Cloud Run: whether a container has come up, and whether it still is well.

Cloud Run asks over the network and runs no command: a check that is not told from its command has no probe of its own,
and the platform's own takes its place, a connection to the container's port within 240 seconds.
https://cloud.google.com/run/docs/configuring/healthchecks
"""

import math
from typing import Any

from ...model import Healthcheck, Seconds, Service
from .. import checks, health

START_LIMIT = 240
"""Seconds in which a container has to have come up: `period_seconds` times `failure_threshold`."""
STEADY_LIMIT = 3600
"""Seconds between two questions at most."""
START_INTERVAL = 5
"""Seconds between two checks at the start, the Engine's default (docs.docker.com/reference/dockerfile/#healthcheck)."""
PATIENCE = 3
"""How many times longer a container may be unhealthy before it is started anew than the check says: one that asks a
database would else end all instances when that is away for a moment."""


def startup(service: Service) -> dict[str, Any] | None:
    """The argument `startup_probe`; None: the platform's own."""
    check = _check(service)
    action = _action(check)
    if check is None or action is None:
        return None
    interval = _interval(check)
    period = min(interval, START_INTERVAL) if check.start_interval is None else _seconds(check.start_interval)
    period = min(period, START_LIMIT)
    spared = (check.start_period or 0.0) + max(_retries(check), 1) * interval
    tries = min(max(math.ceil(spared / period), 1), START_LIMIT // period)
    return {**action, "period_seconds": period, "failure_threshold": tries, "timeout_seconds": _timeout(check, period)}


def default(port: int) -> dict[str, Any]:
    """The platform's own startup probe, where it has to be written."""
    return {
        "tcp_socket": {"port": port},
        "period_seconds": START_LIMIT,
        "failure_threshold": 1,
        "timeout_seconds": START_LIMIT,
    }


def liveness(service: Service) -> dict[str, Any] | None:
    """The argument `liveness_probe`, which asks by HTTP or gRPC alone; None: nothing is asked."""
    check = _check(service)
    action = _action(check)
    if check is None or action is None or "tcp_socket" in action:
        return None
    period = min(_interval(check), STEADY_LIMIT)
    return {
        **action,
        "period_seconds": period,
        "failure_threshold": PATIENCE * max(_retries(check), 1),
        "timeout_seconds": _timeout(check, period),
    }


def is_asked(check: Healthcheck) -> bool:
    """Whether Cloud Run asks what a check asks, or the nearest there is."""
    return _action(check) is not None


def is_exact(check: Healthcheck) -> bool:
    """Whether Cloud Run's question fails and succeeds when the check's command does."""
    found = checks.known(check.test)
    return found is not None and found.exact and not (isinstance(found.check, checks.Http) and found.check.tls)


def starting(check: Healthcheck) -> float:
    """Seconds in which a container has to have come up, as the file says it."""
    return (check.start_period or 0.0) + max(_retries(check), 1) * _interval(check)


def _check(service: Service) -> Healthcheck | None:
    check = service.healthcheck
    return check if check is not None and health.checked(service) and check.test else None


def _action(check: Healthcheck | None) -> dict[str, Any] | None:
    """What is asked: of what is more than Cloud Run can ask, such as HTTPS, a connection."""
    found = None if check is None else checks.known(check.test)
    if check is None or found is None:
        return None
    asked = found.check
    if not is_exact(check) or isinstance(asked, checks.Tcp):
        return {"tcp_socket": {"port": asked.port}}
    if isinstance(asked, checks.Grpc):
        return {"grpc": {"port": asked.port, **({"service": asked.service} if asked.service else {})}}
    return {"http_get": _http(asked)}


def _http(asked: checks.Http) -> dict[str, Any]:
    headers = [{"name": name, "value": value} for name, value in asked.headers]
    return {"path": asked.path, "port": asked.port, **({"http_headers": headers} if headers else {})}


def _interval(check: Healthcheck) -> int:
    return _seconds(health.DEFAULT_INTERVAL if check.interval is None else check.interval)


def _retries(check: Healthcheck) -> int:
    return health.DEFAULT_RETRIES if check.retries is None else check.retries


def _timeout(check: Healthcheck, period: int) -> int:
    """It is no longer than the time between two questions."""
    return min(_seconds(health.DEFAULT_TIMEOUT if check.timeout is None else check.timeout), period)


def _seconds(value: Seconds) -> int:
    """Cloud Run counts in whole seconds, at least one."""
    return max(math.ceil(value), 1)
