"""Where a cluster is: the network that its stack asks for, made or looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from .. import blocks
from . import network_settings
from .network import AwsNetwork
from .network_settings import CIDR
from .owner import Owner

Subnets = pulumi.Input[Mapping[str, pulumi.Input[str]]]
"""Key -> ID of a subnet."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A network.

    Attributes:
        vpc: its ID.
        cidr: its addresses.
        subnets: where what runs is.
        public_subnets: where load balancers are.
        public_ip: whether what runs needs a public address.
        endpoints: ID of the security group of its VPC endpoints; None: there are none.
    """

    vpc: pulumi.Input[str]
    cidr: pulumi.Input[str]
    subnets: Subnets
    public_subnets: Subnets
    public_ip: bool = False
    endpoints: pulumi.Input[str] | None = None

    @property
    def ids(self) -> pulumi.Output[list[str]]:
        """Of the subnets where what runs is."""
        return _ids(self.subnets)

    @property
    def public_ids(self) -> pulumi.Output[list[str]]:
        """Of the subnets where load balancers are."""
        return _ids(self.public_subnets)


def _ids(subnets: Subnets) -> pulumi.Output[list[str]]:
    known: pulumi.Output[Any] = pulumi.Output.from_input(subnets)
    return known.apply(lambda each: [each[key] for key in sorted(each)])


def place(
    own: Owner,
    asked: Mapping[str, Any],
    region: str,
    *,
    endpoints: Sequence[str],
    subnet_tags: Mapping[str, Mapping[str, str]] | None = None,
) -> Place:
    """The network of a cluster.

    Args:
        own: the cluster's component.
        asked: a `network` block without problems.
        region: where it is.
        endpoints: AWS services that the cluster needs, for a new network that has endpoints.
        subnet_tags: `public` and `private` -> tags of such subnets of a new network.
    """
    ((chosen, block),) = asked.items()
    if chosen == "new":
        return _new(own, block or {}, region, endpoints, subnet_tags or {})
    return _existing(own, block) if chosen == "existing" else _default(own)


def expected(asked: Mapping[str, Any], region: str) -> Place:
    """The network of a cluster before it is made: what follows from the settings, and else what comes later.

    Args:
        asked: a `network` block without problems, but not the account's default network, which is looked up.
        region: where it is.
    """
    ((chosen, block),) = asked.items()
    if chosen == "existing":
        return _there(block, block.get("cidr") or blocks.later())
    known = block or {}
    network = network_settings.new({**known, "region": region, "endpoints": ("any",) if known.get("endpoints") else ()})
    public = {zone: blocks.later() for zone in network.zones}
    return Place(
        vpc=blocks.later(),
        cidr=network.cidr,
        subnets={zone: blocks.later() for zone in network.zones} if network.private else public,
        public_subnets=public,
        public_ip=not network.private,
        endpoints=blocks.later() if network.endpoints else None,
    )


def _new(
    own: Owner,
    block: Mapping[str, Any],
    region: str,
    endpoints: Sequence[str],
    subnet_tags: Mapping[str, Mapping[str, str]],
) -> Place:
    network = AwsNetwork(
        own.called("network"),
        {
            "region": region,
            "cidr": block.get("cidr"),
            "zones": block.get("zones"),
            "nat": block.get("nat"),
            "endpoints": list(endpoints) if block.get("endpoints") else None,
            "tags": own.tags,
            "public_tags": subnet_tags.get("public"),
            "private_tags": subnet_tags.get("private"),
            "protect": own.protect,
        },
        own.options(),
    )
    return Place(
        vpc=network.vpc,
        cidr=block.get("cidr") or CIDR,
        subnets=network.subnets,
        public_subnets=network.public_subnets,
        public_ip=network.subnets is network.public_subnets,
        endpoints=network.endpoints,
    )


def _existing(own: Owner, block: Mapping[str, Any]) -> Place:
    asked = pulumi.InvokeOutputOptions(parent=own.resource)
    return _there(block, block.get("cidr") or aws.ec2.get_vpc_output(id=block["vpc"], opts=asked).cidr_block)


def _there(block: Mapping[str, Any], cidr: pulumi.Input[str]) -> Place:
    return Place(
        vpc=block["vpc"],
        cidr=cidr,
        subnets=block["subnets"],
        public_subnets=block.get("publicSubnets") or {},
        public_ip=block.get("publicIp") or False,
        endpoints=block.get("endpoints"),
    )


def _default(own: Owner) -> Place:
    asked = pulumi.InvokeOutputOptions(parent=own.resource)
    vpc = aws.ec2.get_vpc_output(default=True, opts=asked)
    filters: Any = [{"name": "vpc-id", "values": [vpc.id]}, {"name": "default-for-az", "values": ["true"]}]
    found = aws.ec2.get_subnets_output(filters=filters, opts=asked)

    def by_zone(ids: list[str]) -> pulumi.Output[list[Any]]:
        return pulumi.Output.all(*(aws.ec2.get_subnet_output(id=each, opts=asked) for each in ids))

    looked_up: pulumi.Output[list[Any]] = found.ids.apply(by_zone)
    subnets = looked_up.apply(lambda each: {subnet.availability_zone: subnet.id for subnet in each})
    return Place(vpc=vpc.id, cidr=vpc.cidr_block, subnets=subnets, public_subnets=subnets, public_ip=True)
