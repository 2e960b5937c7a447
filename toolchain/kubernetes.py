"""A real Kubernetes of one node on this machine, for tests: API server, controllers, scheduler, kubelet, DNS, storage.

All of it runs in namespaces of its own (network, processes, mounts, host name) behind a bridge of its own, so that it
neither sees nor disturbs the machine's Engine. Its data are in memory. When the node's first process ends, all of it
ends. Addresses are out of 198.18.0.0/15, which is for tests of networks (RFC 2544).

By hand, until Ctrl-C: `.venv/bin/python -m toolchain.kubernetes`.
"""

import base64
import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from components.errors import InputError, Problem

from . import apt, daemons, kubernetes_files, registry, tools
from .kubernetes_files import BUSYBOX, NODE, PAUSE, Layout
from .places import Places
from .shell import run, succeeds, tail
from .table import tool

_SLOTS = 4
_FOLDER = "slipway-kubernetes-{}"
_READY_SECONDS = 180.0
_END_SECONDS = 20.0
_POLL_SECONDS = 0.2
_PACKAGES = ("containerd", "containernetworking-plugins", "runc", "iptables", "conntrack", "openssl", "busybox-static")
_BUILT = ("etcd", "coredns", "local-path-provisioner", "kube-apiserver", "pause")
_BESIDE = ("kube-controller-manager", "kube-proxy", "kube-scheduler", "kubelet")
"""Programs that are built with the API server, and are next to it."""
_LOGS = ("kube-apiserver", "kubelet", "containerd", "etcd")
"""What tells why a cluster does not come up."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that runs.

    Attributes:
        kubeconfig: path; it holds a token that may do everything.
        address: of the node, at which node ports answer.
        registry: `address:port` that this machine pushes to and the node pulls from.
    """

    kubeconfig: Path
    address: str
    registry: str

    def kubectl(self, *words: str, stdin: str = "") -> str:
        """What `kubectl` says.

        Raises:
            InputError: it ended with another code than 0.
        """
        return run([_kubectl(), f"--kubeconfig={self.kubeconfig}", *words], stdin=stdin)


@contextlib.contextmanager
def cluster(places: Places) -> Iterator[Cluster]:
    """Start a cluster; end it, and remove what it left, whatever happens in between.

    Raises:
        InputError: something that it needs is not to be had, or it does not come up; with the end of its logs.
    """
    programs = obtain(places)
    with _slot() as (slot, folder):
        try:
            yield _start(slot, folder, places, programs)
        finally:
            _clear(slot, folder)


def ensure(places: Places) -> str:
    """Bring everything that a cluster needs, and start none.

    Returns:
        How it came.

    Raises:
        InputError: something is not to be had here.
    """
    there = all((places.cache / f"{name}-{tool(name).version}").is_dir() for name in _BUILT)
    obtain(places)
    return "reused" if there else "built from Go modules"


def obtain(places: Places) -> dict[str, str]:
    """Everything that a cluster needs: packages, programs, and the images that a node has of its own.

    Returns:
        Name -> path of each program.

    Raises:
        InputError: something is not to be had here.
    """
    if os.geteuid() != 0:
        what = "a cluster of this machine's own needs root, for namespaces and mounts"
        raise InputError(Problem(what, "Kubernetes", "run as root, or set SLIPWAY_TEST_KUBECONFIG to one of your own"))
    apt.install(_PACKAGES)
    found = {name: tools.obtain(tool(name), places).program for name in _BUILT}
    found |= {name: found["kube-apiserver"].parent / name for name in _BESIDE}
    registry.ensure(places)
    _images(places, found["pause"])
    return {name: str(path) for name, path in found.items()} | {"containerd": "containerd"}


def _images(places: Places, pause: Path) -> None:
    """Images that the node needs, put where it pulls from: what holds a pod, and a busybox from Debian's package."""
    where = registry.address(places)
    busybox = {"bin/busybox": shutil.which("busybox") or "", **{f"bin/{name}": "busybox" for name in _APPLETS}}
    for name, files, change in (
        (PAUSE, {"pause": str(pause)}, 'ENTRYPOINT ["/pause"]'),
        (BUSYBOX, busybox, 'CMD ["sh"]'),
    ):
        repository, _, tag = name.partition(":")
        repository = repository if "/" in repository else f"library/{repository}"
        if registry.holds(where, repository, tag):
            continue
        with tempfile.TemporaryDirectory() as folder:
            _lay_out(Path(folder), files)
            archive = subprocess.run(["tar", "-C", folder, "-c", "."], check=True, capture_output=True).stdout
            full = f"{where}/{repository}:{tag}"
            subprocess.run(
                ["docker", "import", "--change", change, "-", full], input=archive, check=True, capture_output=True
            )
        run(["docker", "push", "--quiet", full])
        run(["docker", "rmi", full])


_APPLETS = ("cat", "chmod", "cp", "echo", "false", "ls", "mkdir", "nc", "nslookup", "rm", "sh", "sleep", "true", "wget")


def _lay_out(folder: Path, files: dict[str, str]) -> None:
    """Absolute paths are copied, others are what a link points to."""
    for name, source in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if source.startswith("/"):
            shutil.copy(source, path)
            path.chmod(0o755)
        else:
            path.symlink_to(source)


@contextlib.contextmanager
def _slot() -> Iterator[tuple[int, Path]]:
    """A part of the address range that no other run uses; what a killed run left in it is removed."""
    for slot in range(_SLOTS):
        folder = Path(tempfile.gettempdir()) / _FOLDER.format(slot)
        folder.mkdir(mode=0o700, exist_ok=True)
        lock = (folder / "lock").open("w")
        if _locked(lock):
            _clear(slot, folder)
            try:
                yield slot, folder
            finally:
                lock.close()
            return
        lock.close()
    raise InputError(
        Problem(f"{_SLOTS} of them run already", "Kubernetes", f"end one; their locks are {_FOLDER.format('*')}/lock")
    )


def _locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start(slot: int, folder: Path, places: Places, programs: dict[str, str]) -> Cluster:
    network, bridge, space = f"198.18.{100 + slot}", _bridge(slot), _space(slot)
    layout = Layout(
        folder=folder,
        address=f"{network}.10",
        registry=f"{network}.1:5000",
        pushed_as=registry.address(places),
        programs=programs,
    )
    run(["ip", "link", "add", bridge, "type", "bridge"])
    run(["ip", "address", "add", f"{network}.1/24", "dev", bridge])
    run(["ip", "link", "set", bridge, "up"])
    run(["ip", "netns", "add", space])
    run(["ip", "link", "add", f"{space}v", "type", "veth", "peer", "name", "eth0", "netns", space])
    run(["ip", "link", "set", f"{space}v", "master", bridge, "up"])
    run(["ip", "-n", space, "address", "add", f"{layout.address}/24", "dev", "eth0"])
    for link in ("eth0", "lo"):
        run(["ip", "-n", space, "link", "set", link, "up"])
    run(["ip", "-n", space, "route", "add", "default", "via", f"{network}.1"])  # kube-proxy wants one; it leads nowhere
    _write(layout, _certificates(folder, layout.address))
    _spawn_registry(folder, layout.registry, places)
    layout.data.mkdir()
    # `nsenter`, not `ip netns exec`: that hides the cgroups
    enter = ["nsenter", f"--net=/run/netns/{space}", "unshare", "--uts", "--pid", "--mount", "--fork", "--kill-child"]
    _spawn(folder, "node", [*enter, "--mount-proc", "sh", str(folder / "node.sh")])
    made = Cluster(folder / "admin.kubeconfig", layout.address, layout.pushed_as)
    _await(made, folder)
    return made


def _write(layout: Layout, authority: bytes) -> None:
    texts = kubernetes_files.files(layout)
    encoded = base64.b64encode(authority).decode()
    admin, kubelet = secrets.token_hex(16), secrets.token_hex(16)
    texts["tokens.csv"] = f'{admin},admin,admin,"system:masters"\n{kubelet},system:node:{NODE},node,"system:nodes"\n'
    texts["admin.kubeconfig"] = kubernetes_files.kubeconfig(layout, encoded, admin)
    texts["node.kubeconfig"] = kubernetes_files.kubeconfig(layout, encoded, kubelet)
    for name, text in texts.items():
        path = layout.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(text)


def _certificates(folder: Path, address: str) -> bytes:
    """An authority, the API server's certificate, and the one by which it is known to the kubelet.

    Returns:
        The authority, as PEM.
    """
    names = f"subjectAltName=IP:{address},IP:{kubernetes_files.API_SERVICE},IP:127.0.0.1,DNS:kubernetes.default.svc"
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "30"]
    issued = ["-CA", str(folder / "ca.crt"), "-CAkey", str(folder / "ca.key")]
    _certificate(folder, "ca", [*key, "-x509", "-subj", "/CN=slipway"])
    _certificate(folder, "api", [*key, "-x509", *issued, "-subj", "/CN=kube-apiserver", "-addext", names])
    client = ["-addext", "extendedKeyUsage=clientAuth"]
    _certificate(
        folder, "client", [*key, "-x509", *issued, "-subj", "/O=system:masters/CN=kube-apiserver-kubelet", *client]
    )
    return (folder / "ca.crt").read_bytes()


def _certificate(folder: Path, name: str, words: list[str]) -> None:
    run(["openssl", "req", *words, "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.crt")])


def _spawn_registry(folder: Path, address: str, places: Places) -> None:
    """The machine's local registry once more, at an address that the node reaches; it is on loopback else."""
    config = folder / "registry.json"
    storage = {"filesystem": {"rootdirectory": str(places.cache / "registry")}}
    config.write_text(
        json.dumps({"version": 0.1, "log": {"level": "warn"}, "storage": storage, "http": {"addr": address}})
    )
    _spawn(folder, "registry", ["docker-registry", "serve", str(config)])


def _spawn(folder: Path, name: str, command: list[str]) -> None:
    with (folder / f"{name}.log").open("w") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    (folder / f"{name}.process").write_text(f"{process.pid} {daemons.started(process.pid)}")


def _await(made: Cluster, folder: Path) -> None:
    def ready() -> bool:
        return (
            made.kubectl("get", "nodes", "--output=jsonpath={.items[*].status.conditions[?(@.type=='Ready')].status}")
            == "True"
        )

    _until(lambda: _says_yes(lambda: made.kubectl("get", "--raw", "/readyz") == "ok"), folder)
    _until(lambda: _says_yes(lambda: bool(made.kubectl("apply", "--filename=" + str(folder / "objects.json")))), folder)
    _until(lambda: _says_yes(ready), folder)


def _says_yes(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except InputError:
        return False


def _until(ready: Callable[[], bool], folder: Path) -> None:
    end = time.monotonic() + _READY_SECONDS
    while not ready():
        if time.monotonic() > end:
            said = "".join(f"\n  {name}:{tail(_log(folder, name))}" for name in _LOGS)
            raise InputError(Problem(f"not ready after {_READY_SECONDS:.0f} s{said}", "Kubernetes"))
        time.sleep(_POLL_SECONDS)


def _log(folder: Path, name: str) -> str:
    path = folder / f"{name}.log"
    return path.read_text(errors="replace") if path.is_file() else ""


def _clear(slot: int, folder: Path) -> None:
    """End what runs in this slot, and remove what it left; a second time does no harm."""
    for path in folder.glob("*.process"):
        pid, ticks = (int(word) if word.isdigit() else 0 for word in path.read_text().split())
        if ticks and daemons.started(pid) == ticks:
            os.killpg(pid, signal.SIGKILL)
            end = time.monotonic() + _END_SECONDS
            while daemons.started(pid) == ticks and time.monotonic() < end:
                time.sleep(_POLL_SECONDS)
    if succeeds(["ip", "netns", "pids", _space(slot)]):
        run(["ip", "netns", "delete", _space(slot)])
    if succeeds(["ip", "link", "show", _bridge(slot)]):
        run(["ip", "link", "delete", _bridge(slot)])
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != "lock":
            path.unlink()


def _bridge(slot: int) -> str:
    return f"slkbr{slot}"


def _space(slot: int) -> str:
    return f"slk{slot}"


def _kubectl() -> str:
    own = Path(sys.executable).parent / "kubectl"
    return str(own) if own.is_file() else "kubectl"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with cluster(Places.here()) as here:
        print(f"KUBECONFIG={here.kubeconfig} node {here.address} registry {here.registry}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
