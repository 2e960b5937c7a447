"""What of the ecs column depends on the value: what tasks mount, and what runs them."""

from ...support import Row, Verdict
from ..conditional import UPDATES, binds, companions, ending, no_machine, runs, shared_mounts
from ..conditions import anonymous, beside_image, bind_of_file, one_of, unchecked
from . import conditions as when

A, HARMLESS, H, R = Verdict.APPROXIMATED, Verdict.HARMLESS, Verdict.HONOURED, Verdict.REJECTED
REPLACED = "a task that ends is always replaced"
COPIED = "what the image has in that folder is copied first, which takes sh and cp in the image"
QUARTER = "it may take 15 minutes: the function that waits for its end is given no more"

MOUNTS = (
    *binds("tasks"),
    *no_machine("Fargate", "a task", "use the ECS API, with a role of the task's own"),
    Row("services.*.volumes.type", A, COPIED, bind_of_file, "bind of one project file"),
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
    *shared_mounts("ECS", "task"),
    Row("services.*.tmpfs", A, "ECS has no such option", when.other_options, "with an option that ECS does not take"),
    *(
        Row(f"services.*.{kind}.source", A, COPIED, beside_image, "in another folder than /run/secrets")
        for kind in ("configs", "secrets")
    ),
    Row("volumes.*.driver", HARMLESS, "a volume is the cluster's", one_of("local"), "local"),
)
"""Of what a container mounts."""

OF_A_TASK = (
    *("platform", "restart", "deploy.endpoint_mode", "deploy.labels.*", "deploy.mode"),
    *("deploy.placement.max_replicas_per_node", "deploy.placement.preferences.spread"),
    *("deploy.restart_policy.condition", "deploy.restart_policy.max_attempts"),
    *(f"deploy.update_config.{key}" for key in UPDATES),
)
"""Keys that a container in another service's tasks has no say in."""
COMPANIONS = companions("task", OF_A_TASK)
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
        unchecked,
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
    *runs(when.run),
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
    *ending("task", REPLACED, when.ends, "it is run once"),
)
"""What runs a service's tasks, and when."""
