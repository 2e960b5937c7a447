"""The cache outside the checkout: a folder per tool and version that is either whole or not there."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file; another set-up waits. The kernel lifts it when the holder dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def install(folder: Path, fill: Callable[[Path], None]) -> bool:
    """Make `folder` exist, whole: filled elsewhere first, then renamed into place.

    A run killed half-way leaves a temporary folder beside it, which the next one removes. Of two runs at once the
    second waits and finds it done.

    Args:
        folder: what must exist; its parent is made.
        fill: writes the content into the empty folder that it is given.

    Returns:
        Whether it was filled now; false where it was there.
    """
    if folder.is_dir():
        return False
    with locked(folder.parent / f".{folder.name}.lock"):
        if folder.is_dir():
            return False
        for left in folder.parent.glob(f".{folder.name}.new-*"):
            shutil.rmtree(left)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.new-", dir=folder.parent))
        try:
            fill(fresh)
            fresh.chmod(0o755)
            fresh.rename(folder)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
    return True


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file that a reader sees whole or not at all, and that never had another mode than `mode`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    fresh = Path(name)
    fresh.chmod(mode)
    fresh.replace(path)


def link(path: Path, target: Path) -> None:
    """Make `path` a symbolic link to `target`, replacing in one move what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.parent / f".{path.name}.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(path)
