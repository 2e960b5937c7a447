"""Whose a resource on Google Cloud is: its component gives it project, region and labels, too."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

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


def of(name: str, resource: pulumi.Resource, args: Mapping[str, Any]) -> Owner:
    """A component that is made with arguments without problems.

    Args:
        name: of the component.
        resource: the component.
        args: `project`, `region`, and where written `labels` and `protect`.
    """
    return Owner(
        name=name,
        resource=resource,
        project=args["project"],
        region=args["region"],
        labels=args.get("labels") or {},
        protect=args.get("protect") or False,
    )
