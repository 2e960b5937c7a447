"""The cluster of a stack on the target kubernetes: the one that its file or kubectl names, else one of this machine's.

A cluster of this machine's own is what `make up` brings where the stack says `initialise: true` and there is no
kubeconfig. It is a daemon of set-up, and ends with its last stack.
"""

import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from components.access import KubernetesAccess
from components.errors import InputError, Problem
from components.targets.kubernetes import cluster, kubeconfig
from components.targets.kubernetes.given import STACK

from . import daemons, registry, setup, swarm
from .places import Places
from .steps import Steps

TARGET = "kubernetes"
_DAEMON = "kubernetes"
_READY = re.compile(r"KUBECONFIG=(\S+)")
"""What the daemon says when it is ready."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_KEPT = ("PersistentVolumeClaim", "Namespace")
"""What a stack may leave behind, in the order of removal."""


def access(config: Mapping[str, Any]) -> KubernetesAccess:
    """How a stack's file says that its cluster is reached."""
    block = swarm.existing(config)
    return KubernetesAccess(kubeconfig=block.get("kubeconfig"), context=block.get("context"))


def is_own(config: Mapping[str, Any]) -> bool:
    """Whether a stack is on a cluster that this machine makes for it."""
    block = swarm.existing(config)
    named = block.get("kubeconfig") is not None or kubeconfig.read(KubernetesAccess(context=block.get("context")))
    return config.get("slipway:target") == TARGET and bool(block.get("initialise")) and not named


def is_trial(config: Mapping[str, Any]) -> bool:
    """Whether a stack makes its own cluster, which goes with it."""
    return swarm.form(config) == "new"


def is_local(config: Mapping[str, Any]) -> bool:
    """Whether a stack's cluster is on this machine."""
    if config.get("slipway:target") != TARGET or is_trial(config):
        return False
    if is_own(config):
        return True
    block = swarm.existing(config)
    if not isinstance(block.get("kubeconfig"), str | None):
        return False  # it is encrypted
    found = kubeconfig.read(access(config))
    return found is not None and found.host in _LOOPBACK


def settings(places: Places, config: Mapping[str, Any]) -> dict[str, Any]:
    """What the file of a stack on this machine's own cluster leaves to it: where the cluster and its registry are."""
    own = {"kubeconfig": str(_kubeconfig(places)), "identifier": "the cluster of this machine's own"}
    found: dict[str, Any] = {"slipway:cluster": {"existing": {**swarm.existing(config), **own}}}
    if not config.get("slipway:registry"):
        found["slipway:registry"] = {"prefix": f"{registry.address(places)}/slipway"}
    return found


def ensure(places: Places, steps: Steps, *, own: bool) -> None:
    """The plugin, and where the stack wants it a cluster of this machine's own.

    Raises:
        InputError: one of the two is not to be had here; or the cluster does not come up.
    """
    setup.ensure_kubernetes(places, steps, cluster=own)
    if not own:
        return
    with steps.step("kubernetes cluster") as step:
        step.outcome = "reused" if any(_running(places)) else _started(places)


def leave(places: Places) -> str:
    """End the cluster of this machine's own, where no stack has anything in it any more.

    Returns:
        What was done, in words; empty where nothing was.
    """
    running = list(_running(places))
    if not running or any(_stacks(_own(places))):
        return ""
    for daemon in running:
        daemons.stop(daemon, places)
    _kubeconfig(places).unlink(missing_ok=True)
    return "the cluster of this machine's own ended"


def remove_kept(config: Mapping[str, Any], stack: str) -> int:
    """Remove the volumes that a stack left, and the namespace around them.

    Args:
        config: the stack's, with where its cluster is.
        stack: its identity.

    Returns:
        How many volumes they were.

    Raises:
        InputError: the cluster cannot be asked from here, or refuses.
    """
    given = access(config)
    if not cluster.can_ask(given):
        fix = f"remove the claims and the namespace whose annotation {STACK} is {stack}"
        raise InputError(Problem("its kubeconfig cannot be read here, and its volumes are still there", "cluster", fix))
    try:
        with cluster.connect(given) as asked:
            return sum(_remove(kind, stack, asked) for kind in _KEPT)
    except (cluster.Refused, *cluster.ERRORS) as error:
        raise InputError(cluster.unreachable(given, error)) from error


def _remove(kind: str, stack: str, asked: cluster.Cluster) -> int:
    """Remove what a stack left of a kind; how many volumes that were."""
    found = [each["metadata"] for each in (asked.get(kind) or {}).get("items", ())]
    own = [each for each in found if each.get("annotations", {}).get(STACK) == stack]
    for each in own:
        asked.call("DELETE", cluster.path(kind, each.get("namespace", ""), each["name"]))
    return len(own) if kind == _KEPT[0] else 0


def _started(places: Places) -> str:
    log = places.run / f"{_DAEMON}.log"
    command = [sys.executable, "-m", "toolchain.kubernetes"]
    daemons.start(_DAEMON, command, lambda: bool(_READY.search(log.read_text())), places)
    said = _READY.search(log.read_text())
    if said is not None:
        _kubeconfig(places).touch(mode=0o600)
        shutil.copyfile(said[1], _kubeconfig(places))
    return "of one node"


def _running(places: Places) -> Iterator[daemons.Daemon]:
    return (each for each in daemons.known(places) if each.name == _DAEMON and each.running)


def _stacks(own: Mapping[str, Any]) -> Iterator[str]:
    """The stacks that have something in a cluster: what every one of them has is a namespace, or a claim in another."""
    try:
        with cluster.connect(access(own)) as asked:
            for kind in _KEPT:
                for each in (asked.get(kind) or {}).get("items", ()):
                    if "deletionTimestamp" not in each["metadata"] and STACK in each["metadata"].get("annotations", {}):
                        yield str(each["metadata"]["annotations"][STACK])
    except (cluster.Refused, *cluster.ERRORS, InputError):
        return


def _own(places: Places) -> dict[str, Any]:
    return {"slipway:cluster": {"existing": {"kubeconfig": str(_kubeconfig(places))}}}


def _kubeconfig(places: Places) -> Path:
    return places.run / "kubernetes.kubeconfig"
