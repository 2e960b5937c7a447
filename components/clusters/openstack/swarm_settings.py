"""What a Swarm of machines is asked to be: `slipway:cluster.new` of the kind `openstack-swarm`. Pure."""

from collections.abc import Mapping

from .. import blocks
from . import machine_settings

MANAGERS = (1, 3, 5)
"""A Swarm lives on with a majority of them
(https://docs.docker.com/engine/swarm/admin_guide/#add-manager-nodes-for-fault-tolerance)."""
MOST_WORKERS = 200
CHECKS: Mapping[str, blocks.Check] = {
    **machine_settings.CHECKS,
    "managerFlavor": blocks.string,
    "managers": blocks.one_of(MANAGERS),
    "routingMesh": blocks.boolean,
    "workers": blocks.whole(0, MOST_WORKERS),
}
"""Key -> what its value must be; blocks have checks of their own."""


def manager(number: int) -> str:
    """The key of a manager, counted from 1."""
    return f"manager-{number}"


def worker(number: int) -> str:
    """The key of a worker, counted from 1."""
    return f"worker-{number}"


def volume_node(workers: int) -> str:
    """The key of the machine on which tasks with a volume of their own run: the first that is there for work."""
    return worker(1) if workers else manager(1)
