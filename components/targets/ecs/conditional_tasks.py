"""What of the ecs column depends on the value: what tasks mount, and what runs them."""

from ...support import Row, Verdict
from ..conditions import (
    anonymous,
    bind_of_socket,
    companion,
    linked,
    may_end,
    more_than_taken,
    of_container,
    one_of,
    project_bind_missing,
    project_bind_too_large,
    project_bind_written,
)
from . import conditions as when

A, HARMLESS, H, R = Verdict.APPROXIMATED, Verdict.HARMLESS, Verdict.HONOURED, Verdict.REJECTED
IN_A_TASK = "its container is in the tasks of another service, and has what these have"
REPLACED = "a task that ends is always replaced"
COPIED = "what the image has in that folder is copied first, which takes sh and cp in the image"
QUARTER = "it may take 15 minutes: the function that waits for its end is given no more"

MOUNTS = (
    Row(
        "services.*.volumes.type",
        R,
        "there is nothing at its source",
        project_bind_missing,
        "bind of a project file that is missing",
        "make it, or mend the path",
    ),
    Row(
        "services.*.volumes.type",
        R,
        "tasks do not have the project's files, and get them to read only",
        project_bind_written,
        "bind of a project file to write",
        "write read_only: true, or use a named volume",
    ),
    Row(
        "services.*.volumes.type",
        R,
        "tasks do not have the project's files, and get 1 MiB at most",
        project_bind_too_large,
        "bind of project files of more than 1 MiB",
        "put them into the image, or use a named volume",
    ),
    Row(
        "services.*.volumes.type",
        R,
        "a task has no Docker Engine",
        bind_of_socket,
        "bind of docker.sock",
        "use the ECS API, with a role of the task's own",
    ),
    Row(
        "services.*.volumes.type",
        R,
        "a task has no machine of yours whose folders it could see",
        when.bind_of_machine,
        "bind of anything else",
        "use a named volume",
    ),
    Row(
        "services.*.volumes.type",
        R,
        "Fargate has no such mount",
        one_of("cluster", "image", "npipe"),
        "cluster, image, npipe",
        "use a named volume",
    ),
    Row("services.*.volumes.type", A, COPIED, when.bind_of_file, "bind of one project file"),
    Row(
        "services.*.volumes.type",
        A,
        f"an anonymous volume goes with its task, at every replacement; {COPIED}",
        when.unnamed_under_read_only,
        "volume without a source, with read_only",
    ),
    Row(
        "services.*.volumes.type",
        A,
        "an anonymous volume goes with its task, at every replacement; give it a name",
        anonymous,
        "volume without a source",
    ),
    Row(
        "services.*.volumes.source",
        A,
        "a database on EFS is slow, and its makers advise against it; x-slipway.managed has AWS's own",
        when.of_database,
        "a volume that a known database writes to",
    ),
    Row(
        "services.*.volumes.volume.nocopy",
        HARMLESS,
        "nothing of the image is ever copied into a volume",
        one_of(True),
        "true",
    ),
    Row(
        "services.*.volumes_from",
        R,
        "ECS knows no other task's container",
        of_container,
        "container:NAME",
        "name its service",
    ),
    Row(
        "services.*.volumes_from",
        A,
        "what is in memory or has no name is not taken over",
        more_than_taken,
        "of a service with tmpfs or anonymous volumes",
    ),
    Row("services.*.tmpfs", A, "ECS has no such option", when.other_options, "with an option that ECS does not take"),
    *(
        Row(f"services.*.{kind}.source", A, COPIED, when.beside_image, "in another folder than /run/secrets")
        for kind in ("configs", "secrets")
    ),
    Row("volumes.*.driver", HARMLESS, "a volume is the cluster's", one_of("local"), "local"),
)
"""Of what a container mounts."""

UPDATES = ("delay", "failure_action", "max_failure_ratio", "monitor", "order", "parallelism")
OF_A_TASK = (
    *("platform", "restart", "deploy.endpoint_mode", "deploy.labels.*", "deploy.mode"),
    *("deploy.placement.max_replicas_per_node", "deploy.placement.preferences.spread"),
    *("deploy.restart_policy.condition", "deploy.restart_policy.max_attempts"),
    *(f"deploy.update_config.{key}" for key in UPDATES),
)
"""Keys that a container in another service's tasks has no say in."""
COMPANIONS = (
    *(Row(f"services.*.{key}", A, IN_A_TASK, companion, "with network_mode: service:NAME") for key in OF_A_TASK),
    *(
        Row(
            f"services.*.{key}",
            R,
            "the service has no address of its own",
            companion,
            "with network_mode: service:NAME",
            "write it at the service whose network it is in",
        )
        for key in ("expose", "ports.target")
    ),
)
"""Of a service whose containers are in another's tasks."""

CHECKS = {"interval": "interval", "timeout": "timeout", "retries": "retries", "start_period": "startPeriod"}
"""Key of Compose's health check -> that of ECS'."""
WORKLOADS = (
    *(
        Row(
            f"services.*.healthcheck.{key}",
            A,
            "ECS does not ask what the image asks; write test",
            when.image_check,
            "without a test",
        )
        for key in CHECKS
    ),
    *(
        Row(
            f"services.*.healthcheck.{key}",
            A,
            f"ECS takes {when.words(limit)}, and the nearest of these",
            when.beyond(limit),
            f"not {when.words(limit)}",
        )
        for key, limit in CHECKS.items()
    ),
    Row("services.*.healthcheck.disable", HARMLESS, "ECS asks nothing that the file does not", one_of(False), "false"),
    Row(
        "services.*.depends_on.*.condition",
        A,
        "it waits until its tasks run: ECS does not ask what the image asks; write a healthcheck there",
        when.unchecked,
        "service_healthy, of a service without a healthcheck in the file",
    ),
    Row(
        "services.*.depends_on.*.condition",
        A,
        QUARTER,
        one_of("service_completed_successfully"),
        "service_completed_successfully",
    ),
    Row(
        "services.*.stop_grace_period",
        A,
        "Fargate takes 2 to 120 seconds, and the nearest of these",
        when.beyond_grace,
        "not 2 to 120 seconds",
    ),
    *(
        Row(
            f"services.*.deploy.update_config.{key}",
            A,
            "a run to completion is not updated, but run anew",
            when.run,
            "of a run to completion",
        )
        for key in UPDATES
    ),
    *(
        Row(
            f"services.*.deploy.update_config.{key}",
            A,
            "the old tasks go first, all at once: two at a time would write to the volume",
            when.old_first,
            "with a volume of one writer",
        )
        for key in ("order", "parallelism")
    ),
    Row(
        "services.*.deploy.update_config.order",
        HARMLESS,
        "new tasks come first where the file says nothing, too",
        one_of("start-first"),
        "start-first",
    ),
    Row(
        "services.*.deploy.update_config.failure_action",
        HARMLESS,
        "an update that fails is rolled back where the file says nothing, too",
        one_of("rollback"),
        "rollback",
    ),
    Row("services.*.deploy.update_config.failure_action", H, "", one_of("pause"), "pause"),
    Row("services.*.deploy.mode", A, "Fargate has no nodes: there is one task", one_of("global"), "global"),
    Row(
        "services.*.deploy.mode",
        R,
        "Fargate has no nodes",
        one_of("global-job"),
        "global-job",
        "use replicated-job",
    ),
    Row("services.*.restart", H, "", when.ends, "no or on-failure, where nothing is published: it is run once"),
    Row("services.*.restart", A, REPLACED, may_end, "no or on-failure, where something is published"),
    *(
        Row(f"services.*.deploy.restart_policy.{key}", H, "", when.ends, "of a run to completion")
        for key in ("condition", "max_attempts")
    ),
    Row("services.*.deploy.restart_policy.condition", HARMLESS, REPLACED, one_of("any"), "any"),
    Row("services.*.depends_on.*.restart", H, "", one_of(False), "false"),
    Row(
        "services.*.depends_on.*.restart",
        HARMLESS,
        "its name leads to the new tasks by itself, and what is in its tasks is replaced with them",
        linked,
        "of a link, or of network_mode: service:NAME",
    ),
)
"""What runs a service's tasks, and when."""
