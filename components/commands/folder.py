"""A folder of files that `render -o` writes: what an earlier run wrote goes, what others wrote stays.

The file `LIST` in the folder names what is Slipway's there. Nothing else in the folder is read, changed or removed.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError, Problem

LIST = ".slipway-files"
"""Hidden, so that no tool that takes every file of a folder takes it."""
_HEAD = "# what `render` wrote here, a name a line; the next run removes what it does not write again\n"


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a run did to a folder; names in alphabetical order.

    Attributes:
        files: what was asked for.
        changed: of these, what is new or different.
        removed: what an earlier run wrote, and this one did not.
        foreign: what is beside it and was left alone.
    """

    files: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    foreign: tuple[str, ...]

    def __str__(self) -> str:
        text = f"files: {len(self.files)}, changed: {len(self.changed)}"
        if self.removed:
            text += f"; removed: {', '.join(self.removed)}"
        return text + (f"; left alone, not Slipway's: {', '.join(self.foreign)}" if self.foreign else "")


def write(folder: Path, files: Mapping[str, str | bytes]) -> Written:
    """Make a folder contain these files, beside what others put there.

    Args:
        folder: made where it is missing.
        files: name, without a folder -> content.

    Raises:
        InputError: a file of such a name is there and is not Slipway's, or the folder cannot be written; nothing was.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        own = _own(folder)
        there = {path.name for path in folder.iterdir() if path.name != LIST}
        changed = [name for name in files if _content(folder / name) != _bytes(files[name])]
        taken = sorted(set(changed) & there - own)
        if taken:
            fix = "remove it or choose another folder"
            raise InputError(
                [Problem("it is there already, and not written by Slipway", str(folder / name), fix) for name in taken]
            )
        removed = sorted((own & there) - files.keys())
        # the list first: what is written after a kill in between is known as Slipway's
        _replace(folder / LIST, _HEAD + "".join(f"{name}\n" for name in sorted({*files, *removed})))
        for name in changed:
            _replace(folder / name, files[name])
        for name in removed:
            (folder / name).unlink()
        if removed:
            _replace(folder / LIST, _HEAD + "".join(f"{name}\n" for name in sorted(files)))
    except OSError as error:
        raise InputError(
            Problem(f"cannot be written ({error.strerror})", str(folder), "choose another folder")
        ) from None
    return Written(
        files=tuple(sorted(files)),
        changed=tuple(sorted(changed)),
        removed=tuple(removed),
        foreign=tuple(sorted(there - own - files.keys())),
    )


def _own(folder: Path) -> set[str]:
    """Names that the list has; what is no plain name was not written by a run, and is not followed."""
    listed = (_content(folder / LIST) or b"").decode(errors="replace").splitlines()
    return {name for name in listed if name and not name.startswith("#") and Path(name).name == name}


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


def _replace(path: Path, content: str | bytes) -> None:
    """The old content or the new one, whenever it is looked at."""
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(_bytes(content))
    os.replace(new, path)  # noqa: PTH105 - the name says what it does to a file that is there
