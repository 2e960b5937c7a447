"""How the inputs of a kind are written down: by name, with what happens when one changes. Pure."""

import re
from collections.abc import Mapping

from standins.traits import Rule, Trait
from standins.values import UNKNOWN, Properties, Value


def inputs(
    *, in_place: str = "", replaces: str = "", computed: str = "", unordered: str = "", **own: Trait
) -> Mapping[str, Trait]:
    """The traits of a kind's inputs, by names with blanks between them.

    Args:
        in_place: a change is an update.
        replaces: a change makes a new one.
        computed: of these, what the cloud fills in where the program says nothing.
        unordered: of these, lists whose order is no difference.
        own: traits that need more words.
    """
    filled, sets = computed.split(), unordered.split()
    ways = [(name, True) for name in in_place.split()] + [(name, False) for name in replaces.split()]
    made = {name: Trait(in_place=changes, computed=name in filled, unordered=name in sets) for name, changes in ways}
    return {**made, **own}


def among(*ranges: range) -> Rule:
    """The rule for a number that is within one of these."""

    def rule(value: Value) -> str:
        if any(value in each for each in ranges):
            return ""
        words = (str(each[0]) if len(each) == 1 else f"{each[0]} to {each[-1]}" for each in ranges)
        return f"{value} is not one of {', '.join(words)}"

    return rule


def longest(length: int, pattern: str = "") -> Rule:
    """The rule for a name: at most so many characters, of such a form."""

    def rule(value: Value) -> str:
        if len(str(value)) > length:
            return f'"{value}" has {len(value)} characters, and the most is {length}'
        if pattern and not re.fullmatch(pattern, str(value)):
            return f'"{value}" does not match {pattern}'
        return ""

    return rule


def known(value: Value) -> bool:
    """Whether a value is set and known."""
    return value is not UNKNOWN and value is not None


def part(given: Value, name: str) -> Properties:
    """The object that a member is; an empty one where it is none, or not known yet."""
    found = given.get(name) if isinstance(given, Mapping) else None
    return found if isinstance(found, dict) else {}


def parts(given: Value, name: str) -> list[Properties]:
    """The objects in the list that a member is; none where one of them is not known yet."""
    found = given.get(name) if isinstance(given, Mapping) else None
    return found if isinstance(found, list) and all(isinstance(each, dict) for each in found) else []


def texts(given: Value, name: str) -> list[str]:
    """The texts in the list that a member is, as far as they are known."""
    found = given.get(name) if isinstance(given, Mapping) else None
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
