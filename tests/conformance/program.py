"""A stack of Slipway's program, for what needs several of them: a cluster or a platform, and an application there."""

import json
from pathlib import Path
from typing import Any

import yaml
from deployments import CHECKOUT

from toolchain.pulumi import Cli

SAMPLE = CHECKOUT / "examples" / "guestbook" / "compose.yaml"


class Program:
    """A stack of Slipway's program."""

    def __init__(self, folder: Path, backend: Path, name: str, settings: dict[str, Any], target: str) -> None:
        env = {"PULUMI_BACKEND_URL": f"file://{backend}", "PULUMI_CONFIG_PASSPHRASE": "test"}
        folder.mkdir()
        self.name = name
        self.cli = Cli(CHECKOUT, name, folder / "config.yaml", env, target)
        self.cli.create_stack(folder / "bare")
        self.configure(settings)

    def configure(self, settings: dict[str, Any]) -> None:
        path = self.cli.config
        old = yaml.safe_load(path.read_text()) if path.exists() else {}
        config = {"pulumi:disable-default-providers": ["*"], **settings}
        path.write_text(yaml.safe_dump({**old, "config": {**old.get("config", {}), **config}}))

    def hide(self, path: str, value: str) -> None:
        self.cli.ask("config", "set", "--secret", "--path", path, stdin=value, config=True)

    def show(self, *words: str) -> str:
        """What a command says, which has to end with 0."""
        code, lines = self.cli.show(*words)
        assert code == 0, "\n".join(lines)
        return "\n".join(lines)

    def up(self) -> str:
        return self.show("up", "--yes", "--skip-preview")

    def urls(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.cli.ask("stack", "output", "urls", "--json"))
        return found

    def state(self) -> str:
        return self.cli.ask("stack", "export")
