"""What takes longer than a call: it runs in a thread, and the caller asks until it is done."""

import logging
import threading
import uuid
from collections.abc import Callable
from typing import Any

from .calls import GRPC_CODES, Call, RefusedError
from .store import Store, now

_LOG = logging.getLogger("operations")
Work = Callable[[], dict[str, Any] | None]
"""What is to be done; it returns the resource as it is then."""


def start(store: Store, call: Call, work: Work) -> dict[str, Any]:
    """Begin, and tell the caller where to ask.

    Args:
        store: keeps the operation.
        call: what asked for it.
        work: it may raise a `RefusedError`.
    """
    name, operation = _SHAPES.get(call.api, _long_running)(call)
    store.add(call.api, name, operation)
    answer = dict(operation)

    def run() -> None:
        try:
            end: dict[str, Any] = _done(call, work() or {})
        except RefusedError as why:
            end = _failed(call, why)
        except Exception as why:  # noqa: BLE001 - who waits for the operation is told
            _LOG.exception("%s", call.method)
            end = _failed(call, RefusedError("FAILED_PRECONDITION", f"the cloud of these tests failed: {why!r}"))
        with store.lock:
            operation.update(end)

    threading.Thread(target=run, daemon=True, name=call.method).start()
    return answer


def _long_running(call: Call) -> tuple[str, dict[str, Any]]:
    name = f"{call.location}/operations/{uuid.uuid4()}"
    return name, {"name": name, "done": False}


def _of_services(call: Call) -> tuple[str, dict[str, Any]]:
    name = f"operations/acat.{uuid.uuid4()}"
    return name, {"name": name, "done": False}


def _of_compute(call: Call) -> tuple[str, dict[str, Any]]:
    name = f"operation-{uuid.uuid4()}"
    scope = "/".join(call.path.split("/")[2:4]) if call.path.split("/")[2] == "regions" else "global"
    path = f"{call.location}/{scope}/operations/{name}"
    return path, {
        "kind": "compute#operation",
        "id": str(uuid.uuid4().int % 10**18),
        "name": name,
        "operationType": call.verb,
        "status": "RUNNING",
        "progress": 0,
        "insertTime": now(),
        **({"region": scope.partition("/")[2]} if scope != "global" else {}),
        "selfLink": f"https://www.googleapis.com/compute/v1/{path}",
    }


def _of_sql(call: Call) -> tuple[str, dict[str, Any]]:
    name = str(uuid.uuid4())
    shown = {"kind": "sql#operation", "name": name, "status": "PENDING", "operationType": call.verb.upper()}
    return f"{call.location}/operations/{name}", shown


_SHAPES = {"compute": _of_compute, "sql": _of_sql, "servicenetworking": _of_services, "serviceusage": _of_services}


def _done(call: Call, resource: dict[str, Any]) -> dict[str, Any]:
    if call.api in {"compute", "sql"}:
        return {"status": "DONE", "progress": 100, "endTime": now()} if call.api == "compute" else {"status": "DONE"}
    return {"done": True, "response": {"@type": f"type.googleapis.com/{call.method}", **resource}}


def _failed(call: Call, why: RefusedError) -> dict[str, Any]:
    if call.api in {"compute", "sql"}:
        error = {"errors": [{"code": why.status, "message": str(why)}]}
        return {"status": "DONE", "error": error, "httpErrorStatusCode": why.code}
    return {"done": True, "error": {"code": GRPC_CODES[why.status], "message": str(why)}}
