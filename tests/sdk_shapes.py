"""The input types of a Pulumi SDK as shapes of `components.targets.patch`, which patches are checked by."""

import collections.abc
import enum
import inspect
import typing
from typing import Any

from standins.sdk import _namespace, _unwrap

SCALARS = {str: "string", bool: "boolean", int: "integer", float: "number"}


def shape(hint: Any) -> Any:
    """A type of the SDK as a `patch.Shape`."""
    hint, _ = _unwrap(hint)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (list, collections.abc.Sequence):
        return [shape(args[0])]
    if origin in (dict, collections.abc.Mapping):
        return {"*": shape(args[1])}
    if hasattr(hint, "_pulumi_input_type"):
        return arguments(hint)
    if origin is typing.Union:  # an asset, an enum beside its values
        return next((shape(each) for each in args if each in SCALARS), None)
    if inspect.isclass(hint) and issubclass(hint, enum.Enum):
        return "string"
    return SCALARS.get(hint)


def arguments(cls: Any) -> dict[str, Any]:
    """The arguments of a class of input types."""
    getters = {name: member.fget for name, member in vars(cls).items() if isinstance(member, property)}
    hints = {name: typing.get_type_hints(getter, _namespace(cls))["return"] for name, getter in getters.items()}
    return {name: shape(hint) for name, hint in sorted(hints.items())}
