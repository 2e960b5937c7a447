"""What outlives its stack is taken up again by its name, where its labels say that it is ours: a bucket, a cache.

A database is not: its password cannot be read back, which an import compares. `pulumi import` takes it up by hand.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ...access import CloudRunAccess
from ..create import is_mocked
from ..rows import Key, Row
from . import client

OWNER = ("slipway-application", "slipway-stack")
"""Labels that together tell whose a resource is."""
UNREAD: Mapping[str, tuple[str, ...]] = {
    "Bucket": ("labels", "project"),
    "CacheInstance": ("deletionProtection", "labels"),
}
"""Kind -> what the provider does not read of what it imports, and would call a difference: what is its own, what an API
does not tell, and labels, which others might have set.
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where something is at Google.

    Attributes:
        api: as its host begins.
        path: in it.
        identifier: by which the provider imports it.
    """

    api: str
    path: str
    identifier: str


def _bucket(row: Row) -> Place:
    name = str(row.args["name"])
    return Place("storage", f"b/{name}", name)


def _cache(row: Row) -> Place:
    args = row.args
    path = f"projects/{args['project']}/locations/{args['region']}/instances/{args['name']}"
    return Place("redis", f"v1/{path}", path)


PLACES: Mapping[str, Callable[[Row], Place]] = {"Bucket": _bucket, "CacheInstance": _cache}
"""Kind of a row -> where what it would make is."""


def imports(rows: Iterable[Row], access: CloudRunAccess) -> dict[Key, str]:
    """What is there already and has to be imported; nothing, where Google cannot be asked, as in a unit test.

    Args:
        rows: all of the application.
        access: the project.

    Returns:
        Key of a row -> ID of the resource.
    """
    retained = [row for row in rows if row.retain and row.kind in PLACES]
    if not retained or is_mocked():
        return {}
    asked = client.Client(access)
    try:
        return {
            (row.kind, row.key): PLACES[row.kind](row).identifier
            for row in retained
            if is_ours(labels(asked, row), row)
        }
    except client.ERRORS:
        return {}


def imported(row: Row) -> Row:
    """A row of what is imported: what the provider does not read is left as it is."""
    return dataclasses.replace(row, unasked=(*row.unasked, *UNREAD[row.kind]))


def labels(asked: client.Client, row: Row) -> Mapping[str, Any] | None:
    """The labels of what has the name that a row's resource would have; None: there is nothing that can be seen.

    Raises:
        GoogleAuthError, RequestException: Google cannot be asked.
        RefusedError: it says anything else but that there is nothing.
    """
    place = PLACES[row.kind](row)
    try:
        found: Mapping[str, Any] = asked.get(place.api, place.path).get("labels") or {}
    except client.RefusedError as error:
        if error.code in (client.FORBIDDEN, client.MISSING):
            return None  # what others have is hidden
        raise
    return found


def is_ours(found: Mapping[str, Any] | None, row: Row) -> bool:
    """Whether labels are those of the application and stack that a row is of."""
    return found is not None and all(found.get(key) == row.args["labels"].get(key) for key in OWNER)
