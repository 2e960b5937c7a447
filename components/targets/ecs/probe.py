"""What stands in the way and only AWS can tell: asked read-only, before anything is created."""

from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ProfileNotFound

from ...access import EcsAccess, Images
from ...errors import Problem
from ...model import App
from . import client

WHERE = "slipway:cluster"
EXPIRED = ("ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException")
DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
"""Who may not look at a thing may be allowed to use it: no reason to stop."""


def probe(app: App, images: Images, access: EcsAccess) -> list[Problem]:
    """What is in the way of an application; empty where the cluster is not known yet.

    Args:
        app: the application.
        images: what its services run.
        access: the cluster.
    """
    del app, images
    if not client.can_ask(access):
        return []
    asked = client.Clients(access)
    found = list(_identity(asked, access))
    if found:
        return found
    for check in CHECKS:
        found += _tolerant(check, asked, access)
    return found


def _identity(asked: client.Clients, access: EcsAccess) -> Iterator[Problem]:
    try:
        account = str(asked["sts"].get_caller_identity()["Account"])
    except ProfileNotFound as error:
        yield Problem(str(error), WHERE, "run `aws configure list-profiles`")
    except NoCredentialsError:
        yield Problem("there are no AWS credentials", WHERE, "run `aws sso login`, or set AWS_PROFILE")
    except ClientError as error:
        code = error.response["Error"]["Code"]
        fix = "log in again, such as by `aws sso login`" if code in EXPIRED else "check who you are at AWS"
        yield Problem(f"AWS refuses the credentials ({code})", WHERE, fix)
    except BotoCoreError as error:
        yield Problem(f"AWS cannot be reached ({error})", WHERE, "check the region and the network")
    else:
        if account != access.account:
            what = f"the credentials are those of account {account}, and the cluster is in {access.account}"
            yield Problem(what, WHERE, "take others, such as by AWS_PROFILE or slipway:cluster.existing.profile")


Check = Callable[[client.Clients, EcsAccess], Iterator[Problem]]


def _tolerant(check: Check, asked: client.Clients, access: EcsAccess) -> list[Problem]:
    """What a check finds; nothing where AWS does not let it look."""
    try:
        return list(check(asked, access))
    except ClientError as error:
        if error.response["Error"]["Code"] in DENIED:
            return []
        return [Problem(f"AWS says: {error.response['Error'].get('Message', error)}", WHERE, "check the settings")]
    except BotoCoreError:
        return []


def _cluster(asked: client.Clients, access: EcsAccess) -> Iterator[Problem]:
    answer = asked["ecs"].describe_clusters(clusters=[access.cluster])
    if not any(each["status"] == "ACTIVE" for each in answer["clusters"]):
        yield Problem(f'there is no cluster "{access.cluster}"', WHERE, "run `aws ecs list-clusters`")


def _network(asked: client.Clients, access: EcsAccess) -> Iterator[Problem]:
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


def _filter(name: str, values: list[Any]) -> dict[str, Any]:
    return {"Name": name, "Values": values}


CHECKS: tuple[Check, ...] = (_cluster, _network)
"""What is asked once it is known that AWS answers."""
