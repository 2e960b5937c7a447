"""What takes requests for a load balancer: after `mmv1/products/compute/*.yaml` of magic-modules."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from standins.gcp.compute import NAME, Compute
from standins.tables import inputs, part, texts
from standins.traits import Trait
from standins.values import Properties, Value

_CERTIFICATES = ("certificateManagerCertificates", "certificateMap", "sslCertificates")
_MOST_DOMAINS = 100
"""https://cloud.google.com/load-balancing/docs/ssl-certificates/google-managed-certs#multi-domain"""
_MANAGER = "//certificatemanager.googleapis.com/"
_GLOBAL = ("certificateMap", "proxyBind", "quicOverride", "tlsEarlyData")
"""What only a global proxy has."""
_MADE = {"creationTimestamp": "creationTimestamp", "selfLink": "selfLink"}


def _of_region(traits: Mapping[str, Trait]) -> Mapping[str, Trait]:
    """The traits of a proxy of a region, from those of a global one."""
    return {**{name: trait for name, trait in traits.items() if name not in _GLOBAL}, "region": Trait(computed=True)}


def _range(text: Value) -> str:
    """One port is a range too."""
    first, _, last = str(text).partition("-")
    return f"{first}-{last or first}"


class TargetHttpProxy(Compute):
    """`compute.TargetHttpProxy`."""

    token = "gcp:compute/targetHttpProxy:TargetHttpProxy"  # noqa: S105 - a type token
    collection = "targetHttpProxies"
    identity = "projects/{project}/global/targetHttpProxies/{name}"
    places: ClassVar = {"targetHttpProxy": "{name}"}
    ways: ClassVar = {"urlMap": ("setUrlMap", "urlMap")}
    traits = inputs(
        in_place="urlMap",
        replaces="description httpKeepAliveTimeoutSec project proxyBind",
        computed="project proxyBind",
        name=NAME,
    )
    outputs: ClassVar = {**_MADE, "proxyId": "id"}


class TargetHttpsProxy(Compute):
    """`compute.TargetHttpsProxy`."""

    token = "gcp:compute/targetHttpsProxy:TargetHttpsProxy"  # noqa: S105 - a type token
    collection = "targetHttpsProxies"
    identity = "projects/{project}/global/targetHttpsProxies/{name}"
    places: ClassVar = {"targetHttpsProxy": "{name}"}
    ways: ClassVar = {
        "certificateMap": ("setCertificateMap", "certificateMap"),
        "quicOverride": ("setQuicOverride", "quicOverride"),
        "sslCertificates": ("setSslCertificates", "sslCertificates"),
        "sslPolicy": ("setSslPolicy", "sslPolicy"),
        "urlMap": ("setUrlMap", "urlMap"),
    }
    traits = inputs(
        in_place="certificateMap sslCertificates sslPolicy urlMap",
        replaces="description httpKeepAliveTimeoutSec project proxyBind tlsEarlyData",
        computed="project proxyBind tlsEarlyData",
        name=NAME,
        quicOverride=Trait(default="NONE", in_place=True),
    )
    outputs: ClassVar = {**_MADE, "proxyId": "id"}

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        if not any(inputs.get(name) for name in _CERTIFICATES):
            yield "sslCertificates", f"is required, or another of {', '.join(_CERTIFICATES)}"
        certificates = inputs.get("certificateMap")
        if isinstance(certificates, str) and not certificates.startswith(_MANAGER):
            yield "certificateMap", f'"{certificates}" does not begin with {_MANAGER}'


class RegionTargetHttpProxy(TargetHttpProxy):
    """`compute.RegionTargetHttpProxy`."""

    token = "gcp:compute/regionTargetHttpProxy:RegionTargetHttpProxy"  # noqa: S105 - a type token
    collection = "regionTargetHttpProxies"
    identity = "projects/{project}/regions/{region}/targetHttpProxies/{name}"
    traits: ClassVar = _of_region(TargetHttpProxy.traits)


class RegionTargetHttpsProxy(TargetHttpsProxy):
    """`compute.RegionTargetHttpsProxy`."""

    token = "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy"  # noqa: S105 - a type token
    collection = "regionTargetHttpsProxies"
    identity = "projects/{project}/regions/{region}/targetHttpsProxies/{name}"
    ways: ClassVar = {name: TargetHttpsProxy.ways[name] for name in ("sslCertificates", "urlMap")}
    traits: ClassVar = _of_region(TargetHttpsProxy.traits)


class ManagedSslCertificate(Compute):
    """`compute.ManagedSslCertificate`: Google gets and renews it, once the domain points to the balancer."""

    token = "gcp:compute/managedSslCertificate:ManagedSslCertificate"  # noqa: S105 - a type token
    collection = "sslCertificates"
    identity = "projects/{project}/global/sslCertificates/{name}"
    places: ClassVar = {"sslCertificate": "{name}"}
    traits = inputs(
        replaces="description managed project",
        computed="project",
        name=NAME,
        type=Trait(default="MANAGED"),
    )
    outputs: ClassVar = {
        **_MADE,
        "certificateId": "id",
        "expireTime": "expireTime",
        "subjectAlternativeNames": "subjectAlternativeNames",
    }

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        domains = part(inputs, "managed").get("domains")
        if isinstance(domains, list) and not 0 < len(domains) <= _MOST_DOMAINS:
            yield "managed.domains", f"{len(domains)} domains, and there have to be 1 to {_MOST_DOMAINS}"
        for domain in texts(part(inputs, "managed"), "domains"):
            if "*" in domain:
                yield "managed.domains", f'"{domain}" has a wildcard, which such a certificate cannot have'


class GlobalForwardingRule(Compute):
    """`compute.GlobalForwardingRule`: an address and a port, and the proxy that takes what comes there."""

    token = "gcp:compute/globalForwardingRule:GlobalForwardingRule"  # noqa: S105 - a type token
    collection = "globalForwardingRules"
    identity = "projects/{project}/global/forwardingRules/{name}"
    places: ClassVar = {"forwardingRule": "{name}", "resource": "{name}"}
    labelled = "labels"
    attributed = False
    ways: ClassVar = {"target": ("setTarget", "target")}
    traits = inputs(
        in_place="labels target",
        replaces="description ipAddress ipVersion network networkTier project sourceIpRanges subnetwork",
        computed="ipAddress network networkTier project subnetwork",
        name=NAME,
        ipProtocol=Trait(computed=True, alike=lambda text: str(text).upper()),
        loadBalancingScheme=Trait(default="EXTERNAL_MANAGED", in_place=True),
        portRange=Trait(alike=_range),
    )
    outputs: ClassVar = {
        "forwardingRuleId": "id",
        "ipAddress": "IPAddress",
        "ipProtocol": "IPProtocol",
        "labelFingerprint": "labelFingerprint",
        "selfLink": "selfLink",
    }

    def read_out(self, found: Properties, known: Properties) -> Properties:
        """See `Kind`; an address that was asked for by its name stays that, and is a number to the API."""
        read = super().read_out(found, known)
        return {**read, "ipAddress": known["ipAddress"]} if "/" in str(known.get("ipAddress")) else read

    def mirror(self, found: Properties, known: Properties) -> Properties:
        """See `Kind`."""
        read = super().mirror(found, known)
        return {**read, "ipAddress": known["ipAddress"]} if "/" in str(known.get("ipAddress")) else read


class ForwardingRule(GlobalForwardingRule):
    """`compute.ForwardingRule`: of a region."""

    token = "gcp:compute/forwardingRule:ForwardingRule"  # noqa: S105 - a type token
    collection = "forwardingRules"
    identity = "projects/{project}/regions/{region}/forwardingRules/{name}"
    traits: ClassVar = {
        **GlobalForwardingRule.traits,
        "allowGlobalAccess": Trait(in_place=True),
        "allPorts": Trait(),
        "backendService": Trait(),
        "ipVersion": Trait(computed=True),
        "loadBalancingScheme": Trait(default="EXTERNAL"),
        "portRange": Trait(computed=True, alike=_range),
        "ports": Trait(unordered=True),
        "region": Trait(computed=True),
    }
