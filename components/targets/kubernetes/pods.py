"""The template of a service's pods."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from ...access import ImageReference
from ...model import Container, Hook, PreStart, Service
from ..forms import DEFAULT_GRACE
from . import (
    accounts,
    environment,
    files,
    mounts,
    names,
    placement,
    probes,
    resources,
    security,
    volumes,
    waits,
)
from .given import Scope

DRAIN = 5
"""Seconds that a pod goes on serving after it was told to stop: so long it may take until every node knows
(https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow)."""
PULL = {"always": "Always", "missing": "IfNotPresent", "if_not_present": "IfNotPresent", "never": "Never"}
"""Compose's `pull_policy` -> `imagePullPolicy`."""


def template(scope: Scope, service: Service) -> dict[str, Any]:
    """The key `template` of a workload.

    Args:
        scope: the application.
        service: whose pods they are; those that share its network are containers of the same pods.
    """
    together = [service, *companions(service.name, scope)]
    metadata = {"labels": labels(scope, service), "annotations": _annotations(scope, together)}
    return {"metadata": {key: value for key, value in metadata.items() if value}, "spec": spec(scope, together)}


def companions(name: str, scope: Scope) -> list[Service]:
    """The services that are in another's network: `network_mode: service:name`."""
    return [each for each in scope.app.services.values() if each.network_mode == f"service:{name}"]


def labels(scope: Scope, service: Service) -> dict[str, str]:
    """The labels of a service's pods."""
    shared = {volumes.LABEL + names.label(key): "true" for key in volumes.together(service, scope.app)}
    return {**scope.labels(service.name), **shared}


def _annotations(scope: Scope, together: list[Service]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for service in reversed(together):
        found |= {**service.labels, **service.annotations, **files.checksum(scope, service)}
    return found


def spec(scope: Scope, together: list[Service]) -> dict[str, Any]:
    """A pod's `spec`."""
    service = together[0]
    found: dict[str, Any] = {
        "serviceAccountName": accounts.service_account(scope),
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": security.pod(service, scope.app, scope.given.access.security),
        "terminationGracePeriodSeconds": grace(service) + drain(service),
        **_listed("imagePullSecrets", accounts.pull_secrets(scope)),
        **_namespaces(service),
        **_names(service),
        **placement.of(scope, service),
    }
    first = [*waits.containers(scope, service), *_pre_start(scope, service)]
    if first:
        found["initContainers"] = first
    found["containers"] = [container(scope, each) for each in together]
    attached = [volume for each in together for volume in mounts.pod_volumes(scope, each)]
    if attached:
        found["volumes"] = list({volume["name"]: volume for volume in attached}.values())
    return found


def container(scope: Scope, service: Service) -> dict[str, Any]:
    """A service's container."""
    return {
        "name": names.label(service.name),
        **_image(service, scope.images[service.name]),
        **_process(service, service.name),
        **_ports(service),
        **resources.of(service),
        **_listed("volumeMounts", mounts.container_mounts(scope, service)),
        **probes.probes(service),
        **_lifecycle(service),
        "securityContext": security.container(service, scope.given.access.security),
        **({"stdin": True} if service.stdin_open else {}),
        **({"tty": True} if service.tty else {}),
    }


def _listed(key: str, values: list[Any]) -> dict[str, Any]:
    return {key: values} if values else {}


def _image(given: Container, image: ImageReference) -> dict[str, Any]:
    policy = PULL.get(given.pull_policy or "")
    return {"image": image.text, **({"imagePullPolicy": policy} if policy else {})}


def _process(given: Container, service: str) -> dict[str, Any]:
    """What runs: Kubernetes's `command` is the entrypoint, and its `args` the command."""
    found: dict[str, Any] = {}
    for key, words in (("command", given.entrypoint), ("args", given.command)):
        if words:
            found[key] = [environment.literal(word) for word in words]
    if given.working_dir:
        found["workingDir"] = given.working_dir
    return found | _listed("env", environment.variables(given, service))


def _ports(service: Service) -> dict[str, Any]:
    """What the container listens on: information, which also lets a patch name a port."""
    found = {(port.target, port.protocol.upper()): None for port in service.ports}
    return _listed("ports", [{"containerPort": port, "protocol": protocol} for port, protocol in found])


def grace(service: Service) -> int:
    """Seconds between the signal to stop and the end by force."""
    return math.ceil(DEFAULT_GRACE if service.stop_grace_period is None else service.stop_grace_period)


def drain(service: Service) -> int:
    """Seconds before the signal to stop, in which requests still come in; none where nothing is listened on."""
    return DRAIN if service.ports or service.expose or _ingress(service) else 0


def _ingress(service: Service) -> bool:
    return service.x_slipway is not None and service.x_slipway.ingress is not None


def _lifecycle(service: Service) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if service.post_start:
        found["postStart"] = _hook(service.post_start)
    if service.pre_stop:
        found["preStop"] = _hook(service.pre_stop)
    elif drain(service):
        found["preStop"] = {"sleep": {"seconds": drain(service)}}
    return {"lifecycle": found} if found else {}


def _hook(hooks: tuple[Hook, ...]) -> dict[str, Any]:
    """Kubernetes runs one command: several are one after the other in a shell."""
    if len(hooks) == 1 and not hooks[0].working_dir:
        return {"exec": {"command": [environment.literal(word) for word in hooks[0].command]}}
    steps = [_step(hook) for hook in hooks]
    return {"exec": {"command": ["/bin/sh", "-c", " && ".join(steps)]}}


def _step(hook: Hook) -> str:
    words = " ".join(_quoted(str(word)) for word in hook.command)
    return f"cd {_quoted(hook.working_dir)} && {words}" if hook.working_dir else words


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"


def _pre_start(scope: Scope, service: Service) -> Iterator[dict[str, Any]]:
    for index, step in enumerate(service.pre_start):
        yield {
            "name": f"pre-start-{index + 1}",
            **_image(step, _step_image(scope, service, step)),
            **_process(step, service.name),
            **resources.of(step),
            **_listed("volumeMounts", mounts.container_mounts(scope, service)),
            "securityContext": security.container(step, scope.given.access.security),
        }


def _step_image(scope: Scope, service: Service, step: PreStart) -> ImageReference:
    """A step without an image runs the service's own."""
    return scope.images[service.name] if step.image is None else ImageReference(name=step.image)


def _namespaces(service: Service) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in (("hostNetwork", service.network_mode), ("hostPID", service.pid), ("hostIPC", service.ipc)):
        if value == "host":
            found[key] = True
    if service.init:
        # the pod's own first process reaps what ends, and the container's gets signals as any other process does
        found["shareProcessNamespace"] = True
    return found


def _names(service: Service) -> dict[str, Any]:
    found: dict[str, Any] = {"hostname": service.hostname} if service.hostname else {}
    by_address: dict[str, list[str]] = {}
    for host, addresses in service.extra_hosts.items():
        for address in addresses:
            by_address.setdefault(address, []).append(host)
    found |= _listed("hostAliases", [{"ip": ip, "hostnames": hosts} for ip, hosts in by_address.items()])
    config: Mapping[str, Any] = {
        **_listed("nameservers", list(service.dns)),
        **_listed("searches", list(service.dns_search)),
        **_listed("options", [_option(each) for each in service.dns_opt]),
    }
    return found | ({"dnsConfig": config} if config else {})


def _option(text: str) -> dict[str, str]:
    name, _, value = text.partition(":")
    return {"name": name, **({"value": value} if value else {})}
