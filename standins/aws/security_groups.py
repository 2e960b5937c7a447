"""Security groups and their rules: after `internal/service/ec2/vpc_security_group*.go` of terraform-provider-aws."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from standins.aws.cloud import CloudError
from standins.aws.ec2 import Ec2Kind
from standins.aws.kind import Act, Look, Request, prefix
from standins.resource import Call, StandinError
from standins.tables import inputs, known, longest
from standins.traits import Trait
from standins.values import Properties

_CHARACTERS: Final = r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]*"
"""https://docs.aws.amazon.com/vpc/latest/userguide/creating-security-groups.html."""
_DELETE_SECONDS: Final = 60
_DESTINATIONS: Final = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")


class SecurityGroup(Ec2Kind):
    """`ec2.SecurityGroup`; its rules are resources of their own. A group without egress rules lets nothing out."""

    token = "aws:ec2/securityGroup:SecurityGroup"  # noqa: S105 - a type token
    autonamed = True
    word = "security-group"
    creates = "CreateSecurityGroup"
    identity = "GroupId"
    look = Look("DescribeSecurityGroups", "GroupIds", "SecurityGroups[0]")
    removes = Act("DeleteSecurityGroup", "GroupId")
    spelled: ClassVar = {"name": "GroupName"}
    apart = frozenset({"revokeRulesOnDelete"})
    traits = inputs(
        in_place="revokeRulesOnDelete tags",
        replaces="description vpcId",
        name=Trait(computed=True, rule=longest(255, rf"(?!sg-){_CHARACTERS}")),
        namePrefix=prefix(255),
        description=Trait(default="Managed by Pulumi", rule=longest(255, _CHARACTERS)),
        vpcId=Trait(computed=True),
    )
    outputs: ClassVar = {"arn": "SecurityGroupArn", "ownerId": "OwnerId", "name": "GroupName", "vpcId": "VpcId"}

    def settle(self, call: Call, identity: str, inputs: Properties, answer: Properties) -> None:  # noqa: ARG002
        """EC2 gives a new group a rule that lets everything out, and the official plugin takes it away."""
        found = self.found(call.client, identity, inputs) or {}
        if rules := found.get("IpPermissionsEgress"):
            given = {"GroupId": identity, "IpPermissions": rules}
            self._sent(call, Request("ec2", "RevokeSecurityGroupEgress", given))

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """What is in it may need a moment to be gone."""
        for _ in range(_DELETE_SECONDS):
            try:
                super().delete(call, identity, known)
            except CloudError as error:
                if error.code != "DependencyViolation":
                    raise
                call.sleep(1)
            else:
                return
        super().delete(call, identity, known)


class Rule(Ec2Kind):
    """One rule of a group."""

    word = "security-group-rule"
    identity = "SecurityGroupRules[0].SecurityGroupRuleId"
    look = Look("DescribeSecurityGroupRules", "SecurityGroupRuleIds", "SecurityGroupRules[0]")
    traits = inputs(
        in_place="cidrIpv4 cidrIpv6 description fromPort ipProtocol prefixListId referencedSecurityGroupId tags toPort",
        replaces="securityGroupId",
        securityGroupId=Trait(),
    )
    outputs: ClassVar = {"securityGroupRuleId": "SecurityGroupRuleId", "arn": "SecurityGroupRuleArn"}

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """See `Kind`."""
        given: dict[str, Any] = {"GroupId": inputs.get("securityGroupId"), "IpPermissions": [_permission(inputs)]}
        if inputs.get("tags"):
            tags = [{"Key": key, "Value": value} for key, value in inputs["tags"].items()]
            given["TagSpecifications"] = [{"ResourceType": self.word, "Tags": tags}]
        yield Request("ec2", self.creates, given)

    def rules(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        """See `Kind`."""
        given = [name for name in _DESTINATIONS if inputs.get(name) is not None]
        if len(given) != 1:
            yield given[-1] if given else "cidrIpv4", f"exactly one of {', '.join(_DESTINATIONS)} is wanted"
        first: Any = inputs.get("fromPort")
        last: Any = inputs.get("toPort")
        protocol = inputs.get("ipProtocol")
        if protocol == "-1" and (known(first) or known(last)):
            yield "fromPort", "all protocols have no ports; leave fromPort and toPort out"
        elif protocol in ("tcp", "udp") and (first is None or last is None):
            yield "fromPort", f"{protocol} wants fromPort and toPort"
        elif protocol in ("tcp", "udp") and known(first) and known(last) and not 0 <= first <= last <= 65535:
            yield "fromPort", f"{first} to {last} is no range of ports"

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """See `Kind`.

        Raises:
            StandinError: who the other is becomes one of another kind, which EC2 cannot change.
        """
        if {name for name in _DESTINATIONS if old.get(name)} != {name for name in _DESTINATIONS if inputs.get(name)}:
            raise StandinError(f"{call.name}: the stand-in cannot replace a rule for another kind of source; rename it")
        rule: dict[str, Any] = {
            "IpProtocol": inputs["ipProtocol"],
            "CidrIpv4": inputs.get("cidrIpv4"),
            "CidrIpv6": inputs.get("cidrIpv6"),
            "PrefixListId": inputs.get("prefixListId"),
            "ReferencedGroupId": inputs.get("referencedSecurityGroupId"),
            "FromPort": inputs.get("fromPort"),
            "ToPort": inputs.get("toPort"),
            "Description": inputs.get("description"),
        }
        row = {"SecurityGroupRuleId": identity, "SecurityGroupRule": {k: v for k, v in rule.items() if v is not None}}
        given = {"GroupId": inputs["securityGroupId"], "SecurityGroupRules": [row]}
        self._sent(call, Request("ec2", "ModifySecurityGroupRules", given))

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:
        """See `Kind`."""
        given = super().addressed(act, identity, known)
        return given if isinstance(act, Look) else {**given, "GroupId": known["securityGroupId"]}


class IngressRule(Rule):
    """`vpc.SecurityGroupIngressRule`."""

    token = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"  # noqa: S105 - a type token
    creates = "AuthorizeSecurityGroupIngress"
    removes = Act("RevokeSecurityGroupIngress", "SecurityGroupRuleIds")


class EgressRule(Rule):
    """`vpc.SecurityGroupEgressRule`."""

    token = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"  # noqa: S105 - a type token
    creates = "AuthorizeSecurityGroupEgress"
    removes = Act("RevokeSecurityGroupEgress", "SecurityGroupRuleIds")


def _permission(inputs: Properties) -> Properties:
    note = {"Description": inputs["description"]} if inputs.get("description") else {}
    ends: dict[str, tuple[str, str]] = {
        "cidrIpv4": ("IpRanges", "CidrIp"),
        "cidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
        "prefixListId": ("PrefixListIds", "PrefixListId"),
        "referencedSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    }
    made: Properties = {"IpProtocol": inputs.get("ipProtocol")}
    for name, (group, member) in ends.items():
        if inputs.get(name) is not None:
            made[group] = [{member: inputs[name], **note}]
    made |= {"FromPort": inputs["fromPort"]} if inputs.get("fromPort") is not None else {}
    made |= {"ToPort": inputs["toPort"]} if inputs.get("toPort") is not None else {}
    return made
