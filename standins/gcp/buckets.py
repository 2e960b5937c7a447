"""Buckets: after `resource_storage_bucket.go` of magic-modules."""

import re
from collections.abc import Iterable
from typing import ClassVar, Final

from standins.gcp.cloud import Request
from standins.gcp.kind import Kind
from standins.resource import Call, StandinError
from standins.tables import inputs
from standins.traits import Trait
from standins.values import Properties, Value

_FORM: Final = re.compile(r"[a-z0-9][-_.a-z0-9]{1,220}[a-z0-9]")
_MOST: Final = 63
_PREVENTIONS: Final = ("enforced", "inherited")


def _name(value: Value) -> str:
    """https://cloud.google.com/storage/docs/buckets#naming."""
    text = str(value)
    if not _FORM.fullmatch(text) or any(len(part) > _MOST for part in text.split(".")):
        return f'"{text}" is no name of a bucket: 3 to 63 of a-z, 0-9, -, _ and ., a letter or digit at both ends'
    return f'"{text}" is a name of Google\'s own' if text.startswith("goog") or "google" in text else ""


class Bucket(Kind):
    """`storage.Bucket`."""

    token = "gcp:storage/bucket:Bucket"  # noqa: S105 - a type token
    api = "storage.v1"
    collection = "buckets"
    creates = "insert"
    identity = "{name}"
    places: ClassVar = {"bucket": "{name}"}
    apart = frozenset({"forceDestroy"})
    inside: ClassVar = {
        "lifecycleRules": "lifecycle.rule",
        "publicAccessPrevention": "iamConfiguration.publicAccessPrevention",
        "requesterPays": "billing.requesterPays",
        "uniformBucketLevelAccess": "iamConfiguration.uniformBucketLevelAccess.enabled",
    }
    labelled = "labels"
    traits = inputs(
        in_place="autoclass cors defaultEventBasedHold encryption labels lifecycleRules logging publicAccessPrevention "
        "requesterPays retentionPolicy rpo softDeletePolicy uniformBucketLevelAccess versioning website",
        replaces="customPlacementConfig hierarchicalNamespace project",
        computed="project publicAccessPrevention rpo softDeletePolicy uniformBucketLevelAccess versioning website",
        forceDestroy=Trait(default=False, in_place=True),
        location=Trait(alike=lambda text: str(text).upper()),
        name=Trait(computed=True, rule=_name),
        storageClass=Trait(default="STANDARD", in_place=True),
    )
    outputs: ClassVar = {
        "projectNumber": "projectNumber",
        "selfLink": "selfLink",
        "timeCreated": "timeCreated",
        "updated": "updated",
    }

    def content(self, method: str, inputs: Properties) -> Properties:
        """A place is written in capitals."""
        made = super().content(method, inputs)
        return {**made, "location": made["location"].upper()} if isinstance(made.get("location"), str) else made

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        prevention = inputs.get("publicAccessPrevention")
        if isinstance(prevention, str) and prevention not in _PREVENTIONS:
            yield "publicAccessPrevention", f'"{prevention}" is not one of {", ".join(_PREVENTIONS)}'

    def change(self, call: Call, known: Properties, changed: set[str]) -> None:
        """See `Kind`."""
        if changed - self.apart:
            given = self.partly(self.updates, known, changed - self.apart)
            self.done(call, self.request(self.updates, known, given), "Updating Bucket")

    def remove(self, call: Call, known: Properties) -> None:
        """One with objects stays, unless the program says otherwise."""
        bucket = {"bucket": known["name"]}
        held = call.client.send(Request(self.api, "objects.list", {**bucket, "versions": True})).get("items") or []
        if held and not known.get("forceDestroy"):
            raise StandinError(
                f"{call.name}: Error trying to delete bucket {known['name']} containing objects without `forceDestroy`"
                " set to true"
            )
        for each in held:
            place = {**bucket, "object": each["name"], "generation": each.get("generation")}
            call.client.send(Request(self.api, "objects.delete", {n: v for n, v in place.items() if v is not None}))
        call.client.send(self.request(self.removes, known))

    def read_out(self, found: Properties, known: Properties) -> Properties:
        """See `Kind`."""
        return {**super().read_out(found, known), "url": f"gs://{known['name']}"}
