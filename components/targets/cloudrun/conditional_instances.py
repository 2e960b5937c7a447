"""What of the cloudrun column depends on the value: what instances mount and are, and what runs them."""

from ...support import Row, Verdict
from ..conditional import UPDATES, binds, companions, ending, no_machine, runs, shared_mounts
from ..conditions import (
    anonymous,
    beside_image,
    bind_of_file,
    more_than_size,
    no_gpu,
    none_of,
    one_of,
    unchecked,
)
from . import conditions as when

A, HARMLESS, H, R = Verdict.APPROXIMATED, Verdict.HARMLESS, Verdict.HONOURED, Verdict.REJECTED
GKE = "use the target kubernetes on GKE"
REPLACED = "an instance that ends is always replaced"
COPIED = "what the image has in that folder is copied first, which takes sh, cp and sleep in the image"
UNASKED = "a run is not asked: its end tells how it went"
TCP_ALONE = (
    "Cloud Run asks over the network and runs no command: "
    "it is well once it takes connections, for which it has 240 seconds"
)
PROCESS_ALONE = "Cloud Run asks over the network and runs no command: it is well as long as its process runs"
LARGER = "its container has the next size that Cloud Run has, and may use all of it"
BUCKET = (
    "it is a bucket: whole files are written, the last one to write wins, and nothing is locked; "
    "x-slipway.class: nfs has a folder of a share"
)
FOLDER = "a folder in memory has a size, and no other options"

MOUNTS = (
    *binds("instances"),
    *no_machine("Cloud Run", "an instance", "use Google's API, with the service's own account"),
    Row("services.*.volumes.type", A, COPIED, bind_of_file, "bind of one project file"),
    Row(
        "services.*.volumes.type",
        A,
        "an anonymous volume is in memory, and goes with its instance; give it a name",
        anonymous,
        "volume without a source",
    ),
    Row("services.*.volumes.source", A, BUCKET, when.in_bucket, "a volume that is written to, not of the class nfs"),
    *shared_mounts("Cloud Run", "instance"),
    Row("services.*.tmpfs", A, FOLDER, more_than_size, "other options"),
    *(
        Row(f"services.*.{kind}.source", A, COPIED, beside_image, "in another folder than /run/secrets")
        for kind in ("configs", "secrets")
    ),
    Row("volumes.*.driver", HARMLESS, "a volume is a bucket, or on the share", one_of("local"), "local"),
    Row("volumes.*.x-slipway.class", H, "", one_of("nfs"), "nfs"),
    Row(
        "volumes.*.labels.*",
        A,
        "Cloud Storage takes lower-case letters, digits, - and _, which others become",
        when.not_bucket_label,
        "with other letters",
    ),
)
"""Of what a container mounts."""

COMPANIONS = companions(
    "instance",
    (
        *("platform", "restart", "deploy.endpoint_mode", "deploy.labels.*", "deploy.mode"),
        *("deploy.restart_policy.condition", "deploy.restart_policy.max_attempts"),
        *(f"deploy.update_config.{key}" for key in UPDATES),
    ),
)
"""Of a service whose containers are in another's instances."""

CHECKS = (
    *(
        Row("services.*.healthcheck.**", verdict, reason, holds, words)
        for verdict, reason, holds, words in (
            (HARMLESS, UNASKED, when.run, "of a run to completion"),
            (
                A,
                TCP_ALONE,
                when.unasked,
                "a command that is no question of HTTP, gRPC or TCP",
            ),
            (
                A,
                PROCESS_ALONE,
                when.unasked_alone,
                "such a command, of a service without a port",
            ),
            (A, "a connection to the port is asked for in its place", when.inexact, "a command that asks more"),
        )
    ),
    *(
        Row(
            f"services.*.healthcheck.{key}",
            A,
            "it has 240 seconds to come up, and no more",
            when.slow,
            "more than that, with the check's other times",
        )
        for key in ("interval", "retries", "start_period")
    ),
    Row(
        "services.*.healthcheck.disable",
        HARMLESS,
        "Cloud Run asks nothing that the file does not",
        when.not_switched_off,
        "false, or of what is not asked anyway",
    ),
    Row("services.*.healthcheck.disable", H),
    Row("services.*.healthcheck.**", H),
    Row(
        "services.*.depends_on.*.condition",
        A,
        "it waits until its instances have come up: Cloud Run does not ask what the image asks; "
        "write a healthcheck there",
        unchecked,
        "service_healthy, of a service without a healthcheck in the file",
    ),
)
"""Of what tells that a container is well."""

SIZES = (
    *(
        Row(f"services.*.{key}", A, LARGER, when.more_processors, "of what has more")
        for key in ("cpus", "cpu_quota", "cpu_period", "deploy.resources.limits.cpus")
    ),
    *(
        Row(f"services.*.{key}", A, LARGER, when.more_memory, "of what has more")
        for key in ("mem_limit", "deploy.resources.limits.memory")
    ),
    *(
        Row(
            f"services.*.{key}",
            HARMLESS,
            "its container has as much without it, too",
            when.reserved_anyway,
            "of what has as much",
        )
        for key in ("mem_reservation", "deploy.resources.reservations.cpus", "deploy.resources.reservations.memory")
    ),
    *(
        row
        for block in ("gpus", "deploy.resources.reservations.devices")
        for row in (
            Row(
                f"services.*.{block}.count",
                R,
                "an instance has one accelerator",
                when.several_accelerators,
                "not 1 or all",
                "write 1, and more replicas",
            ),
            Row(f"services.*.{block}.driver", R, "Cloud Run has NVIDIA's", none_of("nvidia"), "not nvidia", GKE),
            Row(f"services.*.{block}.capabilities", R, "Cloud Run has GPUs alone", no_gpu, "not gpu", GKE),
        )
    ),
)
"""Of how much there is of what a container uses."""

WORKLOADS = (
    *runs(when.run),
    Row(
        "services.*.deploy.mode",
        A,
        "Cloud Run has no nodes: it has as many instances as replicas",
        one_of("global"),
        "global",
    ),
    Row(
        "services.*.deploy.mode", R, "Cloud Run has no nodes", one_of("global-job"), "global-job", "use replicated-job"
    ),
    *(
        Row(
            f"services.*.{key}",
            A,
            "a run that fails is tried again 10 times at most",
            when.many_tries,
            "more tries than that, of a run to completion",
        )
        for key in ("restart", "deploy.restart_policy.condition", "deploy.restart_policy.max_attempts")
    ),
    *ending("instance", REPLACED, when.ends, "it is a job"),
    Row("services.*.stop_grace_period", HARMLESS, "there are 10 seconds", when.short, "10 seconds or less"),
)
"""What runs a service's instances, and when."""
