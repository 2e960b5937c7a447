"""Security groups, and what each lets in."""

import pulumi
import pulumi_aws as aws

from .owner import Owner


def security_group(own: Owner, key: str, vpc: pulumi.Input[str], description: str) -> aws.ec2.SecurityGroup:
    """A security group without a rule.

    Args:
        own: the component that it belongs to.
        key: of its name.
        vpc: ID of its network.
        description: what it lets in and out, for who looks at it in AWS.
    """
    return aws.ec2.SecurityGroup(
        own.called(key), description=description, vpc_id=vpc, tags=own.tagged(key), opts=own.options()
    )


def let_in(own: Owner, key: str, group: aws.ec2.SecurityGroup, source: pulumi.Input[str], port: int) -> None:
    """Let TCP in from a range of addresses, on one port."""
    aws.vpc.SecurityGroupIngressRule(
        own.called(key),
        security_group_id=group.id,
        cidr_ipv4=source,
        ip_protocol="tcp",
        from_port=port,
        to_port=port,
        tags=own.tagged(key),
        opts=own.options(),
    )
