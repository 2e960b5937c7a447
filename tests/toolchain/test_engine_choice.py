"""Which Engine is used, and what is said where none can be."""

import hashlib
import http.server
import json
import os
import socketserver
import threading

import pytest

from toolchain import apt, engine


@pytest.fixture(autouse=True)
def user(tmp_path, monkeypatch):
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    return tmp_path / "docker"


def context(user, name, address):
    folder = user / "contexts" / "meta" / hashlib.sha256(name.encode()).hexdigest()
    folder.mkdir(parents=True)
    (folder / "meta.json").write_text(json.dumps({"Name": name, "Endpoints": {"docker": {"Host": address}}}))


class Ping(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass

    def address_string(self):
        return "unix"


@pytest.fixture
def socket_of_an_engine(tmp_path):
    path = tmp_path / "docker.sock"
    with socketserver.ThreadingUnixStreamServer(str(path), Ping) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"unix://{path}"
        serving.shutdown()


def test_without_a_word_it_is_the_default_socket():
    assert engine.host() == "unix:///var/run/docker.sock"


def test_the_current_context_is_respected_and_not_changed(user):
    context(user, "far", "ssh://host")
    (user / "config.json").write_text('{"currentContext": "far"}')
    assert engine.host() == "ssh://host"
    assert (user / "config.json").read_text() == '{"currentContext": "far"}'


def test_docker_host_comes_before_the_context(user, monkeypatch):
    context(user, "far", "ssh://host")
    (user / "config.json").write_text('{"currentContext": "far"}')
    monkeypatch.setenv("DOCKER_HOST", "unix:///run/mine.sock")
    assert engine.host() == "unix:///run/mine.sock"


def test_one_that_answers_is_used(places, socket_of_an_engine, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", socket_of_an_engine)
    monkeypatch.setattr(engine, "_ensure_cli", lambda: None)
    assert engine.ensure(places) == "reused"


def test_one_of_the_users_own_choice_that_is_down_is_not_replaced(places, tmp_path, monkeypatch, refused):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    assert refused(engine.ensure, places) == (
        f"Docker Engine unix://{tmp_path}/none.sock: it does not answer; start it, or unset DOCKER_HOST"
    )


def test_without_root_the_message_says_to_start_it(places, monkeypatch, refused):
    monkeypatch.setattr(engine, "ask", lambda address: engine.Answer.NO)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert refused(engine.ensure, places) == (
        "Docker Engine unix:///var/run/docker.sock: it is not running; start Docker, or install it"
    )


def test_no_permission_is_told_apart_from_not_running(places, monkeypatch, refused):
    monkeypatch.setattr(engine, "ask", lambda address: engine.Answer.DENIED)
    assert refused(engine.ensure, places) == (
        "Docker Engine unix:///var/run/docker.sock: no permission to use it; "
        "add your user to the group docker and log in again, or run as root"
    )


def test_a_socket_that_refuses_us_is_denied(monkeypatch):
    def connect(self):
        raise PermissionError

    monkeypatch.setattr(engine._UnixConnection, "connect", connect)
    assert engine.ask("unix:///var/run/docker.sock") is engine.Answer.DENIED


def test_without_root_packages_are_named_with_their_command(monkeypatch, refused):
    monkeypatch.setattr(apt, "_installed", lambda name: name == "there")
    monkeypatch.setattr(apt.shutil, "which", lambda name: "/usr/bin/apt-get")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert refused(apt.install, ["there", "one", "two"]) == (
        "set-up: one, two missing; run `sudo apt-get install one two`"
    )


def test_without_apt_packages_are_named(monkeypatch, refused):
    monkeypatch.setattr(apt, "_installed", lambda name: False)
    monkeypatch.setattr(apt.shutil, "which", lambda name: None)
    assert refused(apt.install, ["one"]) == "set-up: one missing; install it with your system's own tool"
