"""What matches requests at a load balancer by host and path, and what becomes of all others.

https://cloud.google.com/load-balancing/docs/url-map-concepts
"""

from collections.abc import Mapping
from typing import Any

from ...model import Ingress
from ..rows import Ref, Row
from . import names
from .given import Scope

TO_HTTPS: Mapping[str, Any] = {
    "default_url_redirect": {
        "https_redirect": True,
        "strip_query": False,
        "redirect_response_code": "MOVED_PERMANENTLY_DEFAULT",
    }
}
"""Sends any request on to HTTPS."""
NOT_FOUND = 404


def row(scope: Scope, key: str, routes: Mapping[str, Ingress], otherwise: Mapping[str, Any]) -> Row:
    """What matches requests by host and path.

    Args:
        scope: the application.
        key: of the row.
        routes: service -> where it answers.
        otherwise: what becomes of any other request, as arguments.
    """
    hosts: dict[str, dict[str, str]] = {}
    for name, asked in routes.items():
        hosts.setdefault(str(asked.host), {})[asked.path.rstrip("/")] = name
    args: dict[str, Any] = {"project": scope.access.project, "name": scope.name("UrlMap", key), **otherwise}
    if hosts:
        args["host_rules"] = [{"hosts": [host], "path_matcher": _matcher(host)} for host in hosts]
        args["path_matchers"] = [
            {"name": _matcher(host), **_paths(services, otherwise)} for host, services in hosts.items()
        ]
    return scope.row("UrlMap", key, args)


def _matcher(host: str) -> str:
    return names.fitting("UrlMap", host)


def _paths(services: Mapping[str, str], otherwise: Mapping[str, Any]) -> dict[str, Any]:
    """What becomes of the paths of one host: the longest that matches is taken."""
    whole = {"default_service": _backend_of(services[""])} if "" in services else otherwise
    rules = [{"paths": [path, f"{path}/*"], "service": _backend_of(name)} for path, name in services.items() if path]
    return {**whole, **({"path_rules": rules} if rules else {})}


def _backend_of(name: str) -> Ref:
    return Ref("BackendService", name, "id")


def nothing(name: str) -> dict[str, Any]:
    """What answers that there is nothing; a route has to name a service all the same, which is never asked."""
    abort = {"abort": {"http_status": NOT_FOUND, "percentage": 100}}
    return {
        "default_route_action": {
            "fault_injection_policy": abort,
            "weighted_backend_services": [{"backend_service": _backend_of(name), "weight": 100}],
        }
    }
