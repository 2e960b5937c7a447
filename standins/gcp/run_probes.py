"""What Cloud Run says in prose of probes: on bodies of the API, values may be unknown. Pure.

https://cloud.google.com/run/docs/reference/rest/v2/Container#probe
https://cloud.google.com/run/docs/configuring/healthchecks
"""

from collections.abc import Iterator
from typing import Final

from standins.tables import part
from standins.values import Properties, Value

WAYS: Final = ("grpc", "httpGet", "tcpSocket")
MOST_STARTUP_SECONDS: Final = 240
"""Seconds that a container has to come up: `failureThreshold * periodSeconds`."""
MOST_LIVENESS_SECONDS: Final = 3600
_DEFAULTS: Final = {"initialDelaySeconds": 0, "timeoutSeconds": 1, "periodSeconds": 10, "failureThreshold": 3}
_PORTS: Final = range(1, 65536)


def problems(container: Properties, path: str, *, takes_requests: bool, liveness: bool) -> Iterator[tuple[str, str]]:
    """What is wrong with a container's probes.

    Args:
        container: with or without probes.
        path: of it.
        takes_requests: whether a probe without a port takes the one of the container.
        liveness: whether there are liveness probes.
    """
    has_port = takes_requests and bool(container.get("ports"))
    startup, alive = container.get("startupProbe"), container.get("livenessProbe")
    if isinstance(startup, dict):
        yield from _probe(startup, f"{path}.startupProbe", MOST_STARTUP_SECONDS, has_port=has_port)
        yield from _whole(startup, f"{path}.startupProbe")
    if isinstance(alive, dict):
        if not liveness:
            yield f"{path}.livenessProbe", "is not for a job"
        yield from _probe(alive, f"{path}.livenessProbe", MOST_LIVENESS_SECONDS, has_port=has_port)
        if alive.get("tcpSocket") is not None:
            yield f"{path}.livenessProbe.tcpSocket", "is not for a liveness probe; there are httpGet and grpc"


def _probe(probe: Properties, path: str, most: int, *, has_port: bool) -> Iterator[tuple[str, str]]:
    ways = [way for way in WAYS if probe.get(way) is not None]
    if len(ways) != 1:
        yield path, f"has {len(ways)} of {', '.join(WAYS)}, and must have exactly one"
    for way in ways:
        yield from _port(probe[way], f"{path}.{way}", has_port=has_port)
    delay, timeout, period, failures = (_number(probe, name) for name in _DEFAULTS)
    for name, value, least, highest in (
        ("initialDelaySeconds", delay, 0, most),
        ("timeoutSeconds", timeout, 1, min(most, MOST_LIVENESS_SECONDS)),
        ("periodSeconds", period, 1, most),
        ("failureThreshold", failures, 1, None),
    ):
        if value < least or (highest is not None and value > highest):
            yield (
                f"{path}.{name}",
                f"{value} is not from {least} to {highest}" if highest else f"{value} is below {least}",
            )
    if timeout > period:
        yield f"{path}.timeoutSeconds", f"{timeout} is above periodSeconds, {period}"
    asked = part(probe, "httpGet").get("path")
    if isinstance(asked, str) and not asked.startswith("/"):
        yield f"{path}.httpGet.path", f'"{asked}" does not begin with /'


def _whole(probe: Properties, path: str) -> Iterator[tuple[str, str]]:
    whole = _number(probe, "failureThreshold") * _number(probe, "periodSeconds")
    if whole > MOST_STARTUP_SECONDS:
        yield path, f"failureThreshold times periodSeconds is {whole}, and the most is {MOST_STARTUP_SECONDS}"


def _port(way: Value, path: str, *, has_port: bool) -> Iterator[tuple[str, str]]:
    if not isinstance(way, dict):
        return
    port = way.get("port")
    if isinstance(port, int) and port not in _PORTS:
        yield f"{path}.port", f"{port} is not from 1 to 65535"
    if port is None and not has_port:
        yield f"{path}.port", "is required where the container has no port"


def _number(probe: Properties, name: str) -> int:
    value = probe.get(name)
    return value if isinstance(value, int) else _DEFAULTS[name]
