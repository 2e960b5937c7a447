"""From one Compose service to the arguments of `docker.Container`.

Tables, one row per key: `SAME` for what only changes its name, `CONVERTED` for what changes its form. What needs to
know about the rest of the application (networks, volumes, files, names) is in `render.py`, `mounts.py`, `files.py`.
"""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from ...model import (
    BlkioConfig,
    Bytes,
    Device,
    DeviceRequest,
    Healthcheck,
    Logging,
    RestartPolicy,
    Service,
    Text,
    ThrottleDevice,
    Ulimit,
    concat,
)
from .. import forms
from ..forms import DEFAULT_GRACE, duration

MIB = 1024 * 1024

_CDI = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9_-]+=[A-Za-z0-9_.:-]+")
"""A qualified name: vendor/class=device (https://github.com/cncf-tags/container-device-interface, SPEC.md)."""

SAME: Mapping[str, str] = {
    "user": "user",
    "working_dir": "working_dir",
    "hostname": "hostname",
    "domainname": "domainname",
    "read_only": "read_only",
    "privileged": "privileged",
    "init": "init",
    "userns_mode": "userns_mode",
    "cgroup": "cgroupns_mode",
    "cgroup_parent": "cgroup_parent",
    "runtime": "runtime",
    "platform": "platform",
    "stop_signal": "stop_signal",
    "stdin_open": "stdin_open",
    "tty": "tty",
    "cpuset": "cpu_set",
    "cpu_shares": "cpu_shares",
    "cpu_quota": "cpu_quota",
    "cpu_period": "cpu_period",
}
"""Key -> argument, the value as it is."""


def mebibytes(size: Bytes) -> int:
    """A size in MiB, rounded up: what pulumi-docker takes; -1 stays -1."""
    return -1 if size < 0 else math.ceil(size / MIB)


def arguments(service: Service) -> dict[str, Any]:
    """Everything of a service that stands alone, as arguments of `docker.Container`; what is not set is left out."""
    args = forms.converted(service, SAME, CONVERTED)
    for convert_service in (_cpus, _memory, _restart, _capabilities, _devices, _device_requests, _grace):
        args.update(convert_service(service))
    return args


def _pairs(values: Mapping[str, Text | None]) -> list[Text]:
    """`KEY=VALUE`; a name without a value is not set in the container, as with docker compose."""
    return [concat(f"{name}=", value) for name, value in values.items() if value is not None]


def _healthcheck(check: Healthcheck) -> dict[str, Any]:
    return forms.healthcheck(check, ("interval", "timeout", "start_period", "start_interval"), duration)


def _logging(logging: Logging) -> dict[str, Any]:
    args: dict[str, Any] = {}
    if logging.driver is not None:
        args["log_driver"] = logging.driver
    if logging.options:
        args["log_opts"] = dict(logging.options)
    return args


def _blkio(blkio: BlkioConfig) -> dict[str, Any]:
    limits: tuple[tuple[str, tuple[ThrottleDevice, ...]], ...] = (
        ("device_read_bps", blkio.device_read_bps),
        ("device_read_iops", blkio.device_read_iops),
        ("device_write_bps", blkio.device_write_bps),
        ("device_write_iops", blkio.device_write_iops),
    )
    return {
        argument: [{"path": device.path, "rate": int(device.rate)} for device in devices]
        for argument, devices in limits
        if devices
    }


def _device(device: Device) -> dict[str, Any]:
    return {
        "host_path": device.source,
        "container_path": device.target or device.source,
        "permissions": device.permissions or "rwm",
    }


def is_cdi(device: Device) -> bool:
    """Whether it is the name of the Container Device Interface (`nvidia.com/gpu=all`), not a path."""
    return _CDI.fullmatch(device.source) is not None


def _devices(service: Service) -> dict[str, Any]:
    devices = [_device(device) for device in service.devices if not is_cdi(device)]
    return {"devices": devices} if devices else {}


def _request(device: DeviceRequest) -> dict[str, Any]:
    # without a driver the Engine picks one by the capabilities; the plugin's own default would be the driver cdi
    args: dict[str, Any] = {"capabilities": list(device.capabilities or ("gpu",)), "driver": device.driver or ""}
    if device.device_ids:
        args["device_ids"] = list(device.device_ids)
    else:
        args["count"] = -1 if device.count is None else device.count
    if device.options:
        args["options"] = dict(device.options)
    return args


def _ulimits(limits: Mapping[str, Ulimit]) -> dict[str, Any]:
    return {"ulimits": [{"name": name, "soft": limit.soft, "hard": limit.hard} for name, limit in limits.items()]}


def _tmpfs(mounts: tuple[str, ...]) -> dict[str, Any]:
    """`/run:size=64m` -> path and options."""
    return {"tmpfs": {path: options for path, _, options in (mount.partition(":") for mount in mounts)}}


def _listed(argument: str) -> Callable[[Any], dict[str, Any]]:
    return lambda values: {argument: list(values)}


def _mapped(argument: str) -> Callable[[Any], dict[str, Any]]:
    return lambda values: {argument: dict(values)}


CONVERTED: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "command": _listed("command"),
    "entrypoint": _listed("entrypoints"),
    "environment": lambda values: {"envs": _pairs(values)},
    "healthcheck": _healthcheck,
    "logging": _logging,
    "blkio_config": _blkio,
    "device_cgroup_rules": _listed("device_cgroup_rules"),
    "dns": _listed("dns"),
    "dns_opt": _listed("dns_opts"),
    "dns_search": _listed("dns_searches"),
    "extra_hosts": forms.hosts,
    "group_add": _listed("group_adds"),
    "security_opt": _listed("security_opts"),
    "sysctls": _mapped("sysctls"),
    "storage_opt": _mapped("storage_opts"),
    "tmpfs": _tmpfs,
    "ulimits": _ulimits,
    "shm_size": lambda size: {"shm_size": mebibytes(size)},
}
"""Key -> what it becomes."""


def _cpus(service: Service) -> dict[str, Any]:
    limits = service.deploy.resources.limits if service.deploy and service.deploy.resources else None
    cpus = limits.cpus if limits and limits.cpus is not None else service.cpus
    return {} if cpus is None else {"cpus": f"{cpus:g}"}


def _memory(service: Service) -> dict[str, Any]:
    resources = service.deploy.resources if service.deploy else None
    limit = resources.limits.memory if resources and resources.limits else None
    reserved = resources.reservations.memory if resources and resources.reservations else None
    sizes = {
        "memory": service.mem_limit if limit is None else limit,
        "memory_reservation": service.mem_reservation if reserved is None else reserved,
        "memory_swap": service.memswap_limit,
    }
    return {
        argument: mebibytes(size)
        for argument, size in sizes.items()
        # without a limit is the default, and the plugin takes -1 for the swap alone
        if size is not None and (size >= 0 or argument == "memory_swap")
    }


RESTART = {"none": "no", "on-failure": "on-failure", "any": "always"}
"""`deploy.restart_policy.condition` -> the Engine's restart policy, as docker compose maps it."""


def _restart(service: Service) -> dict[str, Any]:
    policy: RestartPolicy | None = service.deploy.restart_policy if service.deploy else None
    if policy is not None:
        args: dict[str, Any] = {"restart": RESTART[policy.condition or "any"]}
        if args["restart"] == "on-failure" and policy.max_attempts is not None:
            args["max_retry_count"] = policy.max_attempts
        return args
    if service.restart is None:
        return {}
    name, _, attempts = service.restart.partition(":")
    return {"restart": name, **({"max_retry_count": int(attempts)} if attempts else {})}


def _capabilities(service: Service) -> dict[str, Any]:
    sets = {"adds": list(service.cap_add), "drops": list(service.cap_drop)}
    return {"capabilities": {name: names for name, names in sets.items() if names}} if any(sets.values()) else {}


def _device_requests(service: Service) -> dict[str, Any]:
    resources = service.deploy.resources if service.deploy else None
    reserved = resources.reservations.devices if resources and resources.reservations else ()
    requests = [_request(device) for device in (*service.gpus, *reserved)]
    named = [device.source for device in service.devices if is_cdi(device)]
    if named:
        requests.append({"driver": "cdi", "device_ids": named})
    return {"device_requests": requests} if requests else {}


def _grace(service: Service) -> dict[str, Any]:
    """The same grace when the Engine stops the container and when an update removes it."""
    grace = math.ceil(DEFAULT_GRACE if service.stop_grace_period is None else service.stop_grace_period)
    stop = {} if service.stop_grace_period is None else {"stop_timeout": grace}
    return {"destroy_grace_seconds": grace, **stop}
