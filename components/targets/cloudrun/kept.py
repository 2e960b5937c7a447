"""What outlives its stack, a bucket with a volume, is taken up again by its name, where its labels say that it is ours.

A database is not: its password cannot be read back, which an import compares. `pulumi import` takes it up by hand.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ...access import CloudRunAccess
from ..create import is_mocked
from ..rows import Key, Row
from . import client

OWNER = ("slipway-application", "slipway-stack")
"""Labels that together tell whose a resource is."""


def imports(rows: Iterable[Row], access: CloudRunAccess) -> dict[Key, str]:
    """What is there already and has to be imported; nothing, where Google cannot be asked.

    Args:
        rows: all of the application.
        access: the project.

    Returns:
        Key of a row -> ID of the resource.
    """
    retained = [row for row in rows if row.kind == "Bucket" and row.retain]
    if not retained or is_mocked() or not client.can_ask(access):
        return {}
    asked = client.Client(access)
    try:
        return {(row.kind, row.key): str(row.args["name"]) for row in retained if is_ours(labels(asked, row), row)}
    except client.ERRORS:
        return {}


def labels(asked: client.Client, row: Row) -> Mapping[str, Any] | None:
    """The labels of a bucket that has the name of a row's; None: there is none that can be seen.

    Raises:
        GoogleAuthError, RequestException: Google cannot be asked.
        RefusedError: it says anything else but that there is none.
    """
    try:
        found: Mapping[str, Any] = asked.get("storage", f"b/{row.args['name']}").get("labels") or {}
    except client.RefusedError as error:
        if error.code in (client.FORBIDDEN, client.MISSING):
            return None  # buckets of others are hidden
        raise
    return found


def is_ours(found: Mapping[str, Any] | None, row: Row) -> bool:
    """Whether labels are those of the application and stack that a row is of."""
    return found is not None and all(found.get(key) == row.args["labels"].get(key) for key in OWNER)
