"""The explicit provider of a cluster's stack."""

from collections.abc import Mapping
from typing import Any

import pulumi_aws as aws


def provider(name: str, asked: Mapping[str, Any]) -> aws.Provider:
    """A provider for a region, as the user's own tools would reach it.

    Args:
        name: of the stack.
        asked: `region`, and where written `profile` (of the user's AWS configuration) and `role` (ARN of a role that
            it takes on).
    """
    role = asked.get("role")
    return aws.Provider(
        f"{name}-aws",
        region=asked["region"],
        profile=asked.get("profile"),
        # by the class: of a plain mapping the SDK leaves the names as they are, and the plugin does not know them
        assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=role)] if role else None,
    )
