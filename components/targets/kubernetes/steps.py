"""What jobs and `pre_start` steps have of their own in the kubernetes column; the rest is their services'."""

from ...support import Row, Verdict

OF_A_POD = (
    *("annotations", "dns", "dns_opt", "dns_search", "domainname", "extra_hosts", "group_add", "hostname", "init"),
    *("ipc", "label_file", "labels", "network_mode", "networks", "pid", "platform", "runtime", "stop_grace_period"),
    *("stop_signal", "sysctls"),
)
"""Keys of a container that all containers of a pod share."""
TRIGGERS = (
    Row("jobs.*.triggers.manual", Verdict.HARMLESS, "any CronJob can be run by hand"),
    Row("jobs.*.triggers.schedule.**", Verdict.HONOURED),
    Row(
        "jobs.*.triggers.schedule.concurrency",
        Verdict.APPROXIMATED,
        "a run that is due during another follows it, one for however many were due",
    ),
)
"""What starts a job."""
