"""The guestbook's Compose file as the reference implementation of Compose reads and runs it, unchanged."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing
from pathlib import Path

import docker
import pytest

COMPOSE = shutil.which("docker-compose", path=str(Path(sys.executable).parent)) or "docker-compose"
PATIENCE = 30  # seconds for what takes a second or two on an idle machine


def compose(folder, *arguments, **variables):
    """Run `docker-compose` in a folder with these variables; returns what it wrote to standard output."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COMPOSE_")}
    done = subprocess.run(
        [COMPOSE, *arguments], cwd=folder, env=environ | variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"docker-compose {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_every_variable_but_the_password_has_a_default(guestbook_folder):
    resolved = json.loads(compose(guestbook_folder, "config", "--format", "json", REDIS_PASSWORD="marker"))
    web = resolved["services"]["web"]
    assert resolved["name"] == "guestbook"
    assert web["environment"] == {"LOG_LEVEL": "info", "REDIS_HOST": "redis", "REDIS_TLS": "", "TITLE": "Guestbook"}
    assert web["ports"] == [
        {"mode": "ingress", "target": 8000, "published": "8080", "protocol": "tcp"},
    ]


def test_the_password_is_in_no_resolved_value(guestbook_folder):
    assert "marker" not in compose(guestbook_folder, "config", "--format", "json", REDIS_PASSWORD="marker")


def test_every_service_has_a_health_check_and_runs_a_fixed_user(guestbook_folder):
    services = json.loads(compose(guestbook_folder, "config", "--format", "json", REDIS_PASSWORD="x"))["services"]
    assert all("test" in service["healthcheck"] for service in services.values())
    for service in services.values():
        dockerfile = (Path(service["build"]["context"]) / "Dockerfile").read_text()
        assert re.search(r"^USER 10001:10001$", dockerfile, re.MULTILINE)


class Running:
    """One project of the real Compose on the real Engine, from a copy of the sample's folder."""

    def __init__(self, folder, engine):
        self.folder = folder
        self.engine = engine
        self.images = set()
        self.project = f"guestbook-test-{secrets.token_hex(4)}"
        self.variables = {
            # Quotes, a backslash, a dollar and a blank: what a generated password may have.
            "REDIS_PASSWORD": "t\"e'st\\ $" + secrets.token_hex(8),
            "PORT": str(free_port()),
            # Two classic builds at a time would both make the layers that they share, and leave one of the two behind.
            "COMPOSE_PARALLEL_LIMIT": "1",
        }

    def compose(self, *arguments):
        return compose(self.folder, "--project-name", self.project, *arguments, **self.variables)

    def up(self):
        self.compose("up", "--detach", "--build", "--wait", "--wait-timeout", "120")
        self.images |= {image.id for image in self.engine.images.list() if self.tags(image)}

    def tags(self, image):
        """The image's tags that are ours: `PROJECT-SERVICE:latest`."""
        return [tag for tag in image.tags if tag.startswith(f"{self.project}-")]

    def down(self):
        """Remove all of it; of the images also those that a later build took the tag from, which `--rmi` overlooks."""
        self.compose("down", "--volumes", "--timeout", "5")
        for image in self.engine.images.list():
            for tag in self.tags(image):
                self.engine.images.remove(tag)
        for image in self.engine.images.list(filters={"dangling": True}):
            if image.id in self.images:
                self.engine.images.remove(image.id)

    def left(self):
        """The names of what is there of the project, and the images that it built and nobody else has a tag for."""
        ours = {"all": True, "filters": {"label": f"com.docker.compose.project={self.project}"}}
        images = self.engine.images.list()
        return [
            *(container.name for container in self.engine.containers.list(**ours)),
            *(volume.name for volume in self.engine.volumes.list(filters=ours["filters"])),
            *(network.name for network in self.engine.networks.list(filters=ours["filters"])),
            *(tag for image in images for tag in self.tags(image)),
            *(image.id for image in images if image.id in self.images and not image.tags),
        ]

    def containers(self, service):
        """The ids of a service's running containers."""
        return self.compose("ps", "--quiet", service).split()

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.variables['PORT']}{path}", timeout=5) as response:
            return response.read().decode()

    def sign(self, message):
        """Post the form as a browser does, redirect included; returns the page it ends on."""
        form = urllib.parse.urlencode({"author": "Ada", "message": message}).encode()
        url = f"http://127.0.0.1:{self.variables['PORT']}/"
        with urllib.request.urlopen(url, data=form, timeout=5) as response:
            return response.read().decode()

    def entry(self, message):
        """The published entry with this message, when a worker has done its work."""

        def find():
            return next((e for e in json.loads(self.get("/api/entries"))["entries"] if e["message"] == message), None)

        return until(find, f"an entry {message!r}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(look, what):
    """What `look()` returns as soon as it is true."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    pytest.fail(f"{what} did not appear within {PATIENCE} s")


@pytest.fixture(scope="module")
def running(guestbook_folder, tmp_path_factory):
    """The guestbook, up and healthy; nothing of it is left afterwards."""
    folder = tmp_path_factory.mktemp("compose") / "guestbook"
    shutil.copytree(guestbook_folder, folder)
    with closing(docker.from_env()) as engine:
        project = Running(folder, engine)
        try:
            project.up()
            yield project
        finally:
            project.down()


@pytest.mark.engine
def test_an_entry_is_published_by_one_of_two_workers(running):
    assert "<h1>Guestbook</h1>" in running.sign("hello from compose")
    workers = running.containers("worker")
    assert len(workers) == 2
    assert running.entry("hello from compose")["worker"] in {worker[:12] for worker in workers}
    assert "hello from compose" in running.get("/")


@pytest.mark.engine
def test_a_submission_of_a_dead_worker_is_taken_over(running):
    """The dead one is a consumer that takes it and never comes back, while the workers are stopped."""
    running.compose("stop", "worker")
    running.sign("left behind")
    take = "from guestbook import book; print(list(book.connect().take('dead', 1000)))"
    assert "left behind" in running.compose("exec", "-T", "web", "python3", "-c", take)
    running.compose("start", "worker")
    assert running.entry("left behind")["worker"] != "dead"


@pytest.mark.engine
def test_the_password_is_no_argument_no_variable_and_not_in_the_log(running):
    password = running.variables["REDIS_PASSWORD"]
    for service, program in (("web", "guestbook.web"), ("worker", "guestbook.worker"), ("redis", "redis-server")):
        look = "cat /proc/[0-9]*/cmdline | tr '\\0' '\\n'; env; id -u"
        seen = running.compose("exec", "-T", service, "sh", "-c", look)
        assert program in seen
        assert "PATH=" in seen
        assert password not in seen
        assert seen.split()[-1] == "10001"
    assert password not in running.compose("logs", "--no-color")


@pytest.mark.engine
def test_redis_refuses_who_does_not_know_the_password(running):
    assert "NOAUTH" in running.compose("exec", "-T", "redis", "redis-cli", "ping")


@pytest.mark.engine
def test_entries_survive_a_change_of_the_code_and_new_containers(running):
    running.sign("written before the change")
    running.entry("written before the change")
    before = {service: running.containers(service) for service in ("web", "worker", "redis")}
    page = running.folder / "app" / "guestbook" / "page.py"
    page.write_text(page.read_text().replace("Sign the guestbook", "Sign the changed guestbook"))
    running.up()
    assert "Sign the changed guestbook" in running.get("/")
    after = {service: running.containers(service) for service in ("web", "worker", "redis")}
    assert not set(after["web"]) & set(before["web"])
    assert (set(after["worker"]), after["redis"]) == (set(before["worker"]), before["redis"])

    running.compose("up", "--detach", "--wait", "--force-recreate")
    assert not set(running.containers("redis")) & set(before["redis"])
    assert running.entry("written before the change")["author"] == "Ada"


@pytest.mark.engine
def test_without_redis_the_page_says_so_and_comes_back_with_it(running):
    running.compose("stop", "redis")

    def unavailable():
        try:
            running.get("/healthz")
        except urllib.error.HTTPError as error:
            return error.code == 503
        return False

    until(unavailable, "the answer 503")
    running.compose("start", "redis")
    running.compose("up", "--detach", "--wait")
    running.sign("back again")
    assert running.entry("back again")["words"] == 2


@pytest.mark.engine
def test_a_stopped_container_ends_by_itself_and_well(running):
    """Exit code 0 means that it took the signal: a killed one would have 137."""
    running.compose("stop")
    states = [json.loads(line) for line in running.compose("ps", "--all", "--format", "json").splitlines()]
    assert {(state["Service"], state["ExitCode"]) for state in states} == {("web", 0), ("worker", 0), ("redis", 0)}


@pytest.mark.engine
def test_down_leaves_nothing_behind(running):
    """The last test of this file: the guestbook is gone afterwards."""
    running.up()
    name = running.project
    assert {f"{name}-web-1", f"{name}_entries", f"{name}_default", f"{name}-web:latest"} <= set(running.left())
    running.down()
    assert running.left() == []
