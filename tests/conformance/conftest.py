"""A stack of its own for each test, on the Engine that the environment names, removed at the end."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from deployments import Deployment


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    deployed = Deployment(tmp_path)
    yield deployed
    deployed.remove()


@pytest.fixture(scope="session", autouse=True)
def _needs_set_up() -> None:
    """These tests are run by `make test`, which sets up and sets the environment."""
    try:
        subprocess.run(["pulumi", "version"], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.fail(f"no pulumi on PATH ({os.environ['PATH']}); run `make test`")
