"""Phase 9, normalise: what follows from the whole application: default network, implied dependencies, physical names.

Source: `loader/normalize.go` of the reference.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..model import Container, key_of
from . import merge
from .mounts import clean
from .tree import List, Map, copy

_NAMESPACES = ("network_mode", "ipc", "pid", "uts", "cgroup")
_INHERITED = {str(key_of(field)) for field in dataclasses.fields(Container)} - {"volumes"}
_PULL = {"if_not_present": "missing"}


def normalise(root: Map, name: str, env: Mapping[str, str]) -> None:
    """Complete the tree of an application, in place.

    Args:
        root: the merged tree.
        name: the project's name.
        env: what build arguments take their values from.
    """
    root["name"] = name
    _default_network(root)
    for kind in ("services", "jobs"):
        for service in (root.get(kind) or {}).values():
            _workload(service, env)
    for kind in ("networks", "volumes", "configs", "secrets"):
        _names(root.get(kind), name)


def _workload(service: Map, env: Mapping[str, str]) -> None:
    if service.get("pull_policy") in _PULL:
        service["pull_policy"] = _PULL[service["pull_policy"]]
    build = service.get("build")
    if isinstance(build, Map):
        _build(build, env)
    dependencies = service.get("depends_on") or Map()
    for other, restart, key in _implied(service):
        if other not in dependencies:
            needed = Map.of({"condition": "service_started", "restart": restart, "required": True})
            dependencies.put(other, needed, service.marks.get(key))
    if dependencies:
        service.put("depends_on", dependencies, service.marks.get("depends_on"))
    for mount in service.get("volumes") or ():
        if mount.get("target"):
            mount["target"] = clean(mount["target"])
    deploy = service.get("deploy")
    if isinstance(deploy, Map) and service.get("scale") is not None and "replicas" not in deploy:
        deploy.put("replicas", service["scale"], service.marks.get("scale"))
    _pre_start(service)


def _pre_start(service: Map) -> None:
    """Complete each step with what its service says about a container, as a later file completes an earlier one.

    Volumes are left out: a step shares those of its service when it runs.
    """
    steps = service.get("pre_start") or List()
    for index, step in enumerate(steps):
        base = Map()
        for key, value in service.items():
            if key in _INHERITED:
                base.put(key, copy(value), service.marks.get(key))
        steps[index] = merge.merge(base, step, [], ("services", "*"))


def _build(build: Map, env: Mapping[str, str]) -> None:
    if build.get("dockerfile") is None and build.get("dockerfile_inline") is None:
        build["dockerfile"] = "Dockerfile"
    args = build.get("args")
    if isinstance(args, Map):
        for name in [name for name, value in args.items() if value is None]:
            if name in env:
                args[name] = env[name]
            else:
                del args[name]


def _implied(service: Map) -> list[tuple[str, bool, str]]:
    """The services that a service needs without saying so in depends_on: name, restart, the key that names it."""
    shared = [(key, service[key]) for key in _NAMESPACES if str(service.get(key)).startswith("service:")]
    sources = [source for source in service.get("volumes_from") or () if not source.startswith("container:")]
    return [
        *((link.partition(":")[0], True, "links") for link in service.get("links") or ()),
        *((value.removeprefix("service:"), True, key) for key, value in shared),
        *((source.partition(":")[0], False, "volumes_from") for source in sources),
    ]


def _default_network(root: Map) -> None:
    used = False
    for kind in ("services", "jobs"):
        for service in (root.get(kind) or {}).values():
            if "provider" in service or "network_mode" in service:
                continue
            if not service.get("networks"):
                service["networks"] = Map.of({"default": None})
            used = used or "default" in service["networks"]
    if used:
        networks = root.setdefault("networks", Map())
        networks.setdefault("default", None)


def _names(group: Any, project: str) -> None:
    for key, value in (group or {}).items():
        element = group[key] = Map() if value is None else value
        if element.get("name") is None:
            element["name"] = key if element.get("external") else f"{project}_{key}"
