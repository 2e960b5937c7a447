"""Downloads against a server on loopback; that the vendors' own servers behave alike is not proved here."""

import hashlib
import http.server
import io
import socket
import tarfile
import threading
import time

import pytest

from toolchain import download
from toolchain.table import Archive


def archive():
    """A .tar.gz with one program in it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        member = tarfile.TarInfo("tool")
        member.size, member.mode = 5, 0o755
        tar.addfile(member, io.BytesIO(b"hello"))
    return out.getvalue()


CONTENT = archive()
SUM = hashlib.sha256(CONTENT).hexdigest()


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/missing":
            self.send_error(404)
            return
        if self.path == "/slow":
            self.server.over.wait(60)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        if self.path == "/stalls":
            self.wfile.write(CONTENT[:20])
            self.server.over.wait(60)
            return
        self.wfile.write(CONTENT[:20] if self.path == "/cut" else CONTENT)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def server():
    serving = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    serving.over = threading.Event()
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.over.set()
    serving.shutdown()
    serving.server_close()


def test_a_right_checksum_installs_the_program(server, tmp_path):
    download.fetch(Archive(f"{server}/tool", SUM), tmp_path)
    assert (tmp_path / "tool").read_text() == "hello"
    assert (tmp_path / "tool").stat().st_mode & 0o777 == 0o755
    assert [path.name for path in tmp_path.iterdir()] == ["tool"]


def test_a_wrong_checksum_is_refused_before_anything_is_unpacked(server, tmp_path, refused):
    message = refused(download.fetch, Archive(f"{server}/tool", "0" * 64), tmp_path)
    assert message == (
        f"{server}/tool: its SHA-256 is {SUM}, not {'0' * 64}; do not use what it gave; report it to the project"
    )
    assert not (tmp_path / "tool").exists()


def test_without_a_checksum_nothing_is_downloaded(server, tmp_path, refused):
    message = refused(download.fetch, Archive(f"{server}/tool"), tmp_path)
    assert message == f"{server}/tool: no checksum is pinned, so it is not downloaded"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("way", ["slow", "stalls"])
def test_a_server_that_falls_silent_is_given_up_within_five_seconds(server, tmp_path, refused, way):
    begun = time.monotonic()
    message = refused(download.fetch, Archive(f"{server}/{way}", SUM), tmp_path)
    assert message == f"{server}/{way}: does not answer (timed out)"
    assert time.monotonic() - begun < download.SILENCE + 1


def test_a_name_server_that_falls_silent_is_given_up_within_five_seconds(tmp_path, refused, monkeypatch):
    """The resolver is a stand-in: it sleeps, as the system's does while it asks again."""
    over = threading.Event()

    def look_up(*args, **kwargs):
        over.wait(60)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    begun = time.monotonic()
    message = refused(download.fetch, Archive("http://example.com/tool", SUM), tmp_path)
    over.set()
    assert message == "http://example.com/tool: does not answer (timed out)"
    assert time.monotonic() - begun < download.SILENCE + 1


def test_a_transfer_that_breaks_off_is_refused(server, tmp_path, refused):
    message = refused(download.fetch, Archive(f"{server}/cut", SUM), tmp_path)
    assert message == f"{server}/cut: broke off after 20 of {len(CONTENT)} bytes"


def test_an_archive_that_is_not_there_is_refused(server, tmp_path, refused):
    message = refused(download.fetch, Archive(f"{server}/missing", SUM), tmp_path)
    assert message == f"{server}/missing: does not answer (Not Found)"


def test_a_port_that_nobody_listens_on_is_refused_at_once(tmp_path, refused):
    message = refused(download.fetch, Archive("http://127.0.0.1:1/tool", SUM), tmp_path)
    assert message == "http://127.0.0.1:1/tool: does not answer ([Errno 111] Connection refused)"
