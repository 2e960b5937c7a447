"""Whose a resource is: the component that it belongs to gives it name, tags and parent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A component that makes resources.

    Attributes:
        name: begins the logical name of each.
        resource: the component.
        tags: on each.
        protect: whether what holds state is protected from deletion and replacement.
    """

    name: str
    resource: pulumi.Resource
    tags: Mapping[str, str] = field(default_factory=dict)
    protect: bool = False

    def called(self, key: str) -> str:
        """The logical name of a resource: `edge-nat`."""
        return f"{self.name}-{key}"

    def tagged(self, key: str = "", **more: str) -> dict[str, str]:
        """The tags of a resource; `Name` is what the console lists it by."""
        return {**self.tags, **more, "Name": self.called(key) if key else self.name}

    def options(self, **more: Any) -> pulumi.ResourceOptions:
        """The options of a resource."""
        return pulumi.ResourceOptions(parent=self.resource, **more)

    def stateful(self, **more: Any) -> pulumi.ResourceOptions:
        """The options of a resource that holds state."""
        return self.options(**more, protect=True if self.protect else None)
