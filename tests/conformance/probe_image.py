"""The image of the conformance tests: the base image with `probe`, built from `probe/` by set-up's Go."""

import hashlib
import os
import tempfile
from pathlib import Path

from toolchain import cache, golang
from toolchain.places import Places
from toolchain.shell import run

BASE = "debian:bookworm-slim"
_SOURCE = Path(__file__).parent / "probe"


def build() -> str:
    """Build it into the Engine that the environment names, where it is not there.

    Returns:
        Its tag, which follows from its source.
    """
    tag = f"slipway-conformance:{_digest()}"
    if not run(["docker", "image", "ls", "--quiet", tag]):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "probe").write_bytes(program().read_bytes())
            (Path(folder) / "probe").chmod(0o755)
            (Path(folder) / "Dockerfile").write_text(f"FROM {BASE}\nCOPY probe /usr/local/bin/probe\n")
            run(["docker", "build", "--quiet", "--tag", tag, folder], env={"DOCKER_BUILDKIT": "0"})
    return tag


def _digest() -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(_SOURCE.iterdir()))).hexdigest()[:12]


def program() -> Path:
    """`probe` by itself, for this machine."""
    places = Places.here()
    folder = places.cache / f"conformance-probe-{_digest()}"

    def compile_into(fresh: Path) -> None:
        command = [str(golang.find(places)), "build", "-trimpath", "-ldflags=-s", "-o", str(fresh / "probe"), "."]
        run(command, cwd=_SOURCE, env={"CGO_ENABLED": "0", "GOFLAGS": os.environ.get("GOFLAGS", "")})

    cache.install(folder, compile_into)
    return folder / "probe"
