"""A stack of its own for each test that really builds, and the registry that set-up started."""

import contextlib
import json
import socket
import subprocess
import time
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


PASSWORD = "geheim-4711"
HTPASSWD = "ann:$2y$05$abcdefghijklmnopqrstuuI9Ve74svfU50aEQdy91gepBOB8Ceywa\n"
"""That password, by bcrypt."""


@pytest.fixture
def private_registry(local_registry: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of a registry on loopback that only ann may use, and her password."""
    del local_registry  # where that is, there is the program
    (tmp_path / "htpasswd").write_text(HTPASSWD)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        where = f"127.0.0.1:{probe.getsockname()[1]}"
    config = {
        "version": 0.1,
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": str(tmp_path / "registry")}, "delete": {"enabled": True}},
        "auth": {"htpasswd": {"realm": "test", "path": str(tmp_path / "htpasswd")}},
        "http": {"addr": where},
    }
    (tmp_path / "registry.yml").write_text(json.dumps(config))
    with subprocess.Popen(["docker-registry", "serve", str(tmp_path / "registry.yml")]) as process:
        host, port = where.split(":")
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=1):
                break
            time.sleep(0.1)
        yield where, PASSWORD
        process.terminate()
