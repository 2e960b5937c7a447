"""The inputs of `docker.Container` as the Engine API wants them: one row a property. Pure.

After `resourceDockerContainerCreate` in `resource_docker_container_funcs.go`. What is unset is left out, so that the
image or the Engine decides.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from standins.docker import labels
from standins.docker.rules import nanoseconds
from standins.traits import is_empty

Body = dict[str, Any]
Row = tuple[str, Callable[[Any], Any]]

_MIB: Final = 1024 * 1024
UNCONFINED_PATHS: Final = "systempaths=unconfined"
"""The one security option that the client, not the Engine, understands."""


def _same(value: Any) -> Any:
    return value


def _mebibytes(value: int) -> int:
    return value * _MIB if value > 0 else value


def _nanocpus(text: str) -> int:
    return int(Decimal(text) * 10**9)


def _throttle(devices: list[Mapping[str, Any]]) -> list[Body]:
    return [{"Path": device["path"], "Rate": device["rate"]} for device in devices]


def _devices(devices: list[Mapping[str, Any]]) -> list[Body]:
    return [
        {
            "PathOnHost": device["hostPath"],
            "PathInContainer": device.get("containerPath") or device["hostPath"],
            "CgroupPermissions": device["permissions"],
        }
        for device in devices
    ]


def _requests(requests: list[Mapping[str, Any]]) -> list[Body]:
    return [
        {
            "Driver": request["driver"],
            "Count": request["count"],
            "DeviceIDs": request.get("deviceIds") or None,
            "Capabilities": [request["capabilities"]] if request.get("capabilities") else None,
            "Options": request.get("options") or {},
        }
        for request in requests
    ]


def _gpus(text: str) -> list[Body]:
    if text == "all":
        return [{"Count": -1, "Capabilities": [["gpu"]]}]
    return [{"DeviceIDs": text.removeprefix("device=").split(","), "Capabilities": [["gpu"]]}]


def _ulimits(limits: list[Mapping[str, Any]]) -> list[Body]:
    return [{"Name": limit["name"], "Soft": limit["soft"], "Hard": limit["hard"]} for limit in limits]


def _hosts(hosts: list[Mapping[str, Any]]) -> list[str]:
    return [f"{entry['host']}:{entry['ip']}" for entry in hosts]


def _healthcheck(check: Mapping[str, Any]) -> Body:
    return {
        "Test": check.get("tests") or [],
        "Interval": nanoseconds(check["interval"]),
        "Timeout": nanoseconds(check["timeout"]),
        "StartPeriod": nanoseconds(check["startPeriod"]),
        "StartInterval": nanoseconds(check["startInterval"]),
        "Retries": check["retries"],
    }


def _mounts(mounts: list[Mapping[str, Any]]) -> list[Body]:
    return [_mount(mount) for mount in mounts]


def _mount(mount: Mapping[str, Any]) -> Body:
    body: Body = {"Type": mount["type"], "Target": mount["target"], "Source": mount.get("source") or ""}
    body["ReadOnly"] = bool(mount.get("readOnly"))
    if mount["type"] == "bind" and mount.get("bindOptions"):
        body["BindOptions"] = {"Propagation": mount["bindOptions"].get("propagation") or ""}
    if mount["type"] == "volume" and mount.get("volumeOptions"):
        body["VolumeOptions"] = _volume_options(mount["volumeOptions"])
    if mount["type"] == "tmpfs" and mount.get("tmpfsOptions"):
        options = mount["tmpfsOptions"]
        body["TmpfsOptions"] = {"SizeBytes": options.get("sizeBytes") or 0, "Mode": options.get("mode") or 0}
    return body


def _volume_options(options: Mapping[str, Any]) -> Body:
    body: Body = {
        "NoCopy": bool(options.get("noCopy")),
        "Labels": labels.to_engine(options.get("labels")),
        "DriverConfig": {"Name": options.get("driverName") or "", "Options": options.get("driverOptions") or {}},
    }
    return body | ({"Subpath": options["subpath"]} if options.get("subpath") else {})


# input -> (key of the Engine's Config, translation)
CONFIG: Final[Mapping[str, Row]] = {
    "image": ("Image", _same),
    "hostname": ("Hostname", _same),
    "domainname": ("Domainname", _same),
    "tty": ("Tty", _same),
    "stdinOpen": ("OpenStdin", _same),
    "stopSignal": ("StopSignal", _same),
    "stopTimeout": ("StopTimeout", _same),
    "envs": ("Env", _same),
    "command": ("Cmd", _same),
    "entrypoints": ("Entrypoint", _same),
    "user": ("User", _same),
    "workingDir": ("WorkingDir", _same),
    "labels": ("Labels", labels.to_engine),
    "healthcheck": ("Healthcheck", _healthcheck),
}

# input -> (key of the Engine's HostConfig, translation)
HOST_CONFIG: Final[Mapping[str, Row]] = {
    "capabilities": ("CapAdd", lambda value: value.get("adds") or []),
    "cgroupParent": ("CgroupParent", _same),
    "cgroupnsMode": ("CgroupnsMode", _same),
    "cpuSet": ("CpusetCpus", _same),
    "cpuShares": ("CpuShares", _same),
    "deviceCgroupRules": ("DeviceCgroupRules", _same),
    "deviceReadBps": ("BlkioDeviceReadBps", _throttle),
    "deviceReadIops": ("BlkioDeviceReadIOps", _throttle),
    "deviceWriteBps": ("BlkioDeviceWriteBps", _throttle),
    "deviceWriteIops": ("BlkioDeviceWriteIOps", _throttle),
    "deviceRequests": ("DeviceRequests", _requests),
    "devices": ("Devices", _devices),
    "dns": ("Dns", _same),
    "dnsOpts": ("DnsOptions", _same),
    "dnsSearches": ("DnsSearch", _same),
    "gpus": ("DeviceRequests", _gpus),
    "groupAdds": ("GroupAdd", _same),
    "hosts": ("ExtraHosts", _hosts),
    "ipcMode": ("IpcMode", _same),
    "memory": ("Memory", _mebibytes),
    "memoryReservation": ("MemoryReservation", _mebibytes),
    "memorySwap": ("MemorySwap", _mebibytes),
    "mounts": ("Mounts", _mounts),
    "networkMode": ("NetworkMode", _same),
    "pidMode": ("PidMode", _same),
    "privileged": ("Privileged", _same),
    "publishAllPorts": ("PublishAllPorts", _same),
    "readOnly": ("ReadonlyRootfs", _same),
    "rm": ("AutoRemove", _same),
    "runtime": ("Runtime", _same),
    "shmSize": ("ShmSize", _mebibytes),
    "storageOpts": ("StorageOpt", _same),
    "sysctls": ("Sysctls", _same),
    "tmpfs": ("Tmpfs", _same),
    "ulimits": ("Ulimits", _ulimits),
    "usernsMode": ("UsernsMode", _same),
}

_UPDATED: Final = (
    "cpuSet",
    "cpuShares",
    "memory",
    "memoryReservation",
    "memorySwap",
    "deviceReadBps",
    "deviceReadIops",
    "deviceWriteBps",
    "deviceWriteIops",
)
UPDATABLE: Final = frozenset({*_UPDATED, "restart", "maxRetryCount"})
"""The inputs that the Engine changes in a container that is there (`docker update`)."""


def body(inputs: Mapping[str, Any]) -> Body:
    """The body of `POST /containers/create`; the inputs have their defaults."""
    config = _rows(CONFIG, inputs)
    host = _rows(HOST_CONFIG, inputs)
    host["CapDrop"] = (inputs.get("capabilities") or {}).get("drops") or []
    host["Init"] = bool(inputs.get("init"))
    host["RestartPolicy"] = _restart(inputs)
    host["LogConfig"] = {"Type": inputs.get("logDriver") or "", "Config": inputs.get("logOpts") or {}}
    config |= _ports(inputs.get("ports") or [], host) | _volumes(inputs.get("volumes") or [], host)
    _security(inputs.get("securityOpts") or [], host)
    if inputs.get("cpus"):  # has precedence over the two
        host["NanoCpus"] = _nanocpus(inputs["cpus"])
    else:
        host |= _rows({"cpuPeriod": ("CpuPeriod", _same), "cpuQuota": ("CpuQuota", _same)}, inputs)
    return {**config, "HostConfig": host}


def update_body(inputs: Mapping[str, Any]) -> Body:
    """The body of `POST /containers/ID/update`."""
    return {
        **_rows({name: HOST_CONFIG[name] for name in _UPDATED}, inputs),
        "RestartPolicy": _restart(inputs),
    }


def endpoint(network: Mapping[str, Any]) -> Body:
    """An entry of `networksAdvanced` as the Engine's EndpointConfig."""
    pairs = (option.partition("=") for option in network.get("driverOpts") or ())
    config: Body = {
        "Aliases": network.get("aliases") or [],
        "IPAMConfig": {
            "IPv4Address": network.get("ipv4Address") or "",
            "IPv6Address": network.get("ipv6Address") or "",
            "LinkLocalIPs": network.get("linkLocalIps") or [],
        },
        "MacAddress": network.get("macAddress") or "",
        "DriverOpts": {name: value for name, equals, value in pairs if equals},
    }
    return config | ({"GwPriority": network["gwPriority"]} if network.get("gwPriority") else {})


def _rows(table: Mapping[str, Row], inputs: Mapping[str, Any]) -> Body:
    return {key: translate(inputs[name]) for name, (key, translate) in table.items() if not is_empty(inputs.get(name))}


def _restart(inputs: Mapping[str, Any]) -> Body:
    return {"Name": inputs["restart"], "MaximumRetryCount": inputs.get("maxRetryCount") or 0}


def _ports(ports: list[Mapping[str, Any]], host: Body) -> Body:
    bindings: dict[str, list[Body]] = {}
    for port in ports:
        external = port.get("external")
        binding = {"HostIp": port["ip"], "HostPort": str(external) if external else ""}
        bindings.setdefault(f"{port['internal']}/{port['protocol']}", []).append(binding)
    if bindings:
        host["PortBindings"] = bindings
    return {"ExposedPorts": {port: {} for port in bindings}} if bindings else {}


def _volumes(volumes: list[Mapping[str, Any]], host: Body) -> Body:
    paths: dict[str, Body] = {}
    for volume in volumes:
        if volume.get("fromContainer"):
            host.setdefault("VolumesFrom", []).append(volume["fromContainer"])
            continue
        paths[volume["containerPath"]] = {}
        source = volume.get("hostPath") or volume.get("volumeName")
        if source:
            mode = ",".join(filter(None, ("ro" if volume.get("readOnly") else "rw", volume.get("selinuxRelabel"))))
            host.setdefault("Binds", []).append(f"{source}:{volume['containerPath']}:{mode}")
    return {"Volumes": paths} if paths else {}


def _security(options: list[str], host: Body) -> None:
    if options:
        host["SecurityOpt"] = [option for option in options if option != UNCONFINED_PATHS]
    if UNCONFINED_PATHS in options:
        host |= {"MaskedPaths": [], "ReadonlyPaths": []}
