"""What the kinds of Compute Engine have in common, and networks: after `mmv1/products/compute` of magic-modules."""

from collections.abc import Mapping
from typing import ClassVar, Final

from standins.gcp import model
from standins.gcp.kind import Kind
from standins.resource import Call
from standins.tables import inputs
from standins.traits import Trait
from standins.values import Properties

NAME: Final = Trait(computed=True)
"""What a name may be is in the model."""
FINGERPRINT: Final = "fingerprint"
Ways = Mapping[str, tuple[str, str]]
"""Input -> the method that changes it alone, and the member of what goes into that."""


class Compute(Kind):
    """A kind of Compute Engine: some inputs are changed by a method of their own, the others by the kind's one."""

    api = "compute.v1"
    creates = "insert"
    ways: ClassVar[Ways] = {}

    def content(self, method: str, inputs: Properties) -> Properties:
        """Labels are put on what is there (https://cloud.google.com/compute/docs/labeling-resources)."""
        made = super().content(method, inputs)
        return {name: value for name, value in made.items() if name != self.labelled}

    def settle(self, call: Call, known: Properties, answer: Properties) -> None:  # noqa: ARG002
        """See `Kind`."""
        if known.get("effectiveLabels"):
            self._label(call, known)

    def change(self, call: Call, known: Properties, changed: set[str]) -> None:
        """See `Kind`."""
        if "labels" in changed:
            self._label(call, known)
        for name in sorted(changed & self.ways.keys()):
            method, member = self.ways[name]
            given = super().content(self.creates, {name: known.get(name)})
            value = next(iter(given.values()), None)
            self.done(call, self.request(method, known, {member: value}), f"Updating {self.word}")
        left = changed - self.ways.keys() - {"labels"} - self.apart
        if left:
            self._whole(call, known, left)

    def _whole(self, call: Call, known: Properties, changed: set[str]) -> None:
        """A whole description (PUT), or what changed of it (PATCH), with the fingerprint of what is there."""
        is_whole = self.updates != "patch"
        given = self.content(self.updates, known) if is_whole else self.partly(self.updates, known, changed)
        found = self.found(call.client, known) or {}
        members = model.method(self.api, f"{self.collection}.{self.updates}").members
        if FINGERPRINT in members and FINGERPRINT in found:
            given[FINGERPRINT] = found[FINGERPRINT]
        self.done(call, self.request(self.updates, known, given), f"Updating {self.word}")

    def _label(self, call: Call, known: Properties) -> None:
        found = self.found(call.client, known) or {}
        given = {"labels": known["effectiveLabels"], "labelFingerprint": found.get("labelFingerprint", "")}
        self.done(call, self.request("setLabels", known, given), f"Updating {self.word} Labels")


class Network(Compute):
    """`compute.Network`."""

    token = "gcp:compute/network:Network"  # noqa: S105 - a type token
    collection = "networks"
    identity = "projects/{project}/global/networks/{name}"
    places: ClassVar = {"network": "{name}"}
    inside: ClassVar = {"routingMode": "routingConfig.routingMode"}
    traits = inputs(
        in_place="enableUlaInternalIpv6 mtu routingMode",
        replaces="description internalIpv6Range project",
        computed="internalIpv6Range mtu project routingMode",
        name=NAME,
        autoCreateSubnetworks=Trait(default=True),
        networkFirewallPolicyEnforcementOrder=Trait(default="AFTER_CLASSIC_FIREWALL", in_place=True),
    )
    outputs: ClassVar = {"gatewayIpv4": "gatewayIPv4", "networkId": "id", "numericId": "id", "selfLink": "selfLink"}


class Subnetwork(Compute):
    """`compute.Subnetwork`."""

    token = "gcp:compute/subnetwork:Subnetwork"  # noqa: S105 - a type token
    collection = "subnetworks"
    identity = "projects/{project}/regions/{region}/subnetworks/{name}"
    places: ClassVar = {"subnetwork": "{name}"}
    ways: ClassVar = {
        "ipCidrRange": ("expandIpCidrRange", "ipCidrRange"),
        "privateIpGoogleAccess": ("setPrivateIpGoogleAccess", "privateIpGoogleAccess"),
    }
    traits = inputs(
        in_place="ipCidrRange ipv6AccessType logConfig privateIpGoogleAccess privateIpv6GoogleAccess purpose role "
        "secondaryIpRanges stackType",
        replaces="description network project region",
        computed="ipCidrRange privateIpGoogleAccess privateIpv6GoogleAccess project purpose region secondaryIpRanges "
        "stackType",
        name=NAME,
    )
    outputs: ClassVar = {
        "creationTimestamp": "creationTimestamp",
        "fingerprint": "fingerprint",
        "gatewayAddress": "gatewayAddress",
        "selfLink": "selfLink",
        "subnetworkId": "id",
    }


class GlobalAddress(Compute):
    """`compute.GlobalAddress`."""

    token = "gcp:compute/globalAddress:GlobalAddress"  # noqa: S105 - a type token
    collection = "globalAddresses"
    identity = "projects/{project}/global/addresses/{name}"
    places: ClassVar = {"address": "{name}", "resource": "{name}"}
    labelled = "labels"
    traits = inputs(
        in_place="labels",
        replaces="address description ipVersion network prefixLength project purpose",
        computed="address prefixLength project",
        name=NAME,
        addressType=Trait(default="EXTERNAL"),
    )
    outputs: ClassVar = {
        "address": "address",
        "creationTimestamp": "creationTimestamp",
        "labelFingerprint": "labelFingerprint",
        "selfLink": "selfLink",
    }


class Address(GlobalAddress):
    """`compute.Address`: of a region."""

    token = "gcp:compute/address:Address"  # noqa: S105 - a type token
    collection = "addresses"
    identity = "projects/{project}/regions/{region}/addresses/{name}"
    traits = inputs(
        in_place="labels",
        replaces="address description ipVersion network networkTier prefixLength project purpose region subnetwork",
        computed="address networkTier prefixLength project purpose region subnetwork",
        name=NAME,
        addressType=Trait(default="EXTERNAL"),
    )


class Router(Compute):
    """`compute.Router`: what a NAT is a part of."""

    token = "gcp:compute/router:Router"  # noqa: S105 - a type token
    collection = "routers"
    identity = "projects/{project}/regions/{region}/routers/{name}"
    places: ClassVar = {"router": "{name}"}
    traits = inputs(
        in_place="bgp description",
        replaces="network project region",
        computed="project region",
        name=NAME,
    )
    outputs: ClassVar = {"creationTimestamp": "creationTimestamp", "selfLink": "selfLink"}
