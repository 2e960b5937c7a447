"""Secret Manager, and who reads what it keeps."""

import base64
from typing import Any

from .calls import NUMBER, PROJECT, Call, RefusedError
from .rest import Cloud, Methods
from .store import Store, check_etag, stamped

_MOST = 64 * 1024
"""https://cloud.google.com/secret-manager/quotas#content_limits."""
_READERS = frozenset({"roles/secretmanager.secretAccessor", "roles/secretmanager.admin", "roles/owner"})


def _create(cloud: Cloud, call: Call) -> dict[str, Any]:
    if not call.body.get("replication"):
        raise RefusedError("INVALID_ARGUMENT", "The field [replication] is required.")
    secret = call.query["secretId"]
    made = stamped({**call.body, "name": f"projects/{NUMBER}/secrets/{secret}"})
    del made["uid"], made["updateTime"]
    return cloud.store.add("secretmanager", f"{call.name}/{secret}", made)


def _add_version(cloud: Cloud, call: Call) -> dict[str, Any]:
    secret = cloud.store.get("secretmanager", call.name)
    content = base64.b64decode(call.body.get("payload", {}).get("data", ""))
    if not 0 < len(content) <= _MOST:
        raise RefusedError("INVALID_ARGUMENT", f"The payload has {len(content)} bytes: it has to have 1 to {_MOST}.")
    number = secret.get("_versions", 0) + 1
    secret["_versions"] = number
    path = f"{call.name}/versions/{number}"
    made = stamped({"name": f"{secret['name']}/versions/{number}", "state": "ENABLED"})
    del made["uid"], made["updateTime"]
    cloud.store.add("secretmanager", path, made)
    cloud.store.add("secretmanager", f"{path}/payload", {"data": base64.b64encode(content).decode()})
    return made


def _version(store: Store, name: str) -> tuple[str, dict[str, Any]]:
    """The path and the version of a name that may end with `latest`."""
    if name.endswith("/latest"):
        found = [each for each in store.under("secretmanager", name.rpartition("/")[0]) if each["state"] == "ENABLED"]
        if not found:
            raise RefusedError("NOT_FOUND", f"Secret Version [{name}] not found.")
        name = f"{name.rpartition('/')[0]}/{found[-1]['name'].rpartition('/')[2]}"
    return name, store.get("secretmanager", name)


def _get_version(cloud: Cloud, call: Call) -> dict[str, Any]:
    return _version(cloud.store, call.name)[1]


def content(store: Store, secret: str, version: str) -> bytes:
    """What a version of a secret holds.

    Args:
        store: where it is.
        secret: its ID, or its full name.
        version: its number, or `latest`.

    Raises:
        RefusedError: there is none, or none that is enabled.
    """
    path, found = _version(store, f"projects/{PROJECT}/secrets/{secret.rpartition('/')[2]}/versions/{version}")
    if found["state"] != "ENABLED":
        raise RefusedError("FAILED_PRECONDITION", f"Secret Version [{found['name']}] is in {found['state']} state.")
    return base64.b64decode(store.get("secretmanager", f"{path}/payload")["data"])


def may_read(store: Store, account: str, secret: str) -> bool:
    """Whether an account reads a secret."""
    return store.may(account, _READERS, "secretmanager", f"projects/{PROJECT}/secrets/{secret.rpartition('/')[2]}")


def _access(cloud: Cloud, call: Call) -> dict[str, Any]:
    parts = call.name.split("/")
    data = content(cloud.store, parts[3], parts[5])
    return {"name": _version(cloud.store, call.name)[1]["name"], "payload": {"data": base64.b64encode(data).decode()}}


def _becomes(state: str) -> Any:
    def change(cloud: Cloud, call: Call) -> dict[str, Any]:
        found = cloud.store.get("secretmanager", call.name)
        check_etag(call.body.get("etag"), found)
        if found["state"] == "DESTROYED":
            raise RefusedError("FAILED_PRECONDITION", f"SecretVersion.state is already {found['state']}.")
        found["state"] = state
        return found

    return change


METHODS: Methods = {
    "secretmanager.projects.secrets.create": _create,
    "secretmanager.projects.secrets.addVersion": _add_version,
    "secretmanager.projects.secrets.versions.get": _get_version,
    "secretmanager.projects.secrets.versions.access": _access,
    "secretmanager.projects.secrets.versions.enable": _becomes("ENABLED"),
    "secretmanager.projects.secrets.versions.disable": _becomes("DISABLED"),
    "secretmanager.projects.secrets.versions.destroy": _becomes("DESTROYED"),
}
