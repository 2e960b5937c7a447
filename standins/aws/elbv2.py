"""Load balancers and target groups: after `internal/service/elbv2/*.go` of terraform-provider-aws."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from standins.aws.kind import Act, Kind, Look, Request, prefix
from standins.resource import Call
from standins.tables import among, inputs, longest
from standins.traits import Trait
from standins.values import Properties, Value

NAME: Final = r"(?!internal-)[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?"


class Attributed(Kind):
    """A kind whose further inputs are attributes, pairs of texts that a call of their own takes."""

    service = "elbv2"
    modifies: ClassVar[Act]
    attributes: ClassVar[Mapping[str, str]]
    """Input -> attribute; one whose value is an object has its parts' attributes beneath `input.part`."""

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """See `Kind`."""
        yield from super().requests(inputs)
        pairs = _pairs(self.attributes, inputs)
        if pairs:
            yield Request("elbv2", self.modifies.operation, {self.modifies.member: "arn", "Attributes": pairs})

    def settle(self, call: Call, identity: str, inputs: Properties, answer: Properties) -> None:  # noqa: ARG002
        """See `Kind`."""
        self._modify(call, identity, inputs)

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:
        """See `Kind`."""
        if changed & {name.partition(".")[0] for name in self.attributes}:
            self._modify(call, identity, inputs)
        super().change(call, identity, old, inputs, changed)

    def _modify(self, call: Call, identity: str, inputs: Properties) -> None:
        pairs = _pairs(self.attributes, inputs)
        if pairs:
            given = {self.modifies.member: identity, "Attributes": pairs}
            self._sent(call, Request("elbv2", self.modifies.operation, given))


def _pairs(attributes: Mapping[str, str], inputs: Properties) -> list[Properties]:
    found = []
    for name, attribute in attributes.items():
        outer, _, inner = name.partition(".")
        value = inputs.get(outer)
        value = value.get(inner) if inner and isinstance(value, Mapping) else None if inner else value
        if value is not None:
            found.append({"Key": attribute, "Value": _text(value)})
    return found


def _text(value: Value) -> Value:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value


_SETS: Final = {
    "ipAddressType": ("SetIpAddressType", "IpAddressType"),
    "securityGroups": ("SetSecurityGroups", "SecurityGroups"),
    "subnets": ("SetSubnets", "Subnets"),
}
"""Input of a load balancer -> the call that changes it, and the member that takes it."""


class LoadBalancer(Attributed):
    """`lb.LoadBalancer`."""

    token = "aws:lb/loadBalancer:LoadBalancer"  # noqa: S105 - a type token
    creates = "CreateLoadBalancer"
    identity = "LoadBalancers[0].LoadBalancerArn"
    look = Look("DescribeLoadBalancers", "LoadBalancerArns", "LoadBalancers[0]")
    modifies = Act("ModifyLoadBalancerAttributes", "LoadBalancerArn")
    removes = Act("DeleteLoadBalancer", "LoadBalancerArn")
    spelled: ClassVar = {"loadBalancerType": "Type"}
    attributes: ClassVar = {
        "idleTimeout": "idle_timeout.timeout_seconds",
        "enableDeletionProtection": "deletion_protection.enabled",
        "enableCrossZoneLoadBalancing": "load_balancing.cross_zone.enabled",
        "dropInvalidHeaderFields": "routing.http.drop_invalid_header_fields.enabled",
        "accessLogs.enabled": "access_logs.s3.enabled",
        "accessLogs.bucket": "access_logs.s3.bucket",
        "accessLogs.prefix": "access_logs.s3.prefix",
    }
    apart = frozenset({"internal", *(name.partition(".")[0] for name in attributes)})
    traits = inputs(
        in_place="accessLogs dropInvalidHeaderFields enableCrossZoneLoadBalancing enableDeletionProtection "
        "idleTimeout ipAddressType securityGroups subnets tags",
        replaces="internal loadBalancerType",
        namePrefix=prefix(32),
        computed="internal ipAddressType securityGroups subnets",
        unordered="securityGroups subnets",
        name=Trait(computed=True, rule=longest(32, NAME)),
        loadBalancerType=Trait(default="application"),
    )
    outputs: ClassVar = {
        "arn": "LoadBalancerArn",
        "dnsName": "DNSName",
        "zoneId": "CanonicalHostedZoneId",
        "name": "LoadBalancerName",
        "vpcId": "VpcId",
    }

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """The scheme is a word to the API."""
        first, *rest = super().requests(inputs)
        scheme = "internal" if inputs.get("internal") is True else "internet-facing"
        yield Request(first.service, first.operation, {**first.given, "Scheme": scheme})
        yield from rest

    def settle(self, call: Call, identity: str, inputs: Properties, answer: Properties) -> None:
        """See `Kind`."""
        super().settle(call, identity, inputs, answer)
        self.until(call, identity, inputs, "State.Code", "active", "active_impaired")

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:
        """See `Kind`."""
        super().change(call, identity, old, inputs, changed - _SETS.keys())
        for name, (operation, member) in _SETS.items():
            if name in changed:
                given = {"LoadBalancerArn": identity, member: inputs.get(name)}
                self._sent(call, Request("elbv2", operation, given))


_CHECK_TRAITS: Final = {
    "enabled": Trait(default=True, in_place=True),
    "healthyThreshold": Trait(default=3, in_place=True),
    "interval": Trait(default=30, in_place=True),
    "matcher": Trait(in_place=True, computed=True),
    "path": Trait(in_place=True, computed=True),
    "port": Trait(default="traffic-port", in_place=True),
    "protocol": Trait(default="HTTP", in_place=True),
    "timeout": Trait(in_place=True, computed=True),
    "unhealthyThreshold": Trait(default=3, in_place=True),
}
"""The thresholds are the provider's own: AWS has other ones."""
_STICKINESS_TRAITS: Final = {
    "cookieDuration": Trait(default=86400, in_place=True, rule=among(range(604801))),
    "enabled": Trait(default=True, in_place=True),
    "type": Trait(in_place=True),
}


class TargetGroup(Attributed):
    """`lb.TargetGroup`."""

    token = "aws:lb/targetGroup:TargetGroup"  # noqa: S105 - a type token
    creates = "CreateTargetGroup"
    identity = "TargetGroups[0].TargetGroupArn"
    look = Look("DescribeTargetGroups", "TargetGroupArns", "TargetGroups[0]")
    modifies = Act("ModifyTargetGroupAttributes", "TargetGroupArn")
    removes = Act("DeleteTargetGroup", "TargetGroupArn")
    attributes: ClassVar = {
        "deregistrationDelay": "deregistration_delay.timeout_seconds",
        "stickiness.enabled": "stickiness.enabled",
        "stickiness.type": "stickiness.type",
        "stickiness.cookieDuration": "stickiness.lb_cookie.duration_seconds",
    }
    apart = frozenset({"deregistrationDelay", "healthCheck", "stickiness"})
    traits = inputs(
        in_place="tags",
        replaces="ipAddressType port protocol protocolVersion targetType vpcId",
        computed="ipAddressType protocolVersion",
        deregistrationDelay=Trait(default=300, in_place=True),
        healthCheck=Trait(in_place=True, computed=True, fields=_CHECK_TRAITS),
        stickiness=Trait(in_place=True, computed=True, fields=_STICKINESS_TRAITS),
        namePrefix=prefix(32),
        name=Trait(computed=True, rule=longest(32, NAME)),
        targetType=Trait(default="instance"),
    )
    outputs: ClassVar = {"arn": "TargetGroupArn", "name": "TargetGroupName"}

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """See `Kind`."""
        first, *rest = super().requests(inputs)
        yield Request(first.service, first.operation, {**first.given, **_check(inputs.get("healthCheck"))})
        yield from rest

    def read_out(self, found: Properties) -> Properties:
        """With the last words of its ARN, by which metrics know it."""
        return {**super().read_out(found), "arnSuffix": str(found["TargetGroupArn"]).rpartition(":")[2]}

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:
        """See `Kind`."""
        super().change(call, identity, old, inputs, changed)
        if "healthCheck" in changed:
            given = {"TargetGroupArn": identity, **_check(inputs.get("healthCheck"))}
            self._sent(call, Request("elbv2", "ModifyTargetGroup", given))


_CHECK: Final = {
    "enabled": "HealthCheckEnabled",
    "interval": "HealthCheckIntervalSeconds",
    "path": "HealthCheckPath",
    "port": "HealthCheckPort",
    "protocol": "HealthCheckProtocol",
    "timeout": "HealthCheckTimeoutSeconds",
    "healthyThreshold": "HealthyThresholdCount",
    "unhealthyThreshold": "UnhealthyThresholdCount",
}


def _check(found: Any) -> Properties:
    if not isinstance(found, Mapping):
        return {}
    given = {api: found[own] for own, api in _CHECK.items() if found.get(own) is not None}
    matcher = found.get("matcher")
    return given if matcher is None else {**given, "Matcher": {"HttpCode": matcher}}
