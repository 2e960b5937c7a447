"""Which locks are dead, and which plugins are orphans."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from toolchain import recover
from toolchain.pulumi import Cli


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


@pytest.fixture
def cli(places):
    """The CLI on the project's own backend; no test here calls it."""
    env = {"PULUMI_BACKEND_URL": f"file://{places.state}"}
    return Cli(places.checkout, "local", places.own / "config.yaml", env)


def test_dead_locks_are_lifted_and_told(places, lock, cli):
    path = lock(pid=dead_pid())
    assert "1 dead lock" in recover.unlock(places, cli)
    assert not path.exists()


def test_a_lock_of_a_living_process_stays_and_is_told(places, lock, cli, refused):
    path = lock(username="me", timestamp="2999-01-01T00:00:00Z")
    assert refused(recover.unlock, places, cli) == (
        f"stack local: another update of it runs (process {os.getpid()} of me on {socket.gethostname()}, "
        f"since 2999-01-01T00:00:00Z); wait until it has ended; if you are sure that none runs, remove {path}"
    )
    assert path.exists()


def test_a_lock_of_another_host_stays_and_is_told(places, lock, cli, refused):
    path = lock(pid=1, username="you", hostname="elsewhere", timestamp="2026-01-01T00:00:00Z")
    assert refused(recover.unlock, places, cli) == (
        "stack local: another update of it runs (process 1 of you on elsewhere, since 2026-01-01T00:00:00Z); "
        f"wait until it has ended; if you are sure that none runs, remove {path}"
    )
    assert path.exists()


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_a_lock_that_cannot_be_read_stays_and_is_told(places, lock, cli, refused, text):
    path = lock()
    path.write_text(text)
    assert refused(recover.unlock, places, cli) == (
        f"stack local: it is locked, and the lock cannot be read; if you are sure that none runs, remove {path}"
    )


def test_attributes_that_a_kill_tore_are_removed_and_others_stay(places, cli):
    folder = places.state / ".pulumi/stacks/slipway"
    folder.mkdir(parents=True)
    for name, text in {"local.json": "{}", "local.json.attrs": "", "local.json.bak.attrs": '{"md5": ""}'}.items():
        (folder / name).write_text(text)
    assert "1 torn file" in recover.unlock(places, cli)
    assert sorted(path.name for path in folder.iterdir()) == ["local.json", "local.json.bak.attrs"]


def test_locks_of_a_backend_of_the_users_own_are_not_judged(places, lock, cli):
    path = lock(pid=dead_pid())
    cli.env = {"PULUMI_BACKEND_URL": "s3://bucket"}
    recover.unlock(places, cli)
    assert path.exists()


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
