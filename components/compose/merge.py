"""Phase 6, merge: a later document over an earlier one, by a rule per path; then entries that say the same become one.

Both documents are in the long form. Mappings merge key by key, lists are joined, anything else is replaced, unless a
row says otherwise.
Source: https://github.com/compose-spec/compose-spec/blob/main/13-merge.md, `override/` of the reference.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import Problem
from ..model import Path
from .mounts import clean
from .tree import Branch, List, Map, table, where

Rule = Callable[[Any, Any], Any]


def replace(_base: Any, over: Any) -> Any:
    """The later value."""
    return over


def overwrite(base: Any, over: Any) -> Any:
    """The later value of every key, null included."""
    if not (isinstance(base, Map) and isinstance(over, Map)):
        return base if over is None else over
    for key, value in over.items():
        base.put(key, value, over.marks.get(key))
    return base


def append(base: Any, over: Any) -> Any:
    """The items of both: which of them are one is decided by their keys, see `UNIQUE`."""
    if not (isinstance(base, List) and isinstance(over, List)):
        return base if over is None else over
    for item, mark in over.pairs():
        base.add(item, mark)
    return base


def join(base: Any, over: Any) -> Any:
    """The items of both; what is there already is not added."""
    if not (isinstance(base, List) and isinstance(over, List)):
        return base if over is None else over
    there = {_written(item) for item in base}
    for item, mark in over.pairs():
        written = _written(item)
        if written not in there:
            there.add(written)
            base.add(item, mark)
    return base


def _written(item: Any) -> str:
    """An item as JSON: equal for equal ones, and quick to look up."""
    return json.dumps(item, sort_keys=True)


def same_driver(base: Any, over: Any) -> Any:
    """Key by key where both have one driver, or one of them has none; else the later value."""
    if not (isinstance(base, Map) and isinstance(over, Map)):
        return base if over is None else over
    if "driver" in base and "driver" in over and base["driver"] != over["driver"]:
        return over
    return overlay(base, over)


def overlay(base: Map, over: Map) -> Map:
    """Key by key, as mappings merge where no rule is given."""
    return _Merger(base, []).mappings(base, over, Branch(), ())


def by_subnet(base: Any, over: Any) -> Any:
    """Address pools by subnet."""
    if not (isinstance(base, List) and isinstance(over, List)):
        return base if over is None else over
    pools: dict[Any, Map] = {}
    for pool in base:
        pools.setdefault(pool.get("subnet"), pool)
    for pool, mark in over.pairs():
        same = pools.setdefault(pool.get("subnet"), pool)
        if same is pool:
            base.add(pool, mark)
        else:
            overwrite(same, pool)
    return base


# --- unicity ---------------------------------------------------------------------------------------------------------

Key = Callable[[Any], Any]


def _name(item: Any) -> Any:
    return item.partition("=")[0] if isinstance(item, str) else str(item)


def _whole(item: Any) -> Any:
    return str(item)


def _target(item: Any) -> Any:
    target = item.get("target")
    return clean(target) if target else target  # a slash at the end is not another place


def _grant(default: str) -> Key:
    def key(item: Mapping[str, Any]) -> Any:
        return item.get("target") or f"{default}/{item.get('source')}"

    return key


def _port(item: Any) -> Any:
    return (
        item.get("host_ip", "0.0.0.0"),  # noqa: S104 - the Engine's own default, to compare with
        item.get("published"),
        item.get("target"),
        item.get("protocol", "tcp"),
    )


def _file(item: Any) -> Any:
    return item.get("path")


_UNIQUE_CONTAINER: dict[str, Key] = {
    # those that become mappings: what is said here is that a list of them may say the same twice
    **dict.fromkeys(("annotations", "environment", "labels", "sysctls"), _name),
    "cap_add": _name,
    "cap_drop": _name,
    "configs": _grant(""),
    "devices": _target,
    "dns": _name,
    "dns_opt": _name,
    "dns_search": _name,
    "env_file": _file,
    "networks.*.aliases": _name,
    "networks.*.link_local_ips": _name,
    "secrets": _grant("/run/secrets"),
    "tmpfs": _name,
    "volumes": _target,
}
_UNIQUE_SERVICE: dict[str, Key] = {
    **_UNIQUE_CONTAINER,
    **dict.fromkeys(("build.additional_contexts", "build.args", "build.labels", "deploy.labels"), _name),
    "build.tags": _name,
    "expose": _whole,
    "links": _name,
    "ports": _port,
    "profiles": _name,
}
UNIQUE = table(
    {
        **{f"services.*.{path}": key for path, key in _UNIQUE_SERVICE.items()},
        **{f"jobs.*.{path}": key for path, key in _UNIQUE_SERVICE.items()},
        "networks.*.labels": _name,
    }
)
"""What makes two items of a list the same: the later one then stands in the place of the earlier."""


_CONTAINER: dict[str, Rule] = {
    **dict.fromkeys(_UNIQUE_CONTAINER, append),
    "annotations": overwrite,
    "command": replace,
    "entrypoint": replace,
    "environment": overwrite,
    "labels": overwrite,
    "logging": same_driver,
    "sysctls": overwrite,
    "ulimits.*": replace,
}
_SERVICE: dict[str, Rule] = {
    **dict.fromkeys(_UNIQUE_SERVICE, append),
    **_CONTAINER,
    "build.additional_contexts": overwrite,
    "build.args": overwrite,
    "build.labels": overwrite,
    "deploy.labels": overwrite,
    "healthcheck.test": replace,
}
RULES = table(
    {
        **{f"services.*.{path}": rule for path, rule in _SERVICE.items()},
        **{f"jobs.*.{path}": rule for path, rule in _SERVICE.items()},
        "networks.*.ipam.config": by_subnet,
        **{f"{kind}.*.labels": overwrite for kind in ("networks", "volumes", "secrets", "configs")},
    }
)
"""Where values do not merge as mappings, lists and scalars do."""


def merge(base: Map, over: Map, problems: list[Problem], path: Path = ()) -> Map:
    """A document over another, in place of the other.

    Args:
        base: the earlier document, or the part of it at `path`.
        over: the later one.
        problems: what is wrong is added here.
        path: where in the document the two are.
    """
    branch: Branch | None = RULES
    for key in path:
        branch = branch.step(str(key)) if branch is not None else None
    merged = _Merger(over, problems).mappings(base, over, branch or Branch(), path)
    unify(merged, UNIQUE if not path else _below(UNIQUE, path))
    return merged


def _below(branch: Branch, path: Path) -> Branch:
    for key in path:
        branch = branch.step(str(key)) or Branch()
    return branch


class _Merger:
    def __init__(self, root: Map, problems: list[Problem]) -> None:
        self.root = root
        self.problems = problems

    def mappings(self, base: Map, over: Map, branch: Branch, path: Path) -> Map:
        for key, value in over.items():
            if key in base:
                value = self.values(base[key], value, branch.step(key) or Branch(), (*path, key))  # noqa: PLW2901
            mark = over.marks.get(key)
            if mark is None or (isinstance(value, (Map, List)) and key in base and value is base[key]):
                base[key] = value
            else:
                base.put(key, value, mark)
        return base

    def values(self, base: Any, over: Any, branch: Branch, path: Path) -> Any:
        if branch.row is not None:
            return branch.row(base, over)
        if over is None:
            return base
        if isinstance(base, Map) and isinstance(over, Map):
            return self.mappings(base, over, branch, path)
        if isinstance(base, List) and isinstance(over, List):
            return join(base, over)
        if isinstance(base, (Map, List)) and base:
            kind = "a mapping" if isinstance(base, Map) else "a list"
            # The place is known only in the later document where it is merged whole.
            place = where(self.root, path)
            self.problems.append(Problem(f"cannot replace {kind}", place, f"write {kind}, or mark it !override"))
        return over


def unify(root: Map, keys: Branch = UNIQUE) -> None:
    """Make one of the items that have the same key, in place."""
    for name, value in root.items():
        branch = keys.step(name)
        if branch is None:
            continue
        if isinstance(value, Map):
            unify(value, branch)
        elif isinstance(value, List) and branch.row is not None and len(value) > 1:
            _unify_list(value, branch.row)


def _unify_list(items: List, key: Key) -> None:
    places: dict[Any, int] = {}
    kept = List()
    for item, mark in items.pairs():
        place = places.setdefault(key(item), len(kept))
        if place == len(kept):
            kept.add(item, mark)
        else:
            kept[place], kept.marks[place] = item, mark
    items[:] = kept
    items.marks = kept.marks


def clear(root: Map, paths: list[Path]) -> None:
    """Take out what a later document resets or overrides."""
    for path in paths:
        holder: Any = root
        for key in path[:-1]:
            holder = holder.get(key) if isinstance(holder, Map) and isinstance(key, str) else None
        if isinstance(holder, Map) and path:
            holder.pop(str(path[-1]), None)
