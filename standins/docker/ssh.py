"""An Engine behind ssh: a socket of our own whose every connection is `ssh HOST docker system dial-stdio`.

That is how the Docker CLI and the official plugin reach `ssh://` hosts. The PyPI client `docker` could too, but wants a
further package for it and takes no options.
"""

import atexit
import shutil
import socketserver
import subprocess
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from standins.resource import StandinError

_CONNECT_SECONDS: Final = 30


def command(url: str, options: Iterable[str]) -> list[str]:
    """The command that speaks with the Engine on its standard input and output.

    Args:
        url: `ssh://[user@]host[:port]`; a path names the Engine's socket on that host.
        options: further options of ssh.

    Raises:
        StandinError: the URL names no host.
    """
    parts = urlsplit(url)
    if not parts.hostname or parts.password is not None:
        raise StandinError(f"docker:host: {url!r} is no ssh host; write ssh://user@host:port, without a password")
    user = ["-l", parts.username] if parts.username else []
    port = ["-p", str(parts.port)] if parts.port else []
    socket = ["--host", f"unix://{parts.path}"] if parts.path.strip("/") else []
    ssh = ["ssh", "-o", f"ConnectTimeout={_CONNECT_SECONDS}", "-T", *options, *user, *port]
    return [*ssh, "--", parts.hostname, "docker", *socket, "system", "dial-stdio"]


class Gateway(socketserver.ThreadingUnixStreamServer):
    """The socket; serves from a thread until the process ends.

    Attributes:
        address: where it listens, `unix:///...`.
        complaint: what ssh last wrote on its standard error, "" where all went well.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, url: str, options: Iterable[str] = ()) -> None:
        self._command = command(url, options)
        self._folder = tempfile.mkdtemp(prefix="pulumi-docker-ssh-")
        path = Path(self._folder) / "docker.sock"
        super().__init__(str(path), _Connection)
        self.address = f"unix://{path}"
        self.complaint = ""
        atexit.register(self.close)
        threading.Thread(target=self.serve_forever, name="ssh-gateway", daemon=True).start()

    def close(self) -> None:
        """Stop listening and remove the socket."""
        self.shutdown()
        self.server_close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def serve(self, connection: int) -> None:
        """Join a connection, by its file descriptor, with an ssh of its own, until either ends."""
        done = subprocess.run(  # noqa: S603 - ssh, by the user's own PATH, is what the setting asks for
            self._command, stdin=connection, stdout=connection, stderr=subprocess.PIPE, check=False
        )
        if done.returncode:
            self.complaint = done.stderr.decode(errors="replace").strip()


class _Connection(socketserver.BaseRequestHandler):
    server: Gateway

    def handle(self) -> None:
        try:
            self.server.serve(self.request.fileno())
        except OSError as error:
            self.server.complaint = f"cannot run ssh ({error.strerror})"
