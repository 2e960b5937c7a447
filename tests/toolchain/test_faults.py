"""Killed at any moment, the next `make up` converges without a hand, and no volume is lost.

The moments are those of the CLI's own progress lines, a kill at each: before and after every call of the docker plugin
as far as the CLI tells it in time.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from toolchain import base_image, daemons, leftovers, recover
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
        code, lines = self.cli.show("up", "--yes", "--skip-preview")
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
        moment += 2
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
