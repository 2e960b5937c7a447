"""The classes that create rows' resources, of a provider's SDK that has thousands."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pulumi

Create = Callable[..., pulumi.CustomResource]
"""What makes a resource of its logical name, its arguments and `opts`."""


class Classes(Mapping[str, Create]):
    """A row's kind -> what creates it. A module of the SDK is loaded when it is first needed."""

    def __init__(
        self, sdk: str, names: Mapping[str, str], changed: Mapping[str, Callable[[Any], Create]] | None = None
    ) -> None:
        """Nothing is loaded yet.

        Args:
            sdk: package of the provider: `pulumi_aws`.
            names: kind -> module and class within it: `ecs.Service`.
            changed: kind -> from its class to what creates it in its place.
        """
        self._sdk = sdk
        self._names = names
        self._changed = changed or {}

    def __getitem__(self, kind: str) -> Create:
        """What creates resources of a kind."""
        module, name = self._names[kind].rsplit(".", 1)
        made: Create = getattr(importlib.import_module(f"{self._sdk}.{module}"), name)
        return self._changed[kind](made) if kind in self._changed else made

    def __iter__(self) -> Iterator[str]:
        """Every kind."""
        return iter(self._names)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._names)


def secret(argument: str) -> Callable[[Any], Create]:
    """What makes an argument a secret to Pulumi, wherever its value comes from.

    Args:
        argument: of the class.
    """

    def changed(made: Any) -> Create:
        def create(name: str, **args: Any) -> pulumi.CustomResource:
            resource: pulumi.CustomResource = made(name, **{**args, argument: pulumi.Output.secret(args[argument])})
            return resource

        return create

    return changed
