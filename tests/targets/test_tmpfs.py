"""What a `tmpfs` entry says."""

import pytest

from components.model import Bytes, Mount, TmpfsOptions
from components.targets.tmpfs import Memory, of, of_mount


@pytest.mark.parametrize(
    ("entry", "memory"),
    [
        ("/run", Memory("/run")),
        ("/run:size=100", Memory("/run", 100)),
        ("/run:mode=755,size=2G", Memory("/run", 2 * 1024**3, ("mode=755",))),
        ("/run:size=half", Memory("/run")),
        ("/run:size=64q", Memory("/run")),
        ("/run:noexec,size=1k,ro", Memory("/run", 1024, ("noexec", "ro"))),
    ],
)
def test_an_entry_has_a_size_where_it_is_a_number_and_its_other_options(entry: str, memory: Memory) -> None:
    assert of(entry) == memory


def test_a_mount_says_the_same_in_keys() -> None:
    mount = Mount(type="tmpfs", target="/run", tmpfs=TmpfsOptions(size=Bytes(1024), mode=0o1770))
    assert of_mount(mount) == Memory("/run", 1024, ("mode=1770",))
    assert of_mount(Mount(type="tmpfs", target="/run")) == Memory("/run")
