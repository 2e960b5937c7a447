"""Phase 4, short forms: what Compose lets a user write in several ways is brought into one, row by row.

A row is a path and a function from any form to the long form. `SERVICE` and what it is made of is the table to add to.
Source: https://github.com/compose-spec/compose-spec/blob/main/05-services.md, and `transform/` of the reference.
"""

from typing import Any

from ..errors import Problem
from . import words
from .mounts import mount
from .ports import port
from .scalars import text
from .tree import Invalid, List, Map, Row, every, rewrite, table


def as_list(value: Any) -> Any:
    """A single string as a list of one."""
    return value if isinstance(value, List) or value is None else List.of([value])


def as_texts(value: Any) -> Any:
    """A list of strings and numbers as strings; the same for a single one."""
    if value is None:
        return None
    items = as_list(value)
    items[:] = [text(item) for item in items]
    return items


def as_text(value: Any) -> Any:
    """A scalar as a string."""
    return text(value) if isinstance(value, (bool, int, float)) else value


def variables(value: Any) -> Any:
    """`KEY=VALUE` items as a mapping; a key without value is null."""
    return _pairs(value, None)


def labels(value: Any) -> Any:
    """`KEY=VALUE` items as a mapping; a key without value is the empty string."""
    return _pairs(value, "")


def _pairs(value: Any, absent: str | None) -> Any:
    if isinstance(value, Map):
        for key, element in value.items():
            value[key] = absent if element is None else as_text(element)
        return value
    if not isinstance(value, List):
        return value
    result = Map()
    for (key, equals, rest), mark in zip(every(value, _pair), value.marks, strict=True):
        result.put(key, rest if equals else absent, mark)
    return result


def _pair(item: Any) -> tuple[str, str, str]:
    key, equals, rest = text(item).partition("=")
    if key != key.rstrip():
        raise Invalid(f'"{key}" has a space at its end', "remove the space before =")
    return key, equals, rest


def contexts(value: Any) -> Any:
    """`NAME=PLACE` items as a mapping; each needs its place."""
    if isinstance(value, List):
        every(value, _context)
    return _pairs(value, "")


def _context(item: str) -> None:
    if "=" not in item:
        raise Invalid(f'"{item}" has no =', "write name=context")


def ssh(value: Any) -> Any:
    """`ID[=PATH]` items as a mapping; only `default` goes without a path."""
    if isinstance(value, List):
        every(value, _ssh_key)
    return _pairs(value, None)


def _ssh_key(item: str) -> None:
    if "=" not in item and item != "default":
        raise Invalid(f'"{item}" is not an SSH key', "write default or id=path")


def hosts(value: Any) -> Any:
    """Host names with addresses as `HOST=ADDRESS` items."""
    result = List()
    if isinstance(value, Map):
        for host, addresses in value.items():
            for address in addresses if isinstance(addresses, List) else (addresses,):
                result.add(f"{_host(host)}={_address(text(address))}", value.marks.get(host))
        return result
    if not isinstance(value, List):
        return value
    for items, mark in zip(every(value, _host_items), value.marks, strict=True):
        for item in items:
            result.add(item, mark)
    return result


def _host_items(item: str) -> list[str]:
    host, found, addresses = item.partition("=" if "=" in item else ":")
    if not found:
        raise Invalid(f'"{item}" has no address', "write host=address")
    return [f"{_host(host)}={_address(address)}" for address in addresses.split(",")]


def _host(host: str) -> str:
    if not host or ":" in host or "=" in host:
        raise Invalid(f'"{host}" is not a host name', "write host=address")
    return host


def _address(address: str) -> str:
    return address[1:-1] if len(address) > 2 and address[0] == "[" and address[-1] == "]" else address


def keys(value: Any) -> Any:
    """A list of names as a mapping to null."""
    if not isinstance(value, List):
        return value
    result = Map()
    for name, mark in value.pairs():
        result.put(name, None, mark)
    return result


def dependencies(value: Any) -> Any:
    """A list of services as a mapping to the default condition."""
    if not isinstance(value, List):
        return value
    result = Map()
    for name, mark in value.pairs():
        result.put(name, Map.of({"condition": "service_started", "required": True}), mark)
    return result


def command(value: Any) -> Any:
    """A command line as its words."""
    return List.of(list(words.split(value))) if isinstance(value, str) else value


def health_test(value: Any) -> Any:
    """A string is run by a shell."""
    return List.of(["CMD-SHELL", value]) if isinstance(value, str) else value


def build(value: Any) -> Any:
    """A string is the context."""
    return Map.of({"context": value}) if isinstance(value, str) else value


def extends(value: Any) -> Any:
    """A string is the service."""
    return Map.of({"service": value}) if isinstance(value, str) else value


def grant(value: Any) -> Any:
    """A string is the source of a secret or config."""
    return Map.of({"source": value}) if isinstance(value, str) else value


def env_files(value: Any) -> Any:
    """Paths as mappings; a file is required unless it says otherwise."""
    if value is None:
        return None
    files = as_list(value)
    files[:] = [Map.of({"path": file, "required": True}) if isinstance(file, str) else file for file in files]
    return files


def device(value: Any) -> Any:
    """`source[:target[:permissions]]` as a mapping."""
    if not isinstance(value, str):
        return value
    parts = value.split(":")
    if len(parts) > 3:
        raise Invalid(f'"{value}" is not a device', "write source:target:permissions or a mapping")
    source, target, permissions = (*parts, "", "")[:3]
    return Map.of({"source": source, "target": target or source, "permissions": permissions or "rwm"})


def schedule(value: Any) -> Any:
    """A crontab expression as a mapping."""
    return Map.of({"cron": value}) if isinstance(value, str) else value


def gpus(value: Any) -> Any:
    """`all` as a request for all."""
    return List.of([Map.of({"count": "all"})]) if isinstance(value, str) else value


def external(value: Any) -> Any:
    """`external: {name: x}`, which is deprecated, as `external: true` and `name: x`."""
    if not isinstance(value, Map) or not isinstance(value.get("external"), Map):
        return value
    name = value["external"].get("name")
    if name is not None and value.get("name", name) != name:
        raise Invalid(f'external.name "{name}" is not name "{value["name"]}"', "keep only name")
    value["external"] = True
    if name is not None:
        value.put("name", name, value.marks.get("external"))
    return value


CONTAINER: dict[str, Row] = {
    "annotations": labels,
    "command": command,
    "configs.*": grant,
    "cpuset": as_text,
    "devices.*": device,
    "dns": as_list,
    "dns_opt": as_list,
    "dns_search": as_list,
    "entrypoint": command,
    "env_file": env_files,
    "environment": variables,
    "extra_hosts": hosts,
    "gpus": gpus,
    "gpus.*.options": labels,
    "group_add": as_texts,
    "label_file": as_list,
    "labels": labels,
    "models": keys,
    "networks": keys,
    "networks.*.driver_opts": labels,
    "secrets.*": grant,
    "storage_opt": labels,
    "sysctls": labels,
    "tmpfs": as_list,
    "volumes.*": mount,
    "volumes.*.volume.labels": labels,
}
"""What services, jobs and the steps of `pre_start` share."""

WORKLOAD: dict[str, Row] = {
    **CONTAINER,
    "build": build,
    "build.additional_contexts": contexts,
    "build.args": variables,
    "build.extra_hosts": hosts,
    "build.labels": labels,
    "build.no_cache_filter": as_list,
    "build.provenance": as_text,
    "build.sbom": as_text,
    "build.secrets.*": grant,
    "build.ssh": ssh,
    "depends_on": dependencies,
    "expose": as_texts,
    "healthcheck.test": health_test,
    "ports.*": port,
    "ports.*.published": as_text,
}

SERVICE: dict[str, Row] = {
    **WORKLOAD,
    "deploy.labels": labels,
    "deploy.resources.reservations.devices.*.options": labels,
    "develop.watch.*.exec.command": command,
    "develop.watch.*.exec.environment": variables,
    "develop.watch.*.ignore": as_list,
    "develop.watch.*.include": as_list,
    "extends": extends,
    "post_start.*.command": command,
    "post_start.*.environment": variables,
    "pre_stop.*.command": command,
    "pre_stop.*.environment": variables,
    **{f"pre_start.*.{path}": row for path, row in CONTAINER.items()},
}

JOB: dict[str, Row] = {**WORKLOAD, "extends": extends, "triggers.schedule.*": schedule}

ROWS = table(
    {
        **{f"services.*.{path}": row for path, row in SERVICE.items()},
        **{f"jobs.*.{path}": row for path, row in JOB.items()},
        **{f"{kind}.*": external for kind in ("networks", "volumes", "secrets", "configs")},
        **{f"{kind}.*.labels": labels for kind in ("networks", "volumes", "secrets", "configs")},
        **{f"{kind}.*.driver_opts": labels for kind in ("networks", "volumes", "secrets")},
        "networks.*.ipam.options": labels,
    }
)


def lengthen(root: Map, problems: list[Problem]) -> None:
    """Bring every value of a document into its long form, in place.

    Args:
        root: the document, valid by the schema.
        problems: what is wrong is added here.
    """
    rewrite(root, ROWS, problems)
