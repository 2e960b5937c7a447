"""What a container has in memory: the entries of `tmpfs`, as the Engine takes them."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..model import Mount, TmpfsOptions

UNITS: Mapping[str, int] = {"": 1, "b": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


@dataclass(frozen=True, slots=True)
class Memory:
    """A folder in memory.

    Attributes:
        path: absolute, in the container.
        size: bytes at most; None: the file does not say.
        options: every other option, as it is written: `noexec`, `mode=1770`.
    """

    path: str
    size: int | None = None
    options: tuple[str, ...] = ()


def of(entry: str) -> Memory:
    """`/run:size=64m,noexec` (https://docs.docker.com/engine/storage/tmpfs/#tmpfs-options)."""
    path, _, written = entry.partition(":")
    options = [each for each in written.split(",") if each]
    sizes = [each.removeprefix("size=") for each in options if each.startswith("size=")]
    others = tuple(each for each in options if not each.startswith("size="))
    return Memory(path, _bytes(sizes[-1]) if sizes else None, others)


def of_mount(mount: Mount) -> Memory:
    """An entry of `volumes` whose type is tmpfs."""
    given = mount.tmpfs or TmpfsOptions()
    return Memory(mount.target, given.size, () if given.mode is None else (f"mode={given.mode:o}",))


def _bytes(text: str) -> int | None:
    """`64m` in bytes; None for what is no number, such as a share of the memory."""
    number = text.rstrip("bkmgBKMG")
    unit = text[len(number) :].lower()
    return int(number) * UNITS[unit] if number.isdigit() and unit in UNITS else None
