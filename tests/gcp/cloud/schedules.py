"""Cloud Scheduler: schedules are kept, and run when they are told to; no clock starts one."""

import copy
import re
from typing import Any

from tests.gcp.run import jobs

from .calls import PROJECT, Call, RefusedError, named
from .rest import Cloud, Methods
from .store import now

_RUN = re.compile(r"https://run\.googleapis\.com/v2/(projects/[^/]+/locations/[^/]+/jobs/[^/:]+):run$")
_INVOKERS = frozenset({"roles/run.invoker", "roles/run.developer", "roles/run.admin"})


def _create(cloud: Cloud, call: Call) -> dict[str, Any]:
    given = call.body
    if not given.get("schedule") or not given.get("name", "").startswith(f"{call.name}/"):
        raise RefusedError("INVALID_ARGUMENT", f"Job name and schedule are required: {given.get('name')}")
    account = (given.get("httpTarget") or {}).get("oauthToken", {}).get("serviceAccountEmail")
    if account and cloud.store.find("iam", f"projects/{PROJECT}/serviceAccounts/{account}") is None:
        raise RefusedError("NOT_FOUND", f"Service account {account} does not exist.")
    made = {**copy.deepcopy(given), "state": "ENABLED", "userUpdateTime": now()}
    return cloud.store.add("cloudscheduler", named(given["name"]), made)


def _patch(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = cloud.store.get("cloudscheduler", call.name)
    found.update(copy.deepcopy(call.body), userUpdateTime=now())
    return found


def _becomes(state: str) -> Any:
    def change(cloud: Cloud, call: Call) -> dict[str, Any]:
        found = cloud.store.get("cloudscheduler", call.name)
        found["state"] = state
        return found

    return change


def _run(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Call what the schedule does, as the account that it names."""
    found = cloud.store.get("cloudscheduler", call.name)
    target = found.get("httpTarget") or {}
    match = _RUN.fullmatch(target.get("uri", ""))
    if match is None:
        raise RefusedError("UNIMPLEMENTED", f"only jobs of Cloud Run are called here, not {target.get('uri')}")
    account = target.get("oauthToken", {}).get("serviceAccountEmail", "")
    if not cloud.store.may(account, _INVOKERS, "run", named(match[1])):
        found["status"] = {"code": 7}
        raise RefusedError("PERMISSION_DENIED", f"Permission 'run.jobs.run' denied on {match[1]} for {account}")
    found.update(status={}, lastAttemptTime=now())
    jobs.start(cloud, call, named(match[1]))
    return found


METHODS: Methods = {
    "cloudscheduler.projects.locations.jobs.create": _create,
    "cloudscheduler.projects.locations.jobs.patch": _patch,
    "cloudscheduler.projects.locations.jobs.pause": _becomes("PAUSED"),
    "cloudscheduler.projects.locations.jobs.resume": _becomes("ENABLED"),
    "cloudscheduler.projects.locations.jobs.run": _run,
}
