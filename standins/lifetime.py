"""A plugin ends with its engine, also where that was killed and could tell nobody."""

import os
import socket
import threading
import time
from collections.abc import Callable
from typing import Final

_INTERVAL_SECONDS: Final = 0.5
_REFUSALS: Final = 4


def watch(end: Callable[[], None], engine_address: str = "") -> None:
    """Call `end` once, from a thread of its own, when the engine is gone.

    The engine is gone when the process that started this one is (the plugin's executable replaces itself by Python, so
    that is the engine), or when nothing listens on its address any more, four times in a row.

    Args:
        end: ends the plugin.
        engine_address: `host:port` of the engine's gRPC service; "" watches the parent process alone.
    """
    parent = os.getppid()

    def gone() -> bool:
        return os.getppid() != parent

    def loop() -> None:
        refusals = 0
        while not gone():
            refusals = refusals + 1 if engine_address and not _listens(engine_address) else 0
            if refusals >= _REFUSALS:
                break
            time.sleep(_INTERVAL_SECONDS)
        end()

    threading.Thread(target=loop, name="engine-watch", daemon=True).start()


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), timeout=_INTERVAL_SECONDS):
            return True
    except ConnectionRefusedError:
        return False
    except OSError:
        return True  # busy is not gone
