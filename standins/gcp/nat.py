"""What lets instances without an address out: after `mmv1/products/compute/RouterNat.yaml` of magic-modules.

It is one entry in its router's list, which is read, changed and written as a whole.
"""

from typing import ClassVar

from standins.gcp import model
from standins.gcp.cloud import Cloud, Request
from standins.gcp.kind import Kind
from standins.resource import Call
from standins.tables import inputs
from standins.traits import Trait
from standins.values import Properties

_ROUTER = frozenset({"project", "region", "router"})


class RouterNat(Kind):
    """`compute.RouterNat`."""

    token = "gcp:compute/routerNat:RouterNat"  # noqa: S105 - a type token
    api = "compute.v1"
    collection = "routers"
    creates = "patch"
    identity = "{project}/{region}/{router}/{name}"
    traits = inputs(
        in_place="autoNetworkTier drainNatIps enableDynamicPortAllocation enableEndpointIndependentMapping logConfig "
        "maxPortsPerVm minPortsPerVm natIpAllocateOption natIps sourceSubnetworkIpRangesToNat subnetworks",
        replaces="endpointTypes initialNatIps project region router",
        computed="autoNetworkTier drainNatIps enableDynamicPortAllocation enableEndpointIndependentMapping "
        "endpointTypes minPortsPerVm natIps project region",
        unordered="drainNatIps initialNatIps natIps subnetworks",
        name=Trait(computed=True),
        icmpIdleTimeoutSec=Trait(default=30, in_place=True),
        tcpEstablishedIdleTimeoutSec=Trait(default=1200, in_place=True),
        tcpTimeWaitTimeoutSec=Trait(default=120, in_place=True),
        tcpTransitoryIdleTimeoutSec=Trait(default=30, in_place=True),
        type=Trait(default="PUBLIC"),
        udpIdleTimeoutSec=Trait(default=30, in_place=True),
    )
    outputs: ClassVar = {"natIps": "natIps", "drainNatIps": "drainNatIps"}

    def content(self, method: str, inputs: Properties) -> Properties:  # noqa: ARG002
        """The router with this one alone; what else it has is added when it is sent."""
        given = {name: value for name, value in inputs.items() if name in self.traits and name not in _ROUTER}
        return {"nats": [model.body(self.api, {"$ref": "RouterNat"}, given, self.spelled)]}

    def found(self, cloud: Cloud, known: Properties) -> Properties | None:
        """One of the router's."""
        router = cloud.find(self.request(self.gets, known)) or {}
        return next((each for each in router.get("nats") or () if each.get("name") == known["name"]), None)

    def sent(self, cloud: Cloud, request: Request, known: Properties) -> Properties:
        """See `Kind`."""
        others = self._others(cloud, known)
        whole = {"nats": [*others, *(request.given or {})["nats"]]}
        return cloud.send(Request(request.api, request.method, request.places, whole))

    def change(self, call: Call, known: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """See `Kind`."""
        given = {"nats": [*self._others(call.client, known), *self.content(self.updates, known)["nats"]]}
        self.done(call, self.request(self.updates, known, given), "Updating RouterNat")

    def remove(self, call: Call, known: Properties) -> None:
        """See `Kind`."""
        given = {"nats": self._others(call.client, known)}
        self.done(call, self.request(self.updates, known, given), "Deleting RouterNat")

    def mirror(self, found: Properties, known: Properties) -> Properties:  # noqa: ARG002
        """See `Kind`; what it was asked for."""
        return self.as_asked(known)

    def _others(self, cloud: Cloud, known: Properties) -> list[Properties]:
        router = cloud.send(self.request(self.gets, known))
        return [each for each in router.get("nats") or () if each.get("name") != known["name"]]
