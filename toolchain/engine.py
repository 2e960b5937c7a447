"""The Docker Engine: the one that answers, else one that set-up brings."""

import enum
import hashlib
import http.client
import json
import os
import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

from components.errors import InputError, Problem

from . import apt, cache, daemons
from .places import Places
from .shell import succeeds

DEFAULT = "unix:///var/run/docker.sock"
_EXEC_ROOT = Path("/var/run/docker")
_SECONDS = 5.0


class Answer(enum.Enum):
    """What an Engine's address says."""

    YES = "answers"
    DENIED = "no permission"
    NO = "not running"


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_SECONDS)
        self.sock.connect(self._path)


def host() -> str:
    """Where the user's own tools would look: DOCKER_HOST, else the current Docker context, else the default socket."""
    return os.environ.get("DOCKER_HOST") or _context() or DEFAULT


def ask(address: str) -> Answer:
    """Whether an Engine answers there."""
    place = urlsplit(address)
    if place.scheme != "unix":
        ok = succeeds(["docker", "--host", address, "version"], seconds=_SECONDS * 2)
        return Answer.YES if ok else Answer.NO
    try:
        connection = _UnixConnection(place.path)
        connection.request("GET", "/_ping")
        return Answer.YES if connection.getresponse().status == http.client.OK else Answer.NO
    except PermissionError:
        return Answer.DENIED
    except OSError:
        return Answer.NO


def ensure(places: Places) -> str:
    """Make an Engine answer.

    Returns:
        How it came.

    Raises:
        InputError: none answers, and none can be brought; the message says why and what to do.
    """
    address = host()
    if urlsplit(address).scheme != "unix":
        _ensure_cli()  # it is what asks one elsewhere
    answer = ask(address)
    if answer is Answer.YES:
        _ensure_cli()
        return "reused"
    if answer is Answer.DENIED:
        fix = "add your user to the group docker and log in again, or run as root"
        raise InputError(Problem("no permission to use it", f"Docker Engine {address}", fix))
    if address != DEFAULT:
        other = "unset DOCKER_HOST" if os.environ.get("DOCKER_HOST") else "choose another with `docker context use`"
        raise InputError(Problem("it does not answer", f"Docker Engine {address}", f"start it, or {other}"))
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise InputError(Problem("it is not running", f"Docker Engine {address}", "start Docker, or install it"))
    apt.install(["docker.io", "iptables", "ca-certificates"])
    _ensure_cli()
    if ask(address) is Answer.YES:
        return "installed"  # the package's own service came up
    with cache.locked(places.shared_run / ".engine.lock"):
        if ask(address) is not Answer.YES:
            forget_killed_containerd(_EXEC_ROOT)
            daemons.start("dockerd", ["dockerd", "--host", DEFAULT], lambda: ask(DEFAULT) is Answer.YES, places)
    return "started"


def forget_killed_containerd(exec_root: Path) -> None:
    """A killed dockerd leaves the pid of its containerd; its successor would wait for that, even for a zombie.

    Args:
        exec_root: dockerd's folder of what runs.
    """
    left = exec_root / "containerd" / "containerd.pid"
    if left.is_file() and daemons.started(int(left.read_text() or 0)) is None:
        left.unlink()


def _ensure_cli() -> None:
    if shutil.which("docker") is None:
        apt.install(["docker-cli" if apt.known("docker-cli") else "docker.io"])  # of its own from Debian 13 on


def _context() -> str | None:
    """The address of the current Docker context, read and never changed."""
    home = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")
    try:
        config = json.loads((home / "config.json").read_text())
        name = os.environ.get("DOCKER_CONTEXT") or config.get("currentContext") or "default"
        if name == "default":
            return None
        folder = home / "contexts" / "meta" / hashlib.sha256(name.encode()).hexdigest()
        address = json.loads((folder / "meta.json").read_text())["Endpoints"]["docker"]["Host"]
    except (OSError, ValueError, KeyError):
        return None
    return str(address)
