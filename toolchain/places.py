"""Every path that set-up writes to, in one type."""

import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are.

    Attributes:
        checkout: the root of the working copy.
        cache: what is kept for every checkout on this machine, by version.
    """

    checkout: Path
    cache: Path

    @classmethod
    def here(cls) -> "Places":
        """The places of this working copy; the cache follows `XDG_CACHE_HOME`, default `~/.cache`."""
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        return cls(CHECKOUT, Path(base) / "slipway")

    @property
    def own(self) -> Path:
        """The project's own folder, ignored by git."""
        return self.checkout / ".slipway"

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.checkout / ".venv"

    @property
    def python(self) -> Path:
        """The interpreter of the virtual environment."""
        return self.venv / "bin" / "python"

    @property
    def bin(self) -> Path:
        """Links to the tools; second on PATH, after `.venv/bin`."""
        return self.own / "bin"

    @property
    def home(self) -> Path:
        """The project's PULUMI_HOME: plugins, never the user's login."""
        return self.own / "home"

    @property
    def state(self) -> Path:
        """The file backend, used where the user has no backend of his own."""
        return self.own / "state"

    @property
    def passphrase(self) -> Path:
        """The generated passphrase that goes with `state`; mode 0600."""
        return self.own / "passphrase"

    @property
    def buildx(self) -> Path:
        """The project's BUILDX_CONFIG."""
        return self.own / "buildx"

    @property
    def stacks(self) -> Path:
        """Copies of the committed stack files, with the secrets that set-up wrote into them."""
        return self.own / "stacks"

    @property
    def run(self) -> Path:
        """Who was started from this checkout: a record and a log for each daemon."""
        return self.own / "run"

    @property
    def shared_run(self) -> Path:
        """Sockets and settings of daemons that every checkout on this machine uses."""
        return self.cache / "run"

    @property
    def builds(self) -> Path:
        """One folder with go.mod and go.sum for each tool that can be built."""
        return self.checkout / "toolchain" / "builds"
