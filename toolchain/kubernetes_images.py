"""Images that a cluster of this machine's own needs before any application's, put where its node pulls from."""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from . import registry
from .kubernetes_files import BUSYBOX, PAUSE
from .places import Places
from .shell import run

_APPLETS = ("cat", "chmod", "cp", "echo", "false", "ls", "mkdir", "nc", "nslookup", "rm", "sh", "sleep", "true", "wget")


def ensure(places: Places, pause: Path) -> None:
    """Make both be in the local registry: what holds a pod together, and a busybox from Debian's package.

    Args:
        places: of this checkout.
        pause: the program that does nothing until it is ended.
    """
    busybox = {"bin/busybox": shutil.which("busybox") or "", **{f"bin/{name}": "busybox" for name in _APPLETS}}
    _push(places, PAUSE, {"pause": str(pause)}, 'ENTRYPOINT ["/pause"]')
    _push(places, BUSYBOX, busybox, 'CMD ["sh"]')


def _push(places: Places, name: str, files: Mapping[str, str], change: str) -> None:
    repository, _, tag = name.partition(":")
    repository = repository if "/" in repository else f"library/{repository}"
    where = registry.address(places)
    if registry.holds(where, repository, tag):
        return
    full = f"{where}/{repository}:{tag}"
    with tempfile.TemporaryDirectory() as folder:
        _lay_out(Path(folder), files)
        archive = subprocess.run(["tar", "-C", folder, "-c", "."], check=True, capture_output=True).stdout
    command = ["docker", "import", "--change", change, "-", full]
    subprocess.run(command, input=archive, check=True, capture_output=True)
    run(["docker", "push", "--quiet", full])
    run(["docker", "rmi", full])


def _lay_out(folder: Path, files: Mapping[str, str]) -> None:
    """Absolute paths are copied, others are what a link points to."""
    for name, source in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if source.startswith("/"):
            shutil.copy(source, path)
            path.chmod(0o755)
        else:
            path.symlink_to(source)
