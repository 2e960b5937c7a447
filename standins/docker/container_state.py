"""A container as the Engine describes it, under the names of the SDK's outputs. Pure.

After `resourceDockerContainerRead` in `resource_docker_container_funcs.go`. Environment, labels, volumes and uploads
are not read back: the image adds to the first two, and the Engine does not tell the last two as they were asked for.
"""

from collections.abc import Mapping
from typing import Any, Final

from standins.docker.rules import go_duration
from standins.values import Properties

Found = Mapping[str, Any]

_MIB: Final = 1024 * 1024

# output -> key of the Engine's Config
_CONFIG: Final[Mapping[str, str]] = {
    "hostname": "Hostname",
    "domainname": "Domainname",
    "command": "Cmd",
    "entrypoints": "Entrypoint",
    "user": "User",
    "workingDir": "WorkingDir",
    "tty": "Tty",
    "stdinOpen": "OpenStdin",
    "stopSignal": "StopSignal",
    "stopTimeout": "StopTimeout",
}

# output -> key of the Engine's HostConfig
_HOST_CONFIG: Final[Mapping[str, str]] = {
    "rm": "AutoRemove",
    "readOnly": "ReadonlyRootfs",
    "dns": "Dns",
    "dnsOpts": "DnsOptions",
    "dnsSearches": "DnsSearch",
    "publishAllPorts": "PublishAllPorts",
    "init": "Init",
    "runtime": "Runtime",
    "tmpfs": "Tmpfs",
    "privileged": "Privileged",
    "cpuShares": "CpuShares",
    "cpuSet": "CpusetCpus",
    "storageOpts": "StorageOpt",
    "networkMode": "NetworkMode",
    "usernsMode": "UsernsMode",
    "sysctls": "Sysctls",
    "ipcMode": "IpcMode",
    "groupAdds": "GroupAdd",
}

_IN_MEBIBYTES: Final[Mapping[str, str]] = {
    "memory": "Memory",
    "memoryReservation": "MemoryReservation",
    "memorySwap": "MemorySwap",
    "shmSize": "ShmSize",
}

_THROTTLES: Final[Mapping[str, str]] = {
    "deviceReadBps": "BlkioDeviceReadBps",
    "deviceReadIops": "BlkioDeviceReadIOps",
    "deviceWriteBps": "BlkioDeviceWriteBps",
    "deviceWriteIops": "BlkioDeviceWriteIOps",
}

_NETWORK: Final[Mapping[str, str]] = {
    "ipAddress": "IPAddress",
    "ipPrefixLength": "IPPrefixLen",
    "gateway": "Gateway",
    "globalIpv6Address": "GlobalIPv6Address",
    "globalIpv6PrefixLength": "GlobalIPv6PrefixLen",
    "ipv6Gateway": "IPv6Gateway",
    "macAddress": "MacAddress",
}


def outputs(found: Found, known: Properties) -> Properties:
    """The outputs of a container.

    Args:
        found: the answer of `GET /containers/ID/json`.
        known: the last outputs or the inputs; some outputs are read only where they were asked for.
    """
    config, host, running = found["Config"], found["HostConfig"], found["State"]["Running"]
    must_run = known.get("mustRun", True)
    read: Properties = {name: config.get(key) for name, key in _CONFIG.items()}
    read |= {name: host.get(key) for name, key in _HOST_CONFIG.items()}
    read |= {name: _mebibytes(host.get(key) or 0) for name, key in _IN_MEBIBYTES.items()}
    read |= {
        name: [{"path": device["Path"], "rate": device["Rate"]} for device in host.get(key) or ()]
        for name, key in _THROTTLES.items()
    }
    read |= {
        "name": found["Name"].lstrip("/"),
        "image": found["Image"] if str(known.get("image", "")).startswith("sha256:") else config["Image"],
        "restart": host["RestartPolicy"]["Name"],
        "maxRetryCount": host["RestartPolicy"]["MaximumRetryCount"],
        "logDriver": host["LogConfig"]["Type"],
        "bridge": found["NetworkSettings"].get("Bridge", ""),
        "networkDatas": _networks(found["NetworkSettings"].get("Networks") or {}),
        "healthcheck": _healthcheck(config.get("Healthcheck")),
        # a container that should run and does not shows as a difference, and the next update starts it
        "mustRun": must_run and running,
    }
    read |= _asked(found, known, show_ports=running or must_run)
    if not running:
        read["exitCode"] = found["State"]["ExitCode"]
    return {name: value for name, value in read.items() if value is not None}


def _asked(found: Found, known: Properties, *, show_ports: bool) -> Properties:
    """What is read only where it was asked for; the Engine fills in more of it than anyone would ask for."""
    host = found["HostConfig"]
    read = {
        "ports": (lambda: _ports(found["NetworkSettings"].get("Ports") or {}, known["ports"])) if show_ports else None,
        "ulimits": lambda: [
            {"name": limit["Name"], "soft": limit["Soft"], "hard": limit["Hard"]} for limit in host.get("Ulimits") or ()
        ],
        "cpus": lambda: _decimal(host["NanoCpus"]) if host.get("NanoCpus") else None,
        "pidMode": lambda: host.get("PidMode"),
        "logOpts": lambda: host["LogConfig"].get("Config") or {},
    }
    return {name: look() for name, look in read.items() if look is not None and known.get(name)}


def _mebibytes(number: int) -> int:
    return number // _MIB if number > 0 else number


def _decimal(nanocpus: int) -> str:
    return f"{nanocpus / 10**9:.9f}".rstrip("0").rstrip(".")


def _networks(networks: Found) -> list[Properties]:
    return [
        {"networkName": name, **{output: network.get(key) for output, key in _NETWORK.items()}}
        for name, network in sorted(networks.items())
    ]


def _ports(ports: Found, asked: list[Properties]) -> list[Properties]:
    """The published ports, in the order they were asked for where they are the same."""
    found = [
        {
            "internal": int(port.split("/")[0]),
            "external": int(binding["HostPort"]),
            "ip": binding["HostIp"],
            "protocol": port.split("/")[1],
        }
        for port, bindings in ports.items()
        for binding in bindings or ()
    ]
    keys = [_port_key(port) for port in asked]
    return sorted(found, key=lambda port: (_position(keys, port), port["internal"], port["protocol"], port["external"]))


def _port_key(port: Properties) -> tuple[Any, ...]:
    return port.get("internal"), port.get("protocol"), port.get("ip")


def _position(keys: list[tuple[Any, ...]], port: Properties) -> int:
    key = _port_key(port)
    return keys.index(key) if key in keys else len(keys)


def _healthcheck(check: Found | None) -> Properties | None:
    if not check:
        return None
    return {
        "tests": check.get("Test") or [],
        "interval": go_duration(check.get("Interval") or 0),
        "timeout": go_duration(check.get("Timeout") or 0),
        "startPeriod": go_duration(check.get("StartPeriod") or 0),
        "startInterval": go_duration(check.get("StartInterval") or 0),
        "retries": check.get("Retries") or 0,
    }
