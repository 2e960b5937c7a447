"""`AwsNetwork`: a VPC with a public and a private subnet in each of its zones."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ...errors import SettingsError
from . import cidrs, endpoints, network_settings
from .owner import Owner

ANYWHERE = "0.0.0.0/0"


class AwsNetworkArgs(TypedDict):
    """A new network; see `network_settings.NewNetwork`."""

    region: str
    """Where it is, such as eu-central-1."""
    cidr: NotRequired[str | None]
    """Its addresses, a /16 to a /20; default 10.0.0.0/16."""
    zones: NotRequired[list[str] | None]
    """Names of availability zones; default: the region's `a` and `b`."""
    nat: NotRequired[str | None]
    """How private subnets reach the world: `one` (a gateway for all), `zone` (one in each), `none`; default one."""
    endpoints: NotRequired[list[str] | None]
    """AWS services that are reached by endpoints within the network, such as `ecr.api`; default: none but S3."""
    tags: NotRequired[Mapping[str, str] | None]
    """On everything."""
    public_tags: NotRequired[Mapping[str, str] | None]
    """On public subnets too."""
    private_tags: NotRequired[Mapping[str, str] | None]
    """On private subnets too."""
    protect: NotRequired[bool | None]
    """Whether the network is protected from deletion; default false."""


class AwsNetwork(pulumi.ComponentResource):
    """A VPC, its subnets, and how these reach the world. Where they cannot, there is no private subnet."""

    vpc: pulumi.Output[str]
    """ID of the network."""
    subnets: dict[str, pulumi.Output[str]]
    """Zone -> ID of the subnet for what runs: private, unless nothing private could pull an image."""
    public_subnets: dict[str, pulumi.Output[str]]
    """Zone -> ID of the subnet for load balancers."""
    endpoints: pulumi.Output[str] | None
    """ID of the security group of the endpoints; None: there are none."""

    def __init__(self, name: str, args: AwsNetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the network.

        Args:
            name: begins the logical name of every child.
            args: see `AwsNetworkArgs`.
            opts: an aws provider belongs in `providers` where default providers are disabled.

        Raises:
            SettingsError: the arguments are wrong; nothing was created.
        """
        super().__init__("slipway:index:AwsNetwork", name, {}, opts)
        found = network_settings.argument_problems(args, name)
        if found:
            raise SettingsError(found)
        asked = network_settings.new(args)
        own = Owner(name=name, resource=self, tags=args.get("tags") or {}, protect=args.get("protect") or False)
        vpc = aws.ec2.Vpc(
            name,
            cidr_block=asked.cidr,
            enable_dns_support=True,
            enable_dns_hostnames=True,  # private names of endpoints and of Cloud Map need both
            tags=own.tagged(),
            opts=own.stateful(),
        )
        self.vpc = vpc.id
        # nothing is in it: what has no group of its own reaches nothing and is reached by nothing
        aws.ec2.DefaultSecurityGroup(
            own.called("default"), vpc_id=vpc.id, tags=own.tagged("default"), opts=own.options()
        )
        gateway = aws.ec2.InternetGateway(
            own.called("internet"), vpc_id=vpc.id, tags=own.tagged("internet"), opts=own.options()
        )
        table = self._public_table(own, gateway)
        tags = {"public": args.get("public_tags") or {}, "private": args.get("private_tags") or {}}
        self.public_subnets = {
            zone: self._subnet(own, f"public-{zone}", cidrs.public(asked.cidr, zone), zone, table, tags["public"])
            for zone in asked.zones
        }
        tables = self._private_tables(own, asked, gateway)
        self.subnets = {
            zone: self._subnet(own, f"private-{zone}", cidrs.private(asked.cidr, zone), zone, each, tags["private"])
            for zone, each in tables.items()
        } or self.public_subnets
        endpoints.gateway(own, asked, vpc.id, [each.id for each in tables.values()] or [table.id])
        self.endpoints = endpoints.interfaces(own, asked, vpc.id, list(self.subnets.values()))
        made = {"vpc": self.vpc, "subnets": self.subnets, "publicSubnets": self.public_subnets}
        self.register_outputs({**made, "endpoints": self.endpoints})

    def _public_table(self, own: Owner, gateway: aws.ec2.InternetGateway) -> aws.ec2.RouteTable:
        table = aws.ec2.RouteTable(own.called("public"), vpc_id=self.vpc, tags=own.tagged("public"), opts=own.options())
        aws.ec2.Route(
            own.called("public-internet"),
            route_table_id=table.id,
            destination_cidr_block=ANYWHERE,
            gateway_id=gateway.id,
            opts=own.options(),
        )
        return table

    def _subnet(
        self, own: Owner, key: str, cidr: str, zone: str, table: aws.ec2.RouteTable, tags: Mapping[str, str]
    ) -> pulumi.Output[str]:
        subnet = aws.ec2.Subnet(
            own.called(key),
            vpc_id=self.vpc,
            cidr_block=cidr,
            availability_zone=zone,
            tags=own.tagged(key, **tags),
            opts=own.options(),
        )
        aws.ec2.RouteTableAssociation(own.called(key), subnet_id=subnet.id, route_table_id=table.id, opts=own.options())
        return subnet.id

    def _private_tables(
        self, own: Owner, asked: network_settings.NewNetwork, gateway: aws.ec2.InternetGateway
    ) -> dict[str, aws.ec2.RouteTable]:
        if not asked.private:
            return {}
        gateways = {zone: self._nat(own, zone, gateway) for zone in asked.nat_zones}
        tables = {}
        for zone in asked.zones:
            key = f"private-{zone}"
            tables[zone] = aws.ec2.RouteTable(
                own.called(key), vpc_id=self.vpc, tags=own.tagged(key), opts=own.options()
            )
            if gateways:
                aws.ec2.Route(
                    own.called(f"{key}-internet"),
                    route_table_id=tables[zone].id,
                    destination_cidr_block=ANYWHERE,
                    nat_gateway_id=(gateways.get(zone) or gateways[asked.nat_zones[0]]).id,
                    opts=own.options(),
                )
        return tables

    def _nat(self, own: Owner, zone: str, gateway: aws.ec2.InternetGateway) -> aws.ec2.NatGateway:
        key = f"nat-{zone}"
        address = aws.ec2.Eip(own.called(key), domain="vpc", tags=own.tagged(key), opts=own.options())
        return aws.ec2.NatGateway(
            own.called(key),
            allocation_id=address.id,
            subnet_id=self.public_subnets[zone],
            tags=own.tagged(key),
            opts=own.options(depends_on=[gateway]),  # its address is public only with one
        )
