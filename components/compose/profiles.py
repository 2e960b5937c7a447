"""Phase 10, profiles: services whose profiles are all inactive are left out.

Source: https://github.com/compose-spec/compose-spec/blob/main/15-profiles.md.
"""

from collections.abc import Collection

from .tree import Map


def split(root: Map, active: Collection[str]) -> dict[str, Map]:
    """Take the inactive services and jobs out of a tree, in place.

    Args:
        root: the whole application.
        active: the profiles that are active; `*` is all.

    Returns:
        The inactive ones by name, for messages about them.
    """
    inactive: dict[str, Map] = {}
    if "*" in active:
        return inactive
    for kind in ("services", "jobs"):
        group = root.get(kind) or Map()
        for name in list(group):
            wanted = group[name].get("profiles")
            if wanted and not any(profile in active for profile in wanted):
                inactive[name] = group.pop(name)
    return inactive
