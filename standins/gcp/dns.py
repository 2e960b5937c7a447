"""Zones and records: after `mmv1/products/dns` and `resource_dns_record_set.go` of magic-modules."""

from collections.abc import Iterable
from typing import ClassVar, Final

from standins.gcp.cloud import Cloud, Request
from standins.gcp.kind import Kind
from standins.resource import Call
from standins.tables import inputs, longest
from standins.traits import Trait
from standins.values import Properties, Value

_API: Final = "dns.v1"
_TYPES: Final = ("A", "AAAA", "CAA", "CNAME", "HTTPS", "MX", "NS", "PTR", "SOA", "SPF", "SRV", "SVCB", "TXT")


def _dotted(value: Value) -> str:
    return "" if str(value).endswith(".") else f'"{value}" has no dot at its end'


class ManagedZone(Kind):
    """`dns.ManagedZone`."""

    token = "gcp:dns/managedZone:ManagedZone"  # noqa: S105 - a type token
    api = _API
    collection = "managedZones"
    identity = "projects/{project}/managedZones/{name}"
    places: ClassVar = {"managedZone": "{name}"}
    apart = frozenset({"forceDestroy"})
    labelled = "labels"
    traits = inputs(
        in_place="cloudLoggingConfig dnssecConfig forwardingConfig labels peeringConfig privateVisibilityConfig",
        replaces="project",
        computed="cloudLoggingConfig dnssecConfig project",
        description=Trait(default="Managed by Pulumi", in_place=True),
        dnsName=Trait(rule=_dotted),
        forceDestroy=Trait(default=False, in_place=True),
        name=Trait(computed=True, rule=longest(63, r"[a-z]([-a-z0-9]*[a-z0-9])?")),
        visibility=Trait(default="public", alike=lambda text: str(text).lower()),
    )
    outputs: ClassVar = {"creationTime": "creationTime", "managedZoneId": "id", "nameServers": "nameServers"}

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        if inputs.get("visibility") == "public" and inputs.get("privateVisibilityConfig"):
            yield "privateVisibilityConfig", "is for a private zone"

    def change(self, call: Call, known: Properties, changed: set[str]) -> None:
        """See `Kind`; what goes in is the whole zone."""
        if changed - self.apart:
            given = self.content(self.updates, known)
            call.client.send(self.request(self.updates, known, given))

    def remove(self, call: Call, known: Properties) -> None:
        """With its records, where the program says so."""
        if known.get("forceDestroy"):
            for record in _records(call.client, known["project"], known["name"]):
                if record["type"] not in ("NS", "SOA"):
                    place = {"project": known["project"], "managedZone": known["name"]}
                    given = {"deletions": [record]}
                    call.client.send(Request(_API, "changes.create", place, given))
        call.client.send(self.request(self.removes, known))


class RecordSet(Kind):
    """`dns.RecordSet`: made, changed and removed by changes of its zone."""

    token = "gcp:dns/recordSet:RecordSet"  # noqa: S105 - a type token
    api = _API
    collection = "changes"
    autonamed = False
    identity = "projects/{project}/managedZones/{managedZone}/rrsets/{name}/{type}"
    traits = inputs(
        in_place="ttl",
        replaces="managedZone project type",
        computed="project",
        name=Trait(rule=_dotted),
        rrdatas=Trait(in_place=True, unordered=True),
    )

    def content(self, method: str, inputs: Properties) -> Properties:  # noqa: ARG002
        """A change that adds it."""
        return {"additions": [_record(inputs)]}

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        kind = inputs.get("type")
        if isinstance(kind, str) and kind not in _TYPES:
            yield "type", f'"{kind}" is not one of {", ".join(_TYPES)}'
        if not inputs.get("rrdatas"):
            yield "rrdatas", "is required"

    def found(self, cloud: Cloud, known: Properties) -> Properties | None:
        """See `Kind`."""
        same = _records(cloud, known["project"], known["managedZone"], name=known["name"], type=known["type"])
        return next(iter(same), None)

    def settle(self, call: Call, known: Properties, answer: Properties) -> None:
        """See `Kind`."""
        self._until_done(call, known, answer)

    def change(self, call: Call, known: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """See `Kind`."""
        found = self.found(call.client, known)
        given = {"deletions": [found] if found else [], **self.content(self.creates, known)}
        self._until_done(call, known, call.client.send(self.request(self.creates, known, given)))

    def remove(self, call: Call, known: Properties) -> None:
        """See `Kind`."""
        found = self.found(call.client, known)
        if found is not None:
            request = self.request(self.creates, known, {"deletions": [found]})
            self._until_done(call, known, call.client.send(request))

    def mirror(self, found: Properties, known: Properties) -> Properties:
        """See `Kind`."""
        kept = {name: known[name] for name in ("managedZone", "project", "name", "type")}
        return {**kept, "ttl": found.get("ttl"), "rrdatas": found.get("rrdatas")}

    def _until_done(self, call: Call, known: Properties, answer: Properties) -> None:
        while answer.get("status") == "pending":
            call.sleep(0.3)
            place = {"project": known["project"], "managedZone": known["managedZone"], "changeId": answer["id"]}
            answer = call.client.send(Request(_API, "changes.get", place))


def _record(given: Properties) -> Properties:
    taken = {name: given.get(name) for name in ("name", "type", "ttl", "rrdatas")}
    return {name: value for name, value in taken.items() if value is not None}


def _records(cloud: Cloud, project: Value, zone: Value, **which: Value) -> list[Properties]:
    place = {"project": project, "managedZone": str(zone).rpartition("/")[2], **which}
    answer = cloud.find(Request(_API, "resourceRecordSets.list", place)) or {}
    return [
        each for each in answer.get("rrsets") or () if all(each.get(name) == value for name, value in which.items())
    ]
