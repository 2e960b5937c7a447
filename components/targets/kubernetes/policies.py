"""NetworkPolicies: who may talk to whom, as Compose's networks say.

Nothing reaches a pod of the application but what a policy admits: members of a network each other, and anyone what is
published. A pod is on a network by a label, so that a policy never changes when services come and go. Whether the
cluster enforces policies is its network plugin's affair
(https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...model import App, Container, Network, Service
from ...support import Conflict
from .. import discovery
from ..ingress import container_port, ingress
from ..rows import Row
from . import names, services
from .given import Scope

MEMBER = "slipway.dev/network."
"""Begins the label of a network's members."""
NAME_LIMIT = names.LABEL_LIMIT - len("network.")
"""Characters of a network's name in that label: what is behind the slash has 63."""
DNS_ADDRESS = "169.254.20.10/32"
"""Of the node's own DNS cache, where the cluster has one
(https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/)."""
DNS: Mapping[str, Any] = {
    "to": [{"namespaceSelector": {}}, {"ipBlock": {"cidr": DNS_ADDRESS}}],
    "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
}
"""What a pod without a way out is still allowed: to ask for names."""


def network_labels(container: Container, app: App) -> dict[str, str]:
    """The labels that make a pod a member of its networks."""
    return {_label(key, app): "true" for key in container.networks}


def share_network(one: Container, other: Container) -> bool:
    """Whether two of the application's services are on a network together."""
    return bool(set(one.networks) & set(other.networks))


def rows(scope: Scope) -> Iterator[Row]:
    """The application's policies; none where the stack does without."""
    if not scope.given.access.network_policies:
        return
    app = scope.app
    yield _policy(scope, "deny", _pods(scope), {"policyTypes": ["Ingress"]})
    used = {key for each in (*app.services.values(), *app.jobs.values()) for key in each.networks}
    guarded = any(app.networks[key].internal for key in used)
    for key in app.networks:
        if key in used:
            yield _network(scope, key, guarded=guarded)
    for service in app.services.values():
        yield from _of_service(scope, service)


def conflicts(app: App) -> Iterator[Conflict]:
    """Networks whose names no label holds."""
    for key in app.networks:
        name = _name(key, app)
        if len(name) > NAME_LIMIT:
            what = f'"{name}" has {len(name)} characters, and {NAME_LIMIT} are the most in the label of its members'
            yield Conflict(("networks", key), what, "shorten it")


def _network(scope: Scope, key: str, *, guarded: bool) -> Row:
    """What members of a network may do.

    Args:
        scope: the application.
        key: of the network.
        guarded: whether the application has a network without a way out. As soon as one policy looks at what a pod
            sends, only what some policy admits goes out: then the other networks have to admit everything.
    """
    network = scope.app.networks[key]
    members = _members(scope, key)
    spec: dict[str, Any] = {"ingress": [{"from": [members]}], "policyTypes": ["Ingress"]}
    if guarded:
        spec["egress"] = [{"to": [members]}, DNS] if network.internal else [{}]
        spec["policyTypes"] = ["Ingress", "Egress"]
    return _policy(scope, f"network-{names.label(key)}", members["podSelector"]["matchLabels"], spec, network.labels)


def _members(scope: Scope, key: str) -> dict[str, Any]:
    """A network of the application has its pods; one with a name of its own has those of every application on it."""
    label = {_label(key, scope.app): "true"}
    if _has_own_name(scope.app.networks[key], key, scope.app):
        return {"podSelector": {"matchLabels": label}, "namespaceSelector": {}}
    return {"podSelector": {"matchLabels": {**label, **_pods(scope)}}}


def _of_service(scope: Scope, service: Service) -> Iterator[Row]:
    """What is published is open to everyone; what has no network is open to nobody, and nothing to it."""
    selector = scope.selector(service.name)
    if service.network_mode == "none":
        nothing = {"policyTypes": ["Ingress", "Egress"]}
        yield _policy(scope, f"{names.label(service.name)}-none", selector, nothing, service=service.name)
    ports = {(port.target, port.protocol): None for port in discovery.published(service)}
    if ingress(service) is not None and (asked := container_port(service)) is not None:
        ports.setdefault((asked, "tcp"))
    if ports and discovery.has_address(service):
        allowed = [{"port": number, "protocol": protocol.upper()} for number, protocol in ports]
        spec = {"ingress": [{"ports": allowed}], "policyTypes": ["Ingress"]}
        yield _policy(scope, services.published_name(service), selector, spec, service=service.name)


def _policy(
    scope: Scope,
    name: str,
    selector: Mapping[str, str],
    spec: Mapping[str, Any],
    annotations: Mapping[str, Any] | None = None,
    *,
    service: str = "",
) -> Row:
    """A policy; a namespace may have several applications, so the application's name begins its own."""
    full = f"{names.label(scope.app.name)}-{name}"
    body = {"spec": {"podSelector": {"matchLabels": dict(selector)}, **spec}}
    return scope.row("NetworkPolicy", full, body, service=service, annotations=annotations)


def _pods(scope: Scope) -> dict[str, str]:
    """The label of every pod of the application."""
    return {"app.kubernetes.io/instance": scope.app.name}


def _label(key: str, app: App) -> str:
    return f"{MEMBER}{_name(key, app)}"


def _name(key: str, app: App) -> str:
    """A network's key; its own name where it has one, by which other applications know it."""
    network = app.networks[key]
    name = network.name or key if _has_own_name(network, key, app) else key
    return re.sub(r"[^A-Za-z0-9._-]+|[._-]+$", "-", name).rstrip("-")


def _has_own_name(network: Network, key: str, app: App) -> bool:
    return network.external or network.name not in (None, f"{app.name}_{key}")
