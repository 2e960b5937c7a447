"""What jobs and `pre_start` steps have of their own in the ecs column; the rest is their services'."""

from ...support import Row, Verdict

OF_A_TASK = (
    *("annotations", "dns", "dns_opt", "dns_search", "domainname", "extra_hosts", "hostname", "label_file", "labels"),
    *("network_mode", "networks", "pid", "platform"),
)
"""Keys of a container that all containers of a task share, or that a step has no place for."""
BESIDE = "a run that is due during another runs beside it: EventBridge starts it whatever else runs"
TRIGGERS = (
    Row("jobs.*.triggers.manual", Verdict.HARMLESS, "any job can be run by `aws ecs run-task`"),
    Row("jobs.*.triggers.schedule.**", Verdict.HONOURED),
    *(Row(f"jobs.*.triggers.schedule.{key}", Verdict.APPROXIMATED, BESIDE) for key in ("concurrency", "cron")),
)
"""What starts a job. Where the file says nothing of `concurrency`, the specification forbids that, too."""
