"""Load balancers that answer: each has a loopback address of its own, which is its DNS name too, and real ports.

A network load balancer's listener hands TCP connections to the targets of its group; UDP ones are not served. An
application load balancer's hands them to ministack, which goes by the rules. Targets are those that ECS registered:
nothing checks their health here, and certificates are not used.
"""

import contextlib
import random
import socket
import socketserver
import threading
from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.services import alb

from .place import Place

_CHUNK = 65536
_SECONDS = 5.0

Address = tuple[str, int]


class Balancers:
    """All load balancers of a cloud."""

    def __init__(self, place: Place) -> None:
        """Have none."""
        self._place = place
        self._servers: dict[str, socketserver.ThreadingTCPServer] = {}
        self._count = 0
        self._create, self._listen, self._unlisten = alb._create_lb, alb._create_listener, alb._delete_listener

    def create(self, params: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        """CreateLoadBalancer, with an address in place of a DNS name that nothing resolves."""
        before = set(alb._lbs)
        status, headers, body = self._create(params)
        for made in set(alb._lbs) - before:
            self._count += 1
            old = alb._lbs[made]["DNSName"]
            alb._lbs[made]["DNSName"] = self._address()
            body = body.replace(old.encode(), self._address().encode())
        return status, headers, body

    def _address(self) -> str:
        """Of the newest: on loopback, where every address is this machine's."""
        return f"127.{77 + self._place.port % 100}.{self._count // 250}.{self._count % 250 + 1}"

    def listen(self, params: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        """CreateListener, with a port that is open."""
        before = set(alb._listeners)
        found = self._listen(params)
        for made in set(alb._listeners) - before:
            self._open(made)
        return found

    def unlisten(self, params: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        """DeleteListener."""
        server = self._servers.pop(alb._p(params, "ListenerArn"), None)
        if server:
            server.shutdown()
            server.server_close()
        return self._unlisten(params)

    def _open(self, arn: str) -> None:
        listener = alb._listeners[arn]
        balancer = alb._lbs[listener["LoadBalancerArn"]]
        if listener["Protocol"] == "UDP":
            return
        is_network = balancer["Type"] == "network"
        target = (lambda: _target(listener)) if is_network else (lambda: ("127.0.0.1", self._place.port))

        class Connection(_Connection):
            where = staticmethod(target)

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        socketserver.ThreadingTCPServer.daemon_threads = True
        server = socketserver.ThreadingTCPServer((balancer["DNSName"], listener["Port"]), Connection)
        self._servers[arn] = server
        threading.Thread(target=server.serve_forever, daemon=True, name=arn.rsplit("/", 1)[-1]).start()


class _Connection(socketserver.BaseRequestHandler):
    """A connection, handed on byte by byte until both sides have ended.

    Attributes:
        where: says to whom; None: there is nobody.
    """

    where: Callable[[], Address | None]

    def handle(self) -> None:
        target = self.where()
        if target is None:
            return
        with contextlib.suppress(OSError), socket.create_connection(target, timeout=_SECONDS) as other:
            other.settimeout(None)
            back = threading.Thread(target=_copy, args=(other, self.request), daemon=True)
            back.start()
            _copy(self.request, other)
            back.join()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while content := source.recv(_CHUNK):
            sink.sendall(content)
        sink.shutdown(socket.SHUT_WR)


def _target(listener: dict[str, Any]) -> Address | None:
    for action in listener["DefaultActions"]:
        targets = alb._targets.get_scoped(*_scope(action["TargetGroupArn"]), action["TargetGroupArn"]) or []
        if targets:
            chosen = random.choice(targets)
            return chosen["Id"], chosen["Port"]
    return None


def _scope(arn: str) -> tuple[str, str]:
    """Account and region."""
    parts = arn.split(":")
    return parts[4], parts[3]


def for_host(host: str) -> dict[str, Any] | None:
    """The application load balancer that a request is for: by its address, else by the host that a rule of it names."""
    name = host.split(":", maxsplit=1)[0].lower()
    for balancer in alb._lbs.values():
        if balancer["DNSName"] == name:
            return balancer
    for rule in alb._rules.values():
        hosts = [each for condition in rule["Conditions"] for each in _hosts(condition)]
        if any(alb._header_value_matches(name, each) for each in hosts):
            return alb._lbs[alb._listeners[rule["ListenerArn"]]["LoadBalancerArn"]]
    return None


def _hosts(condition: dict[str, Any]) -> list[str]:
    """The hosts that a rule's condition names."""
    if condition.get("Field") != "host-header":
        return []
    return list((condition.get("HostHeaderConfig") or {}).get("Values") or condition.get("Values") or ())


def is_for_one(host: str, path: str) -> bool:
    """Whether a request is for a load balancer, and not for the API."""
    return path.startswith(app._ALB_PATH_PREFIX) or for_host(host) is not None
