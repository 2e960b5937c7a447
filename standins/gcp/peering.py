"""Private services access: after `resource_service_networking_connection.go` of magic-modules."""

from typing import ClassVar
from urllib.parse import quote, unquote

from standins.gcp.cloud import Cloud, Request
from standins.gcp.kind import Kind
from standins.resource import Call
from standins.tables import inputs
from standins.values import Properties, Value


class Connection(Kind):
    """`servicenetworking.Connection`: a network, and the addresses in it that Google's own services take."""

    token = "gcp:servicenetworking/connection:Connection"  # noqa: S105 - a type token
    api = "servicenetworking.v1"
    collection = "services.connections"
    autonamed = False
    identity = "{id}"
    places: ClassVar = {"parent": "services/{service}", "name": "services/{service}/connections/-"}
    apart = frozenset({"service", "updateOnCreationFail"})
    traits = inputs(in_place="reservedPeeringRanges updateOnCreationFail", replaces="network service")
    outputs: ClassVar = {"peering": "peering"}

    def content(self, method: str, inputs: Properties) -> Properties:
        """The network by the project's number or ID, without the host that a link has."""
        return super().content(method, {**inputs, "network": _relative(inputs.get("network"))})

    def found(self, cloud: Cloud, known: Properties) -> Properties | None:
        """The one of the network."""
        place = {"parent": f"services/{known['service']}", "network": _relative(known["network"])}
        answer = cloud.find(Request(self.api, f"{self.collection}.list", place)) or {}
        return next(iter(answer.get("connections") or ()), None)

    def change(self, call: Call, known: Properties, changed: set[str]) -> None:
        """See `Kind`."""
        if "reservedPeeringRanges" in changed:
            more = {"updateMask": "reservedPeeringRanges", "force": True}
            request = self.request(self.updates, known, self.content(self.updates, known), **more)
            self.done(call, request, "Updating Service Networking Connection")

    def remove(self, call: Call, known: Properties) -> None:
        """See `Kind`."""
        name = f"services/{known['service']}/connections/servicenetworking-googleapis-com"
        given = {"consumerNetwork": _relative(known["network"])}
        request = Request(self.api, f"{self.collection}.deleteConnection", {"name": name}, given)
        self.done(call, request, "Delete Service Networking Connection")

    def mirror(self, found: Properties, known: Properties) -> Properties:
        """See `Kind`."""
        network, _, service = str(known["id"]).partition(":")
        named = {"network": unquote(network), "service": unquote(service)}
        kept = {name: known[name] for name in named if known.get(name)}
        return {**named, **kept, "reservedPeeringRanges": found.get("reservedPeeringRanges")}

    def _named(self, known: Properties) -> Properties:
        if "id" in known:
            return known
        network, service = known.get("network"), known.get("service")
        return {**known, "id": f"{quote(str(network), safe='')}:{quote(str(service), safe='')}"}


def _relative(network: Value) -> Value:
    return (
        f"projects/{network.partition('/projects/')[2]}" if isinstance(network, str) and "://" in network else network
    )
