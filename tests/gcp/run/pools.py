"""Worker pools of Cloud Run: instances that take no requests (https://cloud.google.com/run/docs/deploy-worker-pools).

A pool is ready when the startup probes of its containers have passed, and those without one have started.
"""

from tests.gcp.cloud.rest import Cloud, Methods

from .revisions import Kind, Resource


def _count(pool: Resource) -> int:
    return int((pool.get("scaling") or {}).get("manualInstanceCount", 1))


def _finish(_: Cloud, pool: Resource) -> None:
    share = {"type": "INSTANCE_SPLIT_ALLOCATION_TYPE_LATEST", "percent": 100}
    pool["instanceSplitStatuses"] = [share]


def _check(_: Resource) -> None:
    """Nothing beside the template."""


def _variables(name: str, revision: str) -> dict[str, str]:
    return {"CLOUD_RUN_WORKER_POOL": name, "CLOUD_RUN_REVISION": revision}


KIND = Kind(
    parameter="workerPoolId",
    serves=False,
    label="worker_pool_name",
    logs="cloud_run_worker_pool",
    variables=_variables,
    count=_count,
    finish=_finish,
    check=_check,
)

_METHODS = "run.projects.locations.workerPools"
METHODS: Methods = {
    f"{_METHODS}.create": KIND.create,
    f"{_METHODS}.patch": KIND.patch,
    f"{_METHODS}.delete": KIND.delete,
}
