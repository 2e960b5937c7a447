"""Whose a resource is: the component that it belongs to gives it name, parent and protection."""

from dataclasses import dataclass
from typing import Any

import pulumi


@dataclass(frozen=True, kw_only=True)
class Owner:
    """A component that makes resources.

    Attributes:
        name: begins the logical name of each.
        resource: the component.
        protect: whether what holds state is protected from deletion and replacement.
    """

    name: str
    resource: pulumi.Resource
    protect: bool = False

    def called(self, key: str) -> str:
        """The logical name of a resource: `edge-nat`."""
        return f"{self.name}-{key}"

    def options(self, **more: Any) -> pulumi.ResourceOptions:
        """The options of a resource."""
        return pulumi.ResourceOptions(parent=self.resource, **more)

    def stateful(self, **more: Any) -> pulumi.ResourceOptions:
        """The options of a resource that holds state."""
        return self.options(**more, protect=True if self.protect else None)
