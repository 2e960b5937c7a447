"""Staging of build contexts: what a build may see, in a folder named by its content.

The docker-build plugin hashes file modes along with content, and a checkout's modes depend on the umask of whoever made
it. A staged context has modes 644 and 755 only, so that two checkouts of one commit are one context. Its folder's name
is the hash of what is in it: an unchanged context is no change, wherever it was checked out.

Files are copied, not linked: a hard link shares its mode with the original, and its content where an editor writes in
place.
"""

import errno
import hashlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, Problem
from .ignore import Ignore, PatternError, Results, parse

STAGE = Path(".slipway", "contexts")
"""Where contexts are staged, below the folder that Pulumi runs in; it ignores itself for git."""

IGNORE = ".dockerignore"
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


@dataclass(frozen=True, slots=True)
class Entry:
    """One path of a context.

    Attributes:
        path: relative, with slashes.
        kind: `folder`, `file` (mode 644), `program` (mode 755) or `link`.
        size: bytes of a file.
    """

    path: str
    kind: str
    size: int = 0


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
    problems: list[Problem] = []
    entries = list(_entries(context, ignore, where, problems))
    if problems:
        raise InputError(problems)
    beside = {path.name: path for path in (dockerfile, ignore_file) if path is not None and path.name != IGNORE}
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
        dockerfile=None if dockerfile is None else str(target / dockerfile.name),
        files=sum(entry.kind in {"file", "program"} for entry in entries),
        size=sum(entry.size for entry in entries),
    )


def _remove_old(home: Path, before: float) -> None:
    for folder in home.iterdir():
        if folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)


def _ignore_file(context: Path, dockerfile: Path | None) -> Path | None:
    """`<Dockerfile>.dockerignore` beside the Dockerfile wins over the context's `.dockerignore`."""
    own = [dockerfile.with_name(dockerfile.name + IGNORE)] if dockerfile is not None else []
    return next((path for path in (*own, context / IGNORE) if path.is_file()), None)


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


def _entries(context: Path, ignore: Ignore, where: str, problems: list[Problem]) -> Iterator[Entry]:
    """What a build may see, sorted; a folder that is left out is seen where something below it is."""
    yield from _below(str(context), "", ignore, (), where, problems)


def _below(
    folder: str, prefix: str, ignore: Ignore, above: Results, where: str, problems: list[Problem]
) -> Iterator[Entry]:
    try:
        with os.scandir(folder) as found:
            children = sorted(found, key=lambda child: child.name)
    except OSError as error:
        problems.append(_unreadable(folder, error, where))
        return
    for child in children:
        path = prefix + child.name
        out, results = ignore.left_out(path, above)
        if child.is_dir(follow_symlinks=False):
            if out and not ignore.has_exceptions:
                continue
            below = _below(child.path, f"{path}/", ignore, results, where, problems)
            first = next(below, None)
            if not out or first is not None:
                yield Entry(path, "folder")
            if first is not None:
                yield first
                yield from below
        elif not out:
            yield from _leaf(child, path, where, problems)


def _leaf(child: os.DirEntry[str], path: str, where: str, problems: list[Problem]) -> Iterator[Entry]:
    """A file or a link; sockets, pipes and devices are no part of a context."""
    try:
        if child.is_symlink():
            _check_link(Path(child.path), where, problems)
            yield Entry(path, "link")
        elif child.is_file(follow_symlinks=False):
            status = child.stat(follow_symlinks=False)
            if not os.access(child.path, os.R_OK, effective_ids=True):
                raise PermissionError(13, "Permission denied")
            yield Entry(path, "program" if status.st_mode & 0o100 else "file", status.st_size)
    except OSError as error:
        problems.append(_unreadable(child.path, error, where))


def _check_link(link: Path, where: str, problems: list[Problem]) -> None:
    how = _unfit(link)
    if how:
        fix = f"make it in the Dockerfile (RUN ln -s), or name it in {IGNORE}"
        problems.append(
            Problem(f'the build context has a link "{link}" {how}, which the builder would read', where, fix)
        )


def _unfit(link: Path) -> str:
    """The plugin opens what a staged link leads to, for its own hash: it fails on a ring, and waits for ever on a pipe.

    A relative link out of the context leads nowhere from the stage, and so does one to what is not staged.
    """
    to = link.readlink()
    if str(to) == os.devnull:
        return ""
    if to.is_relative_to("/dev") or to.is_relative_to("/proc"):  # the plugin's may be other than this program's
        return f"to {to}"
    try:
        mode = link.stat().st_mode
    except OSError as error:
        return "in a ring" if error.errno == errno.ELOOP else ""
    return "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) or not to.is_absolute() else f"to {to}"


def _unreadable(path: str, error: OSError, where: str) -> Problem:
    fix = f"make it readable, or name it in {IGNORE}"
    return Problem(f'the build context has "{path}", which cannot be read ({error.strerror})', where, fix)


def _digest(context: Path, entries: list[Entry], beside: dict[str, Path]) -> str:
    digest = hashlib.sha256()
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
    place = partial / "context"
    for folder in (partial, place):
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
        shutil.copyfile(path, partial / name)
        (partial / name).chmod(0o644)
    partial.rename(target)
