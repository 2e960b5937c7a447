"""The explicit provider of a cluster's stack."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_gcp as gcp


def provider(name: str, asked: Mapping[str, Any], parent: pulumi.Resource | None = None) -> gcp.Provider:
    """A provider for a project and a region, as the user's own tools would reach them.

    Args:
        name: of the cluster.
        asked: `project`, `region`, and where written `impersonate`, the e-mail of a service account.
        parent: whose child it is; None: the stack's.
    """
    return gcp.Provider(
        f"{name}-gcp",
        project=asked["project"],
        region=asked["region"],
        impersonate_service_account=asked.get("impersonate"),
        add_pulumi_attribution_label=False,
        opts=pulumi.ResourceOptions(parent=parent),
    )
