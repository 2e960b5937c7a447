"""What the settings say of the cluster, held against what is there. Read-only."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError

from ...access import EcsAccess
from ...errors import Problem
from ..rows import Row
from . import client

WHERE = "slipway:cluster"
Check = Callable[[client.Clients, EcsAccess, Sequence[Row]], Iterator[Problem]]
"""Asks one of AWS' services about the rows of an application."""


def is_missing(error: ClientError, *codes: str) -> bool:
    """Whether a refusal says that something is not there; any other is raised again."""
    if error.response["Error"]["Code"] not in codes:
        raise error
    return True


def _cluster(asked: client.Clients, access: EcsAccess, _rows: Sequence[Row]) -> Iterator[Problem]:
    answer = asked["ecs"].describe_clusters(clusters=[access.cluster])
    if not any(each["status"] == "ACTIVE" for each in answer["clusters"]):
        yield Problem(f'there is no cluster "{access.cluster}"', WHERE, "run `aws ecs list-clusters`")


def _network(asked: client.Clients, access: EcsAccess, _rows: Sequence[Row]) -> Iterator[Problem]:
    vpcs = asked["ec2"].describe_vpcs(Filters=[_filter("vpc-id", [access.vpc])])["Vpcs"]
    if not vpcs:
        yield Problem(f'there is no VPC "{access.vpc}" in {access.region}', WHERE, "run `aws ec2 describe-vpcs`")
        return
    wanted = [*access.subnets.values(), *access.public_subnets.values()]
    answer = asked["ec2"].describe_subnets(Filters=[_filter("subnet-id", wanted)])["Subnets"]
    there = {str(each["SubnetId"]): str(each["VpcId"]) for each in answer}
    for subnet in dict.fromkeys(wanted):
        if there.get(subnet) != access.vpc:
            what = f'there is no subnet "{subnet}" in {access.vpc}'
            yield Problem(what, WHERE, "run `aws ec2 describe-subnets`")


def _listeners(asked: client.Clients, _access: EcsAccess, rows: Sequence[Row]) -> Iterator[Problem]:
    for arn in listeners(rows):
        try:
            asked["elbv2"].describe_listeners(ListenerArns=[arn])
        except ClientError as error:
            if is_missing(error, "ListenerNotFound"):
                yield Problem(f'there is no listener "{arn}"', f"{WHERE}.balancer", "deploy the cluster's stack again")


def listeners(rows: Sequence[Row]) -> list[str]:
    """The ARNs of the listeners that the application adds rules to, each once."""
    arns = (row.args["listener_arn"] for row in rows if row.kind == "ListenerRule")
    return list(dict.fromkeys(arn for arn in arns if isinstance(arn, str)))


def _zone(asked: client.Clients, access: EcsAccess, rows: Sequence[Row]) -> Iterator[Problem]:
    if not any(row.kind == "Record" for row in rows):
        return
    try:
        found = asked["route53"].get_hosted_zone(Id=access.zone)["HostedZone"]["Name"].rstrip(".")
    except ClientError as error:
        if is_missing(error, "NoSuchHostedZone"):
            yield Problem(f'there is no hosted zone "{access.zone}"', WHERE, "run `aws route53 list-hosted-zones`")
    else:
        if found != access.zone_name:
            what = f'the hosted zone "{access.zone}" is that of {found}, not of {access.zone_name}'
            yield Problem(what, WHERE, "mend zone or zoneName")


def _filter(name: str, values: list[Any]) -> dict[str, Any]:
    return {"Name": name, "Values": values}


CHECKS: tuple[Check, ...] = (_cluster, _network, _listeners, _zone)
