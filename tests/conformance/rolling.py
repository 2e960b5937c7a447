"""A server whose version is seen from a client beside it, for what a target does while it is replaced."""

import json
import threading
from collections.abc import Callable
from typing import Any

REQUESTS = 5000
LOAD_AT_MOST = "300s"
ADDRESS = "http://127.0.0.1:8000/"
NAMED = {"WEB": "http://web:8000/"}
"""The client's environment: on Cloud Run a name means something in values alone."""
_ASKED = "${WEB:-http://web:8000/}"


def web(deployment: Any, version: str, **keys: Any) -> dict[str, Any]:
    """Two replicas of a server that says its version, updated start-first, rolled back where that fails."""
    given: dict[str, Any] = {
        "command": ["probe", "serve", ":8000"],
        "environment": {"VERSION": version, "DRAIN": "1s"},
        "expose": ["8000"],
        "healthcheck": {"test": ["CMD", "probe", "check", ADDRESS], "interval": "0.5s", "timeout": "2s", "retries": 3},
        "stop_grace_period": "10s",
        **keys,
    }
    update = {"order": "start-first", "failure_action": "rollback", "monitor": "1s"}
    rollback = {"order": "start-first", "monitor": "1s"}
    deploy = {"replicas": 2, "update_config": update, "rollback_config": rollback, **keys.get("deploy", {})}
    return deployment.service(**{**given, "deploy": deploy})


def application(deployment: Any, version: str, **keys: Any) -> dict[str, Any]:
    """The server, and a client."""
    return {"services": {"web": web(deployment, version, **keys), "client": client(deployment)}}


def client(deployment: Any, **keys: Any) -> dict[str, Any]:
    """What asks it."""
    return deployment.service(environment=NAMED, **keys)


def answers(deployment: Any, count: int = 40) -> dict[str, int]:
    """What the service's name answers inside the network, by answer; no request may fail."""
    found = json.loads(deployment.run("client", "sh", "-c", f"probe load {_ASKED} 0s {count}"))
    assert found["failed"] == 0, found
    return found["answers"]


def under_load(deployment: Any, change: Callable[[], None]) -> dict[str, Any]:
    """Make a change while the client asks, REQUESTS times at the least; its report."""
    reports: list[str] = []
    command = f"echo $$ > /tmp/load; exec probe load {_ASKED} {LOAD_AT_MOST} {REQUESTS}"
    loading = threading.Thread(target=lambda: reports.append(deployment.run("client", "sh", "-c", command)))
    loading.start()
    try:
        change()
        assert loading.is_alive(), "the load ended before the change did"
    finally:
        deployment.run("client", "sh", "-c", "kill -TERM $(cat /tmp/load) || true")
        loading.join()
    report: dict[str, Any] = json.loads(reports[0])
    return report
