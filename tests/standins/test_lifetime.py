"""A plugin ends with its engine: here the engine is a process of the test's own, killed without warning."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# starts the plugin as the engine does, tells its process id and port, and waits to be killed
ENGINE = """
import subprocess, sys, time
plugin = subprocess.Popen([sys.executable, "-m", "standins.docker", *sys.argv[1:]], stdout=subprocess.PIPE, text=True)
print(plugin.pid, plugin.stdout.readline(), flush=True)
time.sleep(60)
"""


def start(*arguments):
    engine = subprocess.Popen(
        [sys.executable, "-c", ENGINE, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    plugin, port = engine.stdout.readline().split()
    return engine, int(plugin), int(port)


def ended(pid, seconds=10.0):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def running():
    started = []

    def run(*arguments):
        started.append(start(*arguments))
        return started[-1]

    yield run
    for engine, plugin, _ in started:
        engine.kill()
        engine.wait()
        if not ended(plugin, 0.1):
            os.kill(plugin, signal.SIGKILL)


def test_the_plugin_prints_the_port_that_it_listens_on(running):
    _, _, port = running()
    with socket.create_connection(("127.0.0.1", port), timeout=5):
        pass


def test_the_plugin_ends_when_its_engine_is_killed(running):
    engine, plugin, _ = running()
    engine.send_signal(signal.SIGKILL)
    engine.wait()
    assert ended(plugin)


def test_the_plugin_ends_when_nothing_listens_on_the_engines_address_any_more(running):
    """Where a wrapper stays between engine and plugin, the parent process outlives the engine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        _, plugin, _ = running(f"127.0.0.1:{server.getsockname()[1]}")
        assert not ended(plugin, 3.0)
    assert ended(plugin)


def test_the_plugin_ends_when_it_is_told_to(running):
    _, plugin, _ = running()
    os.kill(plugin, signal.SIGTERM)
    assert ended(plugin)
