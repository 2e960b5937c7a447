"""A stack of its own for each test that really builds, and the registry that set-up started."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from deployments import Deployment

from toolchain import registry
from toolchain.places import Places


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    deployed = Deployment(tmp_path)
    yield deployed
    deployed.remove()


@pytest.fixture(scope="session")
def local_registry() -> str:
    """The address of the local registry: http on loopback."""
    where = registry.address(Places.here())
    if not registry.answers(where):
        pytest.skip(f"no local registry at {where}: Docker Hub answers here, so set-up started none")
    return where
