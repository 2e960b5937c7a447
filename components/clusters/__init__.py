"""Clusters: what must exist before a target can run anything; each gives its access, plain data.

`existing.py` reads what is there already (with `kubernetes.py` and the modules `..._access.py`), `stacks.py` what
another stack gives. `swarm.py` and the modules in `aws/`, `google/` and `openstack/` make a cluster of one kind, in a
stack of its own, or for a trial in that of its application (`trial.py`); `blocks.py` checks what is written about it.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import settings
from ..errors import Problem, SettingsError, suggest
from .trial import Trial


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of cluster.

    Attributes:
        module: makes it. `create` makes its component, whose `access` is what applications have to know; `expected`
            tells the same before, as far as it follows from the settings.
        target: what runs on it.
    """

    module: str
    target: str


KINDS = {
    "cloudrun": Kind(module=".google.platform", target="cloudrun"),
    "ecs": Kind(module=".aws.ecs", target="ecs"),
    "eks": Kind(module=".aws.eks", target="kubernetes"),
    "gke": Kind(module=".google.gke", target="kubernetes"),
    "magnum": Kind(module=".openstack.magnum", target="kubernetes"),
    "openstack-swarm": Kind(module=".openstack.swarm", target="swarm"),
    "openstack-vm": Kind(module=".openstack.vm", target="docker"),
    "swarm": Kind(module=".swarm", target="swarm"),
}


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
    made = _module(_kind(new, where)).create(stack, _described(new), protect=chosen.protect)
    access: dict[str, Any] = made.access
    return access


def for_trial(name: str, chosen: settings.Settings, where: str) -> Trial:
    """The cluster that an application's own stack describes.

    Args:
        name: of the cluster.
        chosen: the stack's settings, of which the cluster's form is `new`.
        where: what messages begin with: `stack shop`.

    Raises:
        SettingsError: there is no such kind of cluster, or another target runs on it.
    """
    new = chosen.cluster["new"]
    kind = _kind(new, where)
    if KINDS[kind].target != chosen.target:
        fitting = [each for each, row in KINDS.items() if row.target == chosen.target]
        what = f'on a cluster of the kind "{kind}" runs the target {KINDS[kind].target}, not {chosen.target}'
        fix = f"write another target, or kind: {' or '.join(fitting)}"
        raise SettingsError(Problem(what, where, fix))
    return Trial(module=_module(kind), name=name, new=_described(new), protect=chosen.protect)


def _kind(new: Any, where: str) -> str:
    kind = new.get("kind") if isinstance(new, Mapping) else None
    if kind not in KINDS:
        fix = suggest(str(kind), list(KINDS))
        raise SettingsError(Problem(f'slipway:cluster.new.kind is "{kind}", which is no kind of cluster', where, fix))
    return str(kind)


def _module(kind: str) -> Any:
    """What makes clusters of a kind; it loads a provider's SDK."""
    return importlib.import_module(KINDS[kind].module, __name__)


def _described(new: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in new.items() if key != "kind"}
