"""What only a process shows: no Pulumi is loaded, a closed pipe and Ctrl-C are quiet."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
VERBS = [
    ["check", "--target", "docker"],
    ["config"],
    ["render", "--target", "docker", "--accept", "services.*.deploy"],
    ["support"],
]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_a_verb_loads_no_pulumi(folder: Path, verb: list[str]) -> None:
    code = (
        "import sys; from components.__main__ import main; main(sys.argv[1:]);"
        "print(sorted(name for name in sys.modules if name.split('.')[0].startswith('pulumi')), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *verb], capture_output=True, text=True, check=True, env=ENVIRONMENT
    )
    assert done.stderr == "[]\n"


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_a_closed_pipe_is_quiet(folder: Path, verb: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "components", *verb], stdout=writer, stderr=subprocess.PIPE, check=False, env=ENVIRONMENT
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_ctrl_c_is_quiet(folder: Path) -> None:
    # a shell's background jobs inherit that the signal is ignored; the verb runs as it would in the foreground.
    # A stand-in for a loader that takes long says when the verb is at work.
    start = (
        "import runpy, signal, sys, time; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from components import compose; compose.load = lambda *a, **k: (print('reading', flush=True), time.sleep(20));"
        "sys.argv = ['components', 'check', '--target', 'docker'];"
        "runpy.run_module('components', run_name='__main__')"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", start], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"reading\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, b"", b"")


def test_help_of_check_describes_its_json(run) -> None:
    done = run("check", "--help")
    assert done.code == 0
    assert all(word in done.out for word in ("findings", "problems", "refused", "verdict"))
