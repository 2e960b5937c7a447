"""Killed at any moment, the next `make up` converges without a hand, and no volume is lost.

The moments are those of the CLI's own progress lines, a kill at each: before and after every call of the docker plugin
as far as the CLI tells it in time. That `dockerd` may die as well is tested on one of the test's own.
"""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import time
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from toolchain import base_image, daemons, engine, leftovers, recover, stack
from toolchain.places import Places
from toolchain.pulumi import Cli

pytestmark = pytest.mark.engine

CHECKOUT = Path(__file__).resolve().parents[2]
APPLICATION = {
    "services": {
        "db": {
            "image": base_image.NAME,
            "command": ["sh", "-c", "test -e /data/first || date +%s%N > /data/first; exec sleep 3600"],
            "healthcheck": {"test": ["CMD", "test", "-s", "/data/first"], "interval": "1s", "start_period": "5s"},
            "volumes": ["data:/data"],
            "stop_signal": "SIGKILL",
        },
        "web": {
            "image": base_image.NAME,
            "command": ["sleep", "3600"],
            "depends_on": {"db": {"condition": "service_healthy"}},
            "stop_signal": "SIGKILL",
        },
    },
    "volumes": {"data": {}},
}


class Victim:
    """A stack whose updates are killed half-way."""

    def __init__(self, folder, variables):
        self.name = f"f{uuid.uuid4().hex[:8]}"
        self.places = Places(folder, Places.here().cache)
        self.places.state.mkdir(parents=True)
        self.compose = folder / "compose.yaml"
        env = {
            "PULUMI_BACKEND_URL": f"file://{self.places.state}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            **variables,
        }
        self.cli = Cli(CHECKOUT, self.name, folder / "config.yaml", env)
        self.cli.create_stack(folder / "bare")

    def write(self, version):
        """Another version replaces both containers."""
        application = json.loads(json.dumps(APPLICATION))
        for service in application["services"].values():
            service["environment"] = {"VERSION": str(version)}
        self.compose.write_text(yaml.safe_dump({"name": self.name, **application}))
        config = {
            "pulumi:disable-default-providers": ["*"],
            "slipway:target": "docker",
            "slipway:compose": [str(self.compose)],
        }
        old = yaml.safe_load(self.cli.config.read_text()) if self.cli.config.exists() else {}
        self.cli.config.write_text(yaml.safe_dump({**old, "config": config}))

    def killed(self, verb, moment, kill):
        """Run `pulumi up` or `destroy`, and kill at the n-th line that tells of a docker resource.

        Returns:
            Whether there was such a line.
        """
        command = self.cli._command([verb, "--yes", "--skip-preview"], config=True)
        process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env={**os.environ, **self.cli.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        told = (line for line in process.stdout if "docker:index:" in line)
        found = next((line for number, line in enumerate(told) if number == moment), None)
        if found:
            kill(process.pid)
        process.stdout.read()
        process.stdout.close()
        process.wait()
        return found is not None

    def converges(self, version):
        """What `make up` does, once."""
        recover.run(self.places, self.cli)
        code, lines = self.cli.show(*stack._UP)
        assert code == 0, "\n".join(lines)
        for key in ("db", "web"):
            assert self.docker("exec", f"{self.name}-{key}-1", "sh", "-c", "echo $VERSION") == str(version)
        assert len(self.docker("ps", "--all", "--quiet", *self.ours).split()) == 2

    def first(self):
        """When the volume was first written to."""
        return self.docker("exec", f"{self.name}-db-1", "cat", "/data/first")

    def docker(self, *words):
        done = subprocess.run(
            ["docker", *words], env={**os.environ, **self.cli.env}, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    @property
    def ours(self):
        return ["--filter", f"label=com.docker.compose.project={self.name}"]

    def remove(self):
        with contextlib.suppress(subprocess.CalledProcessError):
            leftovers.remove(self.cli, [], volumes=True)


def kill_cli(pid):
    os.kill(pid, signal.SIGKILL)


def kill_plugin(pid):
    """The docker plugin of this CLI; the CLI itself goes on, and fails."""
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (path / "cmdline").read_bytes().split(b"\0")
            if daemons.parent(int(path.name)) == pid and (
                b"standins.docker" in words or words[0].endswith(b"pulumi-resource-docker")
            ):
                os.kill(int(path.name), signal.SIGKILL)


@pytest.fixture
def victim(tmp_path):
    made = Victim(tmp_path, {})
    yield made
    made.remove()


class Engine:
    """A Docker Engine in a network namespace of its own, to be killed and started again."""

    def __init__(self, folder):
        self.folder = folder
        self.places = Places(folder / "set-up", Places.here().cache)
        self.address = f"unix://{folder}/e.sock"
        self.space = folder.name
        subprocess.run(["ip", "netns", "add", self.space], check=True)

    def start(self):
        roots = ["--data-root", f"{self.folder}/data", "--exec-root", f"{self.folder}/run"]
        command = ["nsenter", f"--net=/var/run/netns/{self.space}", "dockerd", "--host", self.address, *roots]
        engine.forget_killed_containerd(self.folder / "run")
        ready = lambda: engine.ask(self.address) is engine.Answer.YES  # noqa: E731 - what `start` waits for
        daemons.start("dockerd", [*command, "--pidfile", f"{self.folder}/pid"], ready, self.places)

    def kill(self, _cli):
        (running,) = daemons.known(self.places)
        os.kill(running.pid, signal.SIGKILL)
        while running.running:
            time.sleep(0.05)

    def stop(self):
        """`dockerd` ends its containers and its containerd where it is asked, and not killed."""
        if not any(each.running for each in daemons.known(self.places)):
            self.start()
        for each in daemons.known(self.places):
            daemons.stop(each, self.places)
        subprocess.run(["ip", "netns", "delete", self.space], check=True)
        # it mounts its own folder, and one that is killed leaves that
        subprocess.run(["umount", "--recursive", f"{self.folder}/data"], check=False, capture_output=True)


@pytest.fixture
def own_engine():
    if os.geteuid() != 0:
        pytest.skip("an Engine of one's own needs root")
    # a socket's path has room for about a hundred characters, less than pytest's own folders take
    with tempfile.TemporaryDirectory(prefix="slipway-", ignore_cleanup_errors=True) as folder:
        made = Engine(Path(folder))
        try:
            made.start()
            root = str(base_image.make(made.places) / "root.tar")
            env = {**os.environ, "DOCKER_HOST": made.address}
            subprocess.run(["docker", "import", root, base_image.NAME], env=env, check=True, capture_output=True)
            yield made
        finally:
            made.stop()


def test_an_engine_that_is_killed_at_any_moment_is_converged_on_and_keeps_the_volume(own_engine, tmp_path):
    victim = Victim(tmp_path, {"DOCKER_HOST": own_engine.address})
    victim.write(0)
    victim.converges(0)
    first = victim.first()
    moment, there = 0, True
    while there:
        victim.write(moment + 1)
        there = victim.killed("up", moment, own_engine.kill)
        if there:
            own_engine.start()
        victim.converges(moment + 1)
        assert victim.first() == first
        moment += 3
    victim.remove()
    assert moment >= 9


@pytest.mark.parametrize("kill", [kill_cli, kill_plugin])
def test_a_first_deployment_that_is_killed_at_any_moment_converges(victim, kill):
    victim.write(0)
    moment = 0
    while victim.killed("up", moment, kill):
        victim.converges(0)
        victim.cli.show("destroy", "--yes", "--skip-preview")
        moment += 2
    assert moment >= 8


@pytest.mark.parametrize("kill", [kill_cli, kill_plugin])
def test_an_update_that_is_killed_at_any_moment_converges_and_keeps_the_volume(victim, kill):
    victim.write(0)
    victim.converges(0)
    first = victim.first()
    moment = version = 0
    while True:
        version += 1
        victim.write(version)
        killed = victim.killed("up", moment, kill)
        victim.converges(version)
        assert victim.first() == first
        if not killed:
            break
        moment += 1
    assert moment >= 4


@pytest.mark.parametrize("kill", [kill_cli, kill_plugin])
def test_a_destroy_that_is_killed_at_any_moment_can_be_run_again(victim, kill):
    moment, there = 0, True
    while there:
        victim.write(0)
        victim.converges(0)
        there = victim.killed("destroy", moment, kill)
        recover.run(victim.places, victim.cli)
        code, lines = victim.cli.show("destroy", "--yes", "--skip-preview")
        assert code == 0, "\n".join(lines)
        assert victim.docker("ps", "--all", "--quiet", *victim.ours) == ""
        assert victim.docker("network", "ls", "--quiet", *victim.ours) == ""
        moment += 3
    assert moment >= 6


def test_the_plugins_of_a_killed_cli_end_by_themselves_or_by_recovery(victim):
    here = replace(victim.places, checkout=CHECKOUT)
    victim.write(0)
    assert victim.killed("up", 3, kill_cli)
    recover._end_orphans(here)
    end = time.monotonic() + 10
    while recover.orphans(here):
        assert time.monotonic() < end
        time.sleep(0.1)
