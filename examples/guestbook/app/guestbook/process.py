"""What web and worker have in common as processes: a name, a log, and a way to be stopped."""

import logging
import os
import signal
import socket
from collections.abc import Callable, Mapping


def container_name() -> str:
    """The name that the page shows: the host name, which is the container's short id unless one is set."""
    return socket.gethostname()


def start_log(environ: Mapping[str, str] = os.environ) -> None:
    """Log to standard error from `LOG_LEVEL` on (default info)."""
    logging.basicConfig(level=environ.get("LOG_LEVEL", "info").upper(), format="%(levelname)s %(name)s: %(message)s")


def on_stop(stop: Callable[[], None]) -> None:
    """Call `stop` at the first SIGTERM or SIGINT; later ones are ignored."""

    def first(_number: int, _frame: object) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, first)
