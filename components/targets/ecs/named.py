"""What the application names and does not make, and what the account lets it have. Read-only."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from ...access import EcsAccess
from ...errors import Problem
from ..rows import Json, Row
from . import client
from .places import Check, is_missing

WHERE = "slipway:cluster"
SECRET = re.compile(r"arn:aws[a-z-]*:secretsmanager:[^:]+:\d+:secret:[^:]+")
"""The ARN of a secret, without the variable and the version that may follow."""
QUOTAS: Mapping[str, str] = {"FARGATE": "L-3032A538", "FARGATE_SPOT": "L-36FBB829"}
"""Capacity -> the quota of its vCPUs
(https://docs.aws.amazon.com/general/latest/gr/ecs-service.html#service-quotas-fargate)."""
UNITS = 1024
"""CPU units of a vCPU."""


def _certificates(asked: client.Clients, _access: EcsAccess, rows: Sequence[Row]) -> Iterator[Problem]:
    for arn in dict.fromkeys(str(row.args["certificate_arn"]) for row in rows if row.kind == "ListenerCertificate"):
        try:
            status = asked["acm"].describe_certificate(CertificateArn=arn)["Certificate"]["Status"]
        except ClientError as error:
            if is_missing(error, "ResourceNotFoundException"):
                yield Problem(f'there is no certificate "{arn}"', WHERE, "run `aws acm list-certificates`")
        else:
            if status != "ISSUED":
                yield Problem(f'the certificate "{arn}" is {status}, not ISSUED', WHERE, "have it validated")


def _secrets(asked: client.Clients, _access: EcsAccess, rows: Sequence[Row]) -> Iterator[Problem]:
    named = (match[0] for text in _texts(rows) if (match := SECRET.match(text)) is not None)
    for arn in dict.fromkeys(named):
        try:
            asked["secretsmanager"].describe_secret(SecretId=arn)
        except ClientError as error:
            if is_missing(error, "ResourceNotFoundException"):
                fix = "make it, or take `external: true` out of the file"
                yield Problem(f'there is no secret "{arn}"', WHERE, fix)


def _texts(rows: Sequence[Row]) -> Iterator[str]:
    """What containers take from elsewhere, as far as it is known."""
    for row in rows:
        if row.kind != "TaskDefinition":
            continue
        containers = row.args["container_definitions"]
        for container in containers.value if isinstance(containers, Json) else ():
            yield from (
                each["valueFrom"] for each in container.get("secrets", ()) if isinstance(each["valueFrom"], str)
            )


def _file_systems(asked: client.Clients, _access: EcsAccess, rows: Sequence[Row]) -> Iterator[Problem]:
    volumes = (volume for row in rows if row.kind == "TaskDefinition" for volume in row.args.get("volumes") or ())
    systems = ((volume.get("efs_volume_configuration") or {}).get("file_system_id") for volume in volumes)
    for system in dict.fromkeys(each for each in systems if isinstance(each, str)):
        try:
            asked["efs"].describe_file_systems(FileSystemId=system)
        except ClientError as error:
            if is_missing(error, "FileSystemNotFound"):
                yield Problem(f'there is no file system "{system}"', WHERE, "run `aws efs describe-file-systems`")


def _quota(asked: client.Clients, access: EcsAccess, rows: Sequence[Row]) -> Iterator[Problem]:
    """A quota that the application alone exceeds; what else runs in the account does not count."""
    tasks = {row.key: row.args for row in rows if row.kind == "TaskDefinition"}
    needed = sum(_units(tasks[row.key]) * int(row.args["desired_count"]) for row in rows if row.kind == "Service")
    if not needed:
        return
    code = QUOTAS[access.capacity]
    try:
        answer = asked["service-quotas"].get_service_quota(ServiceCode="fargate", QuotaCode=code)
    except ClientError:
        return  # who may not ask, or where there is none, learns it from the tasks themselves
    most = answer["Quota"]["Value"]
    if needed > most * UNITS:
        what = f"the account's quota is {most:g} vCPU on {access.capacity}, and the application asks for"
        fix = f"ask for less, or have the quota {code} raised"
        yield Problem(f"{what} {math.ceil(needed / UNITS)}", WHERE, fix)


def _units(task: Mapping[str, Any]) -> int:
    return int(task["cpu"])


CHECKS: tuple[Check, ...] = (_certificates, _secrets, _file_systems, _quota)
