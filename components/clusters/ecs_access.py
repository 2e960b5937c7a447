"""An ECS cluster that is there: `slipway:cluster: {existing: {cluster: <ARN>, vpc: ..., subnets: ...}}`.

Everything else that `EcsAccess` has may stand in the same block, which is how another stack gives its cluster, or, but
for what says which cluster it is, in the application's own `slipway:ecs`, which wins.
"""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

import pulumi

from ..access import EcsAccess, EntryBalancer
from ..errors import Problem, SettingsError
from . import blocks

EXISTING = "slipway:cluster.existing"
OPTIONS = "slipway:ecs"
CLUSTER = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):ecs:(?P<region>[a-z0-9-]+):(?P<account>\d{12}):cluster/[A-Za-z0-9_-]+"
)
"""https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html"""
DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""Days that a log group may keep what is printed
(https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html)."""
NONE = Problem(
    "no value for slipway:cluster, and ecs has no cluster that is everyone's",
    fix="run `pulumi config set --path slipway:cluster.stack <name of the cluster's stack>`",
)
PRIORITIES = 49_001
"""The last priority that a thousand rules can begin with: a listener has 50,000."""


def _subnets(key: str, value: Any) -> blocks.Found:
    known = list(value.values()) if isinstance(value, Mapping) else value
    if isinstance(known, (list, tuple)) and known and all(isinstance(each, (str, pulumi.Output)) for each in known):
        return None
    return f"{key} is {value!r}, not a list of subnets", "write IDs such as subnet-0a1b2c"


def _arn(service: str) -> blocks.Check:
    return blocks.form(rf"arn:aws[a-z-]*:{service}:.+", "an ARN", "write the whole ARN")


_ZONE = blocks.form(r"[A-Z0-9]+", "a hosted zone", "write its ID")

PLACE: Mapping[str, blocks.Check] = {
    "account": blocks.form(r"[0-9]{12}", "an account", "write its twelve digits"),
    "balancer": blocks.anything,
    "cluster": blocks.form(CLUSTER.pattern, "the ARN of an ECS cluster", "run `aws ecs list-clusters`"),
    "endpoints": blocks.form(r"sg-[0-9a-z]+", "a security group", "write its ID"),
    "partition": blocks.word("aws", "aws-cn", "aws-us-gov"),
    "region": blocks.string,
    "subnets": _subnets,
    "vpc": blocks.form(r"vpc-[0-9a-z]+", "a VPC", "write its ID"),
}
"""Keys that say which cluster it is."""
WAYS: Mapping[str, blocks.Check] = {
    "architecture": blocks.word("ARM64", "X86_64"),
    "backup": blocks.boolean,
    "capacity": blocks.word("FARGATE", "FARGATE_SPOT"),
    "certificate": _arn("acm"),
    "deletionProtection": blocks.boolean,
    "domain": blocks.form(r"[a-z0-9-]+(\.[a-z0-9-]+)*", "a domain", "write names of a-z, 0-9 and - with dots between"),
    "executeCommand": blocks.boolean,
    "initImage": blocks.string,
    "kmsKey": _arn("kms"),
    "logDays": blocks.one_of(DAYS),
    "logGroup": blocks.string,
    "profile": blocks.string,
    "publicIp": blocks.boolean,
    "publicSubnets": _subnets,
    "publish": blocks.word("internal", "none", "public"),
    "registry": blocks.string,
    "role": _arn("iam"),
    "rulePriority": blocks.whole(1, PRIORITIES),
    "serviceConnect": blocks.boolean,
    "tags": blocks.strings,
    "zone": _ZONE,
    "zoneName": blocks.string,
}
"""Keys that say which of a cluster's ways are taken."""
OUTPUTS = ("certificate", "cluster", "endpoints", "kmsKey", "logGroup", "publicSubnets", "subnets", "vpc", "zone")
"""Keys whose value may be an output of the same program, because nothing is decided by it."""
BALANCER: Mapping[str, blocks.Check] = {
    "http": _arn("elasticloadbalancing"),
    "https": _arn("elasticloadbalancing"),
    "internal": blocks.boolean,
    "name": blocks.string,
    "securityGroup": blocks.form(r"sg-[0-9a-z]+", "a security group", "write its ID"),
    "zone": _ZONE,
}
"""Keys of `balancer`; which listeners there are decides, but not what they are called."""


def access(existing: Mapping[str, Any]) -> EcsAccess:
    """The access that a stack's `existing` block describes; there is no cluster that an empty one could mean.

    Args:
        existing: the attributes of `EcsAccess` in camelCase. The ARN of the cluster says `region`, `account` and
            `partition`; where it is an output of a program, the program says them. `subnets` and `publicSubnets` may be
            lists.

    Raises:
        SettingsError: with every problem at once.
    """
    block = blocks.whole_numbers(existing)
    if not block:
        raise SettingsError(NONE)
    required = ["cluster", "vpc", "subnets"]
    told = {} if isinstance(block.get("cluster"), pulumi.Output) else _told(block.get("cluster"))
    if isinstance(block.get("cluster"), pulumi.Output):
        required += ["region", "account"]
    problems = blocks.problems(block, EXISTING, {**PLACE, **WAYS}, required, outputs=OUTPUTS)
    problems += [
        Problem(f"{key} is {block[key]!r}, and that of the cluster is {value!r}", EXISTING, "leave it out")
        for key, value in told.items()
        if block.get(key, value) != value
    ]
    balancer = block.get("balancer")
    if balancer is not None:
        problems += blocks.problems(balancer, f"{EXISTING}.balancer", BALANCER, ("name", "zone", "securityGroup"))
    if problems:
        raise SettingsError(problems)
    values: dict[str, Any] = {**_attributes(block), **told}
    if balancer is not None:
        values["balancer"] = EntryBalancer(**blocks.attributes(balancer, _names(EntryBalancer)))
    return EcsAccess(**values)


def chosen(given: EcsAccess, options: Mapping[str, Any]) -> EcsAccess:
    """A cluster's access with what a stack's `slipway:ecs` chooses otherwise.

    Args:
        given: how the cluster is reached, and what fits it.
        options: the keys in `WAYS`.

    Raises:
        SettingsError: with every problem at once.
    """
    block = blocks.whole_numbers(options)
    problems = blocks.chosen(block, OPTIONS, EXISTING, PLACE, WAYS, OUTPUTS)
    if problems:
        raise SettingsError(problems)
    return dataclasses.replace(given, **_attributes(block))


def _told(cluster: Any) -> dict[str, str]:
    """What a cluster's ARN says of where it is."""
    found = CLUSTER.fullmatch(str(cluster))
    return {} if found is None else found.groupdict()


def _attributes(block: Mapping[str, Any]) -> dict[str, Any]:
    found = blocks.attributes(block, _names(EcsAccess))
    for name in ("subnets", "public_subnets"):
        if isinstance(found.get(name), (list, tuple)):
            found[name] = {each: each for each in found[name]}
    return found


def _names(cls: Any) -> list[str]:
    return [each.name for each in dataclasses.fields(cls)]
