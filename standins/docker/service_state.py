"""What the Swarm says of a service, under the names of the SDK. Pure.

After the flatteners in `resource_docker_service_structures.go`: durations lose the zeros at their end (`1m`, not
`1m0s`), a failure ratio has one decimal.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from standins.docker import labels
from standins.docker.rules import short_duration
from standins.traits import is_empty
from standins.values import Properties

Found = Mapping[str, Any]
Row = tuple[str, Callable[[Any], Any]]


def outputs(found: Found) -> Properties:
    """The outputs of `docker.Service`, but for those that nobody can read: `auth` and `convergeConfig`."""
    spec = found["Spec"]
    endpoint = found.get("Endpoint") or {}
    mode = (endpoint.get("Spec") or {}).get("Mode") or (spec.get("EndpointSpec") or {}).get("Mode")
    ports = endpoint.get("Ports") if (endpoint.get("Spec") or {}).get("Mode") else spec["EndpointSpec"].get("Ports")
    return {
        "name": spec["Name"],
        "labels": labels.to_sdk(spec.get("Labels")),
        "taskSpec": _rows(_TASK, spec["TaskTemplate"]),
        "mode": _mode(spec["Mode"]),
        "endpointSpec": {"mode": mode, "ports": [_port(port) for port in ports or ()]},
    } | _rows({"UpdateConfig": ("updateConfig", _updates), "RollbackConfig": ("rollbackConfig", _updates)}, spec)


def _same(value: Any) -> Any:
    return value


def _env(variables: list[str]) -> Properties:
    return {name: value for name, _, value in (variable.partition("=") for variable in variables if variable)}


def _hosts(hosts: list[str]) -> list[Properties]:
    return [dict(zip(("ip", "host"), entry.split(" ")[:2], strict=True)) for entry in hosts]


def _health(check: Found) -> Properties:
    return {
        "tests": check.get("Test") or [],
        "interval": short_duration(check.get("Interval") or 0),
        "timeout": short_duration(check.get("Timeout") or 0),
        "startPeriod": short_duration(check.get("StartPeriod") or 0),
        "retries": check.get("Retries") or 0,
    }


def _files(kind: str) -> Callable[[list[Found]], list[Properties]]:
    key = kind.capitalize()

    def read(files: list[Found]) -> list[Properties]:
        return [
            {
                f"{kind}Id": reference[f"{key}ID"],
                f"{kind}Name": reference.get(f"{key}Name") or "",
                "fileName": reference["File"]["Name"],
                "fileUid": reference["File"]["UID"],
                "fileGid": reference["File"]["GID"],
                "fileMode": reference["File"]["Mode"],
            }
            for reference in files
        ]

    return read


def _mounts(mounts: list[Found]) -> list[Properties]:
    return [
        {
            "target": mount["Target"],
            "source": mount.get("Source") or "",
            "type": mount["Type"],
            "readOnly": bool(mount.get("ReadOnly")),
        }
        | _rows(_MOUNT_OPTIONS, mount)
        for mount in mounts
    ]


def _volume(options: Found) -> Properties:
    driver = options.get("DriverConfig") or {}
    return {
        "noCopy": bool(options.get("NoCopy")),
        "labels": labels.to_sdk(options.get("Labels")),
        "driverName": driver.get("Name") or "",
        "driverOptions": driver.get("Options") or {},
    }


def _tmpfs(options: Found) -> Properties:
    return {"sizeBytes": options.get("SizeBytes") or 0, "mode": (options.get("Mode") or 0) & 0o777}


def _privileges(privileges: Found) -> Properties:
    context = privileges.get("SELinuxContext")
    if not context:
        return {}
    words = {key: context.get(key.capitalize()) or "" for key in ("user", "role", "type", "level")}
    return {"seLinuxContext": {"disable": bool(context.get("Disable")), **words}}


def _amounts(amounts: Found) -> Properties:
    return {"nanoCpus": amounts.get("NanoCPUs") or 0, "memoryBytes": amounts.get("MemoryBytes") or 0}


def _reservation(reservation: Found) -> Properties:
    generic = reservation.get("GenericResources") or []
    return {**_amounts(reservation), "genericResources": _generic(generic)} if generic else _amounts(reservation)


def _generic(generic: list[Found]) -> Properties:
    return {
        output: [f"{each[key]['Kind']}={each[key]['Value']}" for each in generic if each.get(key)]
        for output, key in (
            ("namedResourcesSpecs", "NamedResourceSpec"),
            ("discreteResourcesSpecs", "DiscreteResourceSpec"),
        )
    }


def _restart(policy: Found) -> Properties:
    return {
        "condition": policy.get("Condition") or "",
        "delay": short_duration(policy.get("Delay") or 0),
        "maxAttempts": policy.get("MaxAttempts") or 0,
        "window": short_duration(policy.get("Window") or 0),
    }


def _placement(placement: Found) -> Properties:
    return {
        "constraints": placement.get("Constraints") or [],
        "prefs": [each["Spread"]["SpreadDescriptor"] for each in placement.get("Preferences") or ()],
        "maxReplicas": placement.get("MaxReplicas") or 0,
        "platforms": [
            {"architecture": each.get("Architecture") or "", "os": each.get("OS") or ""}
            for each in placement.get("Platforms") or ()
        ],
    }


def _networks(networks: list[Found]) -> list[Properties]:
    return [
        {
            "id": network["Target"],
            "aliases": network.get("Aliases") or [],
            "driverOpts": [f"{name}={value}" for name, value in sorted((network.get("DriverOpts") or {}).items())],
        }
        for network in networks
    ]


def _log_driver(driver: Found) -> Properties:
    return {"name": driver["Name"], "options": driver.get("Options") or {}}


def _mode(mode: Found) -> Properties:
    if mode.get("Replicated"):
        return {"global": False, "replicated": {"replicas": mode["Replicated"].get("Replicas") or 0}}
    return {"global": mode.get("Global") is not None}


def _updates(config: Found) -> Properties:
    return {
        "parallelism": config.get("Parallelism") or 0,
        "delay": short_duration(config.get("Delay") or 0),
        "failureAction": config.get("FailureAction") or "",
        "monitor": short_duration(config.get("Monitor") or 0),
        "maxFailureRatio": f"{config.get('MaxFailureRatio') or 0:.1f}",
        "order": config.get("Order") or "",
    }


def _port(port: Found) -> Properties:
    return {
        "name": port.get("Name") or "",
        "protocol": port["Protocol"],
        "targetPort": port["TargetPort"],
        "publishedPort": port.get("PublishedPort") or 0,
        "publishMode": port["PublishMode"],
    }


def _rows(table: Mapping[str, Row], found: Found) -> Properties:
    return {
        name: translate(found[key])
        for key, (name, translate) in table.items()
        if not is_empty(found.get(key)) or (key in _KNOWN_ZEROS and found.get(key) is not None)
    }


_KNOWN_ZEROS: Final = frozenset({"StopGracePeriod"})
"""What the official plugin looks at for being there, not for being empty: `flattenContainerSpec`."""


# key of the Engine's object -> (output, translation); what is empty is left out
_CONTAINER: Final[Mapping[str, Row]] = {
    "Image": ("image", _same),
    "Labels": ("labels", labels.to_sdk),
    "Command": ("commands", _same),
    "Args": ("args", _same),
    "Hostname": ("hostname", _same),
    "Env": ("env", _env),
    "User": ("user", _same),
    "Dir": ("dir", _same),
    "Groups": ("groups", _same),
    "Privileges": ("privileges", _privileges),
    "ReadOnly": ("readOnly", _same),
    "Mounts": ("mounts", _mounts),
    "StopSignal": ("stopSignal", _same),
    "StopGracePeriod": ("stopGracePeriod", short_duration),
    "Healthcheck": ("healthcheck", _health),
    "Hosts": ("hosts", _hosts),
    "DNSConfig": (
        "dnsConfig",
        lambda dns: {
            "nameservers": dns.get("Nameservers") or [],
            "searches": dns.get("Search") or [],
            "options": dns.get("Options") or [],
        },
    ),
    "Secrets": ("secrets", _files("secret")),
    "Configs": ("configs", _files("config")),
    "Isolation": ("isolation", _same),
    "Sysctls": ("sysctl", _same),
    "CapabilityAdd": ("capAdds", _same),
    "CapabilityDrop": ("capDrops", _same),
    "Init": ("init", _same),
}
_MOUNT_OPTIONS: Final[Mapping[str, Row]] = {
    "BindOptions": ("bindOptions", lambda options: {"propagation": options.get("Propagation") or ""}),
    "VolumeOptions": ("volumeOptions", _volume),
    "TmpfsOptions": ("tmpfsOptions", _tmpfs),
}
_RESOURCES: Final[Mapping[str, Row]] = {
    "Limits": ("limits", _amounts),
    "Reservations": ("reservation", _reservation),
}
_TASK: Final[Mapping[str, Row]] = {
    "ContainerSpec": ("containerSpec", lambda spec: _rows(_CONTAINER, spec)),
    "Resources": ("resources", lambda resources: _rows(_RESOURCES, resources)),
    "RestartPolicy": ("restartPolicy", _restart),
    "Placement": ("placement", _placement),
    "ForceUpdate": ("forceUpdate", _same),
    "Runtime": ("runtime", _same),
    "Networks": ("networksAdvanceds", _networks),
    "LogDriver": ("logDriver", _log_driver),
}
