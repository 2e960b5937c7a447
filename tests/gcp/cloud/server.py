"""The APIs over HTTP: `/<api>/` stands for the base URL of the API's discovery document."""

import json
import logging
import re
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from . import documents, projects, rest
from .calls import RefusedError
from .rest import Cloud, Methods

_LOG = logging.getLogger("apis")


def serve(cloud: Cloud, methods: Methods) -> None:
    """Answer, until the process ends."""

    class Bound(_Request):
        bound = cloud, methods

    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer.request_queue_size = 128
    ThreadingHTTPServer(("127.0.0.1", cloud.place.port), Bound).serve_forever()


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bound: tuple[Cloud, Methods]

    def answer(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(size)
        try:
            code, said = 200, self.found(content)
        except RefusedError as why:
            code, said = why.code, why.answer
            _LOG.info("%s %s: %s", self.command, self.path, why)
        except Exception as why:  # noqa: BLE001 - the caller is told
            _LOG.exception("%s %s", self.command, self.path)
            code, said = 500, {"error": {"code": 500, "message": repr(why), "status": "INTERNAL"}}
        text = json.dumps(_shown(said)).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - http.server's names

    def found(self, content: bytes) -> Any:
        cloud, methods = self.bound
        url = urllib.parse.urlsplit(self.path)
        api, _, path = url.path.lstrip("/").partition("/")
        if api not in documents.APIS:
            raise RefusedError("NOT_FOUND", f"there is no API {api} in the cloud of these tests")
        if not re.fullmatch(r"Bearer \S+", self.headers.get("Authorization", "")):
            raise RefusedError("UNAUTHENTICATED", "Request is missing required authentication credential.")
        query = {key: ",".join(values) for key, values in urllib.parse.parse_qs(url.query, True).items()}
        call = documents.find(api, self.command, path, query, _body(content))
        projects.check(cloud, call)
        with cloud.store.lock:
            return rest.method(call, methods)(cloud, call)

    def log_message(self, *_: Any) -> None:
        """Only what is refused is told."""


def _body(content: bytes) -> Any:
    try:
        return json.loads(content) if content else None
    except ValueError:
        raise RefusedError("INVALID_ARGUMENT", "Invalid JSON payload received.") from None


def _shown(value: Any) -> Any:
    """A resource without what only this cloud keeps with it."""
    if isinstance(value, dict):
        return {key: _shown(each) for key, each in value.items() if not key.startswith("_")}
    return [_shown(each) for each in value] if isinstance(value, list) else value
