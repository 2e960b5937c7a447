"""Networks: after `internal/service/ec2/vpc_*.go` of terraform-provider-aws."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from standins.aws.kind import Act, Kind, Look, Request
from standins.resource import Call, State
from standins.tables import inputs
from standins.traits import Trait
from standins.values import Properties


class Ec2Kind(Kind):
    """A kind of EC2: tags go into the call that makes it, under the kind's own word."""

    service = "ec2"
    autonamed = False
    tagged_by = "id"
    word: ClassVar[str]
    """EC2's name of the kind, `vpc`."""
    later: ClassVar[frozenset[str]] = frozenset()
    """Inputs that are set by a call of their own after it was made."""

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """See `Kind`."""
        given = self.body(self.creates, inputs, skip={*self.apart, *self.later, "tags"})
        if inputs.get("tags"):
            tags = [{"Key": key, "Value": value} for key, value in inputs["tags"].items()]
            given["TagSpecifications"] = [{"ResourceType": self.word, "Tags": tags}]
        yield Request(self.service, self.creates, given)

    def settle(self, call: Call, identity: str, inputs: Properties, answer: Properties) -> None:  # noqa: ARG002
        """See `Kind`."""
        if later := {name for name in self.later if name in inputs}:
            self.change(call, identity, {}, inputs, later)

    def arn(self, found: Properties, call_region: str) -> str:
        """Its ARN, which EC2 does not tell of most kinds."""
        return f"arn:aws:ec2:{call_region}:{found.get('OwnerId', '')}:{self.word}"


class Attributes(Ec2Kind):
    """A kind with attributes that EC2 changes one at a time."""

    modifies: ClassVar[Act]

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:
        """See `Kind`."""
        if unknown := changed - self.later:
            super().change(call, identity, old, inputs, unknown)
        for name in sorted(changed & self.later):
            member = f"{name[0].upper()}{name[1:]}"
            given = {self.modifies.member: identity, member: {"Value": bool(inputs.get(name))}}
            self._sent(call, Request("ec2", self.modifies.operation, given))


class Vpc(Attributes):
    """`ec2.Vpc`."""

    token = "aws:ec2/vpc:Vpc"  # noqa: S105 - a type token
    word = "vpc"
    creates = "CreateVpc"
    identity = "Vpc.VpcId"
    look = Look("DescribeVpcs", "VpcIds", "Vpcs[0]")
    modifies = Act("ModifyVpcAttribute", "VpcId")
    removes = Act("DeleteVpc", "VpcId")
    traits = inputs(
        in_place="enableDnsHostnames tags",
        replaces="cidrBlock",
        computed="cidrBlock enableDnsHostnames",
        enableDnsSupport=Trait(default=True, in_place=True),
        instanceTenancy=Trait(default="default", in_place=True),
    )
    later = frozenset({"enableDnsHostnames", "enableDnsSupport"})
    mirrored = frozenset({"cidrBlock", "tags"})

    def read_out(self, found: Properties) -> Properties:
        """See `Kind`."""
        return {"ownerId": found.get("OwnerId"), "dhcpOptionsId": found.get("DhcpOptionsId")}

    def state(self, call: Call, identity: str, known: Properties) -> State:
        """With what EC2 makes beside it: a route table and a security group."""
        made = super().state(call, identity, known)
        only: list[Any] = [{"Name": "vpc-id", "Values": [identity]}]
        tables = call.client.send("ec2", "DescribeRouteTables", {"Filters": only})["RouteTables"]
        named = [*only, {"Name": "group-name", "Values": ["default"]}]
        groups = call.client.send("ec2", "DescribeSecurityGroups", {"Filters": named})["SecurityGroups"]
        main = next((each["RouteTableId"] for each in tables), None)
        beside = {
            "arn": f"arn:aws:ec2:{call.client.region}:{made.outputs['ownerId']}:vpc/{identity}",
            "mainRouteTableId": main,
            "defaultRouteTableId": main,
            "defaultSecurityGroupId": next((each["GroupId"] for each in groups), None),
        }
        return State(identity, {**made.outputs, **beside})


class Subnet(Attributes):
    """`ec2.Subnet`."""

    token = "aws:ec2/subnet:Subnet"  # noqa: S105 - a type token
    word = "subnet"
    creates = "CreateSubnet"
    identity = "Subnet.SubnetId"
    look = Look("DescribeSubnets", "SubnetIds", "Subnets[0]")
    modifies = Act("ModifySubnetAttribute", "SubnetId")
    removes = Act("DeleteSubnet", "SubnetId")
    traits = inputs(
        in_place="mapPublicIpOnLaunch tags",
        replaces="vpcId cidrBlock availabilityZone",
        computed="availabilityZone",
    )
    later = frozenset({"mapPublicIpOnLaunch"})
    outputs: ClassVar = {"arn": "SubnetArn", "ownerId": "OwnerId", "availabilityZone": "AvailabilityZone"}
    mirrored = frozenset({"vpcId", "cidrBlock", "availabilityZone", "mapPublicIpOnLaunch", "tags"})


class InternetGateway(Ec2Kind):
    """`ec2.InternetGateway`."""

    token = "aws:ec2/internetGateway:InternetGateway"  # noqa: S105 - a type token
    word = "internet-gateway"
    creates = "CreateInternetGateway"
    identity = "InternetGateway.InternetGatewayId"
    look = Look("DescribeInternetGateways", "InternetGatewayIds", "InternetGateways[0]")
    removes = Act("DeleteInternetGateway", "InternetGatewayId")
    traits = inputs(in_place="vpcId tags")
    outputs: ClassVar = {"ownerId": "OwnerId"}
    later = frozenset({"vpcId"})

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:
        """See `Kind`."""
        if "vpcId" not in changed:
            return
        if old.get("vpcId"):
            self._detach(call, identity, old["vpcId"])
        if inputs.get("vpcId"):
            given = {"InternetGatewayId": identity, "VpcId": inputs["vpcId"]}
            self._sent(call, Request("ec2", "AttachInternetGateway", given))

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """See `Resource`."""
        if known.get("vpcId") and self.found(call.client, identity, known):
            self._detach(call, identity, known["vpcId"])
        super().delete(call, identity, known)

    def _detach(self, call: Call, identity: str, vpc: str) -> None:
        given = {"InternetGatewayId": identity, "VpcId": vpc}
        self._sent(call, Request("ec2", "DetachInternetGateway", given))


class Eip(Ec2Kind):
    """`ec2.Eip`: an address of its own, as a NAT gateway takes it."""

    token = "aws:ec2/eip:Eip"  # noqa: S105 - a type token
    word = "elastic-ip"
    creates = "AllocateAddress"
    identity = "AllocationId"
    look = Look("DescribeAddresses", "AllocationIds", "Addresses[0]")
    removes = Act("ReleaseAddress", "AllocationId")
    traits = inputs(in_place="tags", replaces="domain", computed="domain")
    outputs: ClassVar = {"allocationId": "AllocationId", "publicIp": "PublicIp", "domain": "Domain"}


class NatGateway(Ec2Kind):
    """`ec2.NatGateway`: waited for both ways, as the official does."""

    token = "aws:ec2/natGateway:NatGateway"  # noqa: S105 - a type token
    word = "natgateway"
    creates = "CreateNatGateway"
    identity = "NatGateway.NatGatewayId"
    look = Look("DescribeNatGateways", "NatGatewayIds", "NatGateways[?State!='deleted']|[0]")
    removes = Act("DeleteNatGateway", "NatGatewayId")
    traits = inputs(in_place="tags", replaces="allocationId subnetId", connectivityType=Trait(default="public"))
    outputs: ClassVar = {
        "publicIp": "NatGatewayAddresses[0].PublicIp",
        "networkInterfaceId": "NatGatewayAddresses[0].NetworkInterfaceId",
        "connectivityType": "ConnectivityType",
    }

    def settle(self, call: Call, identity: str, inputs: Properties, answer: Properties) -> None:  # noqa: ARG002
        """See `Kind`."""
        self.until(call, identity, inputs, "State", "available")

    def leave(self, call: Call, identity: str, known: Properties) -> None:
        """See `Kind`."""
        self.until(call, identity, known, "State", None)


class RouteTable(Ec2Kind):
    """`ec2.RouteTable`; its routes are resources of their own."""

    token = "aws:ec2/routeTable:RouteTable"  # noqa: S105 - a type token
    word = "route-table"
    creates = "CreateRouteTable"
    identity = "RouteTable.RouteTableId"
    look = Look("DescribeRouteTables", "RouteTableIds", "RouteTables[0]")
    removes = Act("DeleteRouteTable", "RouteTableId")
    traits = inputs(in_place="tags", replaces="vpcId")
    outputs: ClassVar = {"ownerId": "OwnerId"}


class Route(Ec2Kind):
    """`ec2.Route`: to one range of addresses."""

    token = "aws:ec2/route:Route"  # noqa: S105 - a type token
    creates = "CreateRoute"
    identity = "join('_', [input.routeTableId, input.destinationCidrBlock])"
    look = Look("DescribeRouteTables", "RouteTableIds", "RouteTables[0].Routes")
    removes = Act("DeleteRoute", "RouteTableId")
    updates = Act("ReplaceRoute", "RouteTableId")
    traits = inputs(in_place="gatewayId natGatewayId", replaces="routeTableId destinationCidrBlock")
    outputs: ClassVar = {"origin": "Origin", "state": "State"}

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:  # noqa: ARG002
        """See `Kind`."""
        table, _, block = identity.partition("_")
        if isinstance(act, Look):
            return {"RouteTableIds": [table]}
        return {"RouteTableId": table, "DestinationCidrBlock": block}

    def found(self, cloud: Any, identity: str, known: Properties) -> Properties | None:
        """See `Kind`."""
        answer = cloud.find("ec2", self.look.operation, self.addressed(self.look, identity, known)) or {}
        routes = [route for table in answer.get("RouteTables", ()) for route in table.get("Routes", ())]
        block = identity.partition("_")[2]
        return next((route for route in routes if route.get("DestinationCidrBlock") == block), None)


class RouteTableAssociation(Ec2Kind):
    """`ec2.RouteTableAssociation`: of a subnet."""

    token = "aws:ec2/routeTableAssociation:RouteTableAssociation"  # noqa: S105 - a type token
    creates = "AssociateRouteTable"
    identity = "AssociationId"
    look = Look("DescribeRouteTables", "RouteTableIds", "RouteTables[0].Associations")
    removes = Act("DisassociateRouteTable", "AssociationId")
    traits = inputs(replaces="routeTableId subnetId", routeTableId=Trait())

    def found(self, cloud: Any, identity: str, known: Properties) -> Properties | None:  # noqa: ARG002
        """See `Kind`."""
        only = [{"Name": "association.route-table-association-id", "Values": [identity]}]
        answer = cloud.find("ec2", "DescribeRouteTables", {"Filters": only}) or {}
        rows = [row for table in answer.get("RouteTables", ()) for row in table.get("Associations", ())]
        return next((row for row in rows if row["RouteTableAssociationId"] == identity), None)


class VpcEndpoint(Ec2Kind):
    """`ec2.VpcEndpoint`."""

    token = "aws:ec2/vpcEndpoint:VpcEndpoint"  # noqa: S105 - a type token
    word = "vpc-endpoint"
    creates = "CreateVpcEndpoint"
    identity = "VpcEndpoint.VpcEndpointId"
    look = Look("DescribeVpcEndpoints", "VpcEndpointIds", "VpcEndpoints[0]")
    removes = Act("DeleteVpcEndpoints", "VpcEndpointIds")
    spelled: ClassVar = {"policy": "PolicyDocument"}
    traits = inputs(
        in_place="policy privateDnsEnabled routeTableIds securityGroupIds subnetIds tags",
        replaces="serviceName vpcEndpointType vpcId",
        computed="policy privateDnsEnabled routeTableIds securityGroupIds subnetIds",
        unordered="routeTableIds securityGroupIds subnetIds",
        vpcEndpointType=Trait(default="Gateway"),
    )
    outputs: ClassVar = {"state": "State", "ownerId": "OwnerId"}

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:
        """What a set lost and gained, each under a word of its own."""
        given: dict[str, Any] = {"VpcEndpointId": identity}
        for name, word in (
            ("routeTableIds", "RouteTable"),
            ("subnetIds", "Subnet"),
            ("securityGroupIds", "SecurityGroup"),
        ):
            before, after = set(old.get(name) or ()), set(inputs.get(name) or ())
            given |= {f"Add{word}Ids": sorted(after - before)} if after - before else {}
            given |= {f"Remove{word}Ids": sorted(before - after)} if before - after else {}
        if "policy" in changed:
            given["PolicyDocument"] = inputs.get("policy")
        if "privateDnsEnabled" in changed:
            given["PrivateDnsEnabled"] = inputs.get("privateDnsEnabled")
        self._sent(call, Request("ec2", "ModifyVpcEndpoint", given))

    def settle(self, call: Call, identity: str, inputs: Properties, answer: Properties) -> None:  # noqa: ARG002
        """See `Kind`."""
        self.until(call, identity, inputs, "State", "available", "Available", "pendingAcceptance")


class DefaultSecurityGroup(Ec2Kind):
    """`ec2.DefaultSecurityGroup`: the one that EC2 made with the network, adopted, and its rules taken away."""

    token = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"  # noqa: S105 - a type token
    word = "security-group"
    look = Look("DescribeSecurityGroups", "GroupIds", "SecurityGroups[0]")
    traits = inputs(in_place="ingress egress tags", replaces="vpcId")
    outputs: ClassVar = {"name": "GroupName", "description": "Description", "ownerId": "OwnerId"}

    def requests(self, inputs: Properties) -> Iterator[Request]:  # noqa: ARG002 - nothing is made
        """See `Kind`."""
        return iter(())

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        for side in ("ingress", "egress"):
            if inputs.get(side):
                yield side, "the stand-in takes rules away from the default group, and gives it none; leave it out"

    def create(self, call: Call, inputs: Properties) -> State:
        """See `Resource`."""
        only = [
            {"Name": "vpc-id", "Values": [inputs["vpcId"]]},
            {"Name": "group-name", "Values": ["default"]},
        ]
        group = call.client.send("ec2", "DescribeSecurityGroups", {"Filters": only})["SecurityGroups"][0]
        for side, operation in (("", "RevokeSecurityGroupIngress"), ("Egress", "RevokeSecurityGroupEgress")):
            if rules := group.get(f"IpPermissions{side}"):
                given = {"GroupId": group["GroupId"], "IpPermissions": rules}
                self._sent(call, Request("ec2", operation, given))
        if tags := self.tags(call.client, inputs):
            pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
            self._sent(call, Request("ec2", "CreateTags", {"Resources": [group["GroupId"]], "Tags": pairs}))
        return self.state(call, group["GroupId"], inputs)

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """EC2 takes it away with the network."""
