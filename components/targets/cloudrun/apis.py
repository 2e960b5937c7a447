"""The APIs of the project that the application needs: turned on before what needs them, and left on.

Another application of the same project may use them, too.
"""

import dataclasses
from collections.abc import Mapping, Sequence

from ..rows import Row
from .given import Scope

OF_KIND: Mapping[str, str] = {
    "Account": "iam",
    "Address": "compute",
    "BackendService": "compute",
    "Bucket": "storage",
    "BucketAccess": "storage",
    "CacheInstance": "redis",
    "Certificate": "compute",
    "Database": "sqladmin",
    "DatabaseInstance": "sqladmin",
    "DatabaseUser": "sqladmin",
    "ForwardingRule": "compute",
    "HttpProxy": "compute",
    "HttpsProxy": "compute",
    "InternalBackend": "compute",
    "InternalForwarding": "compute",
    "InternalMap": "compute",
    "InternalProxy": "compute",
    "InvokerAccess": "run",
    "Job": "run",
    "NetworkEndpointGroup": "compute",
    "Record": "dns",
    "Repository": "artifactregistry",
    "Schedule": "cloudscheduler",
    "Secret": "secretmanager",
    "SecretAccess": "secretmanager",
    "SecretVersion": "secretmanager",
    "Service": "run",
    "UrlMap": "compute",
    "WorkerPool": "run",
    "Zone": "dns",
}
"""Kind of a row -> the API that makes it, as its host begins."""


def with_apis(scope: Scope, rows: Sequence[Row]) -> list[Row]:
    """Rows with those of their APIs before them, where the application's stack may turn them on.

    Args:
        scope: the application.
        rows: all others.
    """
    if not scope.access.enable_apis:
        return list(rows)
    needed = sorted({OF_KIND[row.kind] for row in rows})
    return [
        *(scope.row("Api", api, arguments(scope.access.project, api)) for api in needed),
        *(dataclasses.replace(row, after=(*row.after, ("Api", OF_KIND[row.kind]))) for row in rows),
    ]


def arguments(project: str, api: str) -> dict[str, object]:
    """What turns on an API (https://cloud.google.com/service-usage/docs/enable-disable).

    Args:
        project: its ID.
        api: as its host begins.
    """
    return {"project": project, "service": host(api), "disable_on_destroy": False}


def host(api: str) -> str:
    """What an API is called among a project's services."""
    return f"{api}.googleapis.com"
