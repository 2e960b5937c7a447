"""What a kind of resource says about itself and does, and what one request to it carries (`Call`)."""

import hashlib
import secrets
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from standins.traits import Trait
from standins.values import Properties, Value

_NAME_LENGTH: Final = 255
_SUFFIX_LENGTH: Final = 7


class StandinError(Exception):
    """A request failed for a reason that the user can read: `where: what is wrong; what to do`."""


class CancelledError(StandinError):
    """The engine asked to stop, or the time that the resource was given is over."""


class InitFailedError(StandinError):
    """The resource exists, but did not come up. It goes into the state, and the next update acts on it again.

    One that failed in `create` is tainted: it is replaced. One that failed in `update` is changed in place once more,
    even if the program says the same.

    Attributes:
        id: the resource's identity.
        outputs: its outputs so far.
    """

    def __init__(self, message: str, identity: str, outputs: Properties) -> None:
        super().__init__(message)
        self.id = identity
        self.outputs = outputs


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    Attributes:
        urn: the resource that it is about.
        client: what `configure` of the stand-in returned.
        cancelled: set when the engine asks to stop.
        deadline: on the monotonic clock, in seconds; None without a custom timeout.
    """

    urn: str
    client: Any
    cancelled: threading.Event = field(default_factory=threading.Event)
    deadline: float | None = None

    @property
    def name(self) -> str:
        """The resource's logical name."""
        return self.urn.rsplit("::", 1)[-1]

    def sleep(self, seconds: float) -> None:
        """Wait, unless the engine asks to stop.

        Raises:
            CancelledError: it did, or the resource's custom timeout is over.
        """
        if self.deadline is not None and time.monotonic() >= self.deadline:
            raise CancelledError(f"{self.name}: its custom timeout is over; raise it in the resource's options")
        if self.cancelled.wait(seconds):
            raise CancelledError(f"{self.name}: cancelled")

    def run(self, work: Callable[[], Value]) -> Value:
        """The result of work that blocks, given up when the engine asks to stop (the process is about to end then)."""
        results: list[Value] = []
        errors: list[BaseException] = []

        def keep() -> None:
            try:
                results.append(work())
            except BaseException as error:  # noqa: BLE001 - it is raised again in the caller's thread
                errors.append(error)

        thread = threading.Thread(target=keep, daemon=True)
        thread.start()
        while thread.is_alive():
            thread.join(0.05)
            if thread.is_alive():
                self.sleep(0)
        if errors:
            raise errors[0]
        return results[0]


@dataclass(frozen=True, slots=True)
class State:
    """A resource as it is: its identity and everything known of it, under the names of the SDK's outputs."""

    id: str
    outputs: Properties


class Resource(ABC):
    """One kind of resource. Inputs and outputs come without secret wrappers; the server puts those back."""

    token: ClassVar[str]
    traits: ClassVar[Mapping[str, Trait]]
    autonamed: ClassVar[bool] = True
    """Whether a name is generated where the program gives neither one nor a prefix."""
    name_input: ClassVar[str] = "name"
    delete_before_replace: ClassVar[bool] = False
    observed: ClassVar[Collection[str]] = ()
    """Inputs that are compared with the state as last seen, not with what was last asked for."""
    importable: ClassVar[bool] = True

    def check(self, inputs: Properties) -> Iterable[tuple[str, str]]:  # noqa: ARG002 - most kinds have no such rule
        """What is wrong between properties: (property, what is wrong). Values may be unknown."""
        return ()

    @abstractmethod
    def create(self, call: Call, inputs: Properties) -> State:
        """Make it.

        Raises:
            StandinError: nothing was made.
            InitFailedError: it was made, and did not come up.
        """

    @abstractmethod
    def read(self, call: Call, identity: str, known: Properties) -> State | None:
        """How it is now; None where it is gone. `known` are the last outputs and inputs, empty for an import."""

    def update(self, call: Call, identity: str, old: Properties, inputs: Properties) -> State:  # noqa: ARG002
        """Change it in place, from the last outputs to these inputs. By default nothing can be.

        Raises:
            StandinError: it is as it was.
            InitFailedError: it was changed, and did not come up.
        """
        raise StandinError(f"{call.name}: it cannot be changed in place")

    @abstractmethod
    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """Remove it; that it is gone already is no error."""


def autoname(name: str, seed: bytes) -> str:
    """`web-1a2b3c4`: the logical name and seven hexadecimal digits, from the engine's seed where it gives one."""
    suffix = hashlib.sha256(seed + name.encode()).hexdigest() if seed else secrets.token_hex(_SUFFIX_LENGTH)
    return f"{name[: _NAME_LENGTH - _SUFFIX_LENGTH - 1]}-{suffix[:_SUFFIX_LENGTH]}"
