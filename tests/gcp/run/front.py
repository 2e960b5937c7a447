"""Google's front end: HTTPS at the addresses of services, as their ingress settings let who asks in.

https://cloud.google.com/run/docs/securing/ingress. Not part of it: HTTP/2, WebSockets, a caller's identity, limits of
concurrency, and instances that a request starts.
"""

import contextlib
import http.client
import logging
import random
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.gcp.cloud.calls import PROJECT
from tests.gcp.cloud.rest import Cloud

from . import names, services, templates
from .authority import Authority
from .instance import Instance

_LOG = logging.getLogger("front")
_INTERNAL = "INGRESS_TRAFFIC_INTERNAL_ONLY"
_BALANCER = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "host", "proxy-connection"}
_TIMEOUT = 300.0
"""https://cloud.google.com/run/docs/configuring/request-timeout."""
_INVOKERS = frozenset({"roles/run.invoker", "roles/run.admin"})


def serve(cloud: Cloud, authority: Authority) -> None:
    """Answer at this machine's addresses in both networks, in threads."""
    for address in (cloud.place.gateway, cloud.place.inner_gateway):
        listen(address, 443, _front(cloud), authority)
        listen(address, 80, _Moved)


def listen(
    address: str, port: int, answers: type[BaseHTTPRequestHandler], authority: Authority | None = None
) -> ThreadingHTTPServer:
    """Serve at an address, in a thread.

    Args:
        address: to bind to.
        port: the same.
        answers: each request.
        authority: signs for every host that is asked for; None: without TLS.
    """
    server = _Server((address, port), answers, authority)
    threading.Thread(target=server.serve_forever, daemon=True, name=f"front {address}:{port}").start()
    return server


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self, where: tuple[str, int], answers: type[BaseHTTPRequestHandler], authority: Authority | None
    ) -> None:
        super().__init__(where, answers)
        self._context: ssl.SSLContext | None = None
        if authority is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.sni_callback = lambda tls, host, _: _choose(tls, authority, host)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Speak TLS in the request's own thread."""
        if self._context is not None:
            request.settimeout(_TIMEOUT)
            request = self._context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, *_: Any) -> None:
        """Who asks may go."""


def _choose(tls: Any, authority: Authority, host: str | None) -> None:
    tls.context = authority.context(host or "unknown.invalid")


def _front(cloud: Cloud) -> type[BaseHTTPRequestHandler]:
    class Front(Forward):
        def instance(self, host: str) -> Instance:
            service = services.at(cloud.store, host)
            if service is None or service.get("defaultUriDisabled") or not self._may_enter(service):
                raise OwnAnswerError(404, "Error: Page not found")
            if not _may_invoke(cloud, service):
                raise OwnAnswerError(403, "Your client does not have permission to get this URL from this server.")
            return chosen(self, cloud, service)

        def _may_enter(self, service: dict[str, Any]) -> bool:
            if service.get("ingress") in {_INTERNAL, _BALANCER}:
                caller = self.client_address[0]
                return came_inside(cloud, caller) and names.is_inside(cloud, caller)
            return bool(service.get("ingress") != "INGRESS_TRAFFIC_NONE")

    return Front


def came_inside(cloud: Cloud, address: str) -> bool:
    """Whether a call comes from an instance, by the inside network."""
    caller = cloud.agent.at(address)
    return caller is not None and caller.inner_address == address


def chosen(request: "Forward", cloud: Cloud, service: dict[str, Any]) -> Instance:
    """One of a service's instances.

    Raises:
        OwnAnswerError: it has none.
    """
    found = services.instances(cloud, service)
    request.seconds = templates.seconds(service["template"].get("timeout"), _TIMEOUT)
    if not found:
        raise OwnAnswerError(503, "The service has no available instances.")
    return random.choice(found)


def _may_invoke(cloud: Cloud, service: dict[str, Any]) -> bool:
    if service.get("invokerIamDisabled"):
        return True
    policies = (
        cloud.store.policy("run", service["name"]),
        cloud.store.policy("cloudresourcemanager", f"projects/{PROJECT}"),
    )
    return any(
        each["role"] in _INVOKERS and "allUsers" in each["members"]
        for one in policies
        for each in one.get("bindings", ())
    )


class OwnAnswerError(Exception):
    """The front answers itself, in place of an instance.

    Attributes:
        code: of HTTP.
        location: where else to ask; "": nowhere.
    """

    def __init__(self, code: int, text: str = "", location: str = "") -> None:
        super().__init__(text)
        self.code, self.location = code, location


class Forward(BaseHTTPRequestHandler):
    """Leads a request to an instance.

    Attributes:
        seconds: that an answer may take.
    """

    protocol_version = "HTTP/1.1"
    seconds = _TIMEOUT

    def instance(self, host: str) -> Instance:
        """Where a request for a host is to go.

        Raises:
            OwnAnswerError: nowhere.
        """
        raise NotImplementedError

    def answer(self) -> None:
        host = (self.headers.get("Host") or "").partition(":")[0]
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            self._tell(*self._asked(self.instance(host), host, content))
        except OwnAnswerError as own:
            text = f"<html><title>{own.code}</title>{own}</html>\n".encode()
            self._tell(own.code, [("Location", own.location)] if own.location else [], text)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815 - http.server's

    def _asked(self, instance: Instance, host: str, content: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """What an instance answers."""
        headers = {key: value for key, value in self.headers.items() if key.lower() not in _HOP}
        headers |= {"Host": host, "X-Forwarded-For": self.client_address[0], "X-Forwarded-Proto": "https"}
        link = http.client.HTTPConnection(instance.address, instance.port, timeout=self.seconds)
        try:
            link.request(self.command, self.path, content, headers)
            answer = link.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except OSError as why:
            _LOG.info("%s: %r", instance.spec.name, why)
            raise OwnAnswerError(504 if isinstance(why, TimeoutError) else 503, "upstream request failed") from None
        finally:
            link.close()

    def _tell(self, code: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response(code)
        for key, value in headers:
            if key.lower() not in _HOP | {"content-length"}:
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(content if self.command != "HEAD" else b"")

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


class _Moved(Forward):
    def instance(self, host: str) -> Instance:
        raise OwnAnswerError(302, location=f"https://{host}{self.path}")
