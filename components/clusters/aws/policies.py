"""IAM documents of clusters: who assumes a role, and who uses a key. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

VERSION = "2012-10-17"
PARTITIONS: Mapping[str, str] = {"cn": "aws-cn", "us-gov": "aws-us-gov"}
"""Beginning of a region's name -> its partition, where that is not `aws`
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html)."""

Document = dict[str, Any]


def partition(region: str) -> str:
    """The partition that a region belongs to, with which its ARNs begin."""
    return next((found for start, found in PARTITIONS.items() if region.startswith(f"{start}-")), "aws")


def managed(region: str, name: str) -> str:
    """The ARN of a policy that AWS keeps: `AmazonEKSClusterPolicy`."""
    return f"arn:{partition(region)}:iam::aws:policy/{name}"


def assumed_by(service: str, *actions: str) -> Document:
    """What lets a service of AWS take on a role.

    Args:
        service: such as `eks.amazonaws.com`.
        actions: beside `sts:AssumeRole`.
    """
    allowed: Sequence[str] | str = ["sts:AssumeRole", *actions] if actions else "sts:AssumeRole"
    return {
        "Version": VERSION,
        "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": allowed}],
    }


def key(account: str, region: str) -> Document:
    """The policy of a key: the account's own IAM policies say who uses it, and CloudWatch Logs does, for log groups.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html

    Args:
        account: its twelve digits.
        region: of the key.
    """
    own = partition(region)
    groups = f"arn:{own}:logs:{region}:{account}:log-group:*"
    return {
        "Version": VERSION,
        "Statement": [
            {
                "Sid": "Account",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:{own}:iam::{account}:root"},
                "Action": "kms:*",
                "Resource": "*",  # a key's policy is about the key that it is on
            },
            {
                "Sid": "Logs",
                "Effect": "Allow",
                "Principal": {"Service": f"logs.{region}.amazonaws.com"},
                "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
                "Resource": "*",
                "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}},
            },
        ],
    }
