"""Debian's packages, where set-up may install them."""

import os
import shutil
from collections.abc import Sequence

from components.errors import InputError, Problem

from . import cache
from .places import Places
from .shell import run, succeeds

_SECONDS = 600.0
_ENV = {"DEBIAN_FRONTEND": "noninteractive"}


def install(packages: Sequence[str]) -> None:
    """Install what is missing of `packages`, without asking.

    Raises:
        InputError: this is no Debian, or we are not root; the message names the command.
    """
    missing = [name for name in packages if not _installed(name)]
    if not missing:
        return
    command = f"apt-get install {' '.join(missing)}"
    if shutil.which("apt-get") is None:
        raise InputError(Problem(f"{', '.join(missing)} missing", "set-up", "install it with your system's own tool"))
    if os.geteuid() != 0:
        raise InputError(Problem(f"{', '.join(missing)} missing", "set-up", f"run `sudo {command}`"))
    with cache.locked(Places.here().cache / ".apt.lock"):
        order = ["apt-get", "install", "--yes", "-q", "--no-install-recommends", *missing]
        # a new machine has no package lists, an old one has lists of packages that are gone
        if not succeeds(order, env=_ENV, seconds=_SECONDS):
            succeeds(["dpkg", "--configure", "-a"], env=_ENV, seconds=_SECONDS)  # one before was killed half-way
            run(["apt-get", "update", "-q"], env=_ENV, seconds=_SECONDS)
            run(order, env=_ENV, seconds=_SECONDS)


def known(package: str) -> bool:
    """Whether this Debian has a package of that name; its lists may be missing yet."""
    if not succeeds(["apt-cache", "show", package]) and os.geteuid() == 0:
        succeeds(["apt-get", "update", "-q"], env=_ENV, seconds=_SECONDS)
    return succeeds(["apt-cache", "show", package])


def _installed(package: str) -> bool:
    try:
        return run(["dpkg-query", "--show", "--showformat=${db:Status-Abbrev}", package]).startswith("ii")
    except InputError:
        return False
