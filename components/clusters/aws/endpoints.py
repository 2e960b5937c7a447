"""VPC endpoints: how a network reaches AWS' services without a way out to the world.

https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
"""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from .network_settings import NewNetwork
from .owner import Owner
from .security_groups import let_in, security_group

HTTPS = 443


def gateway(own: Owner, asked: NewNetwork, vpc: pulumi.Input[str], tables: Sequence[pulumi.Input[str]]) -> None:
    """The endpoint of S3, where layers of images come from; it costs nothing.

    Args:
        own: the network's component.
        asked: what the network is to be.
        vpc: its ID.
        tables: IDs of the route tables that lead there.
    """
    aws.ec2.VpcEndpoint(
        own.called("s3"),
        vpc_id=vpc,
        service_name=_service(asked, "s3"),
        vpc_endpoint_type="Gateway",
        route_table_ids=list(tables),
        tags=own.tagged("s3"),
        opts=own.options(),
    )


def interfaces(
    own: Owner, asked: NewNetwork, vpc: pulumi.Input[str], subnets: Sequence[pulumi.Input[str]]
) -> pulumi.Output[str] | None:
    """The endpoints that are asked for, which answer under the services' own names.

    Args:
        own: the network's component.
        asked: what the network is to be.
        vpc: its ID.
        subnets: IDs of those in which they have an address.

    Returns:
        ID of their security group; None: there are none.
    """
    if not asked.endpoints:
        return None
    group = security_group(own, "endpoints", vpc, "VPC endpoints: HTTPS from within the network")
    let_in(own, "endpoints-from-network", group, asked.cidr, HTTPS)
    for service in asked.endpoints:
        key = service.replace(".", "-")
        aws.ec2.VpcEndpoint(
            own.called(key),
            vpc_id=vpc,
            service_name=_service(asked, service),
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=list(subnets),
            security_group_ids=[group.id],
            tags=own.tagged(key),
            opts=own.options(),
        )
    return group.id


def _service(asked: NewNetwork, name: str) -> str:
    return f"com.amazonaws.{asked.region}.{name}"
