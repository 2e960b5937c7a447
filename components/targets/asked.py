"""What a health check asks over the network."""

from collections.abc import Callable
from dataclasses import dataclass

LOCAL = ("", "localhost", "127.0.0.1", "0.0.0.0", "::1", "[::1]")  # noqa: S104 - what a check asks, nothing that listens


@dataclass(frozen=True, slots=True)
class Http:
    """A GET that has to be answered with 200 to 399.

    Attributes:
        port: of the container.
        path: with its query.
        tls: whether it is HTTPS; the certificate is not looked at.
        headers: name and value of each.
        host: as which the server is called.
    """

    port: int
    path: str = "/"
    tls: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    host: str = "localhost"


@dataclass(frozen=True, slots=True)
class Tcp:
    """A connection that has to be taken."""

    port: int


@dataclass(frozen=True, slots=True)
class Grpc:
    """A call of `grpc.health.v1.Health/Check`."""

    port: int
    service: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What a command asks.

    Attributes:
        check: the platform's own question.
        exact: whether it fails and succeeds when the command does; else it is the nearest there is.
    """

    check: Http | Tcp | Grpc
    exact: bool = True


Words = list[str]
Reader = Callable[[Words], Known | None]
