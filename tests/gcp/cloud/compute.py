"""Compute Engine: networks, and the parts of load balancers. What names another resource has to find it."""

import copy
import re
import uuid
from collections.abc import Iterator
from typing import Any

from .calls import Call, RefusedError, named
from .rest import Cloud, Methods, masked
from .store import now

_REFERENCE = re.compile(r"projects/[^/]+/(?:global|regions/[^/]+)/[A-Za-z]+/[^/]+$")
_NAME = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_PREFIX = "https://www.googleapis.com/compute/v1/"
_RANGE = "10.254.0.0"
"""Of every internal address, which are ranges for Google's own databases."""
_FRESH = {
    "addresses": {"status": "RESERVED", "networkTier": "PREMIUM"},
    "sslCertificates": {"creationTimestamp": ""},
}


def _insert(cloud: Cloud, call: Call) -> dict[str, Any]:
    name = call.body.get("name", "")
    if not _NAME.fullmatch(name):
        raise RefusedError(
            "INVALID_ARGUMENT",
            f"Invalid value for field 'resource.name': '{name}'. Must be a match of regex '{_NAME.pattern}'",
        )
    _check(cloud, call.body)
    path = f"{call.name}/{name}"
    kind = call.path.rpartition("/")[2]
    made = {
        "kind": f"compute#{kind}",
        "id": str(uuid.uuid4().int % 10**18),
        "creationTimestamp": now(),
        "selfLink": f"{_PREFIX}{path}",
        "fingerprint": uuid.uuid4().hex[:11] + "=",
        "labelFingerprint": uuid.uuid4().hex[:11] + "=",
        **_FRESH.get(kind, {}),
        **copy.deepcopy(call.body),
    }
    if "/regions/" in path:
        made["region"] = f"{_PREFIX}{'/'.join(path.split('/')[:4])}"
    if kind == "addresses":
        is_inner = made.get("addressType") == "INTERNAL"
        made.setdefault("address", _RANGE if is_inner else cloud.balancers.address())
    if kind == "sslCertificates":
        made.setdefault("managed", {})["status"] = "ACTIVE"
    if kind == "forwardingRules":
        made["IPAddress"] = _address(cloud, made)
        if "portRange" in made and "-" not in made["portRange"]:
            made["portRange"] = f"{made['portRange']}-{made['portRange']}"
    cloud.store.add("compute", path, made)

    def work() -> dict[str, Any]:
        if kind == "forwardingRules":
            cloud.balancers.open(path, made)
        return made

    return _operation(cloud, call, path, work)


def _operation(cloud: Cloud, call: Call, path: str, work: Any) -> dict[str, Any]:
    return {**cloud.later(call, work), "targetLink": f"{_PREFIX}{path}"}


def _address(cloud: Cloud, rule: dict[str, Any]) -> str:
    given = str(rule.get("IPAddress", ""))
    if rule.get("loadBalancingScheme") == "INTERNAL_MANAGED":
        _check_proxies(cloud, rule)
        return given or cloud.balancers.inner_address()
    if "/" not in given:
        return given or cloud.balancers.address()
    return str(cloud.store.get("compute", path_of(given))["address"])


def _check_proxies(cloud: Cloud, rule: dict[str, Any]) -> None:
    """https://cloud.google.com/load-balancing/docs/proxy-only-subnets."""
    network = path_of(str(rule.get("network")))
    for name, each in cloud.store.all("compute"):
        is_of = "/subnetworks/" in name and path_of(str(each.get("network"))) == network
        if is_of and (each.get("purpose"), each.get("role")) == ("REGIONAL_MANAGED_PROXY", "ACTIVE"):
            return
    raise RefusedError(
        "INVALID_ARGUMENT",
        f"An active proxy-only subnetwork is required in the same region and VPC as the forwarding rule: {network}",
    )


def _update(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = cloud.store.get("compute", call.name)
    _check(cloud, call.body)
    if call.verb == "update":
        for key in [key for key in found if key not in call.body and key not in _KEPT]:
            del found[key]
    masked(found, {key: value for key, value in call.body.items() if key not in _KEPT}, None)
    return _operation(cloud, call, call.name, lambda: found)


_KEPT = {"kind", "id", "creationTimestamp", "selfLink", "fingerprint", "labelFingerprint", "name", "region"}


def _set(cloud: Cloud, call: Call) -> dict[str, Any]:
    """One of the methods that change one field: `setLabels`, `setTarget`, and so on."""
    path = call.path.rpartition("/")[0]
    if cloud.store.find("compute", path) is None:  # some paths leave out that it is global
        parts = path.split("/")
        path = "/".join([*parts[:2], "global", *parts[2:]])
    found = cloud.store.get("compute", path)
    _check(cloud, call.body)
    masked(found, {key: value for key, value in call.body.items() if key != "labelFingerprint"}, None)
    return _operation(cloud, call, path, lambda: found)


def _delete(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = cloud.store.get("compute", call.name)
    for name, each in cloud.store.all("compute"):
        if name != call.name and "/operations/" not in name and call.name in _references(each):
            raise RefusedError("INVALID_ARGUMENT", f"The {call.name} resource is already being used by '{name}'")
    cloud.store.remove("compute", call.name)

    def work() -> dict[str, Any]:
        cloud.balancers.close(call.name)
        return found

    return _operation(cloud, call, call.name, work)


def _check(cloud: Cloud, body: dict[str, Any]) -> None:
    for each in _references(body):
        if cloud.store.find("compute", each) is None and "/certificateMaps/" not in each:
            raise RefusedError("NOT_FOUND", f"The resource '{each}' was not found")


def _references(value: Any) -> Iterator[str]:
    """The paths of the resources that a body names, but for itself."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key not in {"selfLink", "region", "targetLink"}:
                yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)
    elif isinstance(value, str) and _REFERENCE.search(value):
        yield path_of(value)


def path_of(link: str) -> str:
    """The path of a resource from a link to it."""
    found = _REFERENCE.search(link)
    return named(found[0]) if found else link


def _wait(cloud: Cloud, call: Call) -> dict[str, Any]:
    return cloud.store.get("compute", call.path.rpartition("/")[0])


METHODS: Methods = {
    "compute.insert": _insert,
    "compute.patch": _update,
    "compute.update": _update,
    "compute.delete": _delete,
    "compute.wait": _wait,
    **dict.fromkeys(
        (
            "compute.setLabels",
            "compute.setTarget",
            "compute.setUrlMap",
            "compute.setSslCertificates",
            "compute.setCertificateMap",
            "compute.setPrivateIpGoogleAccess",
        ),
        _set,
    ),
}
