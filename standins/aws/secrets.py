"""Secrets and their versions: after `internal/service/secretsmanager/*.go` of terraform-provider-aws."""

from typing import Any, ClassVar

from standins.aws.kind import Act, Kind, Look, Request, prefix
from standins.resource import Call
from standins.tables import among, inputs, longest
from standins.traits import Trait
from standins.values import Properties


class Secret(Kind):
    """`secretsmanager.Secret`; its content is a resource of its own."""

    token = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a type token
    service = "secretsmanager"
    creates = "CreateSecret"
    identity = "ARN"
    look = Look("DescribeSecret", "SecretId", "@")
    removes = Act("DeleteSecret", "SecretId")
    updates = Act("UpdateSecret", "SecretId")
    apart = frozenset({"recoveryWindowInDays"})
    tagged_by = "id"
    traits = inputs(
        in_place="description kmsKeyId tags",
        namePrefix=prefix(512),
        name=Trait(computed=True, rule=longest(512, r"[\w/+=.@-]+")),
        recoveryWindowInDays=Trait(default=30, in_place=True, rule=among(range(1), range(7, 31))),
    )
    outputs: ClassVar = {"arn": "ARN", "name": "Name"}

    def found(self, cloud: Any, identity: str, known: Properties) -> Properties | None:
        """One that waits for its end is gone."""
        found = super().found(cloud, identity, known)
        return None if found is None or found.get("DeletedDate") else found

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:
        """See `Kind`."""
        given = super().addressed(act, identity, known)
        if act is not self.removes:
            return given
        days = known.get("recoveryWindowInDays", 30)
        return {**given, **({"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True})}

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:
        """See `Kind`."""
        if changed & {"description", "kmsKeyId"}:
            super().change(call, identity, old, inputs, changed)


class SecretVersion(Kind):
    """`secretsmanager.SecretVersion`: a change is a new version; the old one stays until nothing names it."""

    token = "aws:secretsmanager/secretVersion:SecretVersion"  # noqa: S105 - a type token
    service = "secretsmanager"
    autonamed = False
    creates = "PutSecretValue"
    identity = "join('|', [ARN, VersionId])"
    look = Look("GetSecretValue", "SecretId", "@")
    traits = inputs(
        in_place="versionStages",
        replaces="secretBinary secretId secretString",
        computed="versionStages",
        secretId=Trait(),
    )
    outputs: ClassVar = {"arn": "ARN", "versionId": "VersionId", "versionStages": "VersionStages"}

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:  # noqa: ARG002
        """See `Kind`."""
        secret, _, version = identity.rpartition("|")
        return {"SecretId": secret, "VersionId": version}

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """What is current stays, as AWS has no way to take it; of an older one its labels go, and with them it."""
        for stage in known.get("versionStages") or ():
            if stage != "AWSCURRENT":
                secret, _, version = identity.rpartition("|")
                given = {"SecretId": secret, "VersionStage": stage, "RemoveFromVersionId": version}
                self._sent(call, Request("secretsmanager", "UpdateSecretVersionStage", given))
