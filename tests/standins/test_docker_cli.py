"""The docker stand-in under the real Pulumi CLI and engine, against a real Docker Engine.

Needs `pulumi` and its Python language host on PATH. All else (plugins, state, program) is the test's own.
"""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import docker
import pytest

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
MARKER = "hunter2-in-no-state"

PROGRAM = f"""
import os, pulumi, pulumi_docker as docker

name = os.environ["TEST_NAME"]
check = os.environ.get("TEST_CHECK", "true")
options = pulumi.ResourceOptions(provider=docker.Provider("engine"))
network = docker.Network("net", name=name, opts=options)
volume = docker.Volume("volume", name=name, opts=options)
image = docker.RemoteImage("image", name="debian:bookworm-slim", keep_locally=True, opts=options)
web = docker.Container(
    "web",
    name=name,
    image=image.image_id,
    command=["sleep", "600"],
    envs=["A=" + os.environ.get("TEST_A", "1"), pulumi.Output.secret("PASSWORD={MARKER}")],
    memory=int(os.environ.get("TEST_MEMORY", "64")),
    healthcheck={{"tests": ["CMD", check], "interval": "300ms", "timeout": "5s", "retries": 2}},
    wait=True,
    wait_timeout=int(os.environ.get("TEST_WAIT", "30")),
    networks_advanced=[{{"name": network.name, "aliases": ["web"]}}],
    ports=[{{"internal": 80}}],
    mounts=[{{"type": "volume", "source": volume.name, "target": "/data"}}],
    opts=options,
)
pulumi.export("id", web.id)
pulumi.export("port", web.ports[0].external)
"""


class Stack:
    """A stack of the test's own, with the stand-in as its docker plugin."""

    def __init__(self, folder, name):
        self.folder = folder
        self.name = name
        plugin = folder / "home" / "plugins" / "resource-docker-v5.2.0" / "pulumi-resource-docker"
        plugin.parent.mkdir(parents=True)
        plugin.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m standins.docker "$@"\n')
        plugin.chmod(0o755)
        program = folder / "program"
        program.mkdir()
        (program / "Pulumi.yaml").write_text("name: standin\nruntime: python\n")
        (program / "__main__.py").write_text(PROGRAM)
        (folder / "state").mkdir()
        self.environment = {
            **os.environ,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "TEST_NAME": name,
        }

    def command(self, *arguments):
        return ["pulumi", *arguments, "--non-interactive", "--stack", "test"]

    def run(self, *arguments, expect=0, **environment):
        """What the command printed."""
        done = self.done(*arguments, expect=expect, **environment)
        return done.stdout + done.stderr

    def parsed(self, *arguments):
        """The JSON that the command printed."""
        return json.loads(self.done(*arguments, expect=0).stdout)

    def done(self, *arguments, expect, **environment):
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.folder / "program",
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done

    def up(self, **environment):
        """The counts of an update: `{"create": 5, ...}`."""
        self.run("up", "--yes", "--skip-preview", **environment)
        return self.parsed("stack", "history", "--json", "--page-size", "1")[0]["resourceChanges"]

    def start(self, *arguments, **environment):
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.folder / "program",
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


@pytest.fixture
def engine():
    client = docker.from_env()
    yield client
    client.close()


@pytest.fixture
def stack(tmp_path, engine):
    name = f"slipway-standin-{uuid.uuid4().hex[:10]}"
    made = Stack(tmp_path, name)
    subprocess.run(
        ["pulumi", "stack", "init", "test"],
        cwd=tmp_path / "program",
        env=made.environment,
        check=True,
        capture_output=True,
    )
    yield made
    for container in engine.containers.list(all=True, filters={"name": name}):
        container.remove(force=True, v=True)
    for network in engine.networks.list(names=[name]):
        network.remove()
    for volume in engine.volumes.list(filters={"name": name}):
        volume.remove(force=True)


def plugins():
    """The process ids of the stand-ins that run."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"standins.docker" in entry.read_bytes():
                found.append(int(entry.parent.name))
        except OSError:
            continue  # it ended while we looked
    return set(found)


def until(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_a_stack_lives_from_the_first_update_to_its_end(stack, engine):
    """One test, because each step stands on the one before."""
    stack.run("preview")
    assert not engine.containers.list(all=True, filters={"name": stack.name})

    assert stack.up() == {"create": 6}
    first = engine.containers.get(stack.name).id

    assert stack.up() == {"same": 6}

    assert stack.up(TEST_MEMORY="80") == {"same": 5, "update": 1}
    assert engine.containers.get(stack.name).id == first
    assert engine.containers.get(stack.name).attrs["HostConfig"]["Memory"] == 80 * 1024 * 1024

    stack.run("refresh", "--yes", "--skip-preview", "--expect-no-changes", TEST_MEMORY="80")

    assert stack.up(TEST_MEMORY="80", TEST_A="2") == {"same": 5, "replace": 1}
    assert engine.containers.get(stack.name).id != first

    assert MARKER not in stack.run("stack", "export")

    stack.run("destroy", "--yes", "--skip-preview")
    assert not engine.containers.list(all=True, filters={"name": stack.name})
    assert not engine.networks.list(names=[stack.name])
    assert not engine.volumes.list(filters={"name": stack.name})


def test_what_was_removed_by_hand_is_made_again_after_a_refresh(stack, engine):
    stack.up()
    engine.containers.get(stack.name).remove(force=True)
    stack.run("refresh", "--yes", "--skip-preview")
    assert stack.up() == {"same": 5, "create": 1}


def test_a_container_that_never_gets_healthy_fails_the_update_and_is_replaced_by_the_next(stack, engine):
    output = stack.run("up", "--yes", "--skip-preview", expect=1, TEST_CHECK="false", TEST_WAIT="2")
    assert f'container "{stack.name}": container failed to be in healthy state' in output
    assert "Traceback" not in output
    assert engine.containers.get(stack.name).status == "running"
    assert stack.up(TEST_CHECK="true") == {"same": 5, "replace": 1}
    assert stack.up() == {"same": 6}


def test_an_interrupted_update_ends_at_once_and_the_next_converges(stack, engine):
    update = stack.start("up", "--yes", "--skip-preview", TEST_CHECK="false", TEST_WAIT="100")
    assert until(lambda: engine.containers.list(filters={"name": stack.name}))
    update.send_signal(signal.SIGINT)
    output, _ = update.communicate(timeout=30)
    assert "web: cancelled" in output
    assert stack.up() == {"same": 5, "replace": 1}


def test_the_plugin_ends_with_an_engine_that_is_killed(stack, engine):
    before = plugins()
    update = stack.start("up", "--yes", "--skip-preview", TEST_CHECK="false", TEST_WAIT="100")
    assert until(lambda: engine.containers.list(filters={"name": stack.name}))
    assert plugins() - before
    update.kill()
    update.wait()
    assert until(lambda: not plugins() - before)


def test_a_container_is_imported(stack, engine):
    stack.up()
    identity = engine.containers.get(stack.name).id
    (urn,) = [
        row["urn"]
        for row in stack.parsed("stack", "export")["deployment"]["resources"]
        if row["type"] == "docker:index/container:Container"
    ]
    stack.run("state", "delete", "--yes", urn)
    what = ("docker:index/container:Container", "web", identity)
    stack.run("import", *what, "--yes", "--skip-preview", "--generate-code=false", "--protect=false")
    rows = stack.parsed("stack", "export")["deployment"]["resources"]
    (row,) = [row for row in rows if row["type"] == "docker:index/container:Container"]
    assert row["id"] == identity
    assert (row["inputs"]["memory"], row["inputs"]["name"]) == (64, stack.name)
