"""What a cloud leaves."""

import os
import signal
import subprocess
import sys

import docker
import pytest
from deployments import CHECKOUT

from tests.clouds import traces
from tests.gcp import start
from toolchain.places import Places

pytestmark = [pytest.mark.engine, pytest.mark.google]


def test_a_cloud_that_was_killed_is_cleared_by_the_next() -> None:
    engine = docker.from_env()
    owner = """$(docker network inspect -f '{{index .Labels "slipway.gcp"}}' $SLIPWAY_GCP_NETWORK)"""
    run = f"docker run -d --label slipway.gcp={owner} --network $SLIPWAY_GCP_NETWORK debian:bookworm-slim sleep 60"
    with subprocess.Popen(
        [sys.executable, "-m", "tests.gcp", "sh", "-c", f"{run}; sleep 10"], cwd=CHECKOUT, stdout=subprocess.PIPE,
        env={key: value for key, value in os.environ.items() if not key.startswith("SLIPWAY_GCP_")},
    ) as made:  # fmt: skip
        left = made.stdout.readline().decode().strip()
        assert engine.containers.get(left).name
        os.kill(made.pid, signal.SIGKILL)
    with start.cloud(Places.here()), pytest.raises(docker.errors.NotFound):
        engine.containers.get(left)
    assert not traces._all(engine, f"slipway.gcp={traces.owner()}")
