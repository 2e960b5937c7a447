"""How machines become a Swarm, and leave it: by commands on them, with tokens on their standard input alone.

https://docs.docker.com/engine/swarm/swarm-tutorial/
"""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_command as command
from pulumi_command.remote import Logging

from .machines import Made, run
from .owner import Owner

PORT = 2377
DRAIN_SECONDS = 120
"""How long a node's tasks have to move elsewhere, before it goes all the same."""
ACTIVE = """[ "$(docker info --format '{{.Swarm.LocalNodeState}}')" = active ]"""
"""Whether the machine is in a Swarm already: commands may run again."""
JOIN = f"""\
token=$(cat)
{ACTIVE} || docker swarm join --token "$token" "$1:{PORT}"
"""
GO = f"""\
docker node inspect "$node" >/dev/null 2>&1 || exit 0
docker node update --availability drain "$node"
waited=0
while docker node ps "$node" --filter desired-state=running -q | grep -q . && [ "$waited" -lt {DRAIN_SECONDS} ]; do
  waited=$((waited + 2))
  sleep 2
done
docker node demote "$node"
docker node rm --force "$node"
"""
"""Run on a manager when a node goes: what runs on it moves first, and nothing else does."""


def begun(own: Owner, first: Made) -> command.remote.Command:
    """Make the first manager a Swarm of one.

    Args:
        own: the cluster's component.
        first: the manager.
    """
    create = pulumi.Output.concat(ACTIVE, " || docker swarm init --advertise-addr ", first.inside, " >/dev/null")
    return run(own, "swarm", first.connection, create, [first.server], [first.ready])


def token(own: Owner, role: str, first: Made, swarm: command.remote.Command) -> pulumi.Output[str]:
    """What lets a node in; a secret, which is printed nowhere.

    Args:
        own: the cluster's component.
        role: `manager` or `worker`.
        first: the first manager.
        swarm: what made it one.
    """
    asked = run(
        own,
        f"token-{role}",
        first.connection,
        f"docker swarm join-token -q {role}",
        [first.server],
        [swarm],
        secret=["stdout"],
        logging=Logging.NONE,
    )
    return pulumi.Output.secret(asked.stdout)


def joined(own: Owner, key: str, node: Made, first: Made, word: pulumi.Output[str]) -> Sequence[pulumi.Resource]:
    """Let a machine join, and when it goes, drain it before.

    Args:
        own: the cluster's component.
        key: of the machine's name.
        node: the machine.
        first: the first manager.
        word: the token.
    """
    create: Any = pulumi.Output.concat("set -- ", first.inside, "\n", JOIN)
    joins = run(own, f"{key}-join", node.connection, create, [node.server], [node.ready], stdin=word)
    # made last of what the machine has, so it goes first
    member = run(
        own,
        f"{key}-member",
        first.connection,
        f"docker node inspect {node.name} >/dev/null",
        [node.server],
        [joins],
        delete=f"node={node.name}\n{GO}",
    )
    return [member]
