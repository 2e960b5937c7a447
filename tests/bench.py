"""`make bench`: ratios against peers, measured in one run. Never a test: machines are shared and noisy.

- `check`: `python -m components check` against `docker-compose config`, on generated files of 10, 100, 1,000 services;
- `preview`: `pulumi preview` of 10 and 100 services against a program written by hand (`bench_program`), which declares
  the same resources with the same inputs; on an empty stack, with the plugins that set-up brought;
- `memory`: the largest resident size of both programs under Pulumi mocks, at 1,000 services.

Each pair is run in turn, ours and theirs, several times; a ratio is the median of the pairs, and in brackets the
ratio of the cheapest runs. Time is that of the clock, and that of the processors, steadier on a busy machine.
"""

import json
import os
import resource
import runpy
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from components.testing import Recorded, record
from toolchain.pulumi import Cli

RUNS = 5
CHECKED = (10, 100, 1000)
PREVIEWED = (10, 100)
LARGE = 1000
CHECKOUT = Path(__file__).resolve().parents[1]
PEER = CHECKOUT / "tests" / "bench_program"
OWN_LABELS = {"com.docker.compose.config-hash", "slipway.stack"}
"""Labels whose values the peer does not reckon."""

Measure = Callable[[], tuple[float, ...]]
Pair = tuple[tuple[float, ...], tuple[float, ...]]
"""What one run of ours took, and one of the peer's."""
TIME = ("s", "CPU s")


def write(folder: Path, size: int) -> Path:
    """A file of `size` services; JSON, which is YAML too."""
    services = {
        f"s{number}": {
            "image": "debian:bookworm-slim",
            "command": ["sleep", "infinity"],
            "environment": {"A": "1", "B": "${B:-2}"},
            "ports": ["80"],
        }
        for number in range(size)
    }
    path = folder / f"{size}.yaml"
    path.write_text(json.dumps({"name": "bench", "services": services}))
    return path


def ours(file: Path) -> list[Recorded]:
    """What Slipway declares."""
    return record({"compose": [str(file)], "target": "docker"})


def by_hand(size: int) -> list[Recorded]:
    """What the peer declares."""
    program = runpy.run_path(str(PEER / "__main__.py"))
    return record(lambda: program["declare"](size))


def declared(recorded: Sequence[Recorded]) -> list[tuple[str, str, str]]:
    """Type, name and inputs of every resource that a provider makes, comparable."""
    return sorted(
        (each.type, each.name, json.dumps(_plain(each.inputs), sort_keys=True))
        for each in recorded
        if each.type.startswith("docker:")
    )


def _plain(inputs: object) -> object:
    if isinstance(inputs, dict):
        if inputs.get("label") in OWN_LABELS:
            return inputs["label"]
        return {key: _plain(value) for key, value in inputs.items()}
    if isinstance(inputs, list):
        return sorted((_plain(value) for value in inputs), key=str)
    return inputs


def seconds(command: Sequence[str], **options: object) -> tuple[float, float]:
    """How long a command takes, and how much time of the processors it and what it starts take."""
    start, used = time.monotonic(), _used()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)
    return time.monotonic() - start, _used() - used


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def mebibytes(side: str, argument: str) -> tuple[float]:
    """The largest resident size of a process that declares an application under mocks."""
    command = [sys.executable, "-m", "tests.bench", side, argument]
    return (float(subprocess.run(command, check=True, capture_output=True, text=True).stdout),)


def compare(what: str, mine: Measure, theirs: Measure, units: Sequence[str], runs: int = RUNS) -> None:
    """Measure both, and print a line."""
    show(what, in_turn(mine, theirs, runs), units)


def in_turn(mine: Measure, theirs: Measure, runs: int) -> list[Pair]:
    """Measure both in turn, the first time for nothing."""
    mine(), theirs()
    return [(mine(), theirs()) for _ in range(runs)]


def show(what: str, pairs: Sequence[Pair], units: Sequence[str]) -> None:
    """Print a line: the medians, the median of the ratios, and in brackets the ratio of the cheapest runs."""
    told = [what.ljust(22)]
    for column, unit in enumerate(units):
        a, b = ([side[column] for side in sides] for sides in zip(*pairs, strict=True))
        ratio = statistics.median(x / y for x, y in zip(a, b, strict=True))
        medians = f"{statistics.median(a):7.2f} {unit}, peer {statistics.median(b):7.2f} {unit}"
        told.append(f"{medians}, ratio {ratio:.2f} ({min(a) / min(b):.2f})")
    print("; ".join(told), flush=True)


def check(file: Path) -> tuple[Measure, Measure]:
    """`check` against the reference implementation."""
    mine = [sys.executable, "-m", "components", "check", str(file), "--target", "docker"]
    theirs = ["docker-compose", "-f", str(file), "config", "--format", "json"]
    return lambda: seconds(mine), lambda: seconds(theirs)


def preview(folder: Path, file: Path, size: int) -> tuple[Measure, Measure]:
    """`pulumi preview` of an empty stack, both with a backend of their own."""
    state = folder / f"state-{size}"
    state.mkdir()
    config = folder / f"config-{size}.yaml"
    config.write_text(json.dumps({"config": {"slipway:target": "docker", "slipway:compose": [str(file)]}}))
    env = {
        **os.environ,
        "PULUMI_BACKEND_URL": f"file://{state}",
        "PULUMI_CONFIG_PASSPHRASE": "bench",
        "BENCH_SIZE": str(size),
    }
    Cli(CHECKOUT, "bench", config, env).create_stack(folder / f"bare-{size}")
    command = ["pulumi", "preview", "--stack", "bench", "--config-file", str(config), "--non-interactive"]
    return lambda: seconds(command, cwd=CHECKOUT, env=env), lambda: seconds(command, cwd=PEER, env=env)


def main() -> None:
    """Print a line per comparison."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {size: write(folder, size) for size in CHECKED}
        if declared(ours(files[10])) != declared(by_hand(10)):
            sys.exit("the peer does not declare what Slipway declares: tests/bench_program is out of date")
        for size in CHECKED:
            compare(f"check, {size} services", *check(files[size]), TIME)
        for size in PREVIEWED:
            compare(f"preview, {size} services", *preview(folder, files[size], size), TIME)
        file = str(files[LARGE])
        compare(
            f"memory, {LARGE} services",
            lambda: mebibytes("ours", file),
            lambda: mebibytes("by-hand", str(LARGE)),
            ["MiB"],
            runs=1,
        )


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        ours(Path(sys.argv[2])) if sys.argv[1] == "ours" else by_hand(int(sys.argv[2]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
