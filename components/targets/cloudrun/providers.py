"""The explicit provider of an application on Cloud Run: one, since each is a process of its own."""

import pulumi
import pulumi_gcp as gcp

from ...access import CloudRunAccess


def provider(name: str, access: CloudRunAccess, parent: pulumi.Resource) -> gcp.Provider:
    """What reaches the project, as the user's own tools would.

    It adds no label of its own: what a resource is labelled with is what the file and the stack say.

    Args:
        name: of the application.
        access: the project.
        parent: the component that it belongs to.
    """
    return gcp.Provider(
        f"{name}-gcp",
        project=access.project,
        region=access.region,
        impersonate_service_account=access.impersonate,
        add_pulumi_attribution_label=False,
        opts=pulumi.ResourceOptions(parent=parent),
    )
