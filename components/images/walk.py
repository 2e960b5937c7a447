"""Walking a build context: every path that a build may see, and what is in the way of reading it."""

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import Problem
from .ignore import FILE, Ignore, Results


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


@dataclass(frozen=True)
class Walk:
    """One walk of one context.

    Attributes:
        context: the folder.
        ignore: its ignore file.
        where: what messages begin with.
        left_out: paths that are no part of it, whatever the ignore file says.
        problems: found on the way.
    """

    context: Path
    ignore: Ignore
    where: str
    left_out: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)

    def entries(self) -> Iterator[Entry]:
        """What a build may see, sorted; a folder that is left out is seen where something below it is."""
        return self._below(str(self.context), "", ())

    def _below(self, folder: str, prefix: str, above: Results) -> Iterator[Entry]:
        try:
            with os.scandir(folder) as found:
                children = sorted(found, key=lambda child: child.name)
        except OSError as error:
            self.problems.append(self._unreadable(folder, error))
            return
        for child in children:
            path = prefix + child.name
            if path in self.left_out:
                continue
            out, results = self.ignore.left_out(path, above)
            if child.is_dir(follow_symlinks=False):
                if out and not (self.ignore.has_exceptions and _readable(child, os.R_OK | os.X_OK)):
                    continue
                below = self._below(child.path, f"{path}/", results)
                first = next(below, None)
                if not out or first is not None:
                    yield Entry(path, "folder")
                if first is not None:
                    yield first
                    yield from below
            elif not out:
                yield from self._leaf(child, path)

    def _leaf(self, child: os.DirEntry[str], path: str) -> Iterator[Entry]:
        """A file or a link; sockets, pipes and devices are no part of a context."""
        try:
            if child.is_symlink():
                self._check_link(Path(child.path))
                yield Entry(path, "link")
            elif child.is_file(follow_symlinks=False):
                status = child.stat(follow_symlinks=False)
                if not _readable(child, os.R_OK):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
                yield Entry(path, "program" if status.st_mode & 0o100 else "file", status.st_size)
        except OSError as error:
            self.problems.append(self._unreadable(child.path, error))

    def _check_link(self, link: Path) -> None:
        how = _unfit(link)
        if how:
            fix = f"make it in the Dockerfile (RUN ln -s), or name it in {FILE}"
            self.problems.append(
                Problem(f'the build context has a link "{link}" {how}, which the builder would read', self.where, fix)
            )

    def _unreadable(self, path: str, error: OSError) -> Problem:
        fix = f"make it readable, or name it in {FILE}"
        return Problem(f'the build context has "{path}", which cannot be read ({error.strerror})', self.where, fix)


def _readable(entry: os.DirEntry[str], mode: int) -> bool:
    return os.access(entry.path, mode, effective_ids=True)


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
