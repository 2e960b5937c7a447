"""The explicit provider of an application on ECS: one, since each is a process of its own."""

import pulumi
import pulumi_aws as aws

from ...access import EcsAccess


def provider(name: str, access: EcsAccess, parent: pulumi.Resource) -> aws.Provider:
    """What reaches the cluster's region, as the user's own tools would.

    Args:
        name: of the application.
        access: the cluster.
        parent: the component that it belongs to.
    """
    return aws.Provider(
        f"{name}-aws",
        region=access.region,
        profile=access.profile,
        # by the class: of a plain mapping the SDK leaves the names as they are, and the plugin does not know them
        assume_roles=None if access.role is None else [aws.ProviderAssumeRoleArgs(role_arn=access.role)],
        opts=pulumi.ResourceOptions(parent=parent),
    )
