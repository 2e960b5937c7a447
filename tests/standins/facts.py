"""What an official plugin does with a kind, as its sources read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fact:
    """What the official plugin does with a kind; names are blank-separated.

    Attributes:
        source: the file.
        replaces: a change makes a new one.
        computed: taken out of the program, it stays as it is.
        defaults: input -> what it is where the program says nothing.
    """

    source: str
    replaces: str = ""
    computed: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)


def changed(plugin, kind, old, new):
    """The inputs that are changed, and those of them that replace the resource, by what the engine is told."""
    package = kind.token.partition(":")[0]
    answer = plugin.diff(kind.token, old, new, olds={**old, "__standin": package})
    return set(answer.diffs), set(answer.replaces)
