"""Whose a resource on OpenStack is: its component gives it the region, too."""

from dataclasses import dataclass

from .. import owner


@dataclass(frozen=True, kw_only=True)
class Owner(owner.Owner):
    """A component that makes resources.

    Attributes:
        cloud: its name in `clouds.yaml`.
        region: of the cloud; None: the one that `clouds.yaml` names.
    """

    cloud: str
    region: str | None = None
