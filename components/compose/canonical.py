"""The canonical form of an application as `docker-compose config` prints it: plain mappings and lists.

Left out is what says nothing: zero values, unless the reference knows that they were written, and shared things that
nothing uses.
Source: the reference's types and their YAML tags (`types/`), and `WithoutUnnecessaryResources` (`types/project.go`).
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..model import Parts
from .tree import Branch, table

SECRET = "[secret]"  # noqa: S105 - what is printed in the place of one
_ABSENT = object()

Print = Callable[[Any], Any]


def _own(value: Any) -> Any:  # a mark: the walk goes on below
    """A mapping whose keys are the user's own: each says something, even where its value is nothing."""
    return value


def _kept(value: Any) -> Any:
    """A zero says something here, null does not."""
    return _ABSENT if value is None else _plain(value)


def _part(value: Any) -> Any:  # a mark too
    """A mapping that says nothing where it is empty."""
    return value


def _texts(value: Any) -> Any:
    """A mapping of the user's own keys to texts."""
    return {key: _plain(element) for key, element in value.items()} if value else _ABSENT


def _unless_true(value: Any) -> Any:
    return _ABSENT if value is None or value else value


def _unless_0s(value: Any) -> Any:
    return _ABSENT if value in (None, "0s") else value


def _bytes(value: Any) -> Any:
    return str(value) if value else _ABSENT


def _hosts(value: Any) -> Any:
    return sorted(map(_plain, value)) if value else _ABSENT


def _ssh(value: Any) -> Any:
    return [name if path is None else f"{name}: {_plain(path)}" for name, path in value.items()] if value else _ABSENT


def _size(value: Any) -> Any:
    return _ABSENT if value in (None, "0") else value


def _limits(value: Any) -> Any:
    def limit(one: Any) -> Any:
        soft, hard = (one.get("soft"), one.get("hard")) if isinstance(one, Mapping) else (0, 0)
        return {"soft": soft or 0, "hard": hard or 0} if isinstance(one, Mapping) or not one else one

    return {name: limit(one) for name, one in value.items()} if value else _ABSENT


def _single(value: Any) -> Any:
    """A number as 32 bits keep it, in the fewest digits that are read back the same."""
    if not value:
        return _ABSENT
    wanted = struct.pack("f", value)
    shortest = next(near for near in _rounded(value) if struct.pack("f", near) == wanted)
    return int(shortest) if shortest.is_integer() else shortest


def _rounded(value: float) -> Iterator[float]:
    return (float(f"{value:.{digits}g}") for digits in range(1, 18))


_CONTAINER: dict[str, Print] = {
    "annotations": _texts,
    "blkio_config.weight_device.*.weight": _kept,
    "command": _kept,
    "configs.*.mode": _kept,
    "cpu_percent": _single,
    "cpus": _single,
    "entrypoint": _kept,
    "env_file.*.required": _unless_true,
    "environment": _texts,
    "extra_hosts": _hosts,
    "gpus.*.options": _texts,
    "init": _kept,
    "labels": _texts,
    "logging.options": _texts,
    "mem_swappiness": _bytes,
    "models": _own,
    "networks": _own,
    "networks.*.driver_opts": _texts,
    "secrets.*.mode": _kept,
    "stop_grace_period": _kept,
    "storage_opt": _texts,
    "sysctls": _texts,
    "ulimits": _limits,
    "volumes.*.bind.create_host_path": _unless_true,
    "volumes.*.tmpfs.size": _size,
    "volumes.*.volume.labels": _texts,
    **dict.fromkeys(("mem_limit", "mem_reservation", "memswap_limit", "shm_size"), _size),
}
_WORKLOAD: dict[str, Print] = {
    **_CONTAINER,
    "build.additional_contexts": _texts,
    "build.args": _texts,
    "build.extra_hosts": _hosts,
    "build.labels": _texts,
    "build.secrets.*.mode": _kept,
    "build.shm_size": _size,
    "build.ssh": _ssh,
    "build.ulimits": _limits,
    "depends_on": _own,
    "depends_on.*.required": _kept,
    **{f"healthcheck.{key}": _kept for key in ("interval", "timeout", "start_period", "start_interval", "retries")},
}
_UPDATE: dict[str, Print] = {
    "delay": _unless_0s,
    "max_failure_ratio": _single,
    "monitor": _unless_0s,
    "parallelism": _kept,
}
_HOOK: dict[str, Print] = {"command": _kept, "environment": _texts}
_RESOURCE = "discrete_resource_spec"
_SERVICE: dict[str, Print] = {
    **_WORKLOAD,
    "attach": _kept,
    "deploy.labels": _texts,
    "deploy.placement": _part,
    "deploy.replicas": _kept,
    "deploy.resources": _part,
    **{f"deploy.resources.{part}.cpus": _single for part in ("limits", "reservations")},
    **{f"deploy.resources.{part}.memory": _size for part in ("limits", "reservations")},
    "deploy.resources.reservations.devices.*.options": _texts,
    **{f"deploy.resources.reservations.generic_resources.*.{_RESOURCE}.{key}": _kept for key in ("kind", "value")},
    **{f"deploy.restart_policy.{key}": _kept for key in ("delay", "max_attempts", "window")},
    **{
        f"deploy.{update}.{key}": row for update in ("rollback_config", "update_config") for key, row in _UPDATE.items()
    },
    **{f"develop.watch.*.exec.{key}": row for key, row in _HOOK.items()},
    **{f"{event}.*.{key}": row for event in ("post_start", "pre_stop") for key, row in _HOOK.items()},
    **{f"pre_start.*.{key}": row for key, row in _CONTAINER.items()},
    "provider.options": _own,
    "scale": _kept,
}
_SHARED = ("networks", "volumes", "secrets", "configs")
ROWS = table(
    {
        **dict.fromkeys(("services", "jobs", *_SHARED, "models"), _own),
        **{f"services.*.{path}": row for path, row in _SERVICE.items()},
        **{f"jobs.*.{path}": row for path, row in {**_WORKLOAD, "triggers.manual": _kept}.items()},
        **{f"{group}.*.labels": _texts for group in _SHARED},
        **{f"{group}.*.driver_opts": _texts for group in ("networks", "volumes", "secrets")},
        **{f"networks.*.{key}": _kept for key in ("enable_ipv4", "enable_ipv6")},
        "networks.*.ipam": _part,
        "networks.*.ipam.config.*.aux_addresses": _texts,
        "networks.*.ipam.options": _texts,
    }
)
"""What is printed of values that are more than 'nothing where it is zero'."""


def plain(root: Mapping[str, Any]) -> dict[str, Any]:
    """The canonical form.

    Args:
        root: what `compose.resolve` returns.

    Returns:
        Mappings and lists without marks. Every text that holds an opaque value is `SECRET` as a whole.
    """
    used = _used(root)
    trimmed = {
        key: {name: one for name, one in value.items() if name in used[key]} if key in used else value
        for key, value in root.items()
    }
    return {"services": {}, **_mapping(trimmed, ROWS)}


def _used(root: Mapping[str, Any]) -> dict[str, set[str]]:
    """What services and jobs use of what is shared."""
    used: dict[str, set[str]] = {group: set() for group in (*_SHARED, "models")}
    for service in (*(root.get("services") or {}).values(), *(root.get("jobs") or {}).values()):
        used["networks"].update(service.get("networks") or ())
        used["models"].update(service.get("models") or ())
        used["volumes"].update(mount.get("source") for mount in service.get("volumes") or ())
        used["configs"].update(grant["source"] for grant in service.get("configs") or ())
        built = (service.get("build") or {}).get("secrets") or ()
        used["secrets"].update(grant["source"] for grant in (*(service.get("secrets") or ()), *built))
    return used


def _mapping(value: Mapping[str, Any], branch: Branch | None) -> dict[str, Any]:
    result = {}
    for key, element in value.items():
        below = None if branch is None else branch.named.get(key) or branch.any
        printed = _plain(element) if key.startswith("x-") else _value(element, below)
        if printed is not _ABSENT:
            result[key] = printed
    return result


def _value(value: Any, branch: Branch | None) -> Any:
    row, below = (None, None) if branch is None else (branch.row, branch.any)
    if row is _own:
        return {key: None if one is None else _entry(one, below) for key, one in (value or {}).items()} or _ABSENT
    if row is _part:
        return _mapping(value or {}, branch) or _ABSENT
    if row is not None:
        return row(value)
    if isinstance(value, Mapping):
        return _mapping(value, branch)
    if isinstance(value, list):
        return [_entry(item, below) for item in value] or _ABSENT
    return _plain(value) if value else _ABSENT


def _entry(value: Any, branch: Branch | None) -> Any:
    """An entry of the user's own: it is printed even where it is empty."""
    printed = _value(value, branch)
    return _plain(value) if printed is _ABSENT else printed


def _plain(value: Any) -> Any:
    if isinstance(value, Parts):
        return SECRET
    if isinstance(value, Mapping):
        return {key: _plain(element) for key, element in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
