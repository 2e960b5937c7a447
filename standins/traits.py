"""How the inputs of a kind of resource behave, and the judgements that follow: defaults, rules, differences, reading.

Everything here is pure. A property that holds an object, or a list of objects, may have traits inside (`fields`), at
any depth; a path is written as the engine writes it, `taskSpec.containerSpec.image`, `ports[0].ip`.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from standins.values import UNKNOWN, Properties, Secret, Value, has_secret, has_unknown, plain

DEFAULTS: Final = "__defaults"
"""The key of the inputs that were filled in by the plugin: a generated name stays as long as nobody gives one."""

Rule = Callable[[Value], str]
"""Takes a known value; returns what is wrong with it, or ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """How one input behaves, where that is not in the SDK's types.

    Attributes:
        default: what Check fills in where the program says nothing.
        in_place: a change is an update; otherwise it replaces the resource.
        computed: the cloud fills it in where the program says nothing, so taking it out is no change.
        unordered: the order of a list, at any depth, is no difference.
        fields: the traits inside an object, or inside each object of a list; what has none behaves as its parent.
        rule: a further rule on a known value.
        alike: what is compared in place of the value, where two spellings mean the same.
        lacking: why the stand-in cannot do it; setting it is then refused.
    """

    default: Value = None
    in_place: bool = False
    computed: bool = False
    unordered: bool = False
    fields: "Mapping[str, Trait]" = field(default_factory=dict)
    rule: Rule | None = None
    alike: Callable[[Value], Value] | None = None
    lacking: str = ""

    def inside(self, name: str) -> "Trait":
        """The trait of a property of this object."""
        return self.fields.get(name) or Trait(in_place=self.in_place, unordered=self.unordered)


Traits = Mapping[str, Trait]


@dataclass(frozen=True, slots=True)
class Change:
    """One input that differs."""

    kind: str
    """`add`, `delete` or `update`."""
    replaces: bool


def fill(traits: Traits, inputs: Properties) -> Properties:
    """The inputs with the defaults of the properties, and of the objects inside them."""
    filled = dict(inputs)
    for name, trait in traits.items():
        if trait.default is not None and filled.get(name) is None:
            filled[name] = trait.default
        if trait.fields and filled.get(name) is not None:
            filled[name] = _fill_inside(trait.fields, filled[name])
    return filled


def violations(traits: Traits, inputs: Properties, prefix: str = "") -> Iterator[tuple[str, str]]:
    """What the rules say against the inputs: (path, what is wrong).

    Args:
        traits: of the inputs.
        inputs: plain values; one that is not known yet is taken as right.
        prefix: what stands before each path.
    """
    for name, trait in traits.items():
        value, path = inputs.get(name), f"{prefix}{name}"
        if is_empty(value):
            continue
        if trait.lacking:
            yield path, f"the stand-in lacks it ({trait.lacking}); leave it out or use the official plugin"
        elif trait.rule and not has_unknown(value) and (wrong := trait.rule(value)):
            yield path, wrong
        for place, item in _objects(value, path):
            yield from violations(trait.fields, item, f"{place}.")


def differences(
    traits: Traits, old_inputs: Properties, news: Properties, observed: Mapping[str, Value]
) -> dict[str, Change]:
    """What has to change, by path.

    An input is compared with what was last asked for, or with what was `observed` of it. Unset and empty are the same,
    as they are to the official plugins.
    """
    found: dict[str, Change] = {}
    for name in sorted({*old_inputs, *news} - {DEFAULTS}):
        old = observed[name] if name in observed else old_inputs.get(name)
        found |= _changes(name, traits.get(name, Trait()), plain(old), plain(news.get(name)))
    return found


def same(trait: Trait, old: Value, new: Value) -> bool:
    """Whether two values of one input come to the same; `new` is what the program says."""
    if trait.computed and new in (None, "", [], {}):
        return True
    old = _undecided(trait, old, new)
    if trait.alike and not is_empty(old) and not is_empty(new) and not has_unknown(new):
        old, new = trait.alike(old), trait.alike(new)
    return bool(_plainest(trait, old) == _plainest(trait, new))


def refreshed(traits: Traits, inputs: Properties, outputs: Properties) -> Properties:
    """The last inputs, each replaced by what was read where that differs; secrets stay secret."""
    return {
        name: _seen(traits[name], asked, outputs[name]) if name in traits and name in outputs else asked
        for name, asked in inputs.items()
    }


def imported(traits: Traits, outputs: Properties) -> Properties:
    """The inputs of a resource that was not in the state: what was read, and the defaults."""
    given = {name: outputs[name] for name in traits if not is_empty(outputs.get(name))}
    return fill(traits, given)


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


def _plainest(trait: Trait, value: Value) -> Value:
    """As `normal`, with the order of each list inside as that list's own trait has it."""
    if isinstance(value, Mapping):
        return normal({name: _plainest(trait.inside(name), part) for name, part in value.items()}, unordered=False)
    if isinstance(value, list):
        return normal([_plainest(trait, item) for item in value], unordered=trait.unordered)
    return normal(value, unordered=trait.unordered)


def _fill_inside(fields: Traits, value: Value) -> Value:
    if isinstance(value, Secret):
        return Secret(_fill_inside(fields, value.value))
    if isinstance(value, list):
        return [_fill_inside(fields, item) for item in value]
    if isinstance(value, dict):
        return fill(fields, {key: item for key, item in value.items() if item is not None})
    return value


def _objects(value: Value, path: str) -> Iterator[tuple[str, Properties]]:
    """The object that a value is, or the objects in the list that it is, each with its path."""
    if isinstance(value, dict):
        yield path, value
    elif isinstance(value, list):
        yield from ((f"{path}[{place}]", item) for place, item in enumerate(value) if isinstance(item, dict))


def _changes(path: str, trait: Trait, old: Value, new: Value) -> dict[str, Change]:
    if same(trait, old, new):
        return {}
    if trait.fields and isinstance(old, Mapping) and isinstance(new, Mapping):
        found: dict[str, Change] = {}
        for name in sorted({*old, *new}):
            found |= _changes(f"{path}.{name}", trait.inside(name), old.get(name), new.get(name))
        return found
    kind = "add" if is_empty(old) else "delete" if is_empty(new) else "update"
    return {path: Change(kind, replaces=not trait.in_place or _moves_fixed(trait, old, new))}


def _moves_fixed(trait: Trait, old: Value, new: Value) -> bool:
    """Whether an object that came, went or changed in a list holds what cannot be changed in place."""
    sides = [[normal(item, unordered=trait.unordered) for _, item in _objects(side, "")] for side in (old, new)]
    moved = [item for one, other in (sides, reversed(sides)) for item in one if item not in other]
    return any(_holds_fixed(trait, item) for item in moved)


def _holds_fixed(trait: Trait, value: Value) -> bool:
    parts = [(name, part) for _, item in _objects(value, "") for name, part in item.items()]
    return any(
        not trait.inside(name).in_place or _holds_fixed(trait.inside(name), part)
        for name, part in parts
        if not is_empty(part)
    )


def _seen(trait: Trait, asked: Value, seen: Value) -> Value:
    """What was asked for, where it is what was seen; else what was seen, of an object only the parts asked for."""
    if isinstance(asked, Secret):
        return Secret(plain(_seen(trait, asked.value, seen)))
    if trait.fields and isinstance(asked, Mapping) and isinstance(seen, Mapping):
        found = {name: _seen(trait.inside(name), item, seen.get(name)) for name, item in asked.items()}
        return {name: item for name, item in found.items() if item is not None}
    seen = _undecided(trait, seen, plain(asked))
    if same(Trait(unordered=trait.unordered, alike=trait.alike), plain(asked), seen):
        return asked
    return Secret(seen) if has_secret(asked) else seen


def _undecided(trait: Trait, seen: Value, asked: Value) -> Value:
    """What was seen without what the cloud filled in, object by object of a list, where nobody asked for it."""
    filled: Collection[str] = [name for name, inner in trait.fields.items() if inner.computed]
    if not (filled and isinstance(seen, list) and isinstance(asked, list) and len(seen) == len(asked)):
        return seen
    return [
        {key: item for key, item in one.items() if key not in filled or not is_empty(other.get(key))}
        for one, other in zip(seen, asked, strict=True)
    ]


def _order(value: Value) -> str:
    return json.dumps(value, sort_keys=True, default=repr)
