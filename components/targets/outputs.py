"""Where rendered arguments meet Pulumi: opaque texts are joined, references are replaced by outputs."""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi

from ..model import Opaque, Parts
from .rows import Ref


def resolved(value: Any, look_up: Callable[[Ref], Any]) -> Any:
    """Arguments as Pulumi takes them.

    Args:
        value: rendered arguments.
        look_up: from a reference to the output that it means.
    """
    if isinstance(value, Ref):
        return look_up(value)
    if isinstance(value, Parts):
        return joined(value)
    if isinstance(value, Mapping):
        return {key: resolved(element, look_up) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [resolved(element, look_up) for element in value]
    return value


def joined(text: Any) -> Any:
    """A text as Pulumi takes it: an output where any of its parts is opaque, a secret one where any part is."""
    if not isinstance(text, Parts):
        return text
    output = pulumi.Output.concat(*(part.value if isinstance(part, Opaque) else part for part in text))
    return pulumi.Output.secret(output) if text.secret else output
