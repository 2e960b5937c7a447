"""What the parts of `make bench` about clouds share: a file of many services, a clock, and a month's bill."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.testing import Recorded, Recording, record
from tests.bench import CHECKOUT, Measure, compare

RUNS = 3
SIZES = (10, 100, 1000)
IMAGE = "debian:bookworm-slim"
SAMPLE = str(CHECKOUT / "examples" / "guestbook" / "compose.yaml")
HOURS = 730
"""Of a month."""
REMEMBERED = "remembered"
Side = Callable[[str], Recording]
"""What declares an application: ours is given a file, a peer how many services there are."""


@dataclass(frozen=True)
class Price:
    """A list price.

    Attributes:
        dollars: a month.
        seen: the day on which a copy or transcript of the page was seen to have it; `REMEMBERED`: it was not looked up.
        page: that has it.
    """

    dollars: float
    seen: str
    page: str


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """What is measured of a cloud.

    Attributes:
        name: what its makers call it.
        module: that is run with `main`.
        kinds: how the types of its resources begin.
        region: that prices are of.
        settings: of an `Application`, without files and secrets.
        sides: `ours`, `plain` and `careful`.
        prices: what -> its price.
        cost: from the sample's resources to how much of what it has.
        environment: variables of a service, from its number and how many services there are.
    """

    name: str
    module: str
    kinds: str
    region: str
    settings: Mapping[str, Any]
    sides: Mapping[str, Side]
    prices: Mapping[str, Price]
    cost: Callable[[Sequence[Recorded]], Mapping[str, float]]
    environment: Callable[[int, int], Mapping[str, str]] = lambda _number, _size: {}

    def own(self, recorded: Recording) -> list[Recorded]:
        """The cloud's resources of a recording."""
        return [each for each in recorded if each.type.startswith(self.kinds)]


def main(cloud: Cloud, arguments: Sequence[str]) -> None:
    """Print a line per comparison; or what one side takes, where it, a small argument and another are given."""
    if arguments:
        clocked(cloud.sides, *arguments)
        return
    with tempfile.TemporaryDirectory() as name:
        files = {size: str(write(Path(name), size, cloud)) for size in SIZES}
        declare(cloud, files)
    bill(cloud)


def declare(cloud: Cloud, files: Mapping[int, str]) -> None:
    """Print what one more service is, and what ours takes against each peer; end where they do not declare the same."""
    least, more, *_ = SIZES
    found, wanted = cloud.own(cloud.sides["ours"](files[least])), cloud.own(cloud.sides["plain"](str(least)))
    if comparable(found) != comparable(wanted):
        sys.exit(f"the peer does not declare what Slipway declares: {cloud.module} is out of date")
    one = (len(cloud.own(cloud.sides["ours"](files[more]))) - len(found)) / (more - least)
    print(f"one more service: {one:g} resources of {cloud.name}")
    for size, file in files.items():
        mine = took(cloud.module, "ours", file, files[least])
        for side in ("plain", "careful"):
            theirs = took(cloud.module, side, str(size), str(least))
            compare(f"declare, {size} services, {side} peer", mine, theirs, ["CPU s"], runs=RUNS)


def bill(cloud: Cloud) -> None:
    """Print what the sample has, what each thing costs in a month, and all together."""
    own = cloud.own(record({"compose": [SAMPLE], "secrets": {"REDIS_PASSWORD": "x"}, **cloud.settings}))
    print(f"the sample: {len(own)} resources of {cloud.name}")
    amounts = cloud.cost(own)
    for what, amount in amounts.items():
        price = cloud.prices[what]
        product = amount * price.dollars
        print(f"  {what}: {amount:g} x {price.dollars:.2f} $ = {product:.2f} $ ({price.seen}, {price.page})")
    total = sum(amount * cloud.prices[what].dollars for what, amount in amounts.items())
    print(f"the sample, a month of nobody's use: {total:.2f} $ ({cloud.region})")


def write(folder: Path, size: int, cloud: Cloud) -> Path:
    """A file of services; JSON, which is YAML too."""
    services = {
        f"s{number}": {
            "image": IMAGE,
            "command": ["sleep", "infinity"],
            "environment": {"A": "1", "B": "2", **cloud.environment(number, size)},
            "expose": ["80"],
        }
        for number in range(size)
    }
    path = folder / f"{size}.yaml"
    path.write_text(json.dumps({"name": "bench", "services": services}))
    return path


def comparable(own: Sequence[Recorded]) -> list[tuple[str, str, str]]:
    """Type, name and inputs of every resource, in an order that does not depend on when each was made."""
    return sorted((each.type, each.name, json.dumps(each.inputs, sort_keys=True)) for each in own)


def took(module: str, side: str, argument: str, warm: str) -> Measure:
    """Processor seconds of declaring, in a process of its own, that has declared something small before."""
    command = [sys.executable, "-m", module, side, warm, argument]

    def measure() -> tuple[float, ...]:
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=CHECKOUT, env=os.environ)
        return (float(done.stdout.splitlines()[-1]),)

    return measure


def clocked(sides: Mapping[str, Side], side: str, warm: str, argument: str) -> None:
    """Print the processor seconds that a side takes, once it has declared something small."""
    sides[side](warm)
    start = time.process_time()
    sides[side](argument)
    print(time.process_time() - start)
