"""Roles and their policies: after `internal/service/iam/role*.go` of terraform-provider-aws."""

import json
import urllib.parse
from typing import Any, ClassVar

from standins.aws.documents import policy
from standins.aws.kind import Act, Kind, Look, Request, prefix
from standins.resource import Call
from standins.tables import inputs, longest
from standins.traits import Trait
from standins.values import Properties


class Role(Kind):
    """`iam.Role`; its policies are resources of their own."""

    token = "aws:iam/role:Role"  # noqa: S105 - a type token
    service = "iam"
    creates = "CreateRole"
    identity = "Role.RoleName"
    look = Look("GetRole", "RoleName", "Role")
    removes = Act("DeleteRole", "RoleName")
    updates = Act("UpdateRole", "RoleName")
    spelled: ClassVar = {"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"}
    apart = frozenset({"forceDetachPolicies"})
    tagged_by = "id"
    traits = inputs(
        in_place="description forceDetachPolicies maxSessionDuration tags",
        namePrefix=prefix(64),
        name=Trait(computed=True, rule=longest(64, r"[\w+=,.@-]+")),
        path=Trait(default="/"),
        maxSessionDuration=Trait(default=3600, in_place=True),
        assumeRolePolicy=policy(resource=False, principal=True),
    )
    outputs: ClassVar = {"arn": "Arn", "uniqueId": "RoleId", "name": "RoleName"}

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:
        """See `Kind`."""
        if "assumeRolePolicy" in changed:
            given = {"RoleName": identity, "PolicyDocument": inputs["assumeRolePolicy"]}
            self._sent(call, Request("iam", "UpdateAssumeRolePolicy", given))
        if changed & {"description", "maxSessionDuration"}:
            super().change(call, identity, old, inputs, changed)


class RolePolicy(Kind):
    """`iam.RolePolicy`: what one role may."""

    token = "aws:iam/rolePolicy:RolePolicy"  # noqa: S105 - a type token
    service = "iam"
    creates = "PutRolePolicy"
    identity = "join(':', [input.role, input.name])"
    look = Look("GetRolePolicy", "RoleName", "@")
    removes = Act("DeleteRolePolicy", "RoleName")
    spelled: ClassVar = {"name": "PolicyName", "role": "RoleName", "policy": "PolicyDocument"}
    traits = inputs(
        replaces="role",
        namePrefix=prefix(128),
        name=Trait(computed=True, rule=longest(128, r"[\w+=,.@-]+")),
        policy=policy(),
    )

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:  # noqa: ARG002
        """See `Kind`."""
        role, _, name = identity.partition(":")
        return {"RoleName": role, "PolicyName": name}

    def read_out(self, found: Properties) -> Properties:
        """See `Kind`."""
        return {"name": found["PolicyName"], "policy": _text(found["PolicyDocument"])}

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """See `Kind`."""
        given = {**self.addressed(self.removes, identity, old), "PolicyDocument": inputs["policy"]}
        self._sent(call, Request("iam", "PutRolePolicy", given))


class RolePolicyAttachment(Kind):
    """`iam.RolePolicyAttachment`: a policy that AWS keeps, or the account."""

    token = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"  # noqa: S105 - a type token
    service = "iam"
    autonamed = False
    creates = "AttachRolePolicy"
    identity = "join('|', [input.role, input.policyArn])"
    look = Look("ListAttachedRolePolicies", "RoleName", "@")
    removes = Act("DetachRolePolicy", "RoleName")
    spelled: ClassVar = {"role": "RoleName"}
    traits = inputs(replaces="role policyArn", role=Trait(), policyArn=Trait())

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:  # noqa: ARG002
        """See `Kind`."""
        role, _, arn = identity.partition("|")
        return {"RoleName": role} if isinstance(act, Look) else {"RoleName": role, "PolicyArn": arn}

    def found(self, cloud: Any, identity: str, known: Properties) -> Properties | None:
        """See `Kind`."""
        answer = cloud.find("iam", self.look.operation, self.addressed(self.look, identity, known)) or {}
        arn = identity.partition("|")[2]
        return next((each for each in answer.get("AttachedPolicies", ()) if each["PolicyArn"] == arn), None)


def _text(document: Any) -> str:
    """A policy as text: the API gives it encoded for a URL, botocore as an object where it can read it."""
    return json.dumps(document) if isinstance(document, dict) else urllib.parse.unquote(str(document))
