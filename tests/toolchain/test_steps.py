"""What set-up prints."""

import io
import re
import time

import pytest

from toolchain.steps import Steps


def test_a_step_is_one_line_with_how_and_how_long():
    out = io.StringIO()
    with Steps(out).step("pulumi 3.259.0") as step:
        step.outcome = "reused"
    assert re.fullmatch(r"pulumi 3\.259\.0 \.{18} reused +0\.0 s\n", out.getvalue())


def test_a_failed_step_says_so():
    out = io.StringIO()
    with pytest.raises(ZeroDivisionError), Steps(out).step("engine"):
        raise ZeroDivisionError
    assert "engine .......................... failed" in out.getvalue()


def test_a_long_step_shows_that_it_is_alive():
    out = io.StringIO()
    steps = Steps(out, quiet=0.05)
    with steps.alive(), steps.step("build"):
        time.sleep(0.3)
    assert out.getvalue().count("build ........................... still at it") >= 2


def test_on_a_terminal_the_running_steps_share_one_moving_line():
    out = io.StringIO()
    out.isatty = lambda: True
    steps = Steps(out)
    with steps.alive(), steps.step("build"), steps.step("apt"):
        time.sleep(0.5)
    assert "build 0 s, apt 0 s" in out.getvalue()
    assert out.getvalue().endswith(" s\n")
