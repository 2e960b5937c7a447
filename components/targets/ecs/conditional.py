"""What of the ecs column depends on the value: rows of `support.py` with a condition."""

from ...support import Row, Verdict
from ..conditions import (
    aliased,
    is_external,
    is_range,
    is_secret,
    loopback,
    none_of,
    of_container,
    one_address,
    one_of,
)
from ..docker import support as docker
from . import conditions as when
from .conditional_tasks import MOUNTS, WORKLOADS

A, HARMLESS, H, R = Verdict.APPROXIMATED, Verdict.HARMLESS, Verdict.HONOURED, Verdict.REJECTED
SHOWN = "`aws ecs describe-task-definition` shows it"
EKS = "use the target kubernetes on EKS"
NO_TAG = "AWS takes no such tag"
A_TAG = "write letters, digits, spaces and _.:/=+-@: 128 for the name, 256 for the value"
ONE_LABEL = "a name in the application's domain is one DNS label"

SECRET = {
    **{f"services.*.{key}": (R, docker.PROCESSES) for key in ("command", "entrypoint", "healthcheck.test")},
    "services.*.labels.*": (R, docker.LABEL),
    "services.*.deploy.labels.*": (R, docker.LABEL),
    **{f"{kind}.*.labels.*": (R, docker.LABEL) for kind in ("networks", "volumes", "secrets", "configs")},
    "services.*.sysctls.*": (A, SHOWN),
}
"""Where a value that holds a secret would be read by others."""

NAMES = (
    *(
        Row(path, R, NO_TAG, when.not_tag, "no tag of AWS's", A_TAG)
        for path in ("services.*.deploy.labels.*", "networks.*.labels.*", "secrets.*.labels.*", "volumes.*.labels.*")
    ),
    Row("services.*.networks.*.aliases", R, ONE_LABEL, when.not_label, "not a DNS label", "use a name without dots"),
    Row("services.*.links", A, "every service sees the alias", aliased, "with an alias"),
    *(Row(f"{kind}.*.name", H, "", is_external, "external") for kind in ("secrets", "configs", "volumes")),
)
"""Names and labels."""

RIGHTS = (
    Row("services.*.cap_add", R, "Fargate adds SYS_PTRACE alone", when.not_added, "not SYS_PTRACE", EKS),
    Row("services.*.privileged", HARMLESS, "no task is", one_of(False), "false"),
    Row(
        "services.*.security_opt",
        A,
        "a process may gain privileges by a program that has them; drop them with cap_drop",
        one_of(*(f"no-new-privileges{end}" for end in ("", ":true", "=true"))),
        "no-new-privileges",
    ),
    Row("services.*.security_opt", R, "Fargate has its own profiles", when.no_option, "any other option"),
    Row(
        "services.*.sysctls.*",
        R,
        "it is the machine's, not the task's",
        when.not_namespaced,
        "not net.*, fs.mqueue.*, or of shared memory and messages",
        EKS,
    ),
    *(
        Row(f"services.*.ulimits.*{end}", A, "Fargate's own limit holds", when.not_limited, "not nofile")
        for end in ("", ".soft", ".hard")
    ),
    Row("services.*.cgroup", HARMLESS, "a container has a namespace of its own", one_of("private"), "private"),
    Row("services.*.userns_mode", HARMLESS, "tasks share no machine with others", one_of("host"), "host"),
    Row(
        "services.*.ipc", HARMLESS, "no other container shares it", one_of("private", "shareable"), "private, shareable"
    ),
    Row(
        "services.*.pid",
        R,
        "containers of other tasks run on other machines",
        when.elsewhere,
        "not service:NAME, of a service in the same tasks",
        "join its network too, with network_mode: service:NAME",
    ),
    Row("services.*.runtime", HARMLESS, "it is what runs containers anyway", one_of("runc"), "runc"),
    Row("services.*.platform", R, "Fargate runs Linux on amd64 and arm64", when.no_platform, "any other"),
    Row(
        "services.*.network_mode",
        R,
        "a task has no machine of its own to share",
        one_of("host"),
        "host",
        f"use networks and ports, or {EKS}",
    ),
    Row(
        "services.*.network_mode",
        R,
        "ECS knows no other task's container",
        of_container,
        "container:NAME",
        "use service:NAME",
    ),
    Row("services.*.network_mode", A, "a task has a network interface, and may call others", one_of("none"), "none"),
    Row(
        "services.*.network_mode",
        A,
        "it is in the cluster's own network",
        one_of("bridge", "default"),
        "bridge",
    ),
    Row("services.*.stop_signal", HARMLESS, "it is ECS' own", one_of("SIGTERM", "TERM", "15"), "SIGTERM"),
    Row("services.*.pull_policy", A, "a task always pulls its image", one_of("never"), "never"),
    *(
        Row(
            f"services.*.{key}",
            A,
            "its task has the next size of Fargate's, and the container may use all of it",
            when.more_than_asked,
            "of a task that has more",
        )
        for key in ("cpus", "cpu_quota", "cpu_period", "deploy.resources.limits.cpus")
    ),
)
"""What a container may do, and use."""

NETWORK = (
    *(
        Row(
            path,
            A,
            "no port of it is known: what shares a network with it reaches all of them; write expose",
            when.open_to_members,
            "of a service that others can call, without a port",
        )
        for path in ("services.*.image", "services.*.build.context")
    ),
    Row(
        "services.*.extra_hosts.*",
        R,
        "a task has no gateway to one host",
        one_of("host-gateway"),
        "host-gateway",
        "write the address, or call a service",
    ),
    Row(
        "services.*.ports.host_ip",
        R,
        "a load balancer has addresses of its own",
        one_address,
        "a certain address but the loopback's",
        "leave it out, or set slipway:ecs.publish to internal",
    ),
    Row("services.*.ports.host_ip", HARMLESS, "it means all", none_of("127.0.0.1", "::1"), "all addresses"),
    Row(
        "services.*.ports.published",
        HARMLESS,
        "host_ip tells that it is not published",
        loopback,
        "on the loopback",
    ),
    Row("services.*.ports.published", A, "the first of the range is taken", is_range, "a range"),
    Row("services.*.ports.protocol", R, "Fargate has tcp and udp", one_of("sctp"), "sctp", EKS),
    Row("services.*.deploy.endpoint_mode", H, "", one_of("dnsrr"), "dnsrr"),
    Row("networks.*.driver", HARMLESS, "the cluster has one network", one_of("bridge", "overlay"), "bridge, overlay"),
    Row("networks.*.enable_ipv4", HARMLESS, "the cluster's network gives tasks their addresses", one_of(True), "true"),
    Row("networks.*.attachable", HARMLESS, "nothing but the application's tasks is on it", one_of(False), "false"),
)
"""What is shared with others."""

CONDITIONAL = (
    *(Row(path, verdict, reason, is_secret, "a secret") for path, (verdict, reason) in SECRET.items()),
    *MOUNTS,
    *NAMES,
    *WORKLOADS,
    *RIGHTS,
    *NETWORK,
)
"""What depends on the value."""
