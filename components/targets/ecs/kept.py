"""What outlives its stack, the file system with the volumes on it, is taken up again by its tags.

AWS gives it an ID, and no name that would tell whose it is. A database is not: its password cannot be read back, which
an import compares. `pulumi import` takes it up by hand.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pulumi

from ...access import EcsAccess
from ..create import is_mocked
from ..rows import Key, Ref, Row
from . import client

OWNER = ("slipway:application", "slipway:stack", "slipway:volume")
"""Tags that together tell whose a resource is, and which one."""
Found = Iterator[tuple[str, Mapping[str, str]]]
"""ID and tags of each resource that is there."""


def imports(rows: Iterable[Row], access: EcsAccess) -> dict[Key, str]:
    """What is there already and has to be imported; nothing, where AWS cannot be asked.

    Args:
        rows: all of the application.
        access: the cluster.

    Returns:
        Key of a row -> ID of the resource.
    """
    retained = [row for row in rows if row.retain and row.kind in LISTED]
    if not retained or is_mocked() or not client.can_ask(access):
        return {}
    found: dict[Key, str] = {}
    try:
        asked = client.Clients(access)
        for row in retained:
            known = [
                each for each, tags in LISTED[row.kind](asked, row, found) if _owner(tags) == _owner(row.args["tags"])
            ]
            if len(known) > 1:
                pulumi.log.warn(
                    f"{row.key}: {', '.join(known)} are all this stack's {row.kind}; none is taken up again"
                )
            elif known:
                found[row.kind, row.key] = known[0]
    except client.ERRORS:
        return {}
    return found


def _owner(tags: Mapping[str, str]) -> list[str | None]:
    return [tags.get(key) for key in OWNER]


def _file_systems(asked: client.Clients, _row: Row, _found: Mapping[Key, str]) -> Found:
    for page in asked["efs"].get_paginator("describe_file_systems").paginate():
        for each in page["FileSystems"]:
            yield each["FileSystemId"], _tags(each["Tags"])


def _access_points(asked: client.Clients, row: Row, found: Mapping[Key, str]) -> Found:
    """Those of the file system that is taken up; a new one has none."""
    system = row.args["file_system_id"]
    of = found.get(system.row) if isinstance(system, Ref) else system
    if of is None:
        return
    for page in asked["efs"].get_paginator("describe_access_points").paginate(FileSystemId=of):
        for each in page["AccessPoints"]:
            yield each["AccessPointId"], _tags(each["Tags"])


def _tags(written: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in written}


LISTED: Mapping[str, Callable[[client.Clients, Row, Mapping[Key, str]], Found]] = {
    "FileSystem": _file_systems,
    "AccessPoint": _access_points,
}
"""Kind -> what lists its resources, given the rows that have been found so far."""
