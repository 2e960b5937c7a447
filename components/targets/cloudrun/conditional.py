"""What of the cloudrun column depends on the value: rows of `support.py` with a condition."""

from ...support import Row, Verdict
from ..conditions import aliased, is_external, is_secret, no_new_privileges, of_container, one_of
from ..docker import support as docker
from . import conditions as when
from . import reach
from .conditional_instances import CHECKS, GKE, MOUNTS, SIZES, WORKLOADS
from .conditional_reach import REACH

A, HARMLESS, H, R = Verdict.APPROXIMATED, Verdict.HARMLESS, Verdict.HONOURED, Verdict.REJECTED
LABELED = ("services.*.labels.*", "services.*.deploy.labels.*", "secrets.*.labels.*", "configs.*.labels.*")
"""Labels that become annotations."""

SECRET = (
    *(
        Row(f"services.*.{key}", R, docker.PROCESSES, is_secret, "a secret")
        for key in ("command", "entrypoint", "healthcheck.test")
    ),
    *(Row(path, R, docker.LABEL, is_secret, "a secret") for path in (*LABELED, "volumes.*.labels.*")),
)
"""Where a value that holds a secret would be read by others."""

NAMES = (
    *(
        Row(
            path,
            A,
            "it is not set: no annotation has that name",
            when.not_annotation,
            "a name that is not [domain/]name, or Google's own",
        )
        for path in LABELED
    ),
    *(Row(f"{kind}.*.name", H, "", is_external, "external") for kind in ("secrets", "configs", "volumes")),
    Row("services.*.networks.*.aliases", H, "", when.is_named, "a name that a value calls it by"),
    Row("services.*.links", A, "every service sees the alias", aliased, "with an alias"),
    Row("services.*.ports.app_protocol", H, "", one_of(*reach.H2C), ", ".join(reach.H2C)),
)
"""Names and labels."""

RIGHTS = (
    Row(
        "services.*.cap_add",
        R,
        "Cloud Run adds none",
        when.unusual,
        "none of those that an Engine gives every container",
        GKE,
    ),
    Row("services.*.privileged", HARMLESS, "no instance is", one_of(False), "false"),
    Row(
        "services.*.security_opt",
        A,
        "a process may gain privileges by a program that has them",
        no_new_privileges,
        "no-new-privileges",
    ),
    Row("services.*.security_opt", R, "Cloud Run has its own profiles", when.no_option, "any other option", GKE),
    Row("services.*.cgroup", HARMLESS, "a container has a namespace of its own", one_of("private"), "private"),
    Row("services.*.userns_mode", HARMLESS, "instances share no machine with others", one_of("host"), "host"),
    Row(
        "services.*.ipc", HARMLESS, "no other container shares it", one_of("private", "shareable"), "private, shareable"
    ),
    Row("services.*.runtime", HARMLESS, "it is what runs containers anyway", one_of("runc"), "runc"),
    Row(
        "services.*.platform",
        R,
        "Cloud Run runs Linux on amd64",
        when.no_platform,
        "any other",
        "build it for linux/amd64",
    ),
    Row(
        "services.*.build.platforms",
        R,
        "Cloud Run runs Linux on amd64",
        when.no_platforms,
        "without it",
        "add linux/amd64",
    ),
    Row("services.*.stop_signal", HARMLESS, "it is Cloud Run's own", one_of("SIGTERM", "TERM", "15"), "SIGTERM"),
    Row("services.*.pull_policy", A, "a revision always pulls its image", one_of("never"), "never"),
)
"""What a container may do."""

NETWORK = (
    Row(
        "services.*.network_mode",
        R,
        "an instance has no machine of its own to share",
        one_of("host"),
        "host",
        f"use networks and ports, or {GKE}",
    ),
    Row(
        "services.*.network_mode",
        R,
        "Cloud Run knows no other instance's container",
        of_container,
        "container:NAME",
        "use service:NAME",
    ),
    Row("services.*.network_mode", A, "an instance may call others", one_of("none"), "none"),
    Row("services.*.network_mode", A, "it is in the project's own network", one_of("bridge", "default"), "bridge"),
    Row("networks.*.driver", HARMLESS, "the project has one network", one_of("bridge", "overlay"), "bridge, overlay"),
    Row("networks.*.enable_ipv4", HARMLESS, "the network gives instances their addresses", one_of(True), "true"),
    Row("networks.*.attachable", HARMLESS, "nothing but the application's instances is on it", one_of(False), "false"),
)
"""What is shared with others."""

CONDITIONAL = (*SECRET, *REACH, *MOUNTS, *NAMES, *CHECKS, *SIZES, *WORKLOADS, *RIGHTS, *NETWORK)
"""What depends on the value."""
