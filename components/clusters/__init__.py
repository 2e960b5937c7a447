"""Clusters: what must exist before a target can run anything; each gives its access, plain data.

`existing.py` reads what is there already (with `kubernetes.py` and `ecs_access.py`), `stacks.py` what another stack
gives. `swarm.py` and the modules in `aws/` make a cluster of one kind, in a stack of its own; `blocks.py` checks what
is written about it.
"""

import importlib
from collections.abc import Mapping
from typing import Any

from .. import settings
from ..errors import Problem, SettingsError, suggest

KINDS = {"ecs": ".aws.ecs", "eks": ".aws.eks", "swarm": ".swarm"}
"""Kind -> the module that makes it."""
PLANNED = ("cloudrun", "gke", "magnum", "openstack-swarm", "openstack-vm")
"""Known words for what is not built yet."""


def create(stack: str, written: Mapping[str, Any]) -> dict[str, Any]:
    """Make the cluster that a stack's `slipway:cluster.new` describes.

    Args:
        stack: the stack's name, which begins the logical name of every resource.
        written: the stack's config keys, as written.

    Returns:
        The stack's output `access`.

    Raises:
        SettingsError: the description is wrong; nothing was created.
    """
    where = f"stack {stack}"
    chosen = settings.from_mapping(written, where)
    new = chosen.cluster["new"]
    kind = new.get("kind") if isinstance(new, Mapping) else None
    if kind in PLANNED:
        raise SettingsError(
            Problem(f'cluster of the kind "{kind}" is not built yet', where, f"known: {', '.join(KINDS)}")
        )
    if kind not in KINDS:
        fix = suggest(str(kind), (*KINDS, *PLANNED))
        raise SettingsError(Problem(f'slipway:cluster.new.kind is "{kind}", which is no kind of cluster', where, fix))
    made: dict[str, Any] = importlib.import_module(KINDS[kind], __name__).create(
        stack, {key: value for key, value in new.items() if key != "kind"}, protect=chosen.protect
    )
    return made
