"""Repositories of images: after `mmv1/products/artifactregistry/Repository.yaml` of magic-modules."""

from collections.abc import Iterable
from typing import ClassVar

from standins.gcp.kind import Kind
from standins.tables import inputs, longest
from standins.traits import Trait
from standins.values import Properties, Value

_PLACE = "projects/{project}/locations/{location}"


class Repository(Kind):
    """`artifactregistry.Repository`."""

    token = "gcp:artifactregistry/repository:Repository"  # noqa: S105 - a type token
    api = "artifactregistry.v1"
    collection = "projects.locations.repositories"
    autonamed = False
    identity = f"{_PLACE}/repositories/{{repositoryId}}"
    places: ClassVar = {"parent": _PLACE, "name": "{id}", "repositoryId": "{repositoryId}"}
    apart = frozenset({"location", "repositoryId"})
    masked = True
    labelled = "labels"
    traits = inputs(
        in_place="cleanupPolicies cleanupPolicyDryRun description dockerConfig labels mavenConfig "
        "virtualRepositoryConfig vulnerabilityScanningConfig",
        replaces="kmsKeyName location project remoteRepositoryConfig",
        computed="location project vulnerabilityScanningConfig",
        unordered="cleanupPolicies",
        format=Trait(alike=lambda text: str(text).upper()),
        mode=Trait(default="STANDARD_REPOSITORY"),
        repositoryId=Trait(rule=longest(63, r"[a-z]([-a-z0-9]*[a-z0-9])?")),
    )
    outputs: ClassVar = {
        "createTime": "createTime",
        "name": "name",
        "registryUri": "registryUri",
        "updateTime": "updateTime",
    }

    def content(self, method: str, inputs: Properties) -> Properties:
        """The policies are a map by their IDs, and a duration is in seconds."""
        policies = inputs.get("cleanupPolicies")
        if not isinstance(policies, list):
            return super().content(method, inputs)
        by_id = {str(each.get("id")): _policy(each) for each in policies if isinstance(each, dict)}
        return super().content(method, {**inputs, "cleanupPolicies": by_id})

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        if inputs.get("virtualRepositoryConfig") and inputs.get("remoteRepositoryConfig"):
            yield "remoteRepositoryConfig", "conflicts with virtualRepositoryConfig"

    def mirror(self, found: Properties, known: Properties) -> Properties:
        """See `Kind`."""
        read = super().mirror(found, known)
        if read.get("cleanupPolicies") == known.get("cleanupPolicies"):
            return read
        return {**read, "cleanupPolicies": list((found.get("cleanupPolicies") or {}).values())}


def _policy(given: Properties) -> Properties:
    condition = given.get("condition")
    if not isinstance(condition, dict):
        return given
    made = {name: _seconds(value) if name.endswith("Than") else value for name, value in condition.items()}
    return {**given, "condition": made}


def _seconds(text: Value) -> Value:
    """`30d` in seconds, as the official plugin sends it; the model refuses what is no duration."""
    units, number = {"s": 1, "m": 60, "h": 3600, "d": 86400}, str(text)[:-1]
    is_duration = isinstance(text, str) and number.isdecimal() and text[-1] in units
    return f"{int(number) * units[text[-1]]}s" if is_duration else text
