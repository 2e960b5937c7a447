"""An ECS cluster that is there: `slipway:cluster: {existing: {cluster: <ARN>, vpc: ..., subnets: ...}}`.

Everything else that `EcsAccess` has may stand in the same block, which is how another stack gives its cluster, or, but
for what says which cluster it is, in the application's own `slipway:ecs`, which wins.
"""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

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
"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""
PRIORITIES = 49_001
"""The last priority that a thousand rules can begin with: a listener has 50,000."""


def _subnets(key: str, value: Any) -> blocks.Found:
    known = list(value.values()) if isinstance(value, Mapping) else value
    if isinstance(known, (list, tuple)) and known and all(isinstance(each, str) for each in known):
        return None
    return f"{key} is {value!r}, not a list of subnets", "write IDs such as subnet-0a1b2c"


def _arn(service: str) -> blocks.Check:
    return blocks.form(rf"arn:aws[a-z-]*:{service}:.+", "an ARN", "write the whole ARN")


PLACE: Mapping[str, blocks.Check] = {
    "balancer": blocks.anything,
    "certificate": _arn("acm"),
    "cluster": blocks.form(CLUSTER.pattern, "the ARN of an ECS cluster", "run `aws ecs list-clusters`"),
    "endpoints": blocks.form(r"sg-[0-9a-z]+", "a security group", "write its ID"),
    "profile": blocks.string,
    "publicIp": blocks.boolean,
    "publicSubnets": _subnets,
    "role": _arn("iam"),
    "subnets": _subnets,
    "vpc": blocks.form(r"vpc-[0-9a-z]+", "a VPC", "write its ID"),
    "zone": blocks.form(r"[A-Z0-9]+", "a hosted zone", "write its ID"),
    "zoneName": blocks.string,
}
"""Keys that say which cluster it is, and what it has."""
WAYS: Mapping[str, blocks.Check] = {
    "architecture": blocks.word("ARM64", "X86_64"),
    "backup": blocks.boolean,
    "capacity": blocks.word("FARGATE", "FARGATE_SPOT"),
    "deletionProtection": blocks.boolean,
    "domain": blocks.form(r"[a-z0-9-]+(\.[a-z0-9-]+)*", "a domain", "write names of a-z, 0-9 and - with dots between"),
    "executeCommand": blocks.boolean,
    "initImage": blocks.string,
    "kmsKey": _arn("kms"),
    "logDays": blocks.one_of(DAYS),
    "logGroup": blocks.string,
    "publish": blocks.word("internal", "none", "public"),
    "registry": blocks.string,
    "rulePriority": blocks.whole(1, PRIORITIES),
    "serviceConnect": blocks.boolean,
    "tags": blocks.strings,
}
"""Keys that say which of a cluster's ways are taken."""
BALANCER: Mapping[str, blocks.Check] = {
    "http": _arn("elasticloadbalancing"),
    "https": _arn("elasticloadbalancing"),
    "internal": blocks.boolean,
    "name": blocks.string,
    "securityGroup": blocks.form(r"sg-[0-9a-z]+", "a security group", "write its ID"),
    "zone": blocks.form(r"[A-Z0-9]+", "a hosted zone", "write its ID"),
}
"""Keys of `balancer`."""


def access(existing: Mapping[str, Any]) -> EcsAccess:
    """The access that a stack's `existing` block describes; there is no cluster that an empty one could mean.

    Args:
        existing: the attributes of `EcsAccess` in camelCase, but `region`, `account` and `partition`, which the
            cluster's ARN says; `subnets` and `publicSubnets` may be lists.

    Raises:
        SettingsError: with every problem at once.
    """
    block = _whole(existing)
    problems = blocks.problems(block, EXISTING, {**PLACE, **WAYS}, ("cluster", "vpc", "subnets"))
    given = block.get("balancer")
    if given is not None:
        problems += blocks.problems(given, f"{EXISTING}.balancer", BALANCER, ("name", "zone", "securityGroup"))
    if problems:
        raise SettingsError(problems)
    values: dict[str, Any] = _attributes(block)
    found = CLUSTER.fullmatch(str(block["cluster"]))
    if given is not None:
        values["balancer"] = EntryBalancer(**blocks.attributes(given, (each.name for each in _fields(EntryBalancer))))
    told: Mapping[str, Any] = found.groupdict() if found is not None else {}
    return EcsAccess(**told, **values)


def chosen(given: EcsAccess, options: Mapping[str, Any]) -> EcsAccess:
    """A cluster's access with what a stack's `slipway:ecs` chooses otherwise.

    Args:
        given: how the cluster is reached, and what fits it.
        options: the keys in `WAYS`.

    Raises:
        SettingsError: with every problem at once.
    """
    block = _whole(options)
    problems = blocks.problems(block, OPTIONS, WAYS)
    misplaced = [key for key in block if key in PLACE]
    if misplaced:
        problems = [each for each in problems if not any(f'"{key}"' in each.what for key in misplaced)]
        problems += [
            Problem(f"{key} says which cluster it is", OPTIONS, f"write it below {EXISTING}") for key in misplaced
        ]
    if problems:
        raise SettingsError(problems)
    return dataclasses.replace(given, **_attributes(block))


def _whole(block: Mapping[str, Any]) -> dict[str, Any]:
    """A number that came from another stack is a float."""
    return {
        key: int(value) if isinstance(value, float) and value.is_integer() else value
        for key, value in block.items()
        if value is not None
    }


def _attributes(block: Mapping[str, Any]) -> dict[str, Any]:
    found = blocks.attributes(block, (each.name for each in _fields(EcsAccess)))
    for name in ("subnets", "public_subnets"):
        if isinstance(found.get(name), (list, tuple)):
            found[name] = {each: each for each in found[name]}
    return found


def _fields(cls: Any) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(cls)
