"""Whose a resource on AWS is: its component gives it tags, too."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .. import owner


@dataclass(frozen=True, kw_only=True)
class Owner(owner.Owner):
    """A component that makes resources.

    Attributes:
        tags: on each.
    """

    tags: Mapping[str, str] = field(default_factory=dict)

    def tagged(self, key: str = "", **more: str) -> dict[str, str]:
        """The tags of a resource; `Name` is what the console lists it by."""
        return {**self.tags, **more, "Name": self.called(key) if key else self.name}
