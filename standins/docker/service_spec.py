"""The inputs of `docker.Service` as the Engine API wants them. Pure.

After the mappers in `resource_docker_service_structures.go`, with what they send where the program says nothing: no
grace period is one of 0 s, no `init` is false, a restart policy without a delay has one of 0 s.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from standins.docker import labels
from standins.docker.rules import nanoseconds
from standins.traits import is_empty

Body = dict[str, Any]
Inputs = Mapping[str, Any]
Row = tuple[str, Callable[[Any], Any]]


def body(inputs: Inputs) -> Body:
    """The body of `POST /services/create` and of an update; the inputs have their defaults."""
    sent: Body = {
        "Name": inputs["name"],
        "TaskTemplate": _task(inputs["taskSpec"]),
        "Mode": _mode(inputs.get("mode") or {}),
        "EndpointSpec": _endpoint(inputs.get("endpointSpec") or {}),
    }
    return sent | _rows(_SERVICE, inputs)


def _task(task: Inputs) -> Body:
    sent: Body = {
        "ContainerSpec": _container(task["containerSpec"]),
        "Resources": _resources(task.get("resources") or {}),
        "RestartPolicy": _restart(task["restartPolicy"]) if task.get("restartPolicy") else {},
        "Placement": _placement(task.get("placement") or {}),
        "ForceUpdate": task.get("forceUpdate") or 0,
        "Networks": [_network(network) for network in task.get("networksAdvanceds") or ()],
    }
    if task.get("runtime"):
        sent["Runtime"] = task["runtime"]
    if task.get("logDriver"):
        driver = task["logDriver"]
        sent["LogDriver"] = {"Name": driver["name"], "Options": driver.get("options") or {}}
    return sent


def _container(spec: Inputs) -> Body:
    return {
        "Image": spec["image"],
        "StopGracePeriod": nanoseconds(spec.get("stopGracePeriod") or "0"),
        "Init": bool(spec.get("init")),
        "DNSConfig": _rows(_DNS, spec.get("dnsConfig") or {}),
        "Healthcheck": _health(spec["healthcheck"]) if spec.get("healthcheck") else {},
    } | _rows(_CONTAINER, spec)


def _same(value: Any) -> Any:
    return value


def _env(variables: Mapping[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in sorted(variables.items()) if name]


def _hosts(hosts: list[Inputs]) -> list[str]:
    return [f"{entry['ip']} {entry['host']}" for entry in hosts]


def _health(check: Inputs) -> Body:
    return {
        "Test": check.get("tests") or [],
        "Interval": nanoseconds(check["interval"]),
        "Timeout": nanoseconds(check["timeout"]),
        "StartPeriod": nanoseconds(check["startPeriod"]),
        "Retries": check["retries"],
    }


def _files(kind: str) -> Callable[[list[Inputs]], list[Body]]:
    """References to secrets or configs, each with its file."""
    key = kind.capitalize()

    def send(files: list[Inputs]) -> list[Body]:
        return [
            {
                f"{key}ID": file[f"{kind}Id"],
                f"{key}Name": file.get(f"{kind}Name") or "",
                "File": {
                    "Name": file["fileName"],
                    "UID": file["fileUid"],
                    "GID": file["fileGid"],
                    "Mode": file["fileMode"],
                },
            }
            for file in files
        ]

    return send


def _mounts(mounts: list[Inputs]) -> list[Body]:
    return [
        {
            "Type": mount["type"],
            "Target": mount["target"],
            "Source": mount.get("source") or "",
            "ReadOnly": bool(mount.get("readOnly")),
        }
        | _rows(_MOUNT_OPTIONS, mount)
        for mount in mounts
    ]


def _volume(options: Inputs) -> Body:
    return {
        "NoCopy": bool(options.get("noCopy")),
        "Labels": labels.to_engine(options.get("labels")),
        "DriverConfig": {"Name": options.get("driverName") or "", "Options": options.get("driverOptions") or {}},
    }


def _tmpfs(options: Inputs) -> Body:
    return {"SizeBytes": options.get("sizeBytes") or 0, "Mode": options.get("mode") or 0}


def _privileges(privileges: Inputs) -> Body:
    context = privileges.get("seLinuxContext")
    if not context:
        return {}
    words = {key.capitalize(): context.get(key) or "" for key in ("user", "role", "type", "level")}
    return {"SELinuxContext": {"Disable": bool(context.get("disable")), **words}}


def _resources(resources: Inputs) -> Body:
    sent: Body = {}
    if resources.get("limits"):
        sent["Limits"] = _amounts(resources["limits"])
    if resources.get("reservation"):
        reservation = resources["reservation"]
        generic = reservation.get("genericResources") or {}
        sent["Reservations"] = {**_amounts(reservation), "GenericResources": _generic(generic)}
    return sent


def _amounts(amounts: Inputs) -> Body:
    return {"NanoCPUs": amounts.get("nanoCpus") or 0, "MemoryBytes": amounts.get("memoryBytes") or 0}


def _generic(generic: Inputs) -> list[Body]:
    named = [entry.split("=")[:2] for entry in generic.get("namedResourcesSpecs") or ()]
    counted = [entry.split("=")[:2] for entry in generic.get("discreteResourcesSpecs") or ()]
    return [
        *({"NamedResourceSpec": {"Kind": kind, "Value": value}} for kind, value in named),
        *({"DiscreteResourceSpec": {"Kind": kind, "Value": int(value)}} for kind, value in counted),
    ]


def _restart(policy: Inputs) -> Body:
    return {
        "Condition": policy.get("condition") or "",
        "Delay": nanoseconds(policy.get("delay") or "0"),
        "MaxAttempts": policy.get("maxAttempts") or 0,
        "Window": nanoseconds(policy.get("window") or "0"),
    }


def _placement(placement: Inputs) -> Body:
    return {
        "Constraints": sorted(placement.get("constraints") or ()),
        # a set to the official plugin: the order of the program is lost there too
        "Preferences": [{"Spread": {"SpreadDescriptor": each}} for each in sorted(placement.get("prefs") or ())],
        "MaxReplicas": placement.get("maxReplicas") or 0,
        "Platforms": [
            {"Architecture": each["architecture"], "OS": each["os"]} for each in placement.get("platforms") or ()
        ],
    }


def _network(network: Inputs) -> Body:
    pairs = (option.partition("=") for option in network.get("driverOpts") or ())
    return {
        "Target": network.get("id") or network["name"],
        "Aliases": sorted(network.get("aliases") or ()),
        "DriverOpts": {name: value for name, equals, value in pairs if equals},
    }


def _mode(mode: Inputs) -> Body:
    if mode.get("global"):
        return {"Global": {}}
    replicated = mode.get("replicated")
    return {"Replicated": {"Replicas": replicated.get("replicas", 1)}} if replicated is not None else {}


def _updates(config: Inputs) -> Body:
    return {
        "Parallelism": config["parallelism"],
        "Delay": nanoseconds(config["delay"]),
        "FailureAction": config["failureAction"],
        "Monitor": nanoseconds(config["monitor"]),
        "MaxFailureRatio": float(config["maxFailureRatio"]),
        "Order": config["order"],
    }


def _endpoint(endpoint: Inputs) -> Body:
    sent: Body = {"Ports": [_port(port) for port in endpoint.get("ports") or ()]}
    return sent | ({"Mode": endpoint["mode"]} if endpoint.get("mode") else {})


def _port(port: Inputs) -> Body:
    return {
        "Name": port.get("name") or "",
        "Protocol": port["protocol"],
        "TargetPort": port["targetPort"],
        "PublishedPort": port.get("publishedPort") or 0,
        "PublishMode": port["publishMode"],
    }


def _rows(table: Mapping[str, Row], inputs: Inputs) -> Body:
    return {key: translate(inputs[name]) for name, (key, translate) in table.items() if not is_empty(inputs.get(name))}


# input -> (key of the Engine's object, translation); what is unset or empty is left out
_SERVICE: Final[Mapping[str, Row]] = {
    "labels": ("Labels", labels.to_engine),
    "updateConfig": ("UpdateConfig", _updates),
    "rollbackConfig": ("RollbackConfig", _updates),
}
_CONTAINER: Final[Mapping[str, Row]] = {
    "args": ("Args", _same),
    "capAdds": ("CapabilityAdd", _same),
    "capDrops": ("CapabilityDrop", _same),
    "commands": ("Command", _same),
    "configs": ("Configs", _files("config")),
    "dir": ("Dir", _same),
    "env": ("Env", _env),
    "groups": ("Groups", _same),
    "hostname": ("Hostname", _same),
    "hosts": ("Hosts", _hosts),
    "isolation": ("Isolation", _same),
    "labels": ("Labels", labels.to_engine),
    "mounts": ("Mounts", _mounts),
    "privileges": ("Privileges", _privileges),
    "readOnly": ("ReadOnly", _same),
    "secrets": ("Secrets", _files("secret")),
    "stopSignal": ("StopSignal", _same),
    "sysctl": ("Sysctls", _same),
    "user": ("User", _same),
}
_MOUNT_OPTIONS: Final[Mapping[str, Row]] = {
    "bindOptions": ("BindOptions", lambda options: {"Propagation": options["propagation"]}),
    "volumeOptions": ("VolumeOptions", _volume),
    "tmpfsOptions": ("TmpfsOptions", _tmpfs),
}
_DNS: Final[Mapping[str, Row]] = {
    "nameservers": ("Nameservers", _same),
    "searches": ("Search", _same),
    "options": ("Options", _same),
}
