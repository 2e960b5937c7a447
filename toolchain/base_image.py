"""The base image `debian:bookworm-slim` where no registry answers: a stand-in, made from Debian's packages."""

from pathlib import Path

from . import apt, cache, registry
from .places import Places
from .shell import run, succeeds

SUITE = "bookworm"
NAME = f"debian:{SUITE}-slim"
VERSION = "1"
"""Changes with the recipe below: what was made by an older one is not used."""
_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def ensure(places: Places) -> str:
    """Make the base image be in the Engine and in the local registry.

    Returns:
        How it came.

    Raises:
        InputError: it cannot be made.
    """
    folder = make(places)
    address = registry.address(places)
    where = f"{address}/library/{NAME}"
    made = succeeds(["docker", "image", "inspect", NAME])
    if not made:
        changes = ["--change", 'CMD ["bash"]', "--change", f"ENV {_PATH}"]
        run(["docker", "import", *changes, str(folder / "root.tar"), NAME])
    if made and registry.holds(address, *f"library/{NAME}".split(":")):
        return "reused"
    run(["docker", "tag", NAME, where])
    run(["docker", "push", "--quiet", where])
    run(["docker", "rmi", where])
    return "made from Debian's packages"


def make(places: Places) -> Path:
    """The folder in the cache with the image's files as `root.tar`; made where it is missing."""
    folder = places.cache / f"base-image-bookworm-{VERSION}"
    if not folder.is_dir():
        apt.install(["mmdebstrap", "ca-certificates"])
        cache.install(folder, _debootstrap)
    return folder


def _debootstrap(folder: Path) -> None:
    """What Docker Hub's slim image has, in short: no manuals, no services started by packages, empty package lists."""
    command = [*_contained(folder), "mmdebstrap", "--quiet", "--variant=minbase", "--include=ca-certificates"]
    excluded = [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in ("doc", "info", "locale", "man")]
    kept = ["--dpkgopt=path-include=/usr/share/doc/*/copyright"]
    quiet = 'printf \'#!/bin/sh\nexit 101\n\' > "$1/usr/sbin/policy-rc.d" && chmod 755 "$1/usr/sbin/policy-rc.d"'
    where = [SUITE, str(folder / "root.tar"), *sources()]
    recipe = [*command, *excluded, *kept, f"--customize-hook={quiet}", *where]
    fix = "see whether your Debian mirror answers (`apt-get update`)"
    run(recipe, env={"SOURCE_DATE_EPOCH": "1700000000"}, fix=fix)


def _contained(folder: Path) -> list[str]:
    """What mmdebstrap is run under.

    Where it fails, it hangs up on its whole process group, so it gets a group of its own. In namespaces of its own all
    its processes and mounts end with us, however we end; then, and only then, it may work in a folder that the next
    set-up removes.
    """
    space = ["unshare", "--mount", "--pid", "--fork"]
    if not succeeds([*space, "true"]):
        return ["setsid", "--wait"]
    with_us = ["setpriv", "--pdeathsig", "KILL", *space, "--kill-child", "--mount-proc"]
    return [*with_us, "env", f"TMPDIR={folder}", "setsid"]


def sources() -> list[str]:
    """This machine's own Debian mirrors as lines of sources.list, so that `apt-get` in a build asks the same ones."""
    asked = ["apt-get", "indextargets", "--format", "$(ORIGIN) $(CODENAME) $(REPO_URI)", "Created-By: Packages"]
    rows = [line.split() for line in run(asked).splitlines()]
    debian = dict.fromkeys((suite, uri) for origin, suite, uri in rows if origin == "Debian")
    own = [f"deb {uri} {suite} main" for suite, uri in debian if suite.partition("-")[0] == SUITE]
    if own:
        return own
    # another release of Debian: its mirrors have this one too
    mirrors = dict.fromkeys((suite.partition("-")[1:], uri) for suite, uri in debian)
    return [f"deb {uri} {SUITE}{''.join(rest)} main" for rest, uri in mirrors]
