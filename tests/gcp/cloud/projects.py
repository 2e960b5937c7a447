"""Projects, and which APIs are enabled in them: Resource Manager and Service Usage."""

from typing import Any

from .calls import NUMBER, PROJECT, Call, RefusedError
from .rest import Cloud, Methods

ENABLED = ("cloudresourcemanager", "logging", "serviceusage", "storage")
"""What a project has from its start. Resource Manager is not, with Google: the tests do without that step."""
_NAMES = {"sql": "sqladmin"}


def service(api: str) -> str:
    """The name of an API as a service."""
    return f"{_NAMES.get(api, api)}.googleapis.com"


def begin(cloud: Cloud) -> None:
    """Have the one project."""
    made = {"projectId": PROJECT, "projectNumber": NUMBER, "lifecycleState": "ACTIVE", "name": "Slipway's tests"}
    cloud.store.add("cloudresourcemanager", f"projects/{PROJECT}", made)
    for api in ENABLED:
        _state(cloud, service(api))["state"] = "ENABLED"


def check(cloud: Cloud, call: Call) -> None:
    """Refuse what is about another project, or an API that is not enabled.

    Raises:
        RefusedError: it is.
    """
    if call.project not in {PROJECT, NUMBER, "-", None}:
        raise RefusedError("PERMISSION_DENIED", f"Permission denied on resource project {call.project}.")
    name = service(call.api)
    if _state(cloud, name)["state"] != "ENABLED":
        raise RefusedError(
            "PERMISSION_DENIED",
            f"{name} has not been used in project {NUMBER} before or it is disabled. Enable it by visiting "
            f"https://console.developers.google.com/apis/api/{name}/overview?project={NUMBER} then retry.",
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "SERVICE_DISABLED",
                "domain": "googleapis.com",
                "metadata": {"service": name, "consumer": f"projects/{NUMBER}"},
            },
        )


def _state(cloud: Cloud, name: str) -> dict[str, Any]:
    """A service as the project has it: there is every one."""
    path = f"projects/{PROJECT}/services/{name}"
    with cloud.store.lock:
        found = cloud.store.find("serviceusage", path)
        if found is not None:
            return found
        made = {"name": f"projects/{NUMBER}/services/{name}", "config": {"name": name}, "state": "DISABLED"}
        return cloud.store.add("serviceusage", path, {**made, "parent": f"projects/{NUMBER}"})


def _get(cloud: Cloud, call: Call) -> dict[str, Any]:
    return _state(cloud, call.name.rpartition("/")[2])


def _enable(cloud: Cloud, call: Call) -> dict[str, Any]:
    def work() -> dict[str, Any]:
        found = _state(cloud, call.name.rpartition("/")[2])
        found["state"] = "ENABLED"
        return {"service": found}

    return cloud.later(call, work)


def _disable(cloud: Cloud, call: Call) -> dict[str, Any]:
    def work() -> dict[str, Any]:
        found = _state(cloud, call.name.rpartition("/")[2])
        found["state"] = "DISABLED"
        return {"service": found}

    return cloud.later(call, work)


def _enable_all(cloud: Cloud, call: Call) -> dict[str, Any]:
    def work() -> dict[str, Any]:
        found = [_state(cloud, each) for each in call.body.get("serviceIds", ())]
        for each in found:
            each["state"] = "ENABLED"
        return {"services": found}

    return cloud.later(call, work)


def _list(cloud: Cloud, call: Call) -> dict[str, Any]:
    wanted = call.query.get("filter", "").removeprefix("state:")
    found = cloud.store.under("serviceusage", f"projects/{PROJECT}/services")
    return {"services": [each for each in found if wanted in {"", each["state"]}]}


def _get_many(cloud: Cloud, call: Call) -> dict[str, Any]:
    names = call.query.get("names", "")
    return {"services": [_state(cloud, each.rpartition("/")[2]) for each in names.split(",") if each]}


def _project(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = cloud.store.get("cloudresourcemanager", f"projects/{PROJECT}")
    if call.method.startswith("cloudresourcemanager.") and call.response == "Project" and _is_v3(call):
        return {"name": f"projects/{NUMBER}", "projectId": PROJECT, "state": "ACTIVE", "displayName": found["name"]}
    return found


def _is_v3(call: Call) -> bool:
    return "name" in call.groups or "projectsId" in call.groups


METHODS: Methods = {
    "cloudresourcemanager.projects.get": _project,
    "serviceusage.services.get": _get,
    "serviceusage.services.list": _list,
    "serviceusage.services.enable": _enable,
    "serviceusage.services.disable": _disable,
    "serviceusage.services.batchEnable": _enable_all,
    "serviceusage.services.batchGet": _get_many,
}
