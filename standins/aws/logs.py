"""Log groups and keys: after `internal/service/logs/group.go` and `kms/key.go` of terraform-provider-aws."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from standins.aws.documents import policy
from standins.aws.kind import Act, Kind, Look, Request, prefix
from standins.resource import Call
from standins.tables import among, inputs, longest
from standins.traits import Trait
from standins.values import Properties

_DAYS: Final = (
    *(0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""For which a log can be kept, and 0 for ever
(https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html)."""


class LogGroup(Kind):
    """`cloudwatch.LogGroup`."""

    token = "aws:cloudwatch/logGroup:LogGroup"  # noqa: S105 - a type token
    service = "logs"
    creates = "CreateLogGroup"
    identity = "input.name"
    look = Look("DescribeLogGroups", "logGroupNamePrefix", "logGroups[0]")
    removes = Act("DeleteLogGroup", "logGroupName")
    spelled: ClassVar = {"name": "logGroupName"}
    apart = frozenset({"retentionInDays", "skipDestroy"})
    traits = inputs(
        in_place="kmsKeyId skipDestroy tags",
        replaces="logGroupClass",
        computed="logGroupClass",
        name=Trait(computed=True, rule=longest(512, r"[\w./#-]+")),
        namePrefix=prefix(512),
        retentionInDays=Trait(in_place=True, rule=among(*(range(each, each + 1) for each in _DAYS))),
    )

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """See `Kind`."""
        yield from super().requests(inputs)
        if inputs.get("retentionInDays"):
            yield Request("logs", "PutRetentionPolicy", _retention(inputs.get("name"), inputs))

    def found(self, cloud: Any, identity: str, known: Properties) -> Properties | None:
        """See `Kind`."""
        answer = cloud.find("logs", self.look.operation, self.addressed(self.look, identity, known)) or {}
        return next((each for each in answer.get("logGroups", ()) if each["logGroupName"] == identity), None)

    def read_out(self, found: Properties) -> Properties:
        """See `Kind`."""
        return {"arn": str(found["arn"]).removesuffix(":*"), "name": found["logGroupName"]}

    def settle(self, call: Call, identity: str, inputs: Properties, answer: Properties) -> None:  # noqa: ARG002
        """See `Kind`."""
        if inputs.get("retentionInDays"):
            self._sent(call, Request("logs", "PutRetentionPolicy", _retention(identity, inputs)))

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """See `Kind`."""
        if "retentionInDays" in changed:
            lasts = bool(inputs.get("retentionInDays"))
            given = _retention(identity, inputs) if lasts else {"logGroupName": identity}
            self._sent(call, Request("logs", "PutRetentionPolicy" if lasts else "DeleteRetentionPolicy", given))
        if "kmsKeyId" in changed:
            key = inputs.get("kmsKeyId")
            given = {"logGroupName": identity, **({"kmsKeyId": key} if key else {})}
            self._sent(call, Request("logs", "AssociateKmsKey" if key else "DisassociateKmsKey", given))


def _retention(name: Any, inputs: Properties) -> Properties:
    return {"logGroupName": name, "retentionInDays": inputs["retentionInDays"]}


class Key(Kind):
    """`kms.Key`."""

    token = "aws:kms/key:Key"  # noqa: S105 - a type token
    service = "kms"
    autonamed = False
    creates = "CreateKey"
    identity = "KeyMetadata.KeyId"
    look = Look("DescribeKey", "KeyId", "KeyMetadata")
    removes = Act("ScheduleKeyDeletion", "KeyId")
    apart = frozenset({"deletionWindowInDays", "enableKeyRotation"})
    tagged_by = "id"
    traits = inputs(
        in_place="description enableKeyRotation tags",
        computed="description",
        deletionWindowInDays=Trait(in_place=True, rule=among(range(7, 31))),
        policy=policy(principal=True, computed=True),
    )
    outputs: ClassVar = {"arn": "Arn", "keyId": "KeyId"}

    def found(self, cloud: Any, identity: str, known: Properties) -> Properties | None:
        """One that waits for its end is gone."""
        found = super().found(cloud, identity, known)
        return None if found is None or found.get("KeyState") == "PendingDeletion" else found

    def settle(self, call: Call, identity: str, inputs: Properties, answer: Properties) -> None:  # noqa: ARG002
        """See `Kind`."""
        if inputs.get("enableKeyRotation"):
            self._sent(call, Request("kms", "EnableKeyRotation", {"KeyId": identity}))

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """A call for each."""
        key = {"KeyId": identity}
        if "description" in changed:
            given = {**key, "Description": inputs.get("description") or ""}
            self._sent(call, Request("kms", "UpdateKeyDescription", given))
        if "policy" in changed:
            self._sent(call, Request("kms", "PutKeyPolicy", {**key, "Policy": inputs["policy"]}))
        if "enableKeyRotation" in changed:
            operation = "EnableKeyRotation" if inputs.get("enableKeyRotation") else "DisableKeyRotation"
            self._sent(call, Request("kms", operation, key))

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:
        """See `Kind`."""
        days = known.get("deletionWindowInDays")
        more = {"PendingWindowInDays": days} if act is self.removes and days else {}
        return {**super().addressed(act, identity, known), **more}


class Alias(Kind):
    """`kms.Alias`."""

    token = "aws:kms/alias:Alias"  # noqa: S105 - a type token
    service = "kms"
    creates = "CreateAlias"
    identity = "input.name"
    look = Look("ListAliases", "KeyId", "@")
    removes = Act("DeleteAlias", "AliasName")
    updates = Act("UpdateAlias", "AliasName")
    spelled: ClassVar = {"name": "AliasName"}
    traits = inputs(in_place="targetKeyId", replaces="name", targetKeyId=Trait(in_place=True))
    outputs: ClassVar = {"arn": "AliasArn"}

    def found(self, cloud: Any, identity: str, known: Properties) -> Properties | None:  # noqa: ARG002
        """See `Kind`."""
        answer = cloud.find("kms", self.look.operation, {}) or {}
        return next((each for each in answer.get("Aliases", ()) if each["AliasName"] == identity), None)
