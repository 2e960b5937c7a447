"""The explicit provider of a cluster's stack."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws


def provider(name: str, asked: Mapping[str, Any], parent: pulumi.Resource | None = None) -> aws.Provider:
    """A provider for a region, as the user's own tools would reach it.

    Args:
        name: of the cluster.
        asked: `region`, and where written `profile` (of the user's AWS configuration), `role` (ARN of a role that it
            takes on) and `account` (the only one that it may reach).
        parent: whose child it is; None: the stack's.
    """
    role, account = asked.get("role"), asked.get("account")
    return aws.Provider(
        f"{name}-aws",
        region=asked["region"],
        profile=asked.get("profile"),
        # by the class: of a plain mapping the SDK leaves the names as they are, and the plugin does not know them
        assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=role)] if role else None,
        allowed_account_ids=[account] if account else None,
        opts=pulumi.ResourceOptions(parent=parent),
    )
