"""An application on one target, brought up and changed by `pulumi up`, and looked into as its users would.

`Deployment` is what the suite of behaviours needs of a target; a target is a subclass, and a row in `conftest.py`.
"""

import json
import os
import signal
import subprocess
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import yaml

from toolchain import recover
from toolchain.places import Places
from toolchain.pulumi import Cli

CHECKOUT = Path(__file__).resolve().parents[2]
SLEEP = ["sleep", "infinity"]
_LOOK_SECONDS = 0.05
_UNTIL_SECONDS = 60.0


class Deployment(ABC):
    """One application, in a stack and a state of its own.

    Attributes:
        name: of the stack and the application.
        folder: where everything of it is.
        secrets: values of `slipway:secrets`.
        config: further settings of the stack.
        hidden: further settings that are secret, by path.
        image: Debian with `probe` in it, by a name that the target can pull.
        host: where the target is, where that is not what the user's own tools would take.
    """

    target: ClassVar[str]
    many: ClassVar[int]
    """To how many replicas a service is scaled out."""

    def __init__(self, folder: Path, image: str, host: str | None = None) -> None:
        self.name = f"c{uuid.uuid4().hex[:8]}"
        self.folder = folder
        self.image = image
        self.host = host
        self.secrets: dict[str, str] = {}
        self.config: dict[str, Any] = {}
        self.hidden: dict[str, str] = {}
        (folder / "state").mkdir()
        env = {"PULUMI_BACKEND_URL": f"file://{folder}/state", "PULUMI_CONFIG_PASSPHRASE": "test"}
        self.cli = Cli(CHECKOUT, self.name, folder / "config.yaml", env, self.target, host)
        self.cli.create_stack(folder / "bare")

    # the application

    def service(self, **keys: Any) -> dict[str, Any]:
        """A service that sleeps and ends at once (`sleep` as the first process would not), with further keys."""
        return {"image": self.image, "command": SLEEP, "init": True, "stop_grace_period": "1s", **keys}

    def up(self, application: Mapping[str, Any], *words: str) -> tuple[int, str]:
        """`pulumi up` of a Compose application; its exit code and everything it said."""
        self._write(application)
        code, lines = self.cli.show("up", "--yes", "--skip-preview", *words)
        return code, "\n".join(lines)

    def kill_during_up(self, application: Mapping[str, Any], when: Callable[[], bool]) -> None:
        """Begin `pulumi up`, kill it with its children as soon as `when` says so, and repair as `make up` does."""
        self._write(application)
        process = subprocess.Popen(
            ["pulumi", "up", "--yes", "--skip-preview", "--stack", self.name,
             "--config-file", str(self.cli.config), "--non-interactive"],
            cwd=self.cli.project, env={**os.environ, **self.cli.env},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        while not when():
            assert process.poll() is None, "it ended before it was to be killed"
            time.sleep(_LOOK_SECONDS)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        state = self.folder / "state"

        class Here(Places):
            @property
            def state(self) -> Path:
                return state

        recover.run(Here(self.cli.project, self.folder), self.cli)

    def until(self, what: Callable[[], bool]) -> None:
        """Wait until it is so."""
        end = time.monotonic() + _UNTIL_SECONDS
        while not what():
            assert time.monotonic() < end, f"it is not so after {_UNTIL_SECONDS:.0f} s"
            time.sleep(_LOOK_SECONDS)

    def state(self) -> str:
        return self.cli.ask("stack", "export")

    def resources(self) -> list[dict[str, Any]]:
        return json.loads(self.state())["deployment"].get("resources", [])

    def _write(self, application: Mapping[str, Any]) -> None:
        (self.folder / "compose.yaml").write_text(yaml.safe_dump({"name": self.name, **application}))
        old = yaml.safe_load(self.cli.config.read_text()) if self.cli.config.exists() else {}
        config = {
            "pulumi:disable-default-providers": ["*"],
            "slipway:target": self.target,
            "slipway:compose": [str(self.folder / "compose.yaml")],
            **self.settings(),
            **self.config,
        }
        self.cli.config.write_text(yaml.safe_dump({**old, "config": config}))
        secrets = {f"slipway:secrets.{name}": value for name, value in self.secrets.items()}
        for path, value in {**secrets, **self.hidden}.items():
            self.cli.ask("config", "set", "--secret", "--path", path, stdin=value, config=True)

    # the target

    def settings(self) -> dict[str, Any]:
        """What the stack's config has beside the application."""
        return {}

    @abstractmethod
    def run(self, service: str, *command: str) -> str:
        """What a command says in a running container of the service; it has to end with 0."""

    @abstractmethod
    def running(self, service: str) -> dict[str, float]:
        """The service's running containers: identity -> when it was created, in seconds since 1970."""

    @abstractmethod
    def exists(self, service: str) -> bool:
        """Whether the platform knows the service, running or not."""

    @abstractmethod
    def remove_one(self, service: str) -> None:
        """Remove what runs the service, behind the stack's back."""

    @abstractmethod
    def outside(self, service: str, port: int) -> str:
        """`host:port` where a published port of the service is reached."""

    @abstractmethod
    def shown(self, service: str) -> str:
        """Everything that the platform shows of the service."""

    @abstractmethod
    def remove(self) -> None:
        """Remove whatever a test left, by label, not by the stack that is tested."""
