"""`make bench`: ratios against peers, measured in one run. Never a test: machines are shared and noisy.

- `python -m components check` against `docker-compose config`, on generated files of 10, 100 and 1,000 services;
- memory of a program under Pulumi mocks against a hand-written one with the same containers, at 1,000 services.

Not measured: `pulumi preview` against a hand-written program.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 5
SIZES = (10, 100, 1000)

OURS = """
import json, sys
from components.testing import record
record({"compose": [sys.argv[1]], "target": "docker"})
"""

BY_HAND = """
import json, sys
import pulumi_docker as docker, pulumi
from components.testing import record

def program():
    services = json.load(open(sys.argv[1]))["services"]
    provider = docker.Provider("docker")
    opts = pulumi.ResourceOptions(provider=provider)
    network = docker.Network("default", name="bench_default", opts=opts)
    for name, service in services.items():
        image = docker.RemoteImage(name, name=service["image"], keep_locally=True, opts=opts)
        docker.Container(
            name, name=f"bench-{name}-1", image=image.image_id, command=service["command"],
            envs=[f"{k}={v}" for k, v in service["environment"].items()],
            networks_advanced=[{"name": network.name, "aliases": [name]}],
            ports=[{"internal": 80, "protocol": "tcp"}], opts=opts,
        )

record(program)
"""


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


def seconds(command: list[str]) -> float:
    start = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - start


def mebibytes(script: str, file: Path) -> float:
    """The largest resident size of a process of its own."""
    report = f"{script}\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", report, str(file)], check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1]) / 1024


def main() -> None:
    """Print a line per comparison."""
    with tempfile.TemporaryDirectory() as name:
        files = {size: write(Path(name), size) for size in SIZES}
        for size, file in files.items():
            ours = [sys.executable, "-m", "components", "check", str(file), "--target", "docker"]
            peer = ["docker-compose", "-f", str(file), "config", "--format", "json"]
            seconds(ours), seconds(peer)
            pairs = [(seconds(ours), seconds(peer)) for _ in range(RUNS)]
            mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
            ratio = statistics.median(a / b for a, b in pairs)
            print(f"check, {size:5} services: {mine:6.2f} s, docker-compose {theirs:6.2f} s, ratio {ratio:.2f}")
        mine, theirs = mebibytes(OURS, files[1000]), mebibytes(BY_HAND, files[1000])
        print(f"memory, 1000 services: {mine:.0f} MiB, by hand {theirs:.0f} MiB, ratio {mine / theirs:.2f}")


if __name__ == "__main__":
    main()
