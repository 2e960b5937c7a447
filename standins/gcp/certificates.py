"""Certificate Manager: after `mmv1/products/certificatemanager/*.yaml` of magic-modules."""

from collections.abc import Iterable
from typing import ClassVar, Final

from standins.gcp.kind import Kind
from standins.tables import inputs, longest
from standins.traits import Trait
from standins.values import Properties

_API: Final = "certificatemanager.v1"
_NAME: Final = Trait(computed=True, rule=longest(63, r"[a-z]([-a-z0-9]*[a-z0-9])?"))
_PLACE: Final = "projects/{project}/locations/{location}"
_GLOBAL: Final = "projects/{project}/locations/global"


class Certificate(Kind):
    """`certificatemanager.Certificate`."""

    token = "gcp:certificatemanager/certificate:Certificate"  # noqa: S105 - a type token
    api = _API
    collection = "projects.locations.certificates"
    identity = f"{_PLACE}/certificates/{{name}}"
    places: ClassVar = {"parent": _PLACE, "name": "{id}", "certificateId": "{name}"}
    apart = frozenset({"location", "name"})
    masked = True
    labelled = "labels"
    traits = inputs(
        in_place="description labels selfManaged",
        replaces="managed project",
        computed="project",
        location=Trait(default="global"),
        name=_NAME,
        scope=Trait(default="DEFAULT"),
    )
    outputs: ClassVar = {"sanDnsnames": "sanDnsnames"}

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        if bool(inputs.get("managed")) == bool(inputs.get("selfManaged")):
            yield "managed", "there must be exactly one of managed, selfManaged"


class CertificateMap(Kind):
    """`certificatemanager.CertificateMap`."""

    token = "gcp:certificatemanager/certificateMap:CertificateMap"  # noqa: S105 - a type token
    api = _API
    collection = "projects.locations.certificateMaps"
    identity = f"{_GLOBAL}/certificateMaps/{{name}}"
    places: ClassVar = {"parent": _GLOBAL, "name": "{id}", "certificateMapId": "{name}"}
    apart = frozenset({"name"})
    masked = True
    labelled = "labels"
    traits = inputs(in_place="description labels", replaces="project", computed="project", name=_NAME)
    outputs: ClassVar = {"createTime": "createTime", "updateTime": "updateTime"}


class CertificateMapEntry(Kind):
    """`certificatemanager.CertificateMapEntry`: which certificate is for which host."""

    token = "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry"  # noqa: S105 - a type token
    api = _API
    collection = "projects.locations.certificateMaps.certificateMapEntries"
    identity = f"{_GLOBAL}/certificateMaps/{{map}}/certificateMapEntries/{{name}}"
    places: ClassVar = {
        "parent": f"{_GLOBAL}/certificateMaps/{{map}}",
        "name": "{id}",
        "certificateMapEntryId": "{name}",
    }
    apart = frozenset({"map", "name"})
    masked = True
    labelled = "labels"
    traits = inputs(
        in_place="certificates description labels",
        replaces="hostname map matcher project",
        computed="project",
        name=_NAME,
    )
    outputs: ClassVar = {"createTime": "createTime", "state": "state", "updateTime": "updateTime"}

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        if bool(inputs.get("hostname")) == bool(inputs.get("matcher")):
            yield "hostname", "there must be exactly one of hostname, matcher"


class DnsAuthorization(Kind):
    """`certificatemanager.DnsAuthorization`: the record that proves whose a domain is."""

    token = "gcp:certificatemanager/dnsAuthorization:DnsAuthorization"  # noqa: S105 - a type token
    api = _API
    collection = "projects.locations.dnsAuthorizations"
    identity = f"{_PLACE}/dnsAuthorizations/{{name}}"
    places: ClassVar = {"parent": _PLACE, "name": "{id}", "dnsAuthorizationId": "{name}"}
    apart = frozenset({"location", "name"})
    masked = True
    labelled = "labels"
    traits = inputs(
        in_place="description labels",
        replaces="domain project type",
        computed="project type",
        location=Trait(default="global"),
        name=_NAME,
    )
    outputs: ClassVar = {"dnsResourceRecords": "[dnsResourceRecord]"}
