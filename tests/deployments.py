"""An application of its own for each test, brought up by the Pulumi CLI."""

import json
import shutil
import uuid
from pathlib import Path
from typing import Any

import docker
import yaml

from toolchain.pulumi import Cli

CHECKOUT = Path(__file__).resolve().parents[1]


class Stack:
    """One application, brought up and changed by `pulumi up`, in a stack and a state of its own.

    Attributes:
        name: of the stack and of the application.
        folder: where everything of it is.
        secrets: values of `slipway:secrets`.
    """

    def __init__(self, folder: Path, target: str = "docker", host: str | None = None) -> None:
        """Make the stack.

        Args:
            folder: an empty one.
            target: of the stack.
            host: where the target is, where that is not what the user's own tools would take.
        """
        self.name = f"c{uuid.uuid4().hex[:8]}"
        self.folder = folder
        self.secrets: dict[str, str] = {}
        (folder / "state").mkdir()
        env = {"PULUMI_BACKEND_URL": f"file://{folder}/state", "PULUMI_CONFIG_PASSPHRASE": "test"}
        self.cli = Cli(CHECKOUT, self.name, folder / "config.yaml", env, target, host)
        self.cli.create_stack(folder / "bare")

    def up(self, application: dict[str, Any], *words: str, **settings: Any) -> tuple[int, str]:
        """`pulumi up` of a Compose application; its exit code and everything it said.

        Args:
            application: the content of the Compose file but for its name.
            words: further options.
            settings: config keys but for `slipway:`.
        """
        self.write(application, settings)
        code, lines = self.cli.show("up", "--yes", "--skip-preview", *words)
        return code, "\n".join(lines)

    def preview(self, application: dict[str, Any], *words: str, **settings: Any) -> tuple[int, str]:
        """`pulumi preview`, the same way."""
        self.write(application, settings)
        code, lines = self.cli.show("preview", "--diff", *words)
        return code, "\n".join(lines)

    def write(self, application: dict[str, Any], settings: dict[str, Any]) -> None:
        """Write the Compose file and the stack's config."""
        (self.folder / "compose.yaml").write_text(yaml.safe_dump({"name": self.name, **application}))
        old = yaml.safe_load(self.cli.config.read_text()) if self.cli.config.exists() else {}
        config = {
            "pulumi:disable-default-providers": ["*"],
            "slipway:target": self.cli.target,
            "slipway:compose": [str(self.folder / "compose.yaml")],
            **{f"slipway:{key}": value for key, value in settings.items()},
        }
        self.cli.config.write_text(yaml.safe_dump({**old, "config": config}))
        for name, value in self.secrets.items():
            self.cli.ask("config", "set", "--secret", "--path", f"slipway:secrets.{name}", stdin=value, config=True)

    def state(self) -> str:
        return self.cli.ask("stack", "export")

    def resources(self) -> list[dict[str, Any]]:
        return json.loads(self.state())["deployment"].get("resources", [])


class Deployment(Stack):
    """One application on the Engine that the environment names."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.engine = docker.from_env()

    def container(self, key: str) -> Any:
        return self.engine.containers.get(f"{self.name}-{key}")

    def run(self, key: str, *command: str) -> str:
        code, output = self.container(key).exec_run(list(command))
        assert code == 0, output
        return output.decode().strip()

    def remove(self) -> None:
        # whatever a test left: the Engine is cleaned by label, not by the stack that is tested
        label = {"label": f"com.docker.compose.project={self.name}"}
        for container in self.engine.containers.list(all=True, filters=label):
            container.remove(force=True, v=True)
        for network in self.engine.networks.list(filters=label):
            network.remove()
        for volume in self.engine.volumes.list(filters=label):
            volume.remove()
        for image in self.engine.images.list(filters=label):
            self.engine.images.remove(image.id, force=True)
        for staged in ("contexts", "layouts"):
            shutil.rmtree(CHECKOUT / ".slipway" / staged / self.name, ignore_errors=True)
        self.engine.close()
