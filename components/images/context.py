"""Staging of build contexts: what a build may see, in a folder named by its content.

The docker-build plugin hashes file modes along with content, and a checkout's modes depend on the umask of whoever made
it. A staged context has modes 644 and 755 only, so that two checkouts of one commit are one context. Its folder's name
is the hash of what is in it: an unchanged context is no change, wherever it was checked out.

Patterns of `.dockerignore` are matched by Docker's own Python client (https://docs.docker.com/build/concepts/context/).
"""

import hashlib
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from docker.utils.build import exclude_paths

STAGE = Path(".slipway", "contexts")
"""Where contexts are staged, below the folder that Pulumi runs in; it ignores itself for git."""


def is_remote(context: str) -> bool:
    """Whether a context is a URL: it is fetched by the builder, and not staged."""
    return "://" in context or context.startswith(("git@", "github.com/"))


def stage(context: Path, dockerfile: str, key: str, root: Path | None = None) -> Path:
    """Copy what the build of `context` may see to `<root>/<key>/<hash>`, unless it is there already.

    Args:
        context: an existing folder.
        dockerfile: path of the Dockerfile, relative to the context; it is staged even where an ignore file excludes it.
        key: names the build; earlier contexts of the same build are removed.
        root: see `STAGE`, its default.

    Returns:
        The staged folder, relative to where Pulumi runs.
    """
    root = STAGE if root is None else root
    ignore = _ignore_file(context, dockerfile)
    patterns = _patterns(ignore)
    entries = sorted(exclude_paths(str(context), [*patterns, f"!{dockerfile}"] if patterns else [], dockerfile))
    home = root / key
    target = home / _digest(context, entries)
    if not target.is_dir():
        home.mkdir(parents=True, exist_ok=True)
        (root / ".gitignore").write_text("*\n")
        _copy(context, entries, target)
    for other in home.iterdir():
        if other != target:
            shutil.rmtree(other, ignore_errors=True)
    return target


def _ignore_file(context: Path, dockerfile: str) -> Path:
    """`<Dockerfile>.dockerignore` wins over `.dockerignore`."""
    own = context / f"{dockerfile}.dockerignore"
    return own if own.is_file() else context / ".dockerignore"


def _patterns(ignore: Path) -> list[str]:
    if not ignore.is_file():
        return []
    lines = (line.strip() for line in ignore.read_text(encoding="utf-8-sig").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _mode(path: Path) -> int:
    return 0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644


def _digest(context: Path, entries: list[str]) -> str:
    digest = hashlib.sha256()
    for entry in entries:
        path = context / entry
        for part in _described(path, entry):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:32]


def _described(path: Path, entry: str) -> Iterator[bytes]:
    yield entry.encode()
    if path.is_symlink():
        yield b"link"
        yield str(path.readlink()).encode()
    elif path.is_dir():
        yield b"folder"
    elif path.is_file():
        yield f"{_mode(path):o}".encode()
        with path.open("rb") as file:
            yield hashlib.file_digest(file, "sha256").digest()


def _copy(context: Path, entries: list[str], target: Path) -> None:
    """Copy to a folder beside the target, then rename: a context is there whole, or not at all."""
    partial = Path(tempfile.mkdtemp(prefix="partial-", dir=target.parent))
    partial.chmod(0o755)
    for entry in entries:
        source, copy = context / entry, partial / entry
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_symlink():
            copy.symlink_to(source.readlink())
        elif source.is_dir():
            copy.mkdir(exist_ok=True)
        elif source.is_file():
            shutil.copyfile(source, copy)
            copy.chmod(_mode(source))
    for folder in (path for path in partial.rglob("*") if path.is_dir() and not path.is_symlink()):
        folder.chmod(0o755)
    partial.rename(target)
