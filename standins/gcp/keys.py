"""Keys of Cloud KMS: after `mmv1/products/kms/*.yaml` of magic-modules."""

import re
from collections.abc import Iterable
from typing import ClassVar, Final

from standins.gcp.cloud import Request
from standins.gcp.kind import Kind
from standins.gcp.members import Member
from standins.resource import Call
from standins.tables import inputs, longest
from standins.traits import Trait
from standins.values import Properties

_API: Final = "cloudkms.v1"
_VERSIONS: Final = "projects.locations.keyRings.cryptoKeys.cryptoKeyVersions"
_NAME: Final = Trait(computed=True, rule=longest(63, r"[a-zA-Z0-9_-]+"))
_LEAST_SECONDS: Final = 24 * 3600
"""https://cloud.google.com/kms/docs/key-rotation#automatic."""
_GONE: Final = ("DESTROYED", "DESTROY_SCHEDULED")


class KeyRing(Kind):
    """`kms.KeyRing`: one that is made is there for ever, and forgotten at the end."""

    token = "gcp:kms/keyRing:KeyRing"  # noqa: S105 - a type token
    api = _API
    collection = "projects.locations.keyRings"
    identity = "projects/{project}/locations/{location}/keyRings/{name}"
    places: ClassVar = {"parent": "projects/{project}/locations/{location}", "name": "{id}", "keyRingId": "{name}"}
    apart = frozenset({"location", "name"})
    traits = inputs(replaces="location project", computed="project", name=_NAME)

    def remove(self, call: Call, known: Properties) -> None:
        """There is no way to."""


class CryptoKey(Kind):
    """`kms.CryptoKey`: it is there for ever too; at the end its versions are destroyed."""

    token = "gcp:kms/cryptoKey:CryptoKey"  # noqa: S105 - a type token
    api = _API
    collection = "projects.locations.keyRings.cryptoKeys"
    identity = "{keyRing}/cryptoKeys/{name}"
    places: ClassVar = {"parent": "{keyRing}", "name": "{id}", "cryptoKeyId": "{name}"}
    apart = frozenset({"keyRing", "name", "skipInitialVersionCreation"})
    masked = True
    labelled = "labels"
    traits = inputs(
        in_place="labels rotationPeriod skipInitialVersionCreation versionTemplate",
        replaces="cryptoKeyBackend destroyScheduledDuration importOnly keyRing",
        computed="cryptoKeyBackend destroyScheduledDuration importOnly versionTemplate",
        name=_NAME,
        purpose=Trait(default="ENCRYPT_DECRYPT"),
    )
    outputs: ClassVar = {"primaries": "[primary]"}

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        period = inputs.get("rotationPeriod")
        seconds = re.fullmatch(r"(\d+)(\.\d+)?s", period) if isinstance(period, str) else None
        if seconds and int(seconds[1]) < _LEAST_SECONDS:
            yield "rotationPeriod", f"{period} is less than a day, {_LEAST_SECONDS}s"

    def remove(self, call: Call, known: Properties) -> None:
        """See `CryptoKey`."""
        answer = call.client.find(Request(_API, f"{_VERSIONS}.list", {"parent": known["id"]})) or {}
        for each in answer.get("cryptoKeyVersions") or ():
            if each.get("state") not in _GONE:
                call.client.send(Request(_API, f"{_VERSIONS}.destroy", {"name": each["name"]}, {}))


class KeyMember(Member):
    """`kms.CryptoKeyIAMMember`."""

    token = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"  # noqa: S105 - a type token
    api = _API
    collection = "projects.locations.keyRings.cryptoKeys"
    owner = "cryptoKeyId"
    thing = "{cryptoKeyId}"
    traits = inputs(replaces="condition member role", cryptoKeyId=Trait())
