"""The virtual environment `.venv`, with what requirements.txt and the dev group pin."""

import hashlib
import os
import shutil
import sys
from pathlib import Path

from components.errors import InputError, Problem

from . import apt
from .places import Places
from .shell import run, succeeds
from .table import PIP

_FIX = "see whether a Python package index answers (`pip download pip`)"


def ensure(places: Places) -> str:
    """Make `.venv` hold exactly what is pinned.

    Returns:
        How it came: reused, or installed.

    Raises:
        InputError: Python is too old, `venv` is missing and cannot be installed, or pip fails.
    """
    if sys.version_info < (3, 11):  # noqa: UP036 - the one place that runs on a Python that is too old
        found = ".".join(map(str, sys.version_info[:3]))
        raise InputError(Problem(f"Python {found} is too old", "set-up", "install Python 3.11 or newer"))
    stamp = _stamp(places)
    wanted = _digest(places)
    if stamp.is_file() and stamp.read_text() == wanted:
        return "reused"
    stamp.unlink(missing_ok=True)
    if not succeeds([sys.executable, "-c", "import ensurepip, venv"]):
        apt.install(["python3-venv"])
    if not succeeds([str(places.python), "-m", "pip", "--version"]):
        shutil.rmtree(places.venv, ignore_errors=True)
        run([sys.executable, "-m", "venv", str(places.venv)])
    pip = [str(places.python), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    run([*pip, f"pip=={PIP}"], fix=_FIX)
    run([*pip, "--requirement", "requirements.txt", "--group", "dev"], cwd=places.checkout, fix=_FIX)
    stamp.write_text(wanted)
    return "installed"


def is_there(places: Places) -> bool:
    """Whether the virtual environment is whole, if perhaps of older pins."""
    return _stamp(places).is_file()


def _stamp(places: Places) -> Path:
    return places.venv / ".installed"


def _digest(places: Places) -> str:
    """Changes with the pins, and with the Python that the environment belongs to."""
    digest = hashlib.sha256(os.path.realpath(sys.executable).encode())
    for name in ("requirements.txt", "pyproject.toml"):
        digest.update((places.checkout / name).read_bytes())
    return digest.hexdigest()
