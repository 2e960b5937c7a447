"""A stack of its own for each test, on the Engine that the environment names, removed at the end."""

import json
import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
import yaml

from toolchain.pulumi import Cli

CHECKOUT = Path(__file__).resolve().parents[2]


class Deployment:
    """One application, brought up and changed by `pulumi up`."""

    def __init__(self, folder: Path) -> None:
        self.name = f"c{uuid.uuid4().hex[:8]}"
        self.folder = folder
        self.secrets: dict[str, str] = {}
        (folder / "state").mkdir()
        env = {"PULUMI_BACKEND_URL": f"file://{folder}/state", "PULUMI_CONFIG_PASSPHRASE": "test"}
        self.cli = Cli(CHECKOUT, self.name, folder / "config.yaml", env)
        self.cli.create_stack(folder / "bare")
        self.engine = docker.from_env()

    def up(self, application: dict[str, Any], *words: str) -> tuple[int, str]:
        """`pulumi up` of a Compose application; its exit code and everything it said."""
        (self.folder / "compose.yaml").write_text(yaml.safe_dump({"name": self.name, **application}))
        old = yaml.safe_load(self.cli.config.read_text()) if self.cli.config.exists() else {}
        config = {
            "pulumi:disable-default-providers": ["*"],
            "slipway:target": "docker",
            "slipway:compose": [str(self.folder / "compose.yaml")],
        }
        self.cli.config.write_text(yaml.safe_dump({**old, "config": config}))
        for name, value in self.secrets.items():
            self.cli.ask("config", "set", "--secret", "--path", f"slipway:secrets.{name}", stdin=value, config=True)
        code, lines = self.cli.show("up", "--yes", "--skip-preview", *words)
        return code, "\n".join(lines)

    def container(self, key: str) -> Any:
        return self.engine.containers.get(f"{self.name}-{key}")

    def run(self, key: str, *command: str) -> str:
        code, output = self.container(key).exec_run(list(command))
        assert code == 0, output
        return output.decode().strip()

    def state(self) -> str:
        return self.cli.ask("stack", "export")

    def resources(self) -> list[dict[str, Any]]:
        return json.loads(self.state())["deployment"]["resources"]

    def remove(self) -> None:
        # whatever a test left: the Engine is cleaned by label, not by the stack that is tested
        label = {"label": f"com.docker.compose.project={self.name}"}
        for container in self.engine.containers.list(all=True, filters=label):
            container.remove(force=True, v=True)
        for network in self.engine.networks.list(filters=label):
            network.remove()
        for volume in self.engine.volumes.list(filters=label):
            volume.remove()
        self.engine.close()


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
