"""What Cloud Run reports of what does not come up or has failed: its conditions, and the last lines of its log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...access import CloudRunAccess
from . import client

LOG_LINES = 20
"""How many of the last log lines are shown."""
WELL = "CONDITION_SUCCEEDED"
FAILED = "CONDITION_FAILED"
"""https://cloud.google.com/run/docs/reference/rest/v2/Condition"""
EXECUTION = "run.googleapis.com/execution_name"
"""The label of log lines that says which execution has printed them
(https://cloud.google.com/run/docs/logging)."""
Said = Mapping[str, Any]
"""An answer of Google's."""


@dataclass(frozen=True, slots=True)
class Runs:
    """A kind of what runs containers.

    Attributes:
        collection: in paths of the API: `services`.
        resource: of its log lines (https://cloud.google.com/logging/docs/api/v2/resource-list).
        label: of the resource, that has its name.
    """

    collection: str
    resource: str
    label: str


KINDS: Mapping[str, Runs] = {
    "Job": Runs("jobs", "cloud_run_job", "job_name"),
    "Service": Runs("services", "cloud_run_revision", "service_name"),
    "WorkerPool": Runs("workerPools", "cloud_run_worker_pool", "worker_pool_name"),
}
"""Kind of a row -> how Cloud Run calls it."""


def of_revision(access: CloudRunAccess, kind: str, name: str) -> list[str]:
    """What is known of the latest revision of a service or a worker pool; empty where Google cannot be asked.

    Args:
        access: the project.
        kind: of its row.
        name: of the service or worker pool.
    """
    return _asked(access, lambda asked: _of_revision(asked, access, kind, name))


def of_execution(access: CloudRunAccess, name: str, token: str) -> tuple[int, list[str]]:
    """How an execution of a job ended: the exit code of its first failed task, and what is known of it.

    Args:
        access: the project.
        name: of the job.
        token: `run_execution_token` of the job, the end of the execution's name.

    Returns:
        1 and nothing where Google cannot be asked.
    """
    codes: list[int] = []
    lines = _asked(access, lambda asked: _of_execution(asked, access, name, f"{name}-{token}", codes))
    return next((code for code in codes if code), 1), lines


def _asked(access: CloudRunAccess, ask: Any) -> list[str]:
    found: list[str] = []
    try:
        found.extend(ask(client.Client(access)))
    except client.ERRORS:
        return found  # what was told before is worth telling
    return found


def _of_revision(asked: client.Client, access: CloudRunAccess, kind: str, name: str) -> Iterator[str]:
    runs = KINDS[kind]
    there = asked.get("run", path(access, runs.collection, name))
    revision = str(there.get("latestCreatedRevision", "")).rpartition("/")[2]
    yield from of_conditions(there.get("terminalCondition"), *there.get("conditions", ()))
    if revision:
        labels = {f"resource.labels.{runs.label}": name, "resource.labels.revision_name": revision}
        yield from _printed(asked, access, revision, {"resource.type": runs.resource, **labels})


def _of_execution(
    asked: client.Client, access: CloudRunAccess, job: str, execution: str, codes: list[int]
) -> Iterator[str]:
    at = path(access, "jobs", job, "executions", execution)
    tasks = asked.get("run", f"{at}/tasks").get("tasks", ())
    results = [task.get("lastAttemptResult") or {} for task in tasks]
    codes += [int(result.get("exitCode", 0)) for result in results]
    yield from of_conditions(*asked.get("run", at).get("conditions", ()))
    runs = KINDS["Job"]
    labels = {f"resource.labels.{runs.label}": job, f'labels."{EXECUTION}"': execution}
    yield from _printed(asked, access, execution, {"resource.type": runs.resource, **labels})


def of_conditions(*conditions: Said | None) -> list[str]:
    """What the conditions say that are not met, each once."""
    failed = [each for each in conditions if each and each.get("state") == FAILED and each.get("message")]
    return list(dict.fromkeys(str(each["message"]) for each in failed))


def path(access: CloudRunAccess, *words: str) -> str:
    """The path of something of the project's region in the API of Cloud Run."""
    return "/".join(("v2/projects", access.project, "locations", access.region, *words))


def _printed(asked: client.Client, access: CloudRunAccess, name: str, wanted: Mapping[str, str]) -> Iterator[str]:
    """The last lines of a log, the latest last (https://cloud.google.com/logging/docs/reference/v2/rest)."""
    body = {
        "resourceNames": [f"projects/{access.project}"],
        "filter": " AND ".join(f'{key}="{value}"' for key, value in wanted.items()),
        "orderBy": "timestamp desc",
        "pageSize": LOG_LINES,
    }
    entries = asked.post("logging", "v2/entries:list", body).get("entries", ())
    lines = [text for entry in reversed(entries) if (text := _text(entry))]
    if lines:
        yield f"last {len(lines)} log lines of {name}:"
        yield from (f"  {line}" for line in lines)


def _text(entry: Said) -> str:
    """What a log entry says: a line as it was printed, or the message of one that was printed as JSON."""
    payload = entry.get("jsonPayload") or {}
    return str(entry.get("textPayload") or payload.get("message") or "").rstrip()
