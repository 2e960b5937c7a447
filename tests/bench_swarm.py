"""The part of `make bench` that runs on a Swarm: `pulumi up` against `docker stack deploy` of the same file.

A Swarm of one node, an Engine of its own; the image is there already. Each side in turn deploys ten services, deploys
them again unchanged, changes one, scales it from 1 to 20 replicas, and removes all, which is not measured.

Each step is measured up to where its result is certain: all tasks run, by `docker service ls` on the peer's side, which
waits for nothing; the Swarm has completed the update of a changed service, five seconds after its new task runs, on
both sides. `docker service scale` looks on for five seconds more. Ours waits by the docker plugin: where that is the
stand-in, this does not prove how long the official one, which looks less often, would take.
"""

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.errors import InputError
from tests.bench import CHECKOUT, in_turn, show
from tests.conformance import probe_image, swarm_nodes
from toolchain.pulumi import Cli
from toolchain.shell import run

RUNS = 3
SERVICES = 10
SCALED = 20
CHANGED = "s0"
STEPS = (f"{SERVICES} services", "no-op", "one changed", f"1 to {SCALED} tasks")
STACK = "bench"
PEER = "peer"
_LIMIT_SECONDS = 300.0
_POLL_SECONDS = 0.1

Act = Callable[[], object]


@dataclass(frozen=True)
class Side:
    """What one of both does with the file; each act ends when its result is there."""

    deploy: Act
    change: Act
    scale: Act
    remove: Act


def application(image: str, value: str = "1", replicas: int = 1) -> dict[str, Any]:
    """What both read: `version` is what `docker stack` wants, and `name` what it refuses."""
    # without IP_VS no virtual IP answers
    resolved = {} if Path("/proc/net/ip_vs").exists() else {"endpoint_mode": "dnsrr"}
    service = {"image": image, "command": ["sleep", "infinity"], "init": True, "stop_grace_period": "1s"}
    services = {
        f"s{number}": {**service, "environment": {"A": "1"}, "deploy": {"replicas": 1, **resolved}}
        for number in range(SERVICES)
    }
    services[CHANGED] |= {"environment": {"A": value}, "deploy": {"replicas": replicas, **resolved}}
    return {"version": "3.8", "services": services}


def ours(folder: Path, file: Path, host: str) -> Side:
    """Every act is a `pulumi up`."""
    state, config = folder / "state", folder / "config.yaml"
    state.mkdir()
    settings = {
        "pulumi:disable-default-providers": ["*"],
        "slipway:target": "swarm",
        "slipway:name": STACK,
        "slipway:compose": [str(file)],
        "slipway:cluster": {"existing": {"host": host}},
    }
    config.write_text(json.dumps({"config": settings}))
    env = {"PULUMI_BACKEND_URL": f"file://{state}", "PULUMI_CONFIG_PASSPHRASE": "bench"}
    cli = Cli(CHECKOUT, STACK, config, env)
    cli.create_stack(folder / "bare")

    def up() -> None:
        cli.ask("up", "--yes", "--skip-preview", config=True)

    return Side(up, up, up, lambda: cli.ask("destroy", "--yes", "--skip-preview", config=True))


def peer(file: Path, host: str) -> Side:
    """`docker stack deploy`, and a poll until all is there."""

    def docker(*words: str) -> str:
        return run(["docker", "--host", host, *words])

    def deploy() -> None:
        docker("stack", "deploy", "--compose-file", str(file), PEER)
        _until(all_run)

    def all_run() -> bool:
        counts = [line.split("/") for line in docker("service", "ls", "--format", "{{.Replicas}}").splitlines()]
        return len(counts) == SERVICES and all(there == wanted for there, wanted in counts)

    def change() -> None:
        deploy()  # it may have counted the old task
        state = "{{with .UpdateStatus}}{{.State}}{{end}}"
        _until(lambda: docker("service", "inspect", "--format", state, f"{PEER}_{CHANGED}").strip() == "completed")

    return Side(
        deploy,
        change,
        lambda: docker("service", "scale", f"{PEER}_{CHANGED}={SCALED}"),
        lambda: docker("stack", "rm", PEER),
    )


def seconds(side: Side, file: Path, image: str, empty: Callable[[], bool]) -> tuple[float, ...]:
    """How long each of the STEPS takes; afterwards the Swarm is empty again."""
    acts = (
        (side.deploy, application(image)),
        (side.deploy, application(image)),
        (side.change, application(image, value="2")),
        (side.scale, application(image, value="2", replicas=SCALED)),
    )
    taken = []
    for act, content in acts:
        file.write_text(json.dumps(content))  # JSON, which is YAML too
        start = time.monotonic()
        act()
        taken.append(time.monotonic() - start)
    side.remove()
    _until(empty)
    return tuple(taken)


def _until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + _LIMIT_SECONDS
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"it is not so after {_LIMIT_SECONDS:.0f} s")
        time.sleep(_POLL_SECONDS)


@contextlib.contextmanager
def one_node() -> Iterator[tuple[str, str]]:
    """A Swarm of one node: its host, and an image by its digest."""
    probe = probe_image.build()
    with swarm_nodes.swarm(1) as nodes:
        yield nodes.manager.host, nodes.push(probe, "bench")


def main() -> None:
    """Print a line per step, or why there is none."""
    with contextlib.ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        try:
            host, image = ends.enter_context(one_node())
        except (InputError, OSError, RuntimeError) as error:
            print(f"swarm: not measured, this machine can make none: {error}")
            return
        file = folder / "compose.yaml"
        mine, theirs = ours(folder, file, host), peer(file, host)

        def empty() -> bool:
            here = ["docker", "--host", host]
            networks = run([*here, "network", "ls", "--quiet", "--filter", "label=com.docker.stack.namespace"])
            return not networks and not run([*here, "ps", "--all", "--quiet"])

        pairs = in_turn(lambda: seconds(mine, file, image, empty), lambda: seconds(theirs, file, image, empty), RUNS)
        for index, step in enumerate(STEPS):
            show(f"swarm, {step}", [((a[index],), (b[index],)) for a, b in pairs], ["s"])
        print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
