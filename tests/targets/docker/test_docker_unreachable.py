"""An Engine that does not answer is one message that says why and what to do; asked for real, of nothing."""

import socket
from pathlib import Path

import pytest
from apps import app

from components.access import DockerAccess
from components.targets.docker.engine import probe, unreachable


def said(host: str) -> str:
    (problem,) = probe(app(), {}, DockerAccess(host=host))
    return str(problem)


def test_a_socket_that_is_not_there(tmp_path: Path) -> None:
    assert said(f"unix://{tmp_path}/none.sock") == (
        f"docker engine unix://{tmp_path}/none.sock: it is not running; start Docker, or run `make up`, which brings "
        "an Engine where it can"
    )


def test_a_port_at_which_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert said(f"tcp://127.0.0.1:{port}") == (
        f"docker engine tcp://127.0.0.1:{port}: it is not running; start Docker there, and let it listen at this "
        "address"
    )


def test_an_address_that_is_none() -> None:
    assert said("foo://engine") == (
        "docker engine foo://engine: no address of an Engine; write unix:///path, tcp://host:2376 or ssh://user@host"
    )


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            OSError("[Errno 13] Permission denied"),
            "docker engine: no permission to use it; add your user to the group docker and log in again, or run as "
            "root",
        ),
        (
            TimeoutError("timed out"),
            "docker engine: it does not answer within 5 s; see whether Docker is busy or hangs",
        ),
        (
            OSError("Failed to resolve 'engine' ([Errno -2] Name or service not known)"),
            "docker engine: no such host; check slipway:cluster.existing.host and DOCKER_HOST",
        ),
        (OSError("odd\nmore"), "docker engine: it does not answer (odd)"),
    ],
)
def test_what_an_error_means(error: Exception, message: str) -> None:
    assert str(unreachable(DockerAccess(), error)) == message
