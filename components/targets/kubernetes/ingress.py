"""`x-slipway.ingress`: an Ingress for the cluster's controller, or an HTTPRoute at the Gateway that the stack names.

Both hand requests to the service's own Service. What no field of theirs says is said where the controller is known, by
its annotations (`controllers.py`), and by a second route at a Gateway. Else it is refused, not left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ...access import KubernetesAccess
from ...errors import Problem
from ...model import App, Ingress, Service
from ..ingress import asking, container_port, ingress, secure, without_port
from ..rows import Row
from . import controllers, names
from .given import Scope
from .services import NOT_AWAITED

ISSUER = "cert-manager.io/cluster-issuer"
"""https://cert-manager.io/docs/usage/ingress/"""
HTTP, HTTPS = 80, 443
"""Ports of a Gateway's listeners, by which a route chooses among them."""


def rows(scope: Scope) -> Iterator[Row]:
    """The routes of every service that asks for requests from outside."""
    make = _ingress if scope.given.access.gateway is None else _routes
    for service in scope.app.services.values():
        asked = ingress(service)
        port = container_port(service)
        if asked is not None and port is not None:
            yield from make(scope, service, asked, port)


def problems(app: App, access: KubernetesAccess) -> Iterator[Problem]:
    """What stands in the way of a route, and only access and the whole service tell."""
    for service, asked, path in asking(app):
        where = app.where(path)
        yield from without_port(app, service, path)
        for key, what, fix in (*_of_gateway(asked, access), *_of_controller(asked, access)):
            yield Problem(what, f"{where}.{key}", fix)


def _of_gateway(asked: Ingress, access: KubernetesAccess) -> Iterator[tuple[str, str, str]]:
    """What a Gateway's route cannot do: key, what is wrong, what to do."""
    if access.gateway is None:
        return
    if isinstance(asked.tls, Mapping):
        yield "tls", f"certificates are those of the Gateway {access.gateway}", "write tls: auto, and name it there"
    if asked.sticky:
        yield "sticky", "an HTTPRoute cannot keep a client with one pod", "remove it"


def _of_controller(asked: Ingress, access: KubernetesAccess) -> Iterator[tuple[str, str, str]]:
    """What an Ingress alone cannot say: key, what is wrong, what to do."""
    if access.gateway is not None:
        return
    use = "set slipway:kubernetes.ingressClass to that of ingress-nginx, or patch the Ingress with annotations"
    for key in controllers.of(access).unsaid:
        if getattr(asked, key):
            yield key, f"{_class(access)} has no word for it that is known here", use
    if access.issuer is not None and asked.tls == "auto" and asked.host is None:
        yield "tls", "a certificate is made for a host, and there is none", "write ingress.host"


def _class(access: KubernetesAccess) -> str:
    return "the cluster's own class" if access.ingress_class is None else f'the class "{access.ingress_class}"'


def _ingress(scope: Scope, service: Service, asked: Ingress, port: int) -> Iterator[Row]:
    access = scope.given.access
    name = names.label(service.name)
    backend = {"service": {"name": name, "port": {"number": port}}}
    rule: dict[str, Any] = {"http": {"paths": [{"path": asked.path, "pathType": "Prefix", "backend": backend}]}}
    if asked.host is not None:
        rule["host"] = asked.host
    spec: dict[str, Any] = {"rules": [rule]}
    if access.ingress_class is not None:
        spec["ingressClassName"] = access.ingress_class
    if secure(asked):
        spec["tls"] = [_tls(scope, asked, name)]
    annotations = {**NOT_AWAITED, **_annotations(access, asked)}
    yield scope.row("Ingress", name, {"spec": spec}, service=service.name, annotations=annotations)


def _tls(scope: Scope, asked: Ingress, name: str) -> dict[str, Any]:
    """Without the name of a Secret the controller shows the certificate that it has for everyone."""
    tls: dict[str, Any] = {} if asked.host is None else {"hosts": [asked.host]}
    if isinstance(asked.tls, Mapping):
        tls["secretName"] = asked.tls["certificate"]
    elif scope.given.access.issuer is not None and asked.host is not None:
        tls["secretName"] = f"{name}-tls"
    return tls


def _annotations(access: KubernetesAccess, asked: Ingress) -> dict[str, str]:
    annotations = controllers.of(access).annotations(asked)
    if access.issuer is not None and secure(asked) and asked.host is not None and not isinstance(asked.tls, Mapping):
        annotations[ISSUER] = access.issuer
    return annotations


def _routes(scope: Scope, service: Service, asked: Ingress, port: int) -> Iterator[Row]:
    """The route, and where there is TLS the one that sends plain HTTP on to it."""
    name = names.label(service.name)
    match = {"path": {"type": "PathPrefix", "value": asked.path}}
    forward = {"matches": [match], "backendRefs": [{"name": name, "port": port}]}
    redirects = secure(asked) and asked.redirect_http is not False
    spec = _route(scope, asked, forward, HTTPS if redirects else None)
    yield scope.row("HTTPRoute", name, {"spec": spec}, service=service.name)
    if redirects:
        send = {"type": "RequestRedirect", "requestRedirect": {"scheme": "https", "statusCode": 301}}
        spec = _route(scope, asked, {"matches": [match], "filters": [send]}, HTTP)
        yield scope.row("HTTPRoute", f"{name}-redirect", {"spec": spec}, service=service.name, auxiliary=True)


def _route(scope: Scope, asked: Ingress, rule: dict[str, Any], port: int | None) -> dict[str, Any]:
    """The `spec` of an HTTPRoute (https://gateway-api.sigs.k8s.io/reference/spec/#httproute).

    Args:
        scope: the application.
        asked: what the file says.
        rule: what becomes of requests.
        port: of the Gateway's listener; None: every listener.
    """
    namespace, _, gateway = (scope.given.access.gateway or "").rpartition("/")
    parent: dict[str, Any] = {"name": gateway, "namespace": namespace or scope.namespace}
    if port is not None:
        parent["port"] = port
    spec: dict[str, Any] = {"parentRefs": [parent], "rules": [rule]}
    if asked.host is not None:
        spec["hostnames"] = [asked.host]
    return spec
