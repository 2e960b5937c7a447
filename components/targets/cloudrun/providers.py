"""The explicit provider of an application on Cloud Run: one, since each is a process of its own."""

import pulumi
import pulumi_gcp as gcp

from ...access import CloudRunAccess


def provider(name: str, access: CloudRunAccess, parent: pulumi.Resource) -> gcp.Provider:
    """What reaches the project, as the user's own tools would.

    It adds no label of its own: what a resource is labelled with is what the file and the stack say. Where the platform
    is made by the same stack, the project's number is an output of it; the provider waits for that, and what it makes
    waits for the provider: the platform turns on the APIs.

    Args:
        name: of the application.
        access: the project.
        parent: the component that it belongs to.
    """
    number = access.number
    return gcp.Provider(
        f"{name}-gcp",
        project=number.apply(lambda _: access.project) if isinstance(number, pulumi.Output) else access.project,
        region=access.region,
        impersonate_service_account=access.impersonate,
        add_pulumi_attribution_label=False,
        opts=pulumi.ResourceOptions(parent=parent),
    )
