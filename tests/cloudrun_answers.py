"""What Google Cloud computes for an application on Cloud Run, under Pulumi mocks, in Google's own forms."""

import functools
from collections.abc import Mapping
from typing import Any

from components.testing import Outputs
from standins.gcp.__main__ import package
from standins.gcp.identity import filled
from standins.gcp.kind import Kind
from standins.values import UNKNOWN

PROJECT, NUMBER, REGION = "shop-1", "123456789012", "europe-west1"
EXISTING = {
    "project": PROJECT,
    "number": NUMBER,
    "region": REGION,
    "network": f"projects/{PROJECT}/global/networks/main",
    "subnetwork": f"projects/{PROJECT}/regions/{REGION}/subnetworks/main",
    "zone": "example-com",
    "zoneName": "example.com",
    "nfs": "10.0.0.2:/share",
}
"""A project with a network, a zone and a share."""


@functools.cache
def templates() -> Mapping[str, str]:
    """Type -> how its ID is made of its inputs; what gives a role to a member is not among them."""
    kinds = {token: kind for token, kind in package().resources.items() if isinstance(kind, Kind)}
    return {token: kind.identity for token, kind in kinds.items() if hasattr(kind, "identity")}


def identity(_token: str, name: str) -> str:
    """IDs say whose they are: most have the project, the region and the name in them."""
    return f"{name}-id"


class Answers(Outputs):
    """IDs as Google has them."""

    def new_resource(self, args: Any) -> tuple[str | None, dict[str, Any]]:
        """What the class above says, with the ID in the kind's own form."""
        made, outputs = super().new_resource(args)
        template = templates().get(args.typ)
        found = UNKNOWN if template is None else filled(template, outputs)
        return (made if found is UNKNOWN else str(found)), outputs
