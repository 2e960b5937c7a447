"""The Pulumi CLI, as `make up` and `make down` use it."""

import contextlib
import io
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, cast

from components.errors import InputError
from components.targets import identity

from . import interrupt
from .progress import Progress
from .shell import run
from .steps import Steps

PROJECT = "slipway"
"""The name in Pulumi.yaml."""
_NO_ORGANIZATION = "organization"


class Cli:
    """The CLI on one stack, with one config file.

    Attributes:
        project: the folder of Pulumi.yaml.
        stack: its name.
        config: the stack's config file; `stacks/` itself is never written.
        env: see `environment.variables`.
        target: of the stack.
        host: the address of the stack's Engine, where its config names one.
    """

    def __init__(
        self,
        project: Path,
        stack: str,
        config: Path,
        env: Mapping[str, str],
        target: str = "docker",
        host: str | None = None,
    ) -> None:
        """Remember where and with what."""
        self.project, self.stack, self.config, self.env = project, stack, config, env
        self.target, self.host = target, host

    def ask(self, *words: str, stdin: str = "", config: bool = False) -> str:
        """Run a command that answers on standard output.

        Raises:
            InputError: it failed.
        """
        return run(self._command(words, config=config), cwd=self.project, env=self.env, stdin=stdin)

    def docker(self, *words: str) -> str:
        """Run a command of the Docker CLI on the stack's Engine.

        Raises:
            InputError: it failed.
        """
        return run(["docker", *(["--host", self.host] if self.host else []), *words], env=self.env)

    def show(self, *words: str, steps: Steps | None = None) -> tuple[int, list[str]]:
        """Run a command that people read; see `progress`.

        Returns:
            Its exit code, and its lines.
        """
        process = subprocess.Popen(
            self._command(words, config=True),
            cwd=self.project,
            env={**os.environ, **self.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        # a build's log has carriage returns, which end no line
        out = io.TextIOWrapper(cast("BinaryIO", process.stdout), encoding="utf-8", errors="replace", newline="\n")
        with process, interrupt.child(process, patient=True):
            lines = Progress(steps or Steps()).show(out)
        return process.returncode, lines

    def identity(self) -> str:
        """What the stack's things on an Engine are labelled with."""
        backend = {**os.environ, **self.env}.get("PULUMI_BACKEND_URL")
        return identity.of_stack(self._organization(backend), PROJECT, self.stack, backend)

    def _organization(self, backend: str | None) -> str:
        """The user's default one, where `--stack` names none; a backend that knows none has one word for all."""
        if backend is None or not backend.startswith("file://"):
            with contextlib.suppress(InputError):
                return run(["pulumi", "org", "get-default"], cwd=self.project, env=self.env).strip() or _NO_ORGANIZATION
        return _NO_ORGANIZATION

    def create_stack(self, bare: Path) -> None:
        """Make the stack, if it is not there.

        `stack select --create` writes the encryption salt into the project's stack file, so it runs in a bare project
        of the same name in the ignored folder.
        """
        bare.mkdir(parents=True, exist_ok=True)
        (bare / "Pulumi.yaml").write_text(f"name: {PROJECT}\nruntime: python\n")
        command = ["pulumi", "stack", "select", "--create", self.stack, "--non-interactive"]
        run(command, cwd=bare, env=self.env)

    def _command(self, words: Sequence[str], *, config: bool) -> list[str]:
        file = ["--config-file", str(self.config)] if config else []
        return ["pulumi", *words, "--stack", self.stack, *file, "--non-interactive"]
