"""A Swarm of several Engines on this machine, and a registry that all of them reach.

Each node is a `dockerd` with a folder, a socket, a network namespace and a host name of its own; the namespaces meet on
a bridge of their own. Nothing touches the machine's Engine but one rule that lets the bridge's packets pass: an Engine
sets the policy of FORWARD to DROP. Addresses are out of 198.18.0.0/15, which is for tests of networks (RFC 2544).

The kernel may have no IP_VS: then no virtual IP and no routing mesh answers, a service wants `endpoint_mode: dnsrr`,
and a port is published in host mode.

By hand: `python -m tests.conformance.swarm_nodes 2` starts two nodes and keeps them until Ctrl-C.
"""

import contextlib
import fcntl
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import docker

from toolchain.daemons import started
from toolchain.shell import run, succeeds

_SLOTS = 8
_FOLDER = "slipway-swarm-{}"
_READY_SECONDS = 60.0
_END_SECONDS = 10.0
_POLL_SECONDS = 0.1
_OVERLAYS = "198.19.0.0/16"
LOGIN = ("robot", "marker-registry")
_HASH = "$2b$04$Mq9/pGioeJCJ4g4EsOhToOAHGe0NniiPN4.qoEYAyJRcBI9pJkPUu"
"""bcrypt of the password, at the lowest cost."""


@dataclass(frozen=True)
class Node:
    """One Engine.

    Attributes:
        name: its host name in the Swarm.
        address: in the bridge's network.
        socket: path of its unix socket.
        pid: of `dockerd`.
    """

    name: str
    address: str
    socket: Path
    pid: int

    @property
    def host(self) -> str:
        """As DOCKER_HOST has it."""
        return f"unix://{self.socket}"

    def client(self) -> docker.DockerClient:
        """A client of this Engine."""
        return docker.DockerClient(base_url=self.host, timeout=120)


@dataclass
class Nodes:
    """A Swarm: the first node is its manager.

    Attributes:
        registry: `address:port`, the same for the nodes and for this process.
        locked_registry: the same images, for those with LOGIN.
    """

    slot: int
    folder: Path
    registry: str = ""
    locked_registry: str = ""
    nodes: list[Node] = field(default_factory=list)

    @property
    def manager(self) -> Node:
        """The node that a stack talks to."""
        return self.nodes[0]

    def push(self, image: str, repository: str) -> str:
        """Put an image of the machine's Engine into the registry, by way of the manager.

        Returns:
            The image by its digest.
        """
        with contextlib.closing(self.manager.client()) as manager:
            manager.images.load(subprocess.run(["docker", "save", image], check=True, capture_output=True).stdout)
            manager.images.get(image).tag(f"{self.registry}/{repository}")
            return self._push(manager, repository)

    def push_without_layers(self) -> str:
        """An image that the registry knows and no node can pull: its layers are gone.

        Returns:
            The image by its digest.
        """
        repository = "without-layers"
        with contextlib.closing(self.manager.client()) as manager:
            content = io.BytesIO()
            with tarfile.open(fileobj=content, mode="w") as tar:
                tar.addfile(tarfile.TarInfo(f"file-{time.time_ns()}"))
            manager.api.import_image_from_data(content.getvalue(), f"{self.registry}/{repository}")
            image = self._push(manager, repository)
            manager.images.remove(f"{self.registry}/{repository}")
        blobs = self.folder / "registry" / "docker" / "registry" / "v2" / "blobs" / "sha256"
        digest = image.rpartition(":")[2]
        for layer in json.loads((blobs / digest[:2] / digest / "data").read_text())["layers"]:
            digest = layer["digest"].rpartition(":")[2]
            shutil.rmtree(blobs / digest[:2] / digest)
        return image

    def _push(self, manager: docker.DockerClient, repository: str) -> str:
        said = [json.loads(line) for line in manager.api.push(f"{self.registry}/{repository}").splitlines() if line]
        digests = [each["aux"]["Digest"] for each in said if "Digest" in each.get("aux", {})]
        assert digests, said
        return f"{self.registry}/{repository}@{digests[0]}"


@contextlib.contextmanager
def swarm(count: int) -> Iterator[Nodes]:
    """Start the nodes and join them; end them, and remove what they left, whatever happens in between."""
    with _slot() as nodes:
        try:
            _start(nodes, count)
            yield nodes
        finally:
            _clear(nodes.slot, nodes.folder)


@contextlib.contextmanager
def _slot() -> Iterator[Nodes]:
    """A part of the address range that no other run uses; what a killed run left in it is removed."""
    for slot in range(_SLOTS):
        folder = Path(tempfile.gettempdir()) / _FOLDER.format(slot)
        folder.mkdir(mode=0o700, exist_ok=True)
        lock = (folder / "lock").open("w")
        if _locked(lock):
            _clear(slot, folder)
            try:
                yield Nodes(slot, folder)
            finally:
                lock.close()
            return
        lock.close()
    raise RuntimeError(f"{_SLOTS} Swarms run on this machine already; end one (the locks are in {folder.parent})")


def _locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _start(nodes: Nodes, count: int) -> None:
    bridge, network = _bridge(nodes.slot), _network(nodes.slot)
    run(["ip", "link", "add", bridge, "type", "bridge"])
    run(["ip", "address", "add", f"{network}.1/24", "dev", bridge])
    run(["ip", "link", "set", bridge, "up"])
    run(["iptables", *_rule("-I", bridge)])
    nodes.registry, nodes.locked_registry = f"{network}.1:5000", f"{network}.1:5001"
    _start_registry(nodes, "registry", nodes.registry, {})
    (nodes.folder / "logins").write_text(f"{LOGIN[0]}:{_HASH}\n")
    locked = {"auth": {"htpasswd": {"realm": "tests", "path": str(nodes.folder / "logins")}}}
    _start_registry(nodes, "locked-registry", nodes.locked_registry, locked)
    for number in range(1, count + 1):
        nodes.nodes.append(_start_node(nodes, number))
    for node in nodes.nodes:
        _await(lambda node=node: succeeds(["docker", "--host", node.host, "version"]), f"{node.name}: its Engine")
    _join(nodes)


def _start_registry(nodes: Nodes, name: str, address: str, auth: dict[str, Any]) -> None:
    config = nodes.folder / f"{name}.json"  # YAML is a superset of JSON
    storage = {"filesystem": {"rootdirectory": str(nodes.folder / "registry")}}
    config.write_text(json.dumps({"version": 0.1, "storage": storage, "http": {"addr": address}, **auth}))
    _spawn(nodes, name, ["docker-registry", "serve", str(config)])

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://{address}/v2/", timeout=2):
                return True
        except urllib.error.HTTPError as error:
            return error.code == 401
        except OSError:
            return False

    _await(answers, name)


def _start_node(nodes: Nodes, number: int) -> Node:
    name, space, folder = f"node-{number}", _space(nodes.slot, number), nodes.folder / f"n{number}"
    inner, outer, address = "eth0", f"{space}v", f"{_network(nodes.slot)}.{10 + number}"
    (folder / "data").mkdir(parents=True)
    run(["ip", "netns", "add", space])
    run(["ip", "link", "add", outer, "type", "veth", "peer", "name", inner, "netns", space])
    run(["ip", "link", "set", outer, "master", _bridge(nodes.slot), "up"])
    run(["ip", "-n", space, "address", "add", f"{address}/24", "dev", inner])
    for link in (inner, "lo"):
        run(["ip", "-n", space, "link", "set", link, "up"])
    # `nsenter`, not `ip netns exec`: that hides the cgroups. Processes and mounts are in namespaces too, which end with
    # the process that is started here; data are in memory, because thousands of small files are slow to remove
    command = ["nsenter", f"--net=/run/netns/{space}", "unshare", "--uts", "--pid", "--fork", "--kill-child"]
    prepare = f'hostname "$0" && mount -t tmpfs none {folder}/data && exec "$@"'
    command += ["--mount-proc", "sh", "-c", prepare, name, "dockerd"]
    command += ["--host", f"unix://{folder}/s", "--data-root", f"{folder}/data", "--exec-root", f"{folder}/x"]
    command += ["--pidfile", f"{folder}/pid", "--cgroup-parent", _cgroup(nodes.slot)]
    pid = _spawn(nodes, name, [*command, "--insecure-registry", f"{_network(nodes.slot)}.0/24"])
    return Node(name, address, folder / "s", pid)


def _join(nodes: Nodes) -> None:
    first, *others = nodes.nodes
    address = ["--advertise-addr", first.address, "--listen-addr", f"{first.address}:2377"]
    at_first = ["docker", "--host", first.host, "swarm"]
    run([*at_first, "init", *address, "--default-addr-pool", _OVERLAYS, "--default-addr-pool-mask-length", "24"])
    token = run([*at_first, "join-token", "--quiet", "worker"]).strip()
    for node in others:
        run(["docker", "--host", node.host, "swarm", "join", "--token", token, f"{first.address}:2377"])


def _spawn(nodes: Nodes, name: str, command: list[str]) -> int:
    with (nodes.folder / f"{name}.log").open("w") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, env=_quiet()
        )
    (nodes.folder / f"{name}.process").write_text(f"{process.pid} {started(process.pid)}")
    return process.pid


def _quiet() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("DOCKER_")}


def _await(ready: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + _READY_SECONDS
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} does not answer after {_READY_SECONDS:.0f} s")
        time.sleep(_POLL_SECONDS)


def _clear(slot: int, folder: Path) -> None:
    """End what runs in this slot, and remove what it left; a second time does no harm."""
    _end(folder)
    for space in [line.split()[0] for line in run(["ip", "netns", "list"]).splitlines()]:
        if space.startswith(_space(slot, "")):
            run(["ip", "netns", "delete", space])
    bridge = _bridge(slot)
    if succeeds(["ip", "link", "show", bridge]):
        run(["ip", "link", "delete", bridge])
    while succeeds(["iptables", *_rule("-C", bridge)]):
        run(["iptables", *_rule("-D", bridge)])
    _forget_cgroups(slot)
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != "lock":
            path.unlink()


def _end(folder: Path) -> None:
    """End the daemons and everything in their namespaces. Nothing of it is worth a slower end."""
    for path in folder.glob("*.process"):
        pid, ticks = map(int, path.read_text().split())
        if started(pid) == ticks:
            os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + _END_SECONDS
    while any(map(started, _naming(folder))) and time.monotonic() < end:
        time.sleep(_POLL_SECONDS)


def _naming(folder: Path) -> Iterator[int]:
    """The processes whose command names this folder."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if f"{folder}/".encode() in path.read_bytes():
                yield int(path.parent.name)


def _forget_cgroups(slot: int) -> None:
    """The kernel keeps the empty groups of containers that were killed with their Engine."""
    for top in Path("/sys/fs/cgroup").glob(f"**/{_cgroup(slot).strip('/')}"):
        for group, _, _ in os.walk(top, topdown=False):
            with contextlib.suppress(OSError):
                Path(group).rmdir()


def _bridge(slot: int) -> str:
    return f"slwbr{slot}"


def _cgroup(slot: int) -> str:
    return f"/{_FOLDER.format(slot)}"


def _space(slot: int, number: Any) -> str:
    return f"slw{slot}n{number}"


def _network(slot: int) -> str:
    return f"198.18.{slot}"


def _rule(action: str, bridge: str) -> list[str]:
    return ["--wait", action, "FORWARD", "-i", bridge, "-o", bridge, "-j", "ACCEPT"]


if __name__ == "__main__":
    with swarm(int(sys.argv[1])) as made:
        for each in made.nodes:
            print(each.name, each.host, flush=True)
        print("registry", made.registry, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
