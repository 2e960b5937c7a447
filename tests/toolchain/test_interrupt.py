"""Ctrl-C and SIGTERM, sent to processes of the test's own."""

import os
import signal
import subprocess
import sys
import time

import pytest

MESSAGE = "stopped; run it again, and it goes on from here\n"
SETUP = """
from concurrent.futures import ThreadPoolExecutor
from toolchain import interrupt, shell
interrupt.watch()
with ThreadPoolExecutor() as pool:
    pool.submit(shell.run, ["sh", "-c", "echo $$ > pid; exec sleep 60"]).result()
"""
UPDATE = '''
import subprocess
from toolchain import interrupt
interrupt.watch()
program = """
trap 'echo ending >> said; sleep 0.5; echo ended >> said; exit 1' INT TERM
echo $$ > pid
while :; do sleep 0.1; done
"""
with subprocess.Popen(["sh", "-c", program], text=True) as process, interrupt.child(process, patient=True):
    process.wait()
'''


def until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def start(tmp_path, request):
    """A program that has begun its work, in a process group of its own as in a terminal."""
    processes = []

    def run(code):
        env = {**os.environ, "PYTHONPATH": str(request.config.rootpath)}
        process = subprocess.Popen(
            [sys.executable, "-c", "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n" + code],
            cwd=tmp_path,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        processes.append(process)
        until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().endswith("\n"))
        return process, int((tmp_path / "pid").read_text())

    yield run
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_set_up_ends_its_tools_and_itself_at_once(start, number):
    process, child = start(SETUP)
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, "", MESSAGE)
    until(lambda: gone(child))


def test_an_update_ends_what_is_under_way_after_ctrl_c(start, tmp_path):
    """As in a terminal: the signal goes to both, and the update's own handling of it is not disturbed."""
    process, child = start(UPDATE)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, MESSAGE)
    assert (tmp_path / "said").read_text() == "ending\nended\n"
    until(lambda: gone(child))


def test_sigterm_is_passed_on_to_an_update(start, tmp_path):
    process, child = start(UPDATE)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, MESSAGE)
    assert (tmp_path / "said").read_text() == "ending\nended\n"
    until(lambda: gone(child))
