"""The explicit providers of a cluster's stack."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_command as command
import pulumi_openstack as openstack


def providers(
    name: str, asked: Mapping[str, Any], parent: pulumi.Resource | None = None
) -> dict[str, pulumi.ProviderResource]:
    """A provider for a cloud of the user's `clouds.yaml`, from where its credentials are, and one that runs commands.

    Args:
        name: of the cluster.
        asked: `cloud`, and where written `region`.
        parent: whose child each is; None: the stack's.
    """
    options = pulumi.ResourceOptions(parent=parent)
    cloud = openstack.Provider(f"{name}-openstack", cloud=asked["cloud"], region=asked.get("region"), opts=options)
    return {"openstack": cloud, "command": command.Provider(f"{name}-command", opts=options)}
