"""Where a load balancer sends requests: after `mmv1/products/compute/*.yaml` of magic-modules.

What a backend of serverless endpoints cannot have:
https://cloud.google.com/load-balancing/docs/negs/serverless-neg-concepts#limitations
"""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from standins.gcp.compute import NAME, Compute
from standins.tables import inputs, parts, texts
from standins.traits import Trait
from standins.values import Properties

_NOT_SERVERLESS: Final = ("healthChecks", "portName", "timeoutSec")
_GLOBAL: Final = ("compressionMode", "customRequestHeaders", "customResponseHeaders", "securitySettings")
"""What only a backend of a global balancer has."""
_PATH: Final = re.compile(r"/[^*?#]*(/\*)?|/\*")
"""https://cloud.google.com/load-balancing/docs/url-map-concepts#pm-constraints"""


class RegionNetworkEndpointGroup(Compute):
    """`compute.RegionNetworkEndpointGroup`: the Cloud Run service that requests are for."""

    token = "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup"  # noqa: S105 - a type token
    collection = "regionNetworkEndpointGroups"
    identity = "projects/{project}/regions/{region}/networkEndpointGroups/{name}"
    places: ClassVar = {"networkEndpointGroup": "{name}"}
    traits = inputs(
        replaces="appEngine cloudFunction cloudRun description network project pscData pscTargetService region "
        "subnetwork",
        computed="network project pscData",
        name=NAME,
        networkEndpointType=Trait(default="SERVERLESS"),
    )
    outputs: ClassVar = {"selfLink": "selfLink"}

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        run = inputs.get("cloudRun")
        if isinstance(run, dict) and not run.get("service") and not run.get("urlMask"):
            yield "cloudRun", "has neither service nor urlMask"
        if inputs.get("networkEndpointType") == "SERVERLESS" and not any(
            inputs.get(name) for name in ("appEngine", "cloudFunction", "cloudRun")
        ):
            yield "cloudRun", "is required where the type is SERVERLESS"


class BackendService(Compute):
    """`compute.BackendService`."""

    token = "gcp:compute/backendService:BackendService"  # noqa: S105 - a type token
    collection = "backendServices"
    identity = "projects/{project}/global/backendServices/{name}"
    places: ClassVar = {"backendService": "{name}"}
    updates = "update"
    inside: ClassVar = {"connectionDrainingTimeoutSec": "connectionDraining.drainingTimeoutSec"}
    spelled: ClassVar = {
        "logConfig.requestHeaders": "loggingHttpRequestHeaders",
        "logConfig.responseHeaders": "loggingHttpResponseHeaders",
    }
    apart = frozenset({"edgeSecurityPolicy", "securityPolicy"})
    traits = inputs(
        in_place="affinityCookieTtlSec cdnPolicy circuitBreakers compressionMode consistentHash customRequestHeaders "
        "customResponseHeaders description enableCdn healthChecks iap localityLbPolicy logConfig outlierDetection "
        "portName protocol securitySettings sessionAffinity timeoutSec",
        replaces="project",
        computed="cdnPolicy logConfig portName project protocol sessionAffinity timeoutSec",
        unordered="customRequestHeaders customResponseHeaders",
        name=NAME,
        backends=Trait(in_place=True, unordered=True),
        connectionDrainingTimeoutSec=Trait(default=300, in_place=True),
        loadBalancingScheme=Trait(default="EXTERNAL_MANAGED", in_place=True),
    )
    outputs: ClassVar = {
        "creationTimestamp": "creationTimestamp",
        "fingerprint": "fingerprint",
        "generatedId": "id",
        "selfLink": "selfLink",
    }

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        groups = [each.get("group") for each in parts(inputs, "backends")]
        if any(isinstance(group, str) and "/networkEndpointGroups/" in group for group in groups):
            for name in _NOT_SERVERLESS:
                if inputs.get(name):
                    yield name, "is not for a backend of serverless network endpoint groups"


class UrlMap(Compute):
    """`compute.URLMap`: which requests go where."""

    token = "gcp:compute/uRLMap:URLMap"  # noqa: S105 - a type token
    collection = "urlMaps"
    identity = "projects/{project}/global/urlMaps/{name}"
    places: ClassVar = {"urlMap": "{name}"}
    updates = "update"
    traits = inputs(
        in_place="defaultRouteAction defaultService defaultUrlRedirect description headerAction pathMatchers tests",
        replaces="project",
        computed="project",
        name=NAME,
        hostRules=Trait(in_place=True, unordered=True),
    )
    outputs: ClassVar = {
        "creationTimestamp": "creationTimestamp",
        "fingerprint": "fingerprint",
        "mapId": "id",
        "selfLink": "selfLink",
    }

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        yield from _ends(inputs, "")
        matchers, hosts = parts(inputs, "pathMatchers"), parts(inputs, "hostRules")
        names = [each.get("name") for each in matchers]
        for place, rule in enumerate(hosts):
            if rule.get("pathMatcher") not in names:
                yield f"hostRules[{place}].pathMatcher", f"{rule.get('pathMatcher')!r} is no path matcher of the map"
        for name in names:
            if name not in [each.get("pathMatcher") for each in hosts]:
                yield "pathMatchers", f"{name!r} is used by no host rule"
        yield from _twice([host for each in hosts for host in texts(each, "hosts")], "hostRules")
        for place, matcher in enumerate(matchers):
            yield from _matcher(matcher, f"pathMatchers[{place}]")


class RegionBackendService(BackendService):
    """`compute.RegionBackendService`: of a balancer inside the network."""

    token = "gcp:compute/regionBackendService:RegionBackendService"  # noqa: S105 - a type token
    collection = "regionBackendServices"
    identity = "projects/{project}/regions/{region}/backendServices/{name}"
    traits: ClassVar = {
        **{name: trait for name, trait in BackendService.traits.items() if name not in _GLOBAL},
        "iap": Trait(in_place=True, computed=True),
        "loadBalancingScheme": Trait(default="INTERNAL"),
        "network": Trait(),
        "region": Trait(computed=True),
    }


class RegionUrlMap(UrlMap):
    """`compute.RegionUrlMap`."""

    token = "gcp:compute/regionUrlMap:RegionUrlMap"  # noqa: S105 - a type token
    collection = "regionUrlMaps"
    identity = "projects/{project}/regions/{region}/urlMaps/{name}"
    traits: ClassVar = {**UrlMap.traits, "region": Trait(computed=True)}


def _ends(part: Properties, path: str) -> Iterator[tuple[str, str]]:
    """A part that sends requests on does so in one way."""
    ways = [name for name in ("defaultRouteAction", "defaultService", "defaultUrlRedirect") if part.get(name)]
    if len(ways) != 1 and ways != ["defaultRouteAction", "defaultService"]:
        words = "must have exactly one of defaultRouteAction, defaultService, defaultUrlRedirect"
        yield path or "defaultService", f"has {len(ways)}, and {words}"


def _matcher(matcher: Properties, path: str) -> Iterator[tuple[str, str]]:
    yield from _ends(matcher, path)
    paths = [one for each in parts(matcher, "pathRules") for one in texts(each, "paths")]
    for one in paths:
        if not _PATH.fullmatch(one):
            yield f"{path}.pathRules", f'"{one}" is no path: it begins with /, and * is only at its end, after /'
    yield from _twice(paths, f"{path}.pathRules")


def _twice(values: list[str], path: str) -> Iterator[tuple[str, str]]:
    for value in sorted({each for each in values if values.count(each) > 1}):
        yield path, f'"{value}" is there twice'
