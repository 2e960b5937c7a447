"""The part of `make bench` about Kubernetes: how long rendering takes, and `pulumi up` against `kubectl apply`.

- `render`: `python -m components render -o` of 250, 500 and 1,000 services, in seconds; there is no peer beside it that
  every machine can have (kompose comes from its vendor's site alone);
- on a real cluster, of this machine or the one that SLIPWAY_TEST_KUBECONFIG names: ten services until all pods are
  ready, the same again unchanged, and with one changed. The peer renders too, applies its manifests with
  `kubectl apply --kustomize`, and waits by `kubectl rollout status`.

Both sides deploy the same objects, each in a namespace of its own, one after the other; removing is not measured. The
image is on the node already. Where the official kubernetes plugin is not to be had, the one there is (2.0.0) asks the
API server 5 times a second at most, which is most of a first creation: that says nothing of the official one.
"""

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from components.errors import InputError
from tests.bench import CHECKOUT, in_turn, seconds, show
from toolchain import kubernetes
from toolchain.kubernetes import Cluster
from toolchain.places import Places
from toolchain.pulumi import Cli

RUNS = 3
RENDERED = (250, 500, 1000)
SERVICES = 10
STEPS = (f"{SERVICES} services", "no-op", "one changed")
IMAGE = "busybox:1.37"
STACK, PEER = "bench-up", "bench-apply"
"""Stacks, and the namespaces of what they deploy."""
WAIT = "--timeout=300s"
OWN = "SLIPWAY_TEST_KUBECONFIG"


def application(size: int, value: str = "1") -> dict[str, Any]:
    """What both read; the first service has the value."""
    service = {"image": IMAGE, "command": ["sleep", "100000"], "stop_grace_period": "1s", "ports": ["80"]}
    services = {f"s{number}": {**service, "environment": {"A": "1", "B": "${B:-2}"}} for number in range(size)}
    services["s0"]["environment"] = {"A": value}
    return {"name": "bench", "services": services}


def project(folder: Path, stack: str, size: int, **cluster: Any) -> Path:
    """A project with one stack; the path of its config file."""
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: slipway\nruntime: python\n")
    (folder / "compose.yaml").write_text(json.dumps(application(size)))  # JSON, which is YAML too
    settings = {
        "pulumi:disable-default-providers": ["*"],
        "slipway:target": "kubernetes",
        "slipway:compose": [str(folder / "compose.yaml")],
        "slipway:kubernetes": {"namespace": stack},
        "slipway:cluster": {"existing": cluster},
    }
    config = folder / f"Pulumi.{stack}.yaml"
    config.write_text(json.dumps({"config": settings}))
    return config


def render(folder: Path, stack: str) -> tuple[float, float]:
    """Write the manifests beside the project; seconds, and those of the processors."""
    command = [sys.executable, "-m", "components", "render", "--stack", stack, "-o", "out"]
    return seconds(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(CHECKOUT)})


def rendering(folder: Path) -> None:
    """Print a line per size."""
    for size in RENDERED:
        project(folder / str(size), STACK, size)
        found = []
        for _ in range(RUNS):
            (folder / str(size) / "out").exists() and _empty(folder / str(size) / "out")
            found.append(render(folder / str(size), STACK))
        wall, used = (sorted(column)[RUNS // 2] for column in zip(*found, strict=True))
        print(f"render, {size} services".ljust(22), f"{wall:7.2f} s, {used:7.2f} CPU s", flush=True)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


class Up:
    """Ours: `pulumi up`."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        config = project(folder, STACK, SERVICES, kubeconfig=str(cluster.kubeconfig))
        self.file, self.cluster = folder / "compose.yaml", cluster
        (folder / "state").mkdir()
        env = {"PULUMI_BACKEND_URL": f"file://{folder / 'state'}", "PULUMI_CONFIG_PASSPHRASE": "bench"}
        self.cli = Cli(CHECKOUT, STACK, config, env)
        self.cli.create_stack(folder / "bare")

    def deploy(self) -> None:
        self.cli.ask("up", "--yes", "--skip-preview", config=True)

    def remove(self) -> None:
        self.cli.ask("destroy", "--yes", "--skip-preview", config=True)


class Apply:
    """The peer: `kubectl apply` of our own manifests."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        project(folder, PEER, SERVICES)
        self.folder, self.file, self.cluster = folder, folder / "compose.yaml", cluster

    def deploy(self) -> None:
        render(self.folder, PEER)
        self.cluster.kubectl("apply", f"--kustomize={self.folder / 'out'}")
        for number in range(SERVICES):
            self.cluster.kubectl("--namespace", PEER, "rollout", "status", f"deployment/s{number}", WAIT)

    def remove(self) -> None:
        self.cluster.kubectl("delete", "namespace", PEER, WAIT)


def steps(side: Up | Apply) -> tuple[float, ...]:
    """How long each of the STEPS takes; afterwards there is nothing left of them."""
    taken = []
    for value in ("1", "1", "2"):
        side.file.write_text(json.dumps(application(SERVICES, value)))
        start = time.monotonic()
        side.deploy()
        taken.append(time.monotonic() - start)
    side.remove()
    return tuple(taken)


def deploying(folder: Path) -> None:
    """Print a line per step, or why there is none."""
    with contextlib.ExitStack() as ends:
        try:
            cluster = ends.enter_context(_cluster())
        except (InputError, OSError) as error:
            print(f"kubernetes: not measured, there is no cluster: {error}")
            return
        mine, theirs = Up(folder / "up", cluster), Apply(folder / "apply", cluster)
        pairs = in_turn(_taken(mine), _taken(theirs), RUNS)
        for index, step in enumerate(STEPS):
            show(f"kubernetes, {step}", [((a[index],), (b[index],)) for a, b in pairs], ["s"])


@contextlib.contextmanager
def _cluster() -> Iterator[Cluster]:
    if OWN in os.environ:
        yield Cluster(Path(os.environ[OWN]), "", "")
        return
    with kubernetes.cluster(Places.here()) as made:
        yield made


def _taken(side: Up | Apply) -> Callable[[], tuple[float, ...]]:
    return lambda: steps(side)


def main() -> None:
    """Print a line per comparison."""
    with tempfile.TemporaryDirectory() as name:
        rendering(Path(name))
        deploying(Path(name))
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
