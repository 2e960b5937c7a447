"""A real Kubernetes of one node on this machine, for tests: API server, controllers, scheduler, kubelet, DNS, storage.

All of it runs in namespaces of its own (network, processes, mounts, host name) behind a bridge of its own, so that it
neither sees nor disturbs the machine's Engine. Its data are in memory. When the node's first process ends, all of it
ends. Addresses are out of 198.18.0.0/15, which is for tests of networks (RFC 2544).

By hand, until Ctrl-C: `.venv/bin/python -m toolchain.kubernetes`. With a command behind it, until that has ended; it
finds the cluster by the variables of `VARIABLES`.
"""

import base64
import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from components.errors import InputError, Problem

from . import (
    apt,
    interrupt,
    kubernetes_files,
    kubernetes_images,
    kubernetes_node,
    kubernetes_objects,
    outcome,
    registry,
    slots,
    tools,
)
from .kubernetes_files import NODE, Layout
from .places import Places
from .shell import run, tail
from .slots import Slot
from .table import tool

VARIABLES = ("SLIPWAY_TEST_KUBECONFIG", "SLIPWAY_TEST_REGISTRY")
"""Where the cluster's kubeconfig is, and `address:port` of the registry that its nodes pull from."""
_READY_SECONDS = 180.0
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
    with slots.take() as slot:
        yield _start(slot, places, programs)


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
    kubernetes_images.ensure(places, found["pause"])
    return {name: str(path) for name, path in found.items()} | {"containerd": "containerd"}


def _start(slot: Slot, places: Places, programs: dict[str, str]) -> Cluster:
    layout = Layout(
        folder=slot.folder,
        address=f"{slot.network}.10",
        registry=f"{slot.network}.1:5000",
        pushed_as=registry.address(places),
        programs=programs,
    )
    slot.connect(layout.address)
    _write(layout, _certificates(slot.folder, layout.address))
    layout.data.mkdir()
    slot.spawn("registry", ["docker-registry", "serve", _registry(layout, places)])
    # `nsenter`, not `ip netns exec`: that hides the cgroups
    enter = ["nsenter", f"--net=/run/netns/{slot.space}", "unshare", "--uts", "--pid", "--mount", "--fork"]
    slot.spawn("node", [*enter, "--kill-child", "--mount-proc", "sh", str(slot.folder / "node.sh")])
    made = Cluster(slot.folder / "admin.kubeconfig", layout.address, layout.pushed_as)
    _await(made, slot.folder)
    return made


def _write(layout: Layout, authority: bytes) -> None:
    texts = kubernetes_files.files(layout) | kubernetes_objects.files(layout)
    texts["node.sh"] = kubernetes_node.script(layout)
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


def _registry(layout: Layout, places: Places) -> str:
    """The machine's local registry once more, at an address that the node reaches; it is on loopback else.

    Returns:
        The path of its configuration.
    """
    config = layout.folder / "registry.json"
    storage = {"filesystem": {"rootdirectory": str(places.cache / "registry")}}
    serves = {"version": 0.1, "log": {"level": "warn"}, "storage": storage, "http": {"addr": layout.registry}}
    config.write_text(json.dumps(serves))
    return str(config)


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


def _kubectl() -> str:
    own = Path(sys.executable).parent / "kubectl"
    return str(own) if own.is_file() else "kubectl"


def _by_hand() -> int:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(interrupt.EXIT_CODE))  # unlike a step of set-up, it has more to end
    with cluster(Places.here()) as here:
        if sys.argv[1:]:
            env = dict(zip(VARIABLES, (str(here.kubeconfig), here.registry), strict=True))
            return subprocess.run(sys.argv[1:], env={**os.environ, **env}, check=False).returncode
        print(f"KUBECONFIG={here.kubeconfig} node {here.address} registry {here.registry}", flush=True)
        signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(outcome.of(_by_hand))
