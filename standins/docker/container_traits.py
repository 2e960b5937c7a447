"""How each input of `docker.Container` behaves: defaults, what can be changed in place, what the Engine decides.

After the schema in `resource_docker_container.go`. What is in place there without `docker update` knowing it (`init`,
`tmpfs`, `cpuPeriod`, `cpuQuota`) changes nothing in a running container, here as there.
"""

from collections.abc import Mapping
from typing import Final

from standins.docker.rules import at_least, base64_text, duration, matches
from standins.traits import Trait

_THROTTLE: Final = Trait(in_place=True, unordered=True, fields={"rate": Trait(in_place=True, rule=at_least(0))})
_NUMBER_IN_PLACE: Final = Trait(in_place=True, rule=at_least(0))
_SET: Final = Trait(unordered=True)

TRAITS: Final[Mapping[str, Trait]] = {
    "name": Trait(),
    "image": Trait(),
    # what the plugin does with it
    "attach": Trait(default=False, in_place=True),
    "containerReadRefreshTimeoutMilliseconds": Trait(default=15000, in_place=True),
    "destroyGraceSeconds": Trait(in_place=True),
    "logs": Trait(default=False, in_place=True),
    "mustRun": Trait(default=True, in_place=True),
    "removeVolumes": Trait(default=True, in_place=True),
    "rm": Trait(default=False, in_place=True),
    "start": Trait(default=True, in_place=True),
    "wait": Trait(default=False, in_place=True),
    "waitTimeout": Trait(default=60, in_place=True),
    # the process
    "command": Trait(computed=True, rule=lambda words: "values must not be empty" if "" in words else ""),
    "domainname": Trait(),
    "entrypoints": Trait(computed=True),
    "envs": Trait(computed=True, unordered=True),
    "groupAdds": _SET,
    "healthcheck": Trait(
        computed=True,
        fields={
            **dict.fromkeys(
                ("interval", "timeout", "startPeriod", "startInterval"), Trait(default="0s", rule=duration)
            ),
            "retries": Trait(default=0, rule=at_least(0)),
        },
    ),
    "hostname": Trait(computed=True),
    "init": Trait(computed=True, in_place=True),
    "labels": Trait(computed=True, unordered=True),
    "platform": Trait(computed=True),
    "runtime": Trait(computed=True),
    "stdinOpen": Trait(default=False),
    "stopSignal": Trait(computed=True),
    "stopTimeout": Trait(computed=True),
    "tty": Trait(default=False),
    "user": Trait(computed=True),
    "workingDir": Trait(computed=True),
    # files
    "mounts": Trait(unordered=True, fields={"type": Trait(rule=matches("^(bind|volume|tmpfs)$"))}),
    "readOnly": Trait(default=False),
    "storageOpts": Trait(),
    "tmpfs": Trait(in_place=True),
    "uploads": Trait(
        unordered=True,
        fields={
            "executable": Trait(default=False),
            "permissions": Trait(rule=matches("^0[0-7]{3}$")),
            "contentBase64": Trait(rule=base64_text),
        },
    ),
    "volumes": Trait(
        unordered=True,
        fields={
            "hostPath": Trait(rule=matches("^(/|[a-zA-Z]:)")),
            "selinuxRelabel": Trait(rule=matches("^(z|Z)$")),
        },
    ),
    # networks
    "dns": _SET,
    "dnsOpts": _SET,
    "dnsSearches": _SET,
    "hosts": _SET,
    "networkMode": Trait(default="bridge"),
    "networksAdvanced": Trait(unordered=True, fields={"gwPriority": Trait(rule=at_least(0))}),
    "ports": Trait(
        unordered=True,
        fields={
            "ip": Trait(default="0.0.0.0"),  # noqa: S104 - the official default
            "protocol": Trait(default="tcp"),
            "external": Trait(computed=True),
        },
    ),
    "publishAllPorts": Trait(),
    # rights and isolation
    "capabilities": _SET,
    "cgroupParent": Trait(),
    "cgroupnsMode": Trait(rule=matches("^(private|host)$")),
    "deviceCgroupRules": _SET,
    "devices": Trait(unordered=True, fields={"permissions": Trait(default="rwm")}),
    "deviceRequests": Trait(unordered=True, fields={"driver": Trait(default="cdi"), "count": Trait(default=0)}),
    "gpus": Trait(rule=matches("^(all|device=.+)$")),
    "ipcMode": Trait(computed=True),
    "pidMode": Trait(),
    "privileged": Trait(),
    "securityOpts": Trait(computed=True, unordered=True),
    "sysctls": Trait(),
    "ulimits": _SET,
    "usernsMode": Trait(),
    # resources and restarts
    "cpuPeriod": _NUMBER_IN_PLACE,
    "cpuQuota": _NUMBER_IN_PLACE,
    "cpuSet": Trait(in_place=True, rule=matches(r"^\d+([,-]\d+)*$")),
    "cpuShares": _NUMBER_IN_PLACE,
    "cpus": Trait(),
    "deviceReadBps": _THROTTLE,
    "deviceReadIops": _THROTTLE,
    "deviceWriteBps": _THROTTLE,
    "deviceWriteIops": _THROTTLE,
    "maxRetryCount": Trait(in_place=True),
    "memory": _NUMBER_IN_PLACE,
    "memoryReservation": Trait(default=0, in_place=True, rule=at_least(0)),
    "memorySwap": Trait(in_place=True, rule=at_least(-1)),
    "restart": Trait(default="no", in_place=True, rule=matches("^(no|on-failure|always|unless-stopped)$")),
    "shmSize": Trait(computed=True, rule=at_least(0)),
    # logs
    "logDriver": Trait(computed=True),
    "logOpts": Trait(),
}
