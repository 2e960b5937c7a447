"""What of a service's verdicts holds for jobs and for `pre_start` steps, which have a service's keys."""

import dataclasses
from collections.abc import Iterable, Iterator

from ..model import Container, Job, key_of
from ..support import Row, Verdict
from .conditions import of_its_service, of_service, on_job, one_of

SERVICE = "services.*."
STEP = "services.*.pre_start."
JOB = "jobs.*."


def steps(rows: Iterable[Row], own: Iterable[Row]) -> tuple[Row, ...]:
    """The rows of `pre_start` steps.

    Args:
        rows: of services.
        own: what a step has otherwise than a service, where the platform runs it; see `inside`.
    """
    own = (
        *own,
        Row(f"{STEP}networks.*", Verdict.HARMLESS, "it is its service's own", of_its_service, "as of its service"),
        Row(
            f"{STEP}env_file.**",
            Verdict.REJECTED,
            "only a service's own env_file is read",
            instead="write its variables under environment",
        ),
    )
    return (*own, *_alike(rows, STEP, _keys(Container), own))


def inside(place: str, shared: Iterable[str]) -> tuple[Row, ...]:
    """What steps have otherwise that run where their service's containers do.

    Args:
        place: what the platform calls that: `pod`.
        shared: keys that all containers of one have together.
    """
    here = f"a step runs in every {place}, before its service's container"
    has = f"a step runs in its service's {place}, and has what that has"
    return (
        *(Row(f"{STEP}{key}.**", Verdict.APPROXIMATED, has) for key in shared),
        Row(f"{STEP}per_replica", Verdict.HARMLESS, here),
        Row(f"{STEP}per_replica", Verdict.APPROXIMATED, here, one_of(False), "false"),
    )


def jobs(rows: Iterable[Row], place: str, triggers: Iterable[Row]) -> tuple[Row, ...]:
    """The rows of jobs, which run when they are triggered, and which nothing calls.

    Args:
        rows: of services.
        place: what the platform calls that in which containers run: `pod`.
        triggers: of what starts jobs, and any others that a job has of its own.
    """
    own = (
        Row(
            f"{JOB}build.**",
            Verdict.REJECTED,
            "only services are built",
            instead="build it in a service, and name its image",
        ),
        Row(f"{JOB}ports.**", Verdict.APPROXIMATED, "it is not published: nothing calls a job"),
        Row(f"{JOB}networks.*.aliases", Verdict.APPROXIMATED, "nothing calls a job"),
        Row(
            f"{JOB}network_mode",
            Verdict.REJECTED,
            f"a job has {place}s of its own",
            of_service,
            "service:NAME",
            "use networks",
        ),
        *(
            Row(
                f"{JOB}depends_on.{key}",
                Verdict.APPROXIMATED,
                "a job runs when it is triggered, and waits for no other",
                on_job,
                "of a job",
            )
            for key in ("*", "*.condition")
        ),
        Row(
            f"{JOB}depends_on.*.condition",
            Verdict.APPROXIMATED,
            "a job runs when it is triggered, and waits for no run to completion",
            one_of("service_completed_successfully"),
            "service_completed_successfully",
        ),
        *triggers,
    )
    return (*own, *_alike(rows, JOB, _keys(Job) | {"extends"}, own))


def _keys(kind: type[Container]) -> frozenset[str]:
    return frozenset(key for key in map(key_of, dataclasses.fields(kind)) if key is not None)


def _alike(rows: Iterable[Row], prefix: str, keys: frozenset[str], own: Iterable[Row]) -> Iterator[Row]:
    """Rows of services below another prefix, but for those whose path has a row of its own there, or is below one."""
    taken = tuple(row.path.removesuffix("**") for row in own if row.when is None)
    for row in rows:
        key = row.path.removeprefix(SERVICE)
        if row.path.startswith(SERVICE) and key.partition(".")[0] in keys and not f"{prefix}{key}.".startswith(taken):
            yield dataclasses.replace(row, path=f"{prefix}{key}")
