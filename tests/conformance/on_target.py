"""An application on one target, brought up and changed by `pulumi up`, and looked into as its users would.

`OnTarget` is what the suite of behaviours needs of a target; a target is a subclass, and a row in `conftest.py`.
"""

import os
import signal
import subprocess
import time
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from deployments import Stack

from toolchain import recover
from toolchain.places import Places

SLEEP = ["sleep", "infinity"]
_LOOK_SECONDS = 0.05
_UNTIL_SECONDS = 60.0


class OnTarget(Stack, ABC):
    """One application on one target.

    Attributes:
        image: Debian with `probe` in it, by a name that the target can pull.
        host: where the target is, where that is not what the user's own tools would take.
        config: further settings of the stack.
        hidden: further settings that are secret, by path.
    """

    target: ClassVar[str]
    many: ClassVar[int]
    """To how many replicas a service is scaled out."""
    remedy: ClassVar[str] = "pulumi up --replace"
    """What is told about a failed run to completion, to have it run again."""

    def __init__(self, folder: Path, image: str, host: str | None = None) -> None:
        super().__init__(folder, self.target, host)
        self.image = image
        self.host = host
        self.config: dict[str, Any] = {}
        self.hidden: dict[str, str] = {}

    # the application

    def service(self, **keys: Any) -> dict[str, Any]:
        """A service that sleeps and ends at once (`sleep` as the first process would not), with further keys."""
        return {"image": self.image, "command": SLEEP, "init": True, "stop_grace_period": "1s", **keys}

    def write(self, application: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
        """Write the Compose file and the stack's config, with what the target wants of it."""
        given = {key.removeprefix("slipway:"): value for key, value in {**self.settings(), **self.config}.items()}
        super().write(dict(application), {**given, **settings})
        for path, value in self.hidden.items():
            self.cli.ask("config", "set", "--secret", "--path", path, stdin=value, config=True)

    def kill_during_up(self, application: Mapping[str, Any], when: Callable[[], bool]) -> None:
        """Begin `pulumi up`, kill it with its children as soon as `when` says so, and repair as `make up` does."""
        self.write(application, {})
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

    def settled(self, what: Callable[[], bool]) -> None:
        """It has to be so when `up` has ended."""
        assert what()

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

    def fetched(self, service: str, port: int) -> bytes:
        """What a published port answers."""
        with urllib.request.urlopen(f"http://{self.outside(service, port)}/", timeout=10) as answer:
            return bytes(answer.read())

    @abstractmethod
    def shown(self, service: str) -> str:
        """Everything that the platform shows of the service."""

    @abstractmethod
    def remove(self) -> None:
        """Remove whatever a test left, by label, not by the stack that is tested."""
