"""`x-slipway.ingress` with a host: one global load balancer of the application, with a route to each service.

What matches requests is one resource, which several stacks cannot share: so the load balancer is the application's, and
there is none where no service has a host. A service without one answers at its own URL.
https://cloud.google.com/load-balancing/docs/https/setup-global-ext-https-serverless
"""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...access import CloudRunAccess
from ...errors import Problem
from ...model import App, Ingress, Service
from ...support import Conflict
from .. import ingress, workloads
from ..rows import Joined, Ref, Row
from . import given, reach, url_maps
from .given import Scope

KEY, PLAIN, SECURE = "entry", "entry-http", "entry-https"
"""Keys of what the load balancer is made of: the whole, and what is for HTTP or for HTTPS."""
MANAGED = "EXTERNAL_MANAGED"
PATH = re.compile(r"/[^?#*]{0,1023}")
"""A path that a rule takes (https://cloud.google.com/load-balancing/docs/url-map-concepts#pm-constraints)."""
RECORD_SECONDS = 300


def rows(scope: Scope) -> Iterator[Row]:
    """The load balancer with its routes, certificates and records; none where no service has a host."""
    routes = asking(scope)
    if not routes:
        return
    for name in routes:
        yield group(scope, name)
        yield _backend(scope, name)
    yield scope.row("Address", KEY, _place(scope, "Address", KEY))
    secure = {name: asked for name, asked in routes.items() if ingress.secure(asked)}
    plain = {name: asked for name, asked in routes.items() if name not in secure or asked.redirect_http is False}
    if secure:
        yield from _certificates(scope, secure)
        yield url_maps.row(scope, SECURE, secure, url_maps.nothing(next(iter(routes))))
        yield scope.row("HttpsProxy", KEY, _https_proxy(scope, secure))
        yield _forwarding(scope, SECURE, "HttpsProxy", "443")
    other = url_maps.TO_HTTPS if secure else url_maps.nothing(next(iter(routes)))
    yield url_maps.row(scope, PLAIN, plain, other)
    proxy = {**_place(scope, "HttpProxy", KEY), "url_map": Ref("UrlMap", PLAIN, "id")}
    yield scope.row("HttpProxy", KEY, proxy)
    yield _forwarding(scope, PLAIN, "HttpProxy", "80")
    yield from _records(scope, routes)


def asking(scope: Scope) -> dict[str, Ingress]:
    """Service -> what it asks for, with its host in lower case, of those that the load balancer sends requests to."""
    return {
        service.name: dataclasses.replace(asked, host=str(asked.host).lower())
        for service, asked, _ in ingress.asking(scope.app)
        if is_routed(scope, service)
    }


def is_routed(scope: Scope, service: Service) -> bool:
    """Whether requests come to a service by the load balancer."""
    asked = ingress.ingress(service)
    return (
        asked is not None
        and asked.host is not None
        and not asked.internal
        and scope.access.balancer == "external"
        and reach.is_served(scope, service)
    )


def url(asked: Ingress) -> str:
    """Where a route answers."""
    return f"{'https' if ingress.secure(asked) else 'http'}://{asked.host}{asked.path.rstrip('/')}"


# --- rows ------------------------------------------------------------------------------------------------------------


def _place(scope: Scope, kind: str, key: str) -> dict[str, Any]:
    return {"project": scope.access.project, "name": scope.name(kind, key)}


def group(scope: Scope, name: str) -> Row:
    """What stands for a service at a load balancer: Cloud Run tells itself which of its instances are well."""
    args = {
        **_place(scope, "NetworkEndpointGroup", name),
        "region": scope.access.region,
        "network_endpoint_type": "SERVERLESS",
        "cloud_run": {"service": Ref("Service", name, "name")},
    }
    return scope.row("NetworkEndpointGroup", name, args, service=name)


def _backend(scope: Scope, name: str) -> Row:
    args = {
        **_place(scope, "BackendService", name),
        "load_balancing_scheme": MANAGED,
        "backends": [{"group": Ref("NetworkEndpointGroup", name, "id")}],
    }
    return scope.row("BackendService", name, args, service=name)


def _https_proxy(scope: Scope, secure: Mapping[str, Ingress]) -> dict[str, Any]:
    args = {**_place(scope, "HttpsProxy", KEY), "url_map": Ref("UrlMap", SECURE, "id")}
    certificates = scope.access.certificate_map
    if certificates is not None:
        return {**args, "certificate_map": Joined(("//certificatemanager.googleapis.com/", certificates))}
    found = (_certificate(scope, asked) for asked in secure.values())
    return {**args, "ssl_certificates": list(dict.fromkeys(found))}


def _certificate(scope: Scope, asked: Ingress) -> Ref | str:
    """The certificate of a route: the one that the file names, else the host's own."""
    if not isinstance(asked.tls, Mapping):
        return Ref("Certificate", str(asked.host), "id")
    name = str(asked.tls["certificate"])
    return name if "/" in name else f"projects/{scope.access.project}/global/sslCertificates/{name}"


def _certificates(scope: Scope, secure: Mapping[str, Ingress]) -> Iterator[Row]:
    """A certificate of each host, that Google issues once the host's record leads to the load balancer."""
    if scope.access.certificate_map is not None:
        return
    hosts = {str(asked.host): name for name, asked in secure.items() if not isinstance(asked.tls, Mapping)}
    for host, name in hosts.items():
        args = {**_place(scope, "Certificate", host), "managed": {"domains": [host]}}
        yield scope.row("Certificate", host, args, service=name)


def _forwarding(scope: Scope, key: str, proxy: str, port: str) -> Row:
    args = {
        **_place(scope, "ForwardingRule", key),
        "load_balancing_scheme": MANAGED,
        "ip_address": Ref("Address", KEY, "id"),
        "ip_protocol": "TCP",
        "port_range": port,
        "target": Ref(proxy, KEY, "id"),
    }
    return scope.row("ForwardingRule", key, args)


def _records(scope: Scope, routes: Mapping[str, Ingress]) -> Iterator[Row]:
    """A record of each host that the platform's zone covers."""
    zone, domain = scope.access.zone, scope.access.zone_name
    for host, name in {str(asked.host): name for name, asked in routes.items()}.items():
        if zone is None or not ingress.covers(domain, host):
            continue
        args = {
            "project": scope.access.project,
            "managed_zone": zone,
            "name": f"{host}.",
            "type": "A",
            "ttl": RECORD_SECONDS,
            "rrdatas": [Ref("Address", KEY, "address")],
        }
        yield scope.row("Record", host, args, service=name)


# --- what is refused -------------------------------------------------------------------------------------------------


def problems(app: App, access: CloudRunAccess) -> Iterator[Problem]:
    """What stands in the way of a route, and only access and the whole service tell."""
    scope = Scope(app, {}, given.Given(access=access))
    for service, asked, path in ingress.asking(app):
        yield from ingress.without_port(app, service, path)
        if is_routed(scope, service):
            for key, what, fix in _of_certificates(asked, access):
                yield Problem(what, f"{app.where(path)}.{key}", fix)


def _of_certificates(asked: Ingress, access: CloudRunAccess) -> Iterator[tuple[str, str, str]]:
    named = isinstance(asked.tls, Mapping)
    if named and access.certificate_map is not None:
        what = f"slipway:cloudrun.certificateMap has the certificates of all hosts, and {asked.host} names another"
        yield "tls", what, "remove one of them"
    own = ingress.secure(asked) and not named and access.certificate_map is None
    if own and str(asked.host).startswith("*."):
        what = f'Google issues no certificate for "{asked.host}" by itself'
        yield "host", what, "name one with tls.certificate, or a map with slipway:cloudrun.certificateMap"


def conflicts(app: App) -> Iterator[Conflict]:
    """Two services that ask for the same requests, and what no rule can say."""
    hosts = {service.name: service for service, asked, _ in ingress.asking(app) if asked.host is not None}
    yield from ingress.twice_asked(dataclasses.replace(app, services=hosts))
    scope = given.of(app)
    for service, asked, path in ingress.asking(app):
        if not workloads.is_kept_running(scope, service):
            yield Conflict(path, "nothing of its own takes requests", "write it at the service that does")
        if not PATH.fullmatch(asked.path):
            what = f'"{asked.path}" is no path that a load balancer takes'
            yield Conflict((*path, "path"), what, "begin with a slash, and leave out ?, # and *")
        if asked.redirect_http and not ingress.secure(asked):
            yield Conflict((*path, "redirect_http"), "there is no HTTPS to send requests on to", "remove it")
