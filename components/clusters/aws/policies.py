"""IAM documents of clusters: who assumes a role, and who uses a key. Pure."""

from collections.abc import Sequence
from typing import Any

VERSION = "2012-10-17"

Document = dict[str, Any]


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


def key(partition: str, account: str, region: str) -> Document:
    """The policy of a key: the account's own IAM policies say who uses it, and CloudWatch Logs does, for log groups.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html

    Args:
        partition: of the account, such as `aws`.
        account: its twelve digits.
        region: of the key.
    """
    groups = f"arn:{partition}:logs:{region}:{account}:log-group:*"
    return {
        "Version": VERSION,
        "Statement": [
            {
                "Sid": "Account",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
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
