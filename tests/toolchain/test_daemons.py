"""Daemons: started detached, listed, and ended only while the pid is still theirs."""

import json
import os
import subprocess
from dataclasses import asdict, replace

import pytest

from toolchain import commands, daemons


@pytest.fixture
def daemon(places):
    daemons.start("sleeper", ["sleep", "60"], lambda: True, places)
    (found,) = daemons.known(places)
    yield found
    daemons.stop(found, places)


def test_a_daemon_is_listed_with_pid_and_start(places, daemon, capsys):
    commands._status(places, ())
    line = capsys.readouterr().out
    assert line.startswith(f"{daemon.pid:>8}  sleeper      runs, started 20")


def test_a_daemon_does_not_get_the_signals_of_our_terminal(daemon):
    assert os.getsid(daemon.pid) == daemon.pid != os.getsid(0)


def test_stop_ends_it_and_forgets_it(places, daemon):
    assert daemons.stop(daemon, places)
    assert not daemon.running
    assert list(daemons.known(places)) == []


def test_a_pid_that_is_another_process_by_now_is_left_alone(places):
    other = subprocess.Popen(["sleep", "60"])
    try:
        record = daemons.Daemon("sleeper", other.pid, daemons.started(other.pid) - 1, 0.0)
        places.run.mkdir(parents=True)
        (places.run / "sleeper.json").write_text(json.dumps(asdict(record)))
        assert not daemons.stop(record, places)
        assert other.poll() is None
        assert list(daemons.known(places)) == []
    finally:
        other.kill()
        other.wait()


def test_a_process_that_ended_is_not_running_even_as_a_zombie(daemon):
    os.kill(daemon.pid, 9)
    while daemons.started(daemon.pid) is not None:
        pass
    assert not daemon.running
    assert replace(daemon, pid=2**22 + 1).running is False


def test_one_that_ends_at_once_is_told_with_its_last_words(places, refused):
    command = ["sh", "-c", "echo no such key >&2; exit 3"]
    message = refused(daemons.start, "broken", command, lambda: False, places)
    assert message == "start broken: ended with code 3\n    no such key"


def test_without_daemons_status_says_so(places, capsys):
    commands._status(places, ())
    assert capsys.readouterr().out == "set-up started no daemon from here\n"
