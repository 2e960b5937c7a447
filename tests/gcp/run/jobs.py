"""Jobs of Cloud Run: executions with tasks, which are tried again until they succeed or may not any more.

No page of Google's tells when a task with several containers is over. Here it is when all have ended, and it has
succeeded if all ended with 0: the strictest reading.
"""

import copy
import random
import string
import threading

from tests.gcp.cloud.calls import Call, RefusedError
from tests.gcp.cloud.rest import Cloud, Methods
from tests.gcp.cloud.store import check_etag, etag, now, owner, stamped

from . import templates
from .instance import Instance, Spec
from .revisions import Resource, check_template, condition
from .templates import NotReadyError

_RETRIES, _TIMEOUT = 3, 600.0
"""https://cloud.google.com/run/docs/configuring/max-retries, .../task-timeout."""
_LONGEST = 63
_GIVEN = (
    *("template", "labels", "annotations", "client", "clientVersion", "launchStage", "binaryAuthorization"),
    *("runExecutionToken", "startExecutionToken"),
)


def _create(cloud: Cloud, call: Call) -> Resource:
    fresh = stamped({"launchStage": "GA", **copy.deepcopy(call.body), "name": f"{call.name}/{call.query['jobId']}"})
    fresh.update(generation="0", executionCount=0, creator=owner())
    _check(cloud, fresh)
    return _changed(cloud, call, cloud.store.add("run", fresh["name"], fresh), {})


def _patch(cloud: Cloud, call: Call) -> Resource:
    found = cloud.store.get("run", call.name)
    check_etag(call.body.get("etag"), found)
    before = dict(found)
    kept = {key: value for key, value in found.items() if key not in _GIVEN}
    after = {"launchStage": "GA", **kept, **{key: call.body[key] for key in _GIVEN if key in call.body}}
    _check(cloud, after)
    for key in [key for key in found if key not in after]:
        del found[key]
    found.update(copy.deepcopy(after))
    return _changed(cloud, call, found, before)


def _check(cloud: Cloud, job: Resource) -> None:
    execution = job.get("template") or {}
    check_template(cloud, execution.get("template") or {}, serves=False)
    for key in ("runExecutionToken", "startExecutionToken"):
        name = f"{job['name'].rpartition('/')[2]}-{job.get(key, '')}"
        if len(name) >= _LONGEST:
            raise RefusedError("INVALID_ARGUMENT", f"{key}: {name} has to have fewer than {_LONGEST} characters")


def _changed(cloud: Cloud, call: Call, job: Resource, before: Resource) -> Resource:
    generation = str(int(job["generation"]) + 1)
    job.update(
        generation=generation, observedGeneration=generation, updateTime=now(), etag=etag(), lastModifier=owner()
    )
    tokens = [(key, job.get(key)) for key in ("runExecutionToken", "startExecutionToken")]
    key, token = next(((key, token) for key, token in tokens if token and token != before.get(key)), ("", None))
    job.update(reconciling=bool(token), terminalCondition=condition("Ready", "CONDITION_SUCCEEDED"))
    if token is None:
        return cloud.later(call, lambda: job)
    job["terminalCondition"] = condition("Ready", "CONDITION_RECONCILING")
    execution = _execution(cloud, job, str(token))

    def work() -> Resource:
        running = threading.Thread(target=_execute, args=(cloud, job, execution), daemon=True)
        running.start()
        if key == "startExecutionToken":
            return job
        running.join()
        failure = execution["_failure"]
        state = "CONDITION_FAILED" if failure else "CONDITION_SUCCEEDED"
        job.update(reconciling=False, terminalCondition=condition("Ready", state, failure))
        if failure:
            raise RefusedError("FAILED_PRECONDITION", failure)
        return job

    return cloud.later(call, work)


def _delete(cloud: Cloud, call: Call) -> Resource:
    check_etag(call.query.get("etag"), cloud.store.get("run", call.name))
    gone = cloud.store.remove("run", call.name)
    return cloud.later(call, lambda: {**gone, "deleteTime": now()})


def _run(cloud: Cloud, call: Call) -> Resource:
    return start(cloud, call, call.name)


def start(cloud: Cloud, call: Call, name: str) -> Resource:
    """Begin an execution of a job; the operation that ends with it."""
    job = cloud.store.get("run", name)
    tail = "".join(random.choices(string.ascii_lowercase + string.digits, k=5))
    execution = _execution(cloud, job, tail)

    def work() -> Resource:
        _execute(cloud, job, execution)
        if execution["_failure"]:
            raise RefusedError("FAILED_PRECONDITION", execution["_failure"])
        return execution

    return cloud.later(call, work)


def _execution(cloud: Cloud, job: Resource, tail: str) -> Resource:
    name = f"{job['name']}/executions/{job['name'].rpartition('/')[2]}-{tail}"
    template = copy.deepcopy(job["template"])
    made = stamped(
        {"name": name, "job": job["name"].rpartition("/")[2], "template": template["template"], "generation": "1"}
    )
    made.update(taskCount=template.get("taskCount") or 1, reconciling=True, _failure="")
    cloud.store.add("run", name, made)
    job["executionCount"] += 1
    job["latestCreatedExecution"] = {"name": name.rpartition("/")[2], "createTime": made["createTime"],
                                     "completionStatus": "EXECUTION_RUNNING"}  # fmt: skip
    return made


def _execute(cloud: Cloud, job: Resource, execution: Resource) -> None:
    """Run all tasks, one after the other, and write how it ended."""
    failures = [_task(cloud, job, execution, number) for number in range(execution["taskCount"])]
    failed = [each for each in failures if each]
    state = "CONDITION_FAILED" if failed else "CONDITION_SUCCEEDED"
    done = {"completionTime": now(), "reconciling": False, "failedCount": len(failed), "_failure": "; ".join(failed)}
    done["succeededCount"] = execution["taskCount"] - len(failed)
    reason = {"executionReason": "NON_ZERO_EXIT_CODE"} if failed else {}
    done["conditions"] = [condition("Completed", state, "; ".join(failed), **reason)]
    with cloud.store.lock:
        execution.update(done)
        latest = job.get("latestCreatedExecution", {})
        if latest.get("name") == execution["name"].rpartition("/")[2]:
            status = "EXECUTION_FAILED" if failed else "EXECUTION_SUCCEEDED"
            latest.update(completionTime=done["completionTime"], completionStatus=status)


def _task(cloud: Cloud, job: Resource, execution: Resource, number: int) -> str:
    """Run one task until it has succeeded, or may not any more; how it failed, or nothing."""
    template = execution["template"]
    short = execution["name"].rpartition("/")[2]
    task = stamped({"name": f"{execution['name']}/tasks/{short}-task{number}", "index": number, "execution": short})
    task.update(maxRetries=template.get("maxRetries", _RETRIES), retried=0)
    cloud.store.add("run", task["name"], task)
    for attempt in range(task["maxRetries"] + 1):
        task["retried"] = attempt
        code, why = _attempt(cloud, job, execution, number, attempt)
        task["lastAttemptResult"] = {"exitCode": code, "status": {"message": why}}
        if not why:
            break
    failure = f"Task {short}-task{number} failed with exit code: {code} and message: {why}" if why else ""
    state = "CONDITION_FAILED" if failure else "CONDITION_SUCCEEDED"
    task.update(completionTime=now(), conditions=[condition("Completed", state, failure)])
    return failure


def _attempt(cloud: Cloud, job: Resource, execution: Resource, number: int, attempt: int) -> tuple[int, str]:
    name, short = job["name"].rpartition("/")[2], execution["name"].rpartition("/")[2]
    spec = Spec(
        name=f"{short}-{number}-{attempt}",
        template=execution["template"],
        variables={
            "CLOUD_RUN_JOB": name,
            "CLOUD_RUN_EXECUTION": short,
            "CLOUD_RUN_TASK_INDEX": str(number),
            "CLOUD_RUN_TASK_ATTEMPT": str(attempt),
            "CLOUD_RUN_TASK_COUNT": str(execution["taskCount"]),
        },
        serves=False,
        whose={"job_name": name, "location": job["name"].split("/")[3]},
        kind="cloud_run_job",
        labels={"run.googleapis.com/execution_name": short, "run.googleapis.com/task_index": str(number)},
    )
    instance = Instance(cloud.agent, spec)
    try:
        instance.start()
    except NotReadyError as why:
        return 1, str(why)
    codes = instance.codes(templates.seconds(execution["template"].get("timeout"), _TIMEOUT))
    instance.end()
    if any(code is None for code in codes.values()):
        return 1, "The configured timeout was reached."
    worst = max((code for code in codes.values() if code is not None), default=0)
    return worst, "The container exited with an error." if worst else ""


_METHODS = "run.projects.locations.jobs"
METHODS: Methods = {
    f"{_METHODS}.create": _create,
    f"{_METHODS}.patch": _patch,
    f"{_METHODS}.delete": _delete,
    f"{_METHODS}.run": _run,
}
