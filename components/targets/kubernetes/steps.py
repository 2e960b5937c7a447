"""What of a service's verdicts holds for jobs and for `pre_start` steps, which have a service's keys."""

import dataclasses
from collections.abc import Iterable, Iterator

from ...model import Container, Job, key_of
from ...support import Row, Verdict
from ..conditions import one_of
from . import conditions as when

SERVICE = "services.*."
STEP = "services.*.pre_start."
JOB = "jobs.*."
OF_A_POD = (
    *("annotations", "dns", "dns_opt", "dns_search", "domainname", "extra_hosts", "group_add", "hostname", "init"),
    *("ipc", "label_file", "labels", "network_mode", "networks", "pid", "platform", "runtime", "stop_grace_period"),
    *("stop_signal", "sysctls"),
)
"""Keys of a container that all containers of a pod share."""
STEPS = (
    *(
        Row(f"{STEP}{key}.**", Verdict.APPROXIMATED, "a step runs in its service's pod, and has what that has")
        for key in OF_A_POD
    ),
    Row(
        f"{STEP}env_file.**",
        Verdict.REJECTED,
        "only a service's own env_file is read",
        instead="write its variables under environment",
    ),
    Row(f"{STEP}per_replica", Verdict.HARMLESS, "a step runs in every pod, before its service's container"),
    Row(
        f"{STEP}per_replica",
        Verdict.APPROXIMATED,
        "a step runs in every pod, before its service's container",
        one_of(False),
        "false",
    ),
)
JOBS = (
    Row(
        "jobs.*.build.**",
        Verdict.REJECTED,
        "only services are built",
        instead="build it in a service, and name its image",
    ),
    Row("jobs.*.ports.**", Verdict.APPROXIMATED, "it is not published: nothing calls a job"),
    Row("jobs.*.networks.*.aliases", Verdict.APPROXIMATED, "nothing calls a job"),
    Row(
        "jobs.*.network_mode",
        Verdict.REJECTED,
        "a job has pods of its own",
        when.of_service,
        "service:NAME",
        "use networks",
    ),
    *(
        Row(
            f"jobs.*.depends_on.{key}",
            Verdict.APPROXIMATED,
            "a job runs when it is triggered, and waits for no other",
            when.on_job,
            "of a job",
        )
        for key in ("*", "*.condition")
    ),
    Row(
        "jobs.*.depends_on.*.condition",
        Verdict.APPROXIMATED,
        "a job runs when it is triggered, and waits for no run to completion",
        one_of("service_completed_successfully"),
        "service_completed_successfully",
    ),
    Row("jobs.*.triggers.manual", Verdict.HARMLESS, "any CronJob can be run by hand"),
    Row("jobs.*.triggers.schedule.**", Verdict.HONOURED),
    Row(
        "jobs.*.triggers.schedule.concurrency",
        Verdict.APPROXIMATED,
        "a run that is due during another follows it, one for however many were due",
    ),
)


def of_jobs(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows of jobs.

    Args:
        rows: of services.
    """
    return (*JOBS, *_alike(rows, JOB, _keys(Job) | {"extends"}, JOBS))


def of_steps(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows of `pre_start` steps.

    Args:
        rows: of services.
    """
    return (*STEPS, *_alike(rows, STEP, _keys(Container), STEPS))


def _keys(kind: type[Container]) -> frozenset[str]:
    return frozenset(key for key in map(key_of, dataclasses.fields(kind)) if key is not None)


def _alike(rows: Iterable[Row], prefix: str, keys: frozenset[str], own: Iterable[Row]) -> Iterator[Row]:
    """Rows of services below another prefix, but for those whose path has a row of its own there, or is below one."""
    taken = tuple(row.path.removesuffix("**") for row in own if row.when is None)
    for row in rows:
        key = row.path.removeprefix(SERVICE)
        if row.path.startswith(SERVICE) and key.partition(".")[0] in keys and not f"{prefix}{key}.".startswith(taken):
            yield dataclasses.replace(row, path=f"{prefix}{key}")
