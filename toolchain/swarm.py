"""A Swarm of one node, for a stack on the target swarm on this machine: what `make up` brings where there is none."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from components.errors import InputError, Problem

from . import cache, engine, registry
from .places import Places
from .shell import run

TARGET = "swarm"
_LOOPBACK = ["--advertise-addr", "127.0.0.1", "--listen-addr", "127.0.0.1:2377"]
"""Nobody else can join: for more nodes, a Swarm is made by hand."""
_IP_VS = Path("/proc/net/ip_vs")


def form(config: Mapping[str, Any]) -> str:
    """Which block of `slipway:cluster` says where a stack is: `new` in a trial, whose cluster the stack makes."""
    cluster = config.get("slipway:cluster")
    return "new" if isinstance(cluster, Mapping) and "new" in cluster else "existing"


def existing(config: Mapping[str, Any]) -> dict[str, Any]:
    """The block that says where a stack is, `slipway:cluster.existing` or in a trial `new`; empty where it has none."""
    cluster = config.get("slipway:cluster")
    block = cluster.get(form(config)) if isinstance(cluster, Mapping) else None
    return dict(block) if isinstance(block, Mapping) else {}


def host(config: Mapping[str, Any]) -> str:
    """The address of the Engine that a stack's manager is."""
    return str(existing(config).get("host") or engine.host())


def settings(places: Places, config: Mapping[str, Any]) -> dict[str, Any]:
    """What a stack's file leaves to this machine: the local registry, and whether the kernel has a routing mesh."""
    found: dict[str, Any] = {}
    if not config.get("slipway:registry"):
        found["slipway:registry"] = {"prefix": f"{registry.address(places)}/slipway"}
    block = existing(config)
    if "routingMesh" not in block and not _IP_VS.exists():
        found["slipway:cluster"] = {form(config): {**block, "routingMesh": False}}
    return found


def ensure(places: Places, config: Mapping[str, Any]) -> str:
    """Make the Engine a Swarm of one node, where it is in none and the stack asks for it; and a registry for it.

    Returns:
        How it came.

    Raises:
        InputError: the Engine is in no Swarm, and the stack does not ask for one; or there is no registry to be had.
    """
    if not config.get("slipway:registry"):
        registry.ensure(places)
    address = host(config)
    state = _state(address)
    if state["LocalNodeState"] != "inactive":
        return "reused"
    if not existing(config).get("initialise"):
        fix = "run `docker swarm init`, or write slipway:cluster.existing.initialise: true"
        raise InputError(Problem("it is in no Swarm", f"Docker Engine {address}", fix))
    run(["docker", "--host", address, "swarm", "init", *_LOOPBACK])
    cache.write(_record(places), json.dumps({"node": _state(address)["NodeID"]}))
    return "of one node"


def leave(places: Places, config: Mapping[str, Any]) -> str:
    """Undo what `ensure` made, where no service runs any more.

    Returns:
        What was done, in words; empty where nothing was.
    """
    address, record = host(config), _record(places)
    if not record.is_file() or json.loads(record.read_text())["node"] != _state(address)["NodeID"]:
        return ""
    if run(["docker", "--host", address, "service", "ls", "--quiet"]).strip():
        return ""
    run(["docker", "--host", address, "swarm", "leave", "--force"])
    record.unlink()
    return "the Swarm of one node left"


def _state(address: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(["docker", "--host", address, "info", "--format", "{{json .Swarm}}"]))
    return found


def _record(places: Places) -> Path:
    return places.shared_run / "swarm.json"
