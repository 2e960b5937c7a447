"""What a kind of resource says about itself, and the three judgements that follow from it: check, difference, reading.

Everything here is pure but for `Call`, which carries what one request needs: its client, and the way to stop waiting.
"""

import hashlib
import json
import secrets
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from standins.values import UNKNOWN, Properties, Secret, Value, has_unknown, plain

DEFAULTS: Final = "__defaults"
"""The key of the inputs that were filled in by the plugin: a generated name stays as long as nobody gives one."""

_NAME_LENGTH: Final = 255
_SUFFIX_LENGTH: Final = 7

Rule = Callable[[Value], str]
"""Takes a known value; returns what is wrong with it, or ""."""


class StandinError(Exception):
    """A request failed for a reason that the user can read: `where: what is wrong; what to do`."""


class CancelledError(StandinError):
    """The engine asked to stop, or the time that the resource was given is over."""


class InitFailedError(StandinError):
    """The resource exists, but did not come up: it goes into the state, tainted, and the next update replaces it.

    Attributes:
        id: the resource's identity.
        outputs: its outputs so far.
    """

    def __init__(self, message: str, identity: str, outputs: Properties) -> None:
        super().__init__(message)
        self.id = identity
        self.outputs = outputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """How one input behaves, where that is not in the SDK's types.

    Attributes:
        default: what Check fills in where the program says nothing.
        in_place: a change is an update; otherwise it replaces the resource.
        computed: the cloud fills it in where the program says nothing, so taking it out is no change.
        unordered: the order of a list, at any depth, is no difference.
        nested: defaults inside an object, or inside each object of a list.
        decided: keys inside each object of a list that the cloud fills in where the program says nothing.
        rule: a further rule on a known value.
        lacking: why the stand-in cannot do it; setting it is then refused.
    """

    default: Value = None
    in_place: bool = False
    computed: bool = False
    unordered: bool = False
    nested: Mapping[str, Value] = field(default_factory=dict)
    decided: Collection[str] = ()
    rule: Rule | None = None
    lacking: str = ""


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
    """Whether `name` is generated where the program gives none."""
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
        """Change it in place, from the last outputs to these inputs. By default nothing can be."""
        raise StandinError(f"{call.name}: it cannot be changed in place")

    @abstractmethod
    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """Remove it; that it is gone already is no error."""


@dataclass(frozen=True, slots=True)
class Change:
    """One input that differs."""

    kind: str
    """`add`, `delete` or `update`."""
    replaces: bool


def fill(traits: Mapping[str, Trait], inputs: Properties) -> Properties:
    """The inputs with the defaults of the properties, and of the objects inside them."""
    filled = dict(inputs)
    for name, trait in traits.items():
        if trait.default is not None and filled.get(name) is None:
            filled[name] = trait.default
        if trait.nested and filled.get(name) is not None:
            filled[name] = _fill_nested(filled[name], trait.nested)
    return filled


def autoname(name: str, seed: bytes) -> str:
    """`web-1a2b3c4`: the logical name and seven hexadecimal digits, from the engine's seed where it gives one."""
    suffix = hashlib.sha256(seed + name.encode()).hexdigest() if seed else secrets.token_hex(_SUFFIX_LENGTH)
    return f"{name[: _NAME_LENGTH - _SUFFIX_LENGTH - 1]}-{suffix[:_SUFFIX_LENGTH]}"


def violations(resource: Resource, inputs: Properties) -> Iterator[tuple[str, str]]:
    """What the resource's own rules say against the inputs: (property, what is wrong)."""
    known = plain(inputs)
    for name, trait in resource.traits.items():
        value = known.get(name)
        if is_empty(value):
            continue
        if trait.lacking:
            yield name, f"the stand-in lacks it ({trait.lacking}); leave it out or use the official plugin"
        elif trait.rule and not has_unknown(value) and (wrong := trait.rule(value)):
            yield name, wrong
    yield from resource.check(known)


def differences(
    resource: Resource, old_inputs: Properties, old_outputs: Properties, news: Properties
) -> dict[str, Change]:
    """What has to change, by property.

    An input is compared with what was last asked for, but for those in `observed`. Unset and empty are the same, as
    they are to the official plugins.
    """
    found: dict[str, Change] = {}
    for name in sorted({*old_inputs, *news} - {DEFAULTS}):
        trait = resource.traits.get(name, Trait())
        old, new = plain(old_inputs.get(name)), plain(news.get(name))
        if name in resource.observed and name in old_outputs:
            old = plain(old_outputs[name])
        if same(trait, old, new):
            continue
        kind = "add" if is_empty(old) else "delete" if is_empty(new) else "update"
        found[name] = Change(kind, replaces=not trait.in_place)
    return found


def same(trait: Trait, old: Value, new: Value) -> bool:
    """Whether two values of one input come to the same; `new` is what the program says."""
    if trait.computed and new in (None, "", [], {}):
        return True
    old = _undecided(trait, old, new)
    return bool(normal(old, unordered=trait.unordered) == normal(new, unordered=trait.unordered))


def refreshed(resource: Resource, inputs: Properties, outputs: Properties) -> Properties:
    """The last inputs, each replaced by what was read where that differs; secrets stay secret."""
    found = dict(inputs)
    for name, asked in inputs.items():
        trait = resource.traits.get(name)
        if trait is None or name not in outputs:
            continue
        seen = _undecided(trait, outputs[name], plain(asked))
        if normal(plain(asked), unordered=trait.unordered) != normal(seen, unordered=trait.unordered):
            found[name] = Secret(seen) if isinstance(asked, Secret) else seen
    return found


def imported(resource: Resource, outputs: Properties) -> Properties:
    """The inputs of a resource that was not in the state: what was read, and the defaults."""
    given = {name: outputs[name] for name in resource.traits if not is_empty(outputs.get(name))}
    return fill(resource.traits, given)


def is_empty(value: Value) -> bool:
    """Whether the value says nothing: unset, false, zero, or without a part."""
    return value is not UNKNOWN and value in (None, False, 0, "", [], {})


def normal(value: Value, *, unordered: bool) -> Value:
    """The value without what makes no difference: empty parts of objects, and the order of a list where asked."""
    if isinstance(value, Mapping):
        parts = {key: normal(item, unordered=unordered) for key, item in value.items() if not key.startswith("__")}
        return {key: item for key, item in parts.items() if not is_empty(item)} or None
    if isinstance(value, list):
        items = [normal(item, unordered=unordered) for item in value]
        return (sorted(items, key=_order) if unordered else items) or None
    return None if is_empty(value) else value


def _undecided(trait: Trait, seen: Value, asked: Value) -> Value:
    """What was seen without the keys that the cloud filled in, object by object, where nobody asked for them."""
    if not (trait.decided and isinstance(seen, list) and isinstance(asked, list) and len(seen) == len(asked)):
        return seen
    return [
        {key: item for key, item in one.items() if key not in trait.decided or not is_empty(other.get(key))}
        for one, other in zip(seen, asked, strict=True)
    ]


def _order(value: Value) -> str:
    return json.dumps(value, sort_keys=True, default=repr)


def _fill_nested(value: Value, defaults: Mapping[str, Value]) -> Value:
    if isinstance(value, Secret):
        return Secret(_fill_nested(value.value, defaults))
    if isinstance(value, list):
        return [_fill_nested(item, defaults) for item in value]
    if isinstance(value, dict):
        return {**defaults, **{key: item for key, item in value.items() if item is not None}}
    return value
