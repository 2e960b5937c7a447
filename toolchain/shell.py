"""Running a tool: its output is kept, and shown only where it failed."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from components.errors import InputError, Problem

from . import interrupt

_TAIL_LINES = 15


def run(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str = "",
    seconds: float | None = None,
    fix: str = "",
) -> str:
    """Run a command to its end, without a terminal on its input.

    Args:
        command: program and arguments.
        cwd: folder to run in, default the current one.
        env: variables set in addition to this process's own.
        stdin: text for its standard input, the only way that a secret is passed.
        seconds: how long it may take, default without limit.
        fix: what to do where it fails, if that is not plain from its own words.

    Returns:
        What it printed on standard output.

    Raises:
        InputError: it is missing, ended with another code than 0, or took too long; with the end of its output.
    """
    shown = " ".join(command[:4])
    try:
        process = subprocess.Popen(
            list(command),
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    except FileNotFoundError as error:
        raise InputError(Problem(f"no {command[0]} on PATH", where=shown, fix="install it")) from error
    with process, interrupt.child(process):
        try:
            out, err = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise InputError(Problem(f"no answer within {seconds:.0f} s", where=shown)) from error
    if process.returncode != 0:
        said = tail(out, err)
        what = f"ended with code {process.returncode}"
        raise InputError(Problem(what, shown, fix + said) if fix else Problem(what + said, shown))
    return out


def succeeds(command: Sequence[str], *, env: Mapping[str, str] | None = None, seconds: float = 30) -> bool:
    """Whether a command is there and ends with code 0 within `seconds`."""
    try:
        run(command, env=env, seconds=seconds)
    except InputError:
        return False
    return True


def tail(*outputs: str) -> str:
    """The last lines of what a tool printed, indented under the message that they explain."""
    lines = [line for output in outputs for line in output.splitlines() if line.strip()]
    return "".join(f"\n    {line}" for line in lines[-_TAIL_LINES:])
