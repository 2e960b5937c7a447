"""The template of a service's pods."""

from collections.abc import Mapping
from typing import Any

from ...model import Service
from . import accounts, containers, files, mounts, names, placement, policies, security, volumes, waits
from .containers import listed
from .given import Scope

DEFAULT_RUNTIME = "runc"
"""What nodes run without a RuntimeClass."""


def template(scope: Scope, service: Service, *, ends: bool = False) -> dict[str, Any]:
    """The key `template` of a workload.

    Args:
        scope: the application.
        service: whose pods they are; those that share its network are containers of the same pods.
        ends: whether the pod is done when the service's own container is.
    """
    metadata = {"labels": labels(scope, service), "annotations": annotations(scope, service)}
    return {
        "metadata": {key: value for key, value in metadata.items() if value},
        "spec": _spec(scope, service, ends=ends),
    }


def labels(scope: Scope, service: Service) -> dict[str, str]:
    """The labels of a service's pods: whose they are, on which networks, and with whom they share a volume."""
    found = scope.labels(service.name)
    for each in scope.members(service):
        found |= policies.network_labels(each, scope.app)
    for key in volumes.together(scope, service):
        found |= volumes.member(scope, key)
    return found


def annotations(scope: Scope, service: Service) -> dict[str, Any]:
    """A pod's annotations: Compose's labels and annotations as far as they can be, and checksums of what it reads."""
    found: dict[str, Any] = {}
    for each in reversed(scope.members(service)):
        found |= {**each.labels, **each.annotations}
    allowed = {name: value for name, value in found.items() if names.is_annotation(name)}
    return {**allowed, **files.checksums(scope, service)}


def _spec(scope: Scope, service: Service, *, ends: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "serviceAccountName": accounts.service_account(scope),
        "automountServiceAccountToken": False,
        # Compose sets no variables with the addresses of others
        "enableServiceLinks": False,
        "securityContext": security.pod(scope, service),
        "terminationGracePeriodSeconds": _grace(scope, service),
        **listed("imagePullSecrets", accounts.pull_secrets(scope)),
        **_namespaces(scope.members(service)),
        **_names(service),
        **placement.of(scope, service),
        **({"restartPolicy": "Never"} if ends else {}),
    }
    own, *others = [containers.of(scope, each) for each in scope.members(service)]
    first = [*waits.containers(scope, service)]
    for each in scope.members(service):
        first += containers.steps(scope, each)
    if ends:
        # beside a run that ends, the others are sidecars, which end with it
        # (https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#jobs-with-sidecar-containers)
        first += [{**each, "restartPolicy": "Always"} for each in others]
    return {
        **found,
        **listed("initContainers", first),
        "containers": [own] if ends else [own, *others],
        **listed("volumes", mounts.pod_volumes(scope, service)),
    }


def _grace(scope: Scope, service: Service) -> int:
    """Seconds that the slowest container has, its last requests among them."""
    return max(containers.grace(each) + containers.drain(scope, each) for each in scope.members(service))


def _namespaces(members: tuple[Service, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, kind in (("hostNetwork", "network_mode"), ("hostPID", "pid"), ("hostIPC", "ipc")):
        if any(getattr(each, kind) == "host" for each in members):
            found[key] = True
    if "hostNetwork" in found:
        found["dnsPolicy"] = "ClusterFirstWithHostNet"
    if any(each.init for each in members) and "hostPID" not in found:
        # the pod's own first process reaps what ends, and the container's gets signals as any other process does
        found["shareProcessNamespace"] = True
    runtime = members[0].runtime
    if runtime not in (None, DEFAULT_RUNTIME):
        found["runtimeClassName"] = runtime
    return found


def _names(service: Service) -> dict[str, Any]:
    found: dict[str, Any] = {"hostname": service.hostname} if names.is_label(service.hostname or "") else {}
    by_address: dict[str, list[str]] = {}
    for host, addresses in service.extra_hosts.items():
        for address in addresses:
            by_address.setdefault(address, []).append(host)
    found |= listed("hostAliases", [{"ip": ip, "hostnames": hosts} for ip, hosts in by_address.items()])
    config: Mapping[str, Any] = {
        **listed("nameservers", list(service.dns)),
        **listed("searches", list(service.dns_search)),
        **listed("options", [_option(each) for each in service.dns_opt]),
    }
    return found | ({"dnsConfig": config} if config else {})


def _option(text: str) -> dict[str, str]:
    name, _, value = text.partition(":")
    return {"name": name, **({"value": value} if value else {})}
