"""The key of KMS that a cluster's stack encrypts with: one that is there, a new one, or AWS' own."""

import json

import pulumi
import pulumi_aws as aws

from . import policies
from .owner import Owner

NEW = "new"
"""In place of an ARN: the stack makes the key."""
DAYS = 30
"""In which the deletion of a key can be taken back: the most that there are."""


def key(own: Owner, asked: pulumi.Input[str] | None, region: str) -> pulumi.Input[str] | None:
    """The ARN of the key.

    Args:
        own: the cluster's component.
        asked: an ARN, or `new`; None: AWS' own keys.
        region: where it is.
    """
    if asked != NEW:
        return asked
    options = pulumi.InvokeOutputOptions(parent=own.resource)
    account = aws.get_caller_identity_output(opts=options).account_id
    made = aws.kms.Key(
        own.called("key"),
        description=f"What {own.name} and its applications keep",
        enable_key_rotation=True,
        deletion_window_in_days=DAYS,
        policy=account.apply(lambda known: json.dumps(policies.key(known, region))),
        tags=own.tagged("key"),
        opts=own.stateful(),
    )
    aws.kms.Alias(own.called("key"), name=f"alias/{own.name}", target_key_id=made.key_id, opts=own.options())
    return made.arn
