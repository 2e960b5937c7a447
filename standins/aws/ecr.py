"""Repositories of images: after `internal/service/ecr/{repository,lifecycle_policy}.go` of terraform-provider-aws."""

from collections.abc import Iterator
from typing import Any, ClassVar

from standins.aws.documents import alike
from standins.aws.kind import Act, Kind, Look, Request
from standins.resource import Call
from standins.tables import inputs, longest
from standins.traits import Trait
from standins.values import Properties


class Repository(Kind):
    """`ecr.Repository`."""

    token = "aws:ecr/repository:Repository"  # noqa: S105 - a type token
    service = "ecr"
    creates = "CreateRepository"
    identity = "repository.repositoryName"
    look = Look("DescribeRepositories", "repositoryNames", "repositories[0]")
    removes = Act("DeleteRepository", "repositoryName")
    spelled: ClassVar = {"name": "repositoryName", "encryptionConfigurations": "encryptionConfiguration"}
    apart = frozenset({"forceDelete"})
    traits = inputs(
        in_place="forceDelete imageScanningConfiguration imageTagMutability imageTagMutabilityExclusionFilters tags",
        replaces="encryptionConfigurations name",
        computed="encryptionConfigurations imageScanningConfiguration",
        name=Trait(computed=True, rule=longest(256)),
        imageTagMutability=Trait(default="MUTABLE", in_place=True),
    )
    outputs: ClassVar = {
        "arn": "repositoryArn",
        "name": "repositoryName",
        "registryId": "registryId",
        "repositoryUrl": "repositoryUri",
    }

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """The provider writes what kind of filter it is in a shorter word."""
        for request in super().requests(inputs):
            given = dict(request.given)
            filters = _filters(inputs)
            given |= {"imageTagMutabilityExclusionFilters": filters} if filters else {}
            yield Request(request.service, request.operation, given)

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:
        """See `Kind`."""
        force = {"force": bool(known.get("forceDelete"))} if act is self.removes else {}
        return {**super().addressed(act, identity, known), **force}

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """See `Kind`."""
        name = {"repositoryName": identity}
        if changed & {"imageTagMutability", "imageTagMutabilityExclusionFilters"}:
            filters = _filters(inputs)
            given = {"imageTagMutability": inputs["imageTagMutability"]}
            more = {"imageTagMutabilityExclusionFilters": filters} if filters else {}
            self._sent(call, Request("ecr", "PutImageTagMutability", {**name, **given, **more}))
        if "imageScanningConfiguration" in changed:
            given = {"imageScanningConfiguration": inputs.get("imageScanningConfiguration") or {"scanOnPush": False}}
            self._sent(call, Request("ecr", "PutImageScanningConfiguration", {**name, **given}))


def _filters(inputs: Properties) -> list[Any]:
    rows = inputs.get("imageTagMutabilityExclusionFilters") or ()
    return [{"filter": each.get("filter"), "filterType": each.get("filterType")} for each in rows]


class LifecyclePolicy(Kind):
    """`ecr.LifecyclePolicy`."""

    token = "aws:ecr/lifecyclePolicy:LifecyclePolicy"  # noqa: S105 - a type token
    service = "ecr"
    autonamed = False
    creates = "PutLifecyclePolicy"
    identity = "input.repository"
    look = Look("GetLifecyclePolicy", "repositoryName", "@")
    removes = Act("DeleteLifecyclePolicy", "repositoryName")
    spelled: ClassVar = {"repository": "repositoryName", "policy": "lifecyclePolicyText"}
    traits = inputs(replaces="policy repository", policy=Trait(alike=alike), repository=Trait())
    outputs: ClassVar = {"registryId": "registryId"}
