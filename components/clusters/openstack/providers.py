"""The explicit providers of a cluster's stack."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_command as command
import pulumi_openstack as openstack


def cloud(name: str, asked: Mapping[str, Any], parent: pulumi.Resource | None = None) -> openstack.Provider:
    """A provider for a cloud of the user's `clouds.yaml`, from where its credentials are.

    Args:
        name: of the cluster.
        asked: `cloud`, and where written `region`.
        parent: whose child it is; None: the stack's.
    """
    options = pulumi.ResourceOptions(parent=parent)
    return openstack.Provider(f"{name}-openstack", cloud=asked["cloud"], region=asked.get("region"), opts=options)


def commands(name: str, parent: pulumi.Resource | None = None) -> command.Provider:
    """A provider that runs commands, here and on machines.

    Args:
        name: of the cluster.
        parent: whose child it is; None: the stack's.
    """
    return command.Provider(f"{name}-command", opts=pulumi.ResourceOptions(parent=parent))
