"""Phase 11, check: what no single value shows: names that are not defined, keys that exclude each other, cycles.

Source: `validation/` and `loader/validate.go` of the reference; all problems are reported, not the first alone.
"""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import Problem, suggest
from ..model import Path
from .opaque import holds
from .tree import Map, where

Found = Iterator[tuple[Path, str, str]]
"""Where, what is wrong, what to do."""

_PREFIX = "service:"
_TESTS = ("CMD", "CMD-SHELL", "NONE")
_SAME = (
    ("cpus", ("limits", "cpus")),
    ("mem_limit", ("limits", "memory")),
    ("mem_reservation", ("reservations", "memory")),
    ("pids_limit", ("limits", "pids")),
)


def check(root: Map, inactive: Mapping[str, Map], problems: list[Problem]) -> None:
    """Check a whole application.

    Args:
        root: its tree, without the inactive services.
        inactive: services whose profiles are inactive.
        problems: what is wrong is added here.
    """
    for path, what, fix in _Checks(root, inactive).all():
        problems.append(Problem(what, where(root, path), fix))


class _Checks:
    def __init__(self, root: Map, inactive: Mapping[str, Map]) -> None:
        self.root = root
        self.inactive = inactive
        self.workloads: dict[str, Map] = {**(root.get("services") or {}), **(root.get("jobs") or {})}

    def all(self) -> Found:
        for kind in ("services", "jobs"):
            for name, service in (self.root.get(kind) or {}).items():
                for check in (_source, _exclusive, _amounts, _mounts, _ports, _health, _devices, _watch):
                    for below, what, fix in check(service):
                        yield (kind, name, *below), what, fix
                for below, what, fix in self.references(service, kind):
                    yield (kind, name, *below), what, fix
        yield from self.names()
        yield from self.file_objects("secrets", ("file", "environment"))
        yield from self.file_objects("configs", ("file", "environment", "content"))
        yield from self.volumes()
        yield from self.cycles()

    # --- names ---------------------------------------------------------------------------------------------------

    def names(self) -> Found:
        holders: dict[str, str] = {}
        for name, service in (self.root.get("services") or {}).items():
            container = service.get("container_name")
            if container:
                holder = holders.setdefault(container, name)
                if holder != name:
                    what = f'"{container}" is the container of {holder} already'
                    yield ("services", name, "container_name"), what, "choose another name"
        for name in self.root.get("jobs") or {}:
            if name in (self.root.get("services") or {}):
                yield ("jobs", name), f'"{name}" is a service and a job', "give one of them another name"

    def references(self, service: Map, kind: str) -> Found:
        if not service.get("network_mode"):  # else the two exclude each other, which is said already
            yield from self.listed(service, "networks", "networks")
        yield from self.listed(service, "models", "models")
        yield from self.granted(service, ("secrets",), "secrets")
        yield from self.granted(service, ("configs",), "configs")
        yield from self.granted(service, ("build", "secrets"), "secrets")
        for index, mount in enumerate(service.get("volumes") or ()):
            source = mount.get("source")
            if mount.get("type") == "volume" and source and source not in (self.root.get("volumes") or {}):
                yield self.undefined(("volumes", index), "volumes", source)
        yield from self.services(service, kind)
        contexts = service["build"].get("additional_contexts") if service.get("build") else None
        for name, context in (contexts or {}).items():
            if context.startswith(_PREFIX):
                yield from self.buildable(("build", "additional_contexts", name), context.removeprefix(_PREFIX))

    def listed(self, service: Map, key: str, kind: str) -> Found:
        known = self.root.get(kind) or {}
        for name in service.get(key) or ():
            if name not in known:
                yield self.undefined((key, name), kind, name)

    def granted(self, service: Map, path: tuple[str, ...], kind: str) -> Found:
        known = self.root.get(kind) or {}
        grants: Any = service
        for key in path:
            grants = grants.get(key) if isinstance(grants, Map) else None
        for index, grant in enumerate(grants or ()):
            if grant.get("source") not in known:
                yield self.undefined((*path, index), kind, str(grant.get("source")))

    def undefined(self, path: Path, kind: str, name: str) -> tuple[Path, str, str]:
        known = self.root.get(kind) or {}
        near = suggest(name, known)
        fix = near if near.startswith("did") else f"add it under {kind}:"
        return path, f'undefined {kind.removesuffix("s")} "{name}"', fix

    def services(self, service: Map, kind: str) -> Found:
        dependencies = service.get("depends_on") or {}
        jobs = self.root.get("jobs") or {}
        for name, dependency in dependencies.items():
            if kind == "services" and name in jobs and name not in (self.root.get("services") or {}):
                yield ("depends_on", name), f'"{name}" is a job', "name a service: only jobs wait for jobs"
            elif name not in self.workloads and (name not in self.inactive or dependency.get("required", True)):
                yield self.unknown_service(("depends_on", name), name)

    def unknown_service(self, path: Path, name: str) -> tuple[Path, str, str]:
        if name in self.inactive:
            profiles = ", ".join(self.inactive[name]["profiles"])
            return (
                path,
                f'service "{name}" is inactive',
                f"activate one of its profiles ({profiles}) or write required: false",
            )
        return path, f'undefined service "{name}"', suggest(name, self.workloads)

    def buildable(self, path: Path, name: str) -> Found:
        service = self.workloads.get(name) or self.inactive.get(name)
        if service is None:
            yield self.unknown_service(path, name)
        elif not service.get("build"):
            yield path, f'service "{name}" has no build', "name a service that is built"

    # --- what is shared ------------------------------------------------------------------------------------------

    def file_objects(self, kind: str, sources: tuple[str, ...]) -> Found:
        listed = ", ".join(sources[:-1]) + f" and {sources[-1]}"
        for name, element in (self.root.get(kind) or {}).items():
            written = [key for key in sources if key in element]
            if len(written) > 1:
                yield (kind, name), f"{' and '.join(written)} exclude each other", f"keep one of {listed}"
            elsewhere = element.get("external") or (kind == "configs" and "driver" in element)
            if not written and not elsewhere:
                yield (kind, name), "has no source", f"write one of {listed}, or external: true"

    def volumes(self) -> Found:
        for name, volume in (self.root.get("volumes") or {}).items():
            if volume.get("external"):
                for key in volume:
                    if key not in ("name", "external") and not key.startswith("x-"):
                        yield ("volumes", name, key), f"external and {key} exclude each other", "keep one of the two"

    # --- cycles --------------------------------------------------------------------------------------------------

    def cycles(self) -> Found:
        """Each cycle of depends_on once, from its first service in the order of the file."""
        done: set[str] = set()
        for name in self.workloads:
            if name not in done:
                yield from self.walk(name, done)

    def walk(self, start: str, done: set[str]) -> Found:
        # An explicit stack: a chain of a thousand services is deeper than Python's own.
        trail = {start: None}
        stack = [(start, iter(self.needs(start)))]
        while stack:
            name, needs = stack[-1]
            following = next(needs, None)
            if following is None:
                stack.pop()
                trail.pop(name)
                done.add(name)
            elif following in trail:
                names = list(trail)
                steps = " -> ".join((*names[names.index(following) :], following))
                kind = "services" if name in (self.root.get("services") or {}) else "jobs"
                yield (kind, name, "depends_on", following), f"dependency cycle: {steps}", "take one of them out"
            elif following not in done and following in self.workloads:
                trail[following] = None
                stack.append((following, iter(self.needs(following))))

    def needs(self, name: str) -> list[str]:
        return list(self.workloads[name].get("depends_on") or ())


# --- one service -----------------------------------------------------------------------------------------------------


def _source(service: Map) -> Found:
    if not service.get("image") and not service.get("build") and "provider" not in service:
        yield (), "has neither image nor build", "write one of the two"
    build = service.get("build") or {}
    if "dockerfile_inline" in build and "dockerfile" in build:
        yield (
            ("build", "dockerfile_inline"),
            "dockerfile and dockerfile_inline exclude each other",
            "keep one of the two",
        )
    platforms, platform = build.get("platforms"), service.get("platform")
    if platforms and platform and platform not in platforms:
        yield ("build", "platforms"), f'does not list the service\'s platform "{platform}"', "add it"


def _exclusive(service: Map) -> Found:
    if service.get("network_mode") and service.get("networks"):
        yield ("network_mode",), "network_mode and networks exclude each other", "keep one of the two"
    deploy = service.get("deploy") or {}
    scale, replicas = service.get("scale"), deploy.get("replicas")
    if scale is not None and replicas is not None and scale != replicas:
        yield ("scale",), f"scale {scale} is not deploy.replicas {replicas}", "keep one of the two"
    for path, count in ((("scale",), scale), (("deploy", "replicas"), replicas)):
        if count is not None and count < 0:
            yield path, f"{count} is negative", "write 0 or more"
    count = scale if scale is not None else replicas
    if count is not None and count > 1 and service.get("container_name"):
        what = f"a container name is unique, and {'scale' if scale is not None else 'deploy.replicas'} is {count}"
        yield ("container_name",), what, "remove container_name or run one replica"


def _amounts(service: Map) -> Found:
    resources = (service.get("deploy") or {}).get("resources") or {}
    for key, (group, limit) in _SAME:
        value, other = service.get(key), (resources.get(group) or {}).get(limit)
        if value and group in resources and str(value) != str(other or 0):
            what = f"{key} {value} is not deploy.resources.{group}.{limit} {'(not set)' if other is None else other}"
            yield (key,), what, "write the same, or keep one of the two"


def _mounts(service: Map) -> Found:
    seen: dict[str, str] = {}
    for key, entries in (("tmpfs", service.get("tmpfs")), ("volumes", service.get("volumes"))):
        for index, entry in enumerate(entries or ()):
            target = entry.partition(":")[0] if isinstance(entry, str) else entry.get("target")
            if target in seen:
                yield (key, index), f"{target} is mounted already by {seen[target]}", "choose another target"
            elif target:
                seen[target] = f"{key}[{index}]"
            if not target:
                yield (key, index), "target is missing", "add target:"
            if isinstance(entry, Map) and entry.get("type") == "bind" and not entry.get("source"):
                yield (key, index), "a bind has no source", "add source:"


def _ports(service: Map) -> Found:
    for index, port in enumerate(service.get("ports") or ()):
        address = port.get("host_ip")
        if address and not holds(address) and not _is_address(address):
            yield ("ports", index), f'"{address}" is not an IP address', "write an IPv4 or IPv6 address"
        target = port.get("target")
        if target is None:
            yield ("ports", index), "target is missing", "add target:"
        if isinstance(target, int) and not 0 < target <= 65535:
            yield ("ports", index), f"{target} is not a port of a container", "write a number from 1 to 65535"


def _is_address(address: str) -> bool:
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return True


def _health(service: Map) -> Found:
    test = (service.get("healthcheck") or {}).get("test")
    if test and test[0] not in _TESTS:
        yield (
            ("healthcheck", "test"),
            f'begins with "{test[0]}"',
            f"begin with {', '.join(_TESTS[:-1])} or {_TESTS[-1]}",
        )


def _devices(service: Map) -> Found:
    deploy = service.get("deploy") or {}
    reserved = ((deploy.get("resources") or {}).get("reservations") or {}).get("devices")
    for path, requests in (
        (("gpus",), service.get("gpus")),
        (("deploy", "resources", "reservations", "devices"), reserved),
    ):
        for index, request in enumerate(requests or ()):
            if "count" in request and "device_ids" in request:
                yield (*path, index), "count and device_ids exclude each other", "keep one of the two"


def _watch(service: Map) -> Found:
    for index, watch in enumerate((service.get("develop") or {}).get("watch") or ()):
        if not watch.get("path"):
            yield ("develop", "watch", index, "path"), "is empty", "write a path"
        if not watch.get("target") and watch.get("action") not in ("rebuild", "restart"):
            yield ("develop", "watch", index), f"{watch.get('action')} needs a target", "add target:"
