"""The APIs of a project that a cluster and its applications need: turned on, and left on, since others may use them."""

from collections.abc import Iterable

import pulumi
import pulumi_gcp as gcp

from .owner import Owner


def enabled(own: Owner, apis: Iterable[str]) -> list[pulumi.Resource]:
    """What turns the APIs on; what needs one of them comes after all.

    https://cloud.google.com/service-usage/docs/enable-disable

    Args:
        own: the cluster's component.
        apis: each as its host begins: `run`.
    """
    return [
        gcp.projects.Service(
            own.called(f"api-{api}"),
            project=own.project,
            service=f"{api}.googleapis.com",
            disable_on_destroy=False,
            opts=own.options(),
        )
        for api in sorted(apis)
    ]
