"""Staging of build contexts: what a build may see, in a folder named by its content.

The docker-build plugin hashes file modes along with content, and a checkout's modes depend on the umask of whoever made
it. A staged context has modes 644 and 755 only, so that two checkouts of one commit are one context. Its folder's name
is the hash of what is in it: an unchanged context is no change, wherever it was checked out.

Files are copied, not linked: a hard link shares its mode with the original, and its content where an editor writes in
place.
"""

import hashlib
import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, Problem
from .ignore import FILE, Ignore, PatternError, parse
from .walk import Entry, Walk

STAGE = Path(".slipway", "contexts")
"""Where contexts are staged, below the folder that Pulumi runs in; it ignores itself for git."""

LAYOUT = b"2"
"""Changes with what `_copy` makes: a folder that another version has staged is not taken for one of this."""

KEPT = 3600
"""Seconds that a context of the same build is kept for, should another update be reading it."""

_REMOTE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://|git@|github\.com/")


@dataclass(frozen=True, kw_only=True)
class Staged:
    """A context as the builder takes it.

    Attributes:
        location: the folder, relative to where Pulumi runs.
        dockerfile: the Dockerfile; None: it is inline, or the context has none.
        files: how many.
        size: bytes, all files together.
    """

    location: str
    dockerfile: str | None
    files: int
    size: int


def is_remote(context: str) -> bool:
    """Whether a context is a URL: it is fetched by the builder, and not staged."""
    return _REMOTE.match(context) is not None


def stage(context: Path, key: str, where: str, *, dockerfile: Path | None = None, root: Path | None = None) -> Staged:
    """Copy what the build of `context` may see to `<root>/<key>/<hash>/`, unless it is there already.

    Args:
        context: an existing folder.
        key: names the build; its contexts of more than an hour ago are removed.
        where: what messages begin with.
        dockerfile: an existing file, in the context or elsewhere; it is staged beside the context, so that an ignore
            file may leave it out.
        root: see `STAGE`, its default.

    Raises:
        InputError: a file cannot be read, or an ignore file has a line without meaning.
    """
    root = STAGE if root is None else root
    ignore_file = _ignore_file(context, dockerfile)
    ignore = _ignore(ignore_file, where)
    walk = Walk(context, ignore, where, left_out=_own(context, root))
    entries = list(walk.entries())
    if walk.problems:
        raise InputError(walk.problems)
    beside = {path.name: path for path in (dockerfile, ignore_file) if path is not None and path.name != FILE}
    home = root / key
    target = home / _digest(context, entries, beside)
    if not target.is_dir():
        home.mkdir(parents=True, exist_ok=True)
        (root / ".gitignore").write_text("*\n")
        _copy(context, entries, beside, target)
    os.utime(target)
    _remove_old(home, time.time() - KEPT)
    return Staged(
        location=str(target / "context"),
        dockerfile=None if dockerfile is None else str(target / "dockerfile" / dockerfile.name),
        files=sum(entry.kind in {"file", "program"} for entry in entries),
        size=sum(entry.size for entry in entries),
    )


def _own(context: Path, root: Path) -> frozenset[str]:
    """Where a context has Slipway's own folder in it: state, passphrase and staged contexts belong in no image."""
    folders = (STAGE.parent.resolve(), root.resolve())
    return frozenset(os.path.relpath(folder, context.resolve()) for folder in folders)


def _remove_old(home: Path, before: float) -> None:
    for folder in home.iterdir():
        if folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)


def _ignore_file(context: Path, dockerfile: Path | None) -> Path | None:
    """`<Dockerfile>.dockerignore` beside the Dockerfile wins over the context's `.dockerignore`."""
    own = [dockerfile.with_name(dockerfile.name + FILE)] if dockerfile is not None else []
    return next((path for path in (*own, context / FILE) if path.is_file()), None)


def _ignore(file: Path | None, where: str) -> Ignore:
    if file is None:
        return Ignore()
    try:
        return parse(file.read_text(encoding="utf-8"))
    except PatternError as error:
        raise InputError(Problem(f'"{error}" in {file} is not a pattern', where, "mend the line")) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Problem(f"cannot read {file} ({_reason(error)})", where)) from None


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not UTF-8"


def _digest(context: Path, entries: list[Entry], beside: dict[str, Path]) -> str:
    digest = hashlib.sha256(LAYOUT)
    for entry in entries:
        _add(digest, os.fsencode(entry.path), entry.kind.encode(), _content(context / entry.path, entry.kind))
    for name, path in beside.items():
        _add(digest, os.fsencode(name), b"beside", _content(path, "file"))
    return digest.hexdigest()[:32]


def _add(digest: "hashlib._Hash", *parts: bytes) -> None:
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)


def _content(path: Path, kind: str) -> bytes:
    if kind == "folder":
        return b""
    if kind == "link":
        return os.fsencode(path.readlink())
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _copy(context: Path, entries: list[Entry], beside: dict[str, Path], target: Path) -> None:
    """Copy to a folder beside the target, then rename: a context is there whole, or not at all."""
    partial = Path(tempfile.mkdtemp(prefix="partial-", dir=target.parent))
    place, aside = partial / "context", partial / "dockerfile"
    for folder in (partial, place, aside):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
    for entry in entries:
        source, copy = context / entry.path, place / entry.path
        if entry.kind == "folder":
            copy.mkdir()
            copy.chmod(0o755)
        elif entry.kind == "link":
            copy.symlink_to(source.readlink())
        else:
            shutil.copyfile(source, copy)
            copy.chmod(0o755 if entry.kind == "program" else 0o644)
    for name, path in beside.items():
        shutil.copyfile(path, aside / name)
        (aside / name).chmod(0o644)
    partial.rename(target)
