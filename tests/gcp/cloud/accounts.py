"""Service accounts: IAM."""

import re
import uuid
from typing import Any

from .calls import PROJECT, Call, RefusedError
from .rest import Cloud, Methods, masked

_ID = re.compile(r"[a-z](?:[-a-z0-9]{4,28}[a-z0-9])")
"""https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts/create."""


def _create(cloud: Cloud, call: Call) -> dict[str, Any]:
    account = call.body.get("accountId", "")
    if not _ID.fullmatch(account):
        raise RefusedError(
            "INVALID_ARGUMENT", f"Invalid service account ID {account}: 6-30 characters, [a-z]([-a-z0-9]*[a-z0-9])"
        )
    email = f"{account}@{PROJECT}.iam.gserviceaccount.com"
    name = f"{call.name}/{email}"
    unique = str(uuid.uuid4().int % 10**21)
    made = {"name": name, "email": email, "projectId": PROJECT, "uniqueId": unique, "oauth2ClientId": unique}
    return cloud.store.add("iam", name, {**call.body.get("serviceAccount", {}), **made, "etag": "MDEwMjE5MjA="})


def _find(cloud: Cloud, call: Call) -> dict[str, Any]:
    who = call.name.rpartition("/")[2]
    for name, found in cloud.store.all("iam"):
        if who in {found.get("email"), found.get("uniqueId")}:
            return cloud.store.get("iam", name)
    raise RefusedError("NOT_FOUND", f"Unknown service account: {who}")


def _patch(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = _find(cloud, call)
    masked(found, call.body.get("serviceAccount", {}), call.body.get("updateMask"))
    return found


METHODS: Methods = {
    "iam.projects.serviceAccounts.create": _create,
    "iam.projects.serviceAccounts.get": _find,
    "iam.projects.serviceAccounts.patch": _patch,
}
