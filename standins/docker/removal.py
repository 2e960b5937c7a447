"""Removing what may still be in use for a moment, after the waits of `resource_docker_network_funcs.go` and volumes."""

import time
from typing import Any, Final

from standins.docker.engine import EngineError
from standins.resource import Call

_SECONDS: Final = 30.0
_INTERVAL_SECONDS: Final = 0.5


def remove(call: Call, path: str, busy: str, **params: Any) -> None:
    """Remove it, again and again while the Engine says `busy`; that it is gone already is no error.

    Raises:
        EngineError: the Engine refused for another reason, or for too long.
        CancelledError: the engine asked to stop.
    """
    until = time.monotonic() + _SECONDS
    while True:
        try:
            call.client.delete(path, **params)
        except EngineError as error:
            if busy not in str(error) or time.monotonic() > until:
                raise
            call.sleep(_INTERVAL_SECONDS)
        else:
            return
