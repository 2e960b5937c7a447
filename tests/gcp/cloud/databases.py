"""Cloud SQL: instances, databases and users are kept; no database runs."""

import copy
from typing import Any

from .calls import Call, RefusedError
from .rest import Cloud, Methods, masked
from .store import etag, now

_ADDRESS = "10.255.0.3"
"""Of every instance with a private address: nothing is there."""


def _insert(cloud: Cloud, call: Call) -> dict[str, Any]:
    given = copy.deepcopy(call.body)
    name = given.get("name", "")
    if not given.get("databaseVersion") or not given.get("settings", {}).get("tier"):
        raise RefusedError("INVALID_ARGUMENT", f"{name}: databaseVersion and settings.tier are required")
    given["settings"] = {"settingsVersion": "1", "activationPolicy": "ALWAYS", **given["settings"]}
    private = given["settings"].get("ipConfiguration", {}).get("privateNetwork")
    addresses = [{"type": "PRIVATE", "ipAddress": _ADDRESS}] if private else []
    made = {
        "kind": "sql#instance",
        "project": call.groups["project"],
        **given,
        "ipAddresses": addresses,
        "etag": etag(),
    }
    made.update(
        state="PENDING_CREATE", createTime=now(), connectionName=f"{made['project']}:{made.get('region')}:{name}"
    )
    cloud.store.add("sql", f"{call.name}/{name}", made)
    user = "postgres" if given["databaseVersion"].startswith("POSTGRES") else "root"
    own = {"name": user, "instance": name, "project": made["project"], "host": "" if user == "postgres" else "%"}
    cloud.store.add("sql", f"{call.name}/{name}/users/{user}", {"kind": "sql#user", **own})

    def work() -> dict[str, Any]:
        made["state"] = "RUNNABLE"
        return made

    return cloud.later(call, work)


def _change(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = cloud.store.get("sql", call.name)
    body = copy.deepcopy(call.body)
    version = str(int(found["settings"]["settingsVersion"]) + 1)
    body["settings"] = {**found["settings"], **body.get("settings", {}), "settingsVersion": version}
    masked(found, body, None)
    return cloud.later(call, lambda: found)


def _delete(cloud: Cloud, call: Call) -> dict[str, Any]:
    if cloud.store.get("sql", call.name)["settings"].get("deletionProtectionEnabled"):
        raise RefusedError(
            "INVALID_ARGUMENT", "The instance is protected. Please disable the deletion protection and try again."
        )
    gone = cloud.store.remove("sql", call.name)
    return cloud.later(call, lambda: gone)


def _insert_part(cloud: Cloud, call: Call) -> dict[str, Any]:
    cloud.store.get("sql", call.name.rpartition("/")[0])
    made = {**copy.deepcopy(call.body), "instance": call.groups["instance"], "project": call.groups["project"]}
    made.pop("password", None)
    cloud.store.add("sql", f"{call.name}/{call.body['name']}", made)
    return cloud.later(call, lambda: made)


def _change_part(cloud: Cloud, call: Call) -> dict[str, Any]:
    name = call.name if "database" in call.groups else f"{call.name}/{call.query['name']}"
    found = cloud.store.get("sql", name)
    masked(found, {key: value for key, value in call.body.items() if key != "password"}, None)
    return cloud.later(call, lambda: found)


def _delete_part(cloud: Cloud, call: Call) -> dict[str, Any]:
    name = call.name if "database" in call.groups else f"{call.name}/{call.query['name']}"
    gone = cloud.store.remove("sql", name)
    return cloud.later(call, lambda: gone)


METHODS: Methods = {
    "sql.instances.insert": _insert,
    "sql.instances.patch": _change,
    "sql.instances.update": _change,
    "sql.instances.delete": _delete,
    "sql.databases.insert": _insert_part,
    "sql.databases.patch": _change_part,
    "sql.databases.update": _change_part,
    "sql.databases.delete": _delete_part,
    "sql.users.insert": _insert_part,
    "sql.users.update": _change_part,
    "sql.users.delete": _delete_part,
}
