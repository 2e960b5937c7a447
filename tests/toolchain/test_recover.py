"""Which locks are dead, and which plugins are orphans."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from toolchain import recover


@pytest.fixture
def lock(places):
    folder = places.state / ".pulumi/locks/organization/slipway/local"
    folder.mkdir(parents=True)

    def write(**changed):
        content = {"pid": os.getpid(), "hostname": socket.gethostname(), "timestamp": now(), **changed}
        path = folder / "1234.json"
        path.write_text(json.dumps(content))
        return path

    return write


def now(**earlier):
    return (datetime.now(UTC) - timedelta(**earlier)).isoformat().replace("+00:00", "123Z")


def dead_pid():
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_a_lock_of_a_dead_process_is_dead(places, lock):
    path = lock(pid=dead_pid())
    assert recover.dead_locks(places.state, "local") == [path]


def test_a_lock_of_a_living_process_is_not(places, lock):
    lock()
    assert recover.dead_locks(places.state, "local") == []


def test_a_lock_of_another_host_is_never_judged(places, lock):
    lock(pid=dead_pid(), hostname="elsewhere")
    assert recover.dead_locks(places.state, "local") == []


def test_a_lock_older_than_the_process_with_its_pid_is_dead(places, lock):
    path = lock(timestamp=now(days=400))
    assert recover.dead_locks(places.state, "local") == [path]


def test_a_lock_that_cannot_be_read_is_not_judged(places, lock):
    lock().write_text("{")
    assert recover.dead_locks(places.state, "local") == []


def test_a_lock_of_another_stack_is_left_alone(places, lock):
    lock(pid=dead_pid())
    assert recover.dead_locks(places.state, "other") == []


def plugin(places, *, detached):
    """A program where a plugin of this checkout would be; detached: its parent ends at once, as a killed CLI's does."""
    program = places.home / "plugins" / "resource-x-v1.0.0" / "pulumi-resource-x"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.unlink(missing_ok=True)
    program.symlink_to("/bin/sleep")
    if not detached:
        return subprocess.Popen([str(program), "60"])
    code = f"import subprocess; print(subprocess.Popen([{str(program)!r}, '60'], stdout=2).pid)"
    return int(subprocess.check_output([sys.executable, "-c", code]))


def test_a_plugin_whose_cli_is_gone_is_an_orphan(places):
    pid = plugin(places, detached=True)
    assert recover.orphans(places) == [pid]
    recover._end_orphans(places)
    while recover.orphans(places):
        pass


def test_a_plugin_whose_starter_lives_is_none(places):
    process = plugin(places, detached=False)
    try:
        assert recover.orphans(places) == []
    finally:
        process.kill()
        process.wait()
