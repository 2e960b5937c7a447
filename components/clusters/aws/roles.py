"""IAM roles of a cluster: each is assumed by one service of AWS, with policies that AWS keeps for that purpose."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from . import policies
from .owner import Owner


@dataclass(frozen=True, kw_only=True)
class Role:
    """A role with its policies attached.

    Attributes:
        arn: of the role.
        attached: what has to be there before it is used, and until it is used no more.
    """

    arn: pulumi.Output[str]
    attached: Sequence[pulumi.Resource]


def role(own: Owner, key: str, region: str, service: str, names: Sequence[str], *, tagging: bool = False) -> Role:
    """Make a role.

    Args:
        own: the component that it belongs to.
        key: of its name.
        region: where it is used: that tells the partition.
        service: of AWS, which assumes it: `ec2.amazonaws.com`.
        names: of policies that AWS keeps.
        tagging: whether the service tags its sessions.
    """
    document = policies.assumed_by(service, *(["sts:TagSession"] if tagging else []))
    made = aws.iam.Role(
        own.called(key), assume_role_policy=json.dumps(document), tags=own.tagged(key), opts=own.options()
    )
    attached = [
        aws.iam.RolePolicyAttachment(
            own.called(f"{key}-{name.rpartition('/')[2]}"),
            role=made.name,
            policy_arn=policies.managed(region, name),
            opts=own.options(),
        )
        for name in names
    ]
    return Role(arn=made.arn, attached=attached)
