"""Whose a resource on Google Cloud is: its component gives it project, region and labels, too."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .. import owner


@dataclass(frozen=True, kw_only=True)
class Owner(owner.Owner):
    """A component that makes resources.

    Attributes:
        project: its ID.
        region: of what is in one.
        labels: on each that takes labels.
    """

    project: str
    region: str
    labels: Mapping[str, str] = field(default_factory=dict)
