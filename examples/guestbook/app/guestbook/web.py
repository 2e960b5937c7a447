"""The web service: shows the page, takes entries, and says whether it is well.

==========  =================  ==========================================================
GET         /                  the page
POST        /                  a form with `message` and `author`; back to the page by 303
GET         /api/entries       the same entries as JSON
GET         /healthz           200 while Redis answers, else 503
==========  =================  ==========================================================
"""

import json
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import redis

from guestbook import book, page, process

PORT = 8000
LOOK_FILE = Path("/etc/guestbook/page.toml")
LONGEST_AUTHOR = 60  # characters
LARGEST_FORM = 16 * 1024  # bytes
LOG = logging.getLogger("web")


@dataclass(frozen=True)
class Response:
    """What goes back to the browser; `location` is where a redirect leads."""

    status: HTTPStatus
    body: str = ""
    media_type: str = "text/plain"
    location: str = ""


@dataclass(frozen=True)
class Site:
    """All that an answer depends on, apart from the request."""

    entries: book.Book
    look: page.Look
    served_by: str


def show_page(site: Site, _form: bytes) -> Response:
    """The page with the latest entries."""
    latest, waiting = site.entries.latest(site.look.page_size), site.entries.waiting()
    return Response(HTTPStatus.OK, page.render(site.look, latest, waiting, site.served_by), "text/html")


def show_entries(site: Site, _form: bytes) -> Response:
    """What the page shows, as JSON."""
    shown = {
        "title": site.look.title,
        "served_by": site.served_by,
        "waiting": site.entries.waiting(),
        "entries": [asdict(entry) for entry in site.entries.latest(site.look.page_size)],
    }
    return Response(HTTPStatus.OK, json.dumps(shown), "application/json")


def show_health(site: Site, _form: bytes) -> Response:
    """Well while Redis answers."""
    site.entries.ping()
    return Response(HTTPStatus.OK, "ok\n")


def add_entry(site: Site, form: bytes) -> Response:
    """Put what was written on the queue, then send the browser back to the page, so that a reload adds nothing."""
    fields = parse_qs(form.decode("utf-8", errors="replace"))
    author, message = (fields.get(name, [""])[0].strip() for name in ("author", "message"))
    if not message:
        return Response(HTTPStatus.BAD_REQUEST, "message: is empty; write something\n")
    for name, text, longest in (("author", author, LONGEST_AUTHOR), ("message", message, site.look.longest_message)):
        if len(text) > longest:
            return Response(HTTPStatus.BAD_REQUEST, f"{name}: has {len(text)} characters; write at most {longest}\n")
    site.entries.submit(book.Submission(author, message, datetime.now(UTC).isoformat(timespec="seconds")))
    return Response(HTTPStatus.SEE_OTHER, location="/")


ROUTES: dict[tuple[str, str], Callable[[Site, bytes], Response]] = {
    ("GET", "/"): show_page,
    ("POST", "/"): add_entry,
    ("GET", "/api/entries"): show_entries,
    ("GET", "/healthz"): show_health,
}


def answer(site: Site, method: str, path: str, form: bytes = b"") -> Response:
    """The response to one request."""
    route = ROUTES.get((method, path))
    if route is None:
        return Response(HTTPStatus.NOT_FOUND, f"{method} {path}: there is nothing here; go to /\n")
    try:
        return route(site, form)
    except redis.RedisError as error:
        LOG.warning("redis: %s", error)
        return Response(HTTPStatus.SERVICE_UNAVAILABLE, "redis does not answer; try again in a moment\n")


class Server(ThreadingHTTPServer):
    """An HTTP server for one site, a thread per request; closing it waits for the requests in progress."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], site: Site) -> None:
        super().__init__(address, Request)
        self.site = site


class Request(BaseHTTPRequestHandler):
    """The way between HTTP and `answer`."""

    server: Server
    timeout = 5  # seconds that a client may keep us waiting
    server_version = "guestbook"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer a GET."""
        self._send(answer(self.server.site, "GET", urlsplit(self.path).path))

    def do_POST(self) -> None:
        """Answer a POST whose form is of a bearable size."""
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit():
            self._send(Response(HTTPStatus.LENGTH_REQUIRED, "the form's length is missing; send Content-Length\n"))
        elif int(length) > LARGEST_FORM:
            self._send(Response(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the form has {length} bytes; send less\n"))
        else:
            form = self.rfile.read(int(length))
            self._send(answer(self.server.site, "POST", urlsplit(self.path).path, form))

    def _send(self, response: Response) -> None:
        body = response.body.encode()
        self.send_response(response.status)
        self.send_header("Content-Type", f"{response.media_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
        if response.location:
            self.send_header("Location", response.location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- http.server's name
        """Log a request, a health check only when debugging; control characters are escaped."""
        of_a_probe = getattr(self, "path", "") == "/healthz"  # a request line that is no HTTP leaves no path
        text = (format % args).encode("unicode_escape").decode()
        LOG.log(logging.DEBUG if of_a_probe else logging.INFO, "%s", text)


def main() -> None:
    """Serve until SIGTERM or SIGINT; requests in progress are answered first."""
    process.start_log()
    site = Site(book.connect(), page.read_look(LOOK_FILE, os.environ), process.container_name())
    with Server(("", PORT), site) as server:
        # shutdown() waits for serve_forever() to end, so it cannot run in the thread that serves.
        process.on_stop(threading.Thread(target=server.shutdown).start)
        LOG.info("%s listens on port %d", site.served_by, PORT)
        server.serve_forever(poll_interval=0.1)
    LOG.info("%s has stopped", site.served_by)


if __name__ == "__main__":
    main()
