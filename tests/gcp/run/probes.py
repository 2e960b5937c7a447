"""Probes of a container, at its instance's address.

https://cloud.google.com/run/docs/configuring/healthchecks
"""

import socket
import time
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

import grpc

_STARTUP = {"timeoutSeconds": 240, "periodSeconds": 240, "failureThreshold": 1}
"""Of the container that takes requests, where it has no startup probe of its own."""
_DEFAULTS = {"initialDelaySeconds": 0, "timeoutSeconds": 1, "periodSeconds": 10, "failureThreshold": 3}
_POLL_SECONDS = 0.1
_SERVING = b"\x08\x01"
"""HealthCheckResponse with the status SERVING (grpc.health.v1)."""

Asked = Callable[[], bool]


def default(port: int) -> dict[str, Any]:
    """The startup probe of the container that takes requests, where it has none of its own."""
    return {**_STARTUP, "tcpSocket": {"port": port}}


def passes(probe: Mapping[str, Any], address: str, port: int, is_over: Asked) -> bool:
    """Wait until a startup probe has passed.

    Args:
        probe: https://cloud.google.com/run/docs/reference/rest/v2/Container#probe.
        address: of the instance.
        port: of the container, where the probe names none.
        is_over: whether there is nothing to wait for any more.

    Returns:
        Whether it has passed: it may have failed as often as it may, or be over.
    """
    given = {**_DEFAULTS, **probe}
    _sleep(given["initialDelaySeconds"], is_over)
    for _ in range(given["failureThreshold"]):
        began = time.monotonic()
        if is_over():
            return False
        if _attempt(given, address, port, is_over):
            return True
        _sleep(began + given["periodSeconds"] - time.monotonic(), is_over)
    return False


def stays(probe: Mapping[str, Any], address: str, port: int, is_over: Asked) -> None:
    """Return when a liveness probe has failed as often as it may, or is over."""
    given = {**_DEFAULTS, **probe}
    failed = 0
    _sleep(given["initialDelaySeconds"], is_over)
    while failed < given["failureThreshold"] and not is_over():
        failed = 0 if _attempt(given, address, port, is_over) else failed + 1
        _sleep(given["periodSeconds"], is_over)


def _attempt(probe: Mapping[str, Any], address: str, port: int, is_over: Asked) -> bool:
    timeout = float(probe["timeoutSeconds"])
    if "httpGet" in probe:
        return _http(probe["httpGet"], address, port, timeout)
    if "grpc" in probe:
        return _grpc(probe["grpc"], address, port, timeout)
    return _tcp((probe.get("tcpSocket") or {}).get("port") or port, address, timeout, is_over)


def _tcp(port: int, address: str, timeout: float, is_over: Asked) -> bool:
    end = time.monotonic() + timeout
    while time.monotonic() < end and not is_over():
        try:
            socket.create_connection((address, port), timeout=timeout).close()
        except OSError:
            time.sleep(_POLL_SECONDS)
        else:
            return True
    return False


def _http(get: Mapping[str, Any], address: str, port: int, timeout: float) -> bool:
    headers = {each["name"]: each.get("value", "") for each in get.get("httpHeaders") or ()}
    url = f"http://{address}:{get.get('port') or port}{get.get('path') or '/'}"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=timeout) as answer:
            return bool(200 <= answer.status < 400)
    except OSError:
        return False


def _grpc(service: Mapping[str, Any], address: str, port: int, timeout: float) -> bool:
    name = service.get("service", "").encode()
    request = b"\x0a" + bytes([len(name)]) + name if name else b""
    with grpc.insecure_channel(f"{address}:{service.get('port') or port}") as channel:
        try:
            answer = channel.unary_unary("/grpc.health.v1.Health/Check")(request, timeout=timeout)
        except grpc.RpcError:
            return False
    return bytes(answer) == _SERVING


def _sleep(seconds: float, is_over: Asked) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not is_over():
        time.sleep(min(_POLL_SECONDS, max(0.0, end - time.monotonic())))
