"""What of the kubernetes column depends on the value: rows of `support.py` with a condition."""

from ...support import Row, Verdict
from ..conditions import (
    aliased,
    by_time,
    is_range,
    is_secret,
    loopback,
    no_gpu,
    no_new_privileges,
    none_of,
    of_container,
    one_address,
    one_of,
)
from ..docker import support as docker
from . import conditions as when
from .conditional_pods import MOUNTS, WORKLOADS

A, HARMLESS, H, R = Verdict.APPROXIMATED, Verdict.HARMLESS, Verdict.HONOURED, Verdict.REJECTED
SHOWN = "`kubectl get pod -o yaml` shows it"
A_NUMBER = "write a number; `docker run --rm --entrypoint id IMAGE NAME` tells it"
PLUGINS = "a pod asks its node's device plugin for a number of devices"

SECRET = {
    **{f"services.*.{key}": (R, docker.PROCESSES) for key in ("command", "entrypoint", "healthcheck.test")},
    **{f"services.*.{key}": (R, docker.PROCESSES) for key in ("post_start.command", "pre_stop.command")},
    **{f"services.*.{key}.*": (R, docker.LABEL) for key in ("labels", "annotations", "deploy.labels")},
    **{f"{kind}.*.labels.*": (R, docker.LABEL) for kind in ("networks", "volumes", "secrets", "configs")},
    "services.*.sysctls.*": (A, SHOWN),
}
"""Where a value that holds a secret would be read by others."""

NAMES = (
    *(
        Row(
            path,
            R,
            "no annotation can have this name",
            when.not_annotation,
            "a name that is not [domain/]name",
            "write letters, digits, ., _ and -, 63 at most",
        )
        for path in (
            *("services.*.labels.*", "services.*.annotations.*", "services.*.deploy.labels.*"),
            *("networks.*.labels.*", "volumes.*.labels.*", "secrets.*.labels.*", "configs.*.labels.*"),
        )
    ),
    *(
        Row(
            path,
            A,
            "others call it with a hyphen for the underscore, which DNS does not have",
            when.renamed,
            "of a service whose name is no DNS label",
        )
        for path in ("services.*.image", "services.*.build.context")
    ),
    Row(
        "services.*.image",
        A,
        "a tag means what it means when a node pulls it; write the digest",
        when.moving_tag,
        "a tag, of what is not built",
    ),
    Row(
        "services.*.hostname",
        A,
        "it is the pod's name: a hostname is one DNS label",
        when.not_hostname,
        "not a DNS label",
    ),
    Row(
        "services.*.networks.*.aliases",
        R,
        "a Service's name is one DNS label",
        when.not_label,
        "not a DNS label",
        "use a name without dots",
    ),
    Row("services.*.links", A, "every service sees the alias", aliased, "with an alias"),
)
"""Names that Kubernetes does not take as they are."""

RIGHTS = (
    Row("services.*.user", R, "Kubernetes takes a number", when.named, "a name but root", A_NUMBER),
    Row("services.*.group_add", R, "Kubernetes takes a number", when.named, "a name but root", A_NUMBER),
    Row(
        "services.*.sysctls.*",
        A,
        "nodes refuse it unless their kubelet allows it (allowedUnsafeSysctls)",
        when.unsafe,
        "not of the safe set",
    ),
    Row(
        "services.*.security_opt",
        R,
        "Kubernetes has no such option",
        when.no_option,
        "not no-new-privileges, seccomp:unconfined, apparmor or an SELinux label",
    ),
    Row(
        "services.*.security_opt",
        HARMLESS,
        "no container gains privileges",
        no_new_privileges,
        "no-new-privileges: true",
    ),
    Row("services.*.cgroup", HARMLESS, "a container has a namespace of its own", one_of("private"), "private"),
    Row("services.*.userns_mode", HARMLESS, "it is Kubernetes' own default", one_of("host"), "host"),
    Row("services.*.ipc", HARMLESS, "no other pod shares it", one_of("private", "shareable"), "private, shareable"),
    *(
        Row(
            f"services.*.{key}",
            R,
            "pods share no namespaces",
            none_of("host", "private", "shareable"),
            "not host",
            "use a network",
        )
        for key in ("ipc", "pid")
    ),
    Row(
        "services.*.network_mode",
        R,
        "Kubernetes knows no other pod's container",
        of_container,
        "container:NAME",
        "use service:NAME",
    ),
    Row("services.*.network_mode", A, "a pod has a network interface, and may call others", one_of("none"), "none"),
    Row("services.*.network_mode", A, "it is on the cluster's network", one_of("bridge", "default"), "bridge"),
    Row("services.*.stop_signal", HARMLESS, "it is Kubernetes' own", one_of("SIGTERM", "TERM", "15"), "SIGTERM"),
)
"""What a container may do."""

DEVICES = (
    *(
        row
        for block in ("gpus", "deploy.resources.reservations.devices")
        for row in (
            Row(f"services.*.{block}.count", A, "it gets one: a pod asks for a number", one_of(-1), "all"),
            Row(
                f"services.*.{block}.driver",
                R,
                "no device plugin is known by that word",
                when.no_driver,
                "not nvidia or amd",
                "use deploy.resources.reservations.generic_resources",
            ),
            Row(
                f"services.*.{block}.capabilities",
                R,
                PLUGINS,
                no_gpu,
                "not gpu",
                "use deploy.resources.reservations.generic_resources",
            ),
        )
    ),
    Row(
        "services.*.deploy.resources.reservations.generic_resources.discrete_resource_spec.kind",
        R,
        "Kubernetes' resources have a domain",
        when.no_resource,
        "without a domain",
        "write it as its device plugin does, such as nvidia.com/gpu",
    ),
)
"""Devices."""

NETWORK = (
    Row(
        "services.*.extra_hosts.*",
        R,
        "a pod has no gateway to one host",
        one_of("host-gateway"),
        "host-gateway",
        "write the address, or call a service",
    ),
    Row(
        "services.*.ports.host_ip",
        R,
        "a Service is published on every address of the nodes",
        one_address,
        "a certain address but the loopback's",
        "leave it out, and keep others away by a firewall",
    ),
    Row("services.*.ports.host_ip", H, "", one_of("0.0.0.0", "::", ""), "all addresses"),  # noqa: S104 - compared
    Row(
        "services.*.ports.published",
        HARMLESS,
        "host_ip tells that it is not published",
        loopback,
        "on the loopback",
    ),
    Row(
        "services.*.ports.mode",
        A,
        "it answers on every node, since another port of the service is in ingress mode",
        when.mixed_modes,
        "host, beside ingress",
    ),
    Row("services.*.ports.published", A, "the first of the range is taken", is_range, "a range"),
    Row("services.*.ports.published", H, "", when.node_port, "30000 to 32767"),
    Row("networks.*.driver", HARMLESS, "the cluster has one network", one_of("bridge", "overlay"), "bridge, overlay"),
    Row("services.*.x-slipway.autoscale.min", A, "an autoscaler keeps one", one_of(0), "0"),
    Row("networks.*.enable_ipv4", HARMLESS, "the cluster gives pods their addresses", one_of(True), "true"),
    Row("volumes.*.driver", HARMLESS, "a volume is the cluster's", one_of("local"), "local"),
    Row(
        "services.*.pull_policy",
        A,
        "a node pulls an image that it does not have",
        by_time,
        "daily, weekly, every_...",
    ),
)
"""What is shared with others."""

CONDITIONAL = (
    *(Row(path, verdict, reason, is_secret, "a secret") for path, (verdict, reason) in SECRET.items()),
    *MOUNTS,
    *NAMES,
    *WORKLOADS,
    *RIGHTS,
    *DEVICES,
    *NETWORK,
)
"""What depends on the value."""
