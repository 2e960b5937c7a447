"""`OpenStackSwarm`: a Docker Swarm of machines on a private cloud, for the target swarm."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_openstack as openstack

from ...errors import Problem, SettingsError
from ...settings import key_of
from .. import blocks
from . import keypairs, machine_settings, machines, membership, network, providers, security_groups, swarm_settings
from .machines import Made, Shape
from .owner import Owner
from .user_data import USER

WHERE = "slipway:cluster.new"
GOSSIP, OVERLAY = 7946, 4789
"""https://docs.docker.com/engine/swarm/swarm-tutorial/#open-protocols-and-ports-between-the-hosts; an encrypted overlay
needs ESP, too."""
POLICY = "soft-anti-affinity"
"""Managers are on different hypervisors as far as there are enough."""


def create(
    name: str, new: Mapping[str, Any], *, protect: bool, parent: pulumi.Resource | None = None
) -> "OpenStackSwarm":
    """Make the cluster of a stack's `slipway:cluster.new`, with explicit providers.

    Args:
        name: see `OpenStackSwarm`.
        new: the keys in `swarm_settings.CHECKS`.
        protect: whether what holds state is protected from deletion.
        parent: whose child it is; None: the stack's.

    Raises:
        SettingsError: a setting is wrong; nothing was created.
    """
    _refuse(machine_settings.problems(new, WHERE, name, swarm_settings.CHECKS))
    used = {"openstack": providers.cloud(name, new, parent), "command": providers.commands(name, parent)}
    options = pulumi.ResourceOptions(parent=parent, providers=used)
    args: Any = {**blocks.attributes(new, OpenStackSwarmArgs.__annotations__), "protect": protect}
    return OpenStackSwarm(name, args, options)


def expected(name: str, new: Mapping[str, Any]) -> dict[str, Any]:
    """The output `access` of a cluster before it is made, for an application of the same stack.

    Args:
        name: see `OpenStackSwarm`.
        new: the keys in `swarm_settings.CHECKS`.

    Raises:
        SettingsError: a setting is wrong.
    """
    _refuse(machine_settings.problems(new, WHERE, name, swarm_settings.CHECKS))
    private = None if new.get("publicKey") is not None else blocks.later()
    args = blocks.attributes(new, OpenStackSwarmArgs.__annotations__)
    return _access(name, args, blocks.later(), blocks.later(), private)


def _refuse(found: list[Problem]) -> None:
    if found:
        raise SettingsError(found)


class OpenStackSwarmArgs(TypedDict):
    """A Swarm of machines. Blocks have a stack's keys, in camelCase; see `machine_settings`."""

    cloud: str
    """Its name in `clouds.yaml`, where the credentials are."""
    region: NotRequired[str | None]
    """Of the cloud; default: the one that `clouds.yaml` names."""
    managers: NotRequired[int | None]
    """How many machines keep the Swarm's state: 1, 3 or 5; default 1."""
    workers: NotRequired[int | None]
    """How many other machines there are; default 1."""
    image: str
    """Name of a Debian (12 or later) or an Ubuntu (22.04 or later) with cloud-init."""
    flavor: str
    """Name of the machines' size."""
    manager_flavor: NotRequired[str | None]
    """Name of the managers' size; default: `flavor`."""
    availability_zone: NotRequired[str | None]
    """Where machines and their volumes are; default: the cloud chooses."""
    network: NotRequired[dict[str, Any] | None]
    """`{new: {cidr: ..., dns: [...]}}` or `{existing: {network: ID, subnet: ID}}`; default: a new one, 10.20.0.0/24."""
    external: NotRequired[str | None]
    """Name of the network that leads outside, from which managers have floating IPs; a new network needs it. Workers
    are reached through the first manager. Default: machines are reached by their own addresses."""
    ssh: dict[str, Any]
    """`sources`: ranges from which SSH comes, those of `pulumi up` among them."""
    published: NotRequired[dict[str, Any] | None]
    """`ports` that applications publish (`"80"`, `"8000-8100"`, `"53/udp"`) and the ranges `sources` from which they
    are reached (everywhere), on every machine; default: none is reached."""
    public_key: NotRequired[str | None]
    """The SSH key, in OpenSSH's form; default: Nova makes one, and its private half is a secret of `access`."""
    routing_mesh: NotRequired[bool | None]
    """Whether a published port answers on every machine, which needs IP_VS in the image's kernel; default true."""
    engine: NotRequired[dict[str, Any] | None]
    """Where Docker is from: `{distribution: {}}`, `{docker: {system: debian}}` or `{mirror: {url: ...}}`; default: the
    distribution."""
    mirrors: NotRequired[list[str] | None]
    """URLs of mirrors of Docker Hub; default: none."""
    disk: NotRequired[dict[str, Any] | None]
    """`size` (GiB) and `type` of a volume that each machine starts from; default: the disk of its flavor."""
    data: NotRequired[dict[str, Any] | None]
    """`size` (GiB) and `type` of the volume on which Docker's volumes are, of the machine on which tasks with volumes
    run; default: they are on the machine's disk."""
    protect: NotRequired[bool | None]
    """Whether what holds state is protected from deletion; default false."""


class OpenStackSwarm(pulumi.ComponentResource):
    """A Swarm of machines. Machines come and go without a word to the others, and are drained before they go."""

    access: dict[str, Any]
    """What an application's stack has to know, as plain data: the stack's output `access`."""

    def __init__(self, name: str, args: OpenStackSwarmArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the machines, and let them join.

        Args:
            name: begins the machines' names, and the logical name of every child.
            args: see `OpenStackSwarmArgs`.
            opts: an openstack and a command provider belong in `providers` where default providers are disabled.

        Raises:
            SettingsError: the arguments are wrong; nothing was created.
        """
        super().__init__("slipway:index:OpenStackSwarm", name, {}, opts)
        given = {key_of(key): value for key, value in args.items() if key != "protect"}
        _refuse(machine_settings.problems(given, name, name, swarm_settings.CHECKS))
        own = Owner(
            name=name,
            resource=self,
            protect=args.get("protect") or False,
            cloud=args["cloud"],
            region=args.get("region"),
        )
        external = args.get("external")
        workers = _workers(args)
        spread = openstack.compute.ServerGroup(
            own.called("managers"), policies=POLICY, region=own.region, opts=own.options()
        )
        groups = _groups(own, args)
        common: dict[str, Any] = {
            "place": network.place(own, args.get("network"), external),
            "key": keypairs.key(own, args.get("public_key")),
        }
        kept = swarm_settings.volume_node(workers)
        made: dict[str, Made] = {}
        for number in range(1, (args.get("managers") or swarm_settings.MANAGERS[0]) + 1):
            key = swarm_settings.manager(number)
            shape = _shape(key, args, kept, flavor=args.get("manager_flavor"), group=spread.id)
            worn = [groups["nodes"].id, groups["managers"].id]
            made[key] = machines.machine(own, shape, groups=worn, external=external, **common)
        first = made[swarm_settings.manager(1)]
        for number in range(1, workers + 1):
            key = swarm_settings.worker(number)
            through = None if external is None else first
            made[key] = machines.machine(
                own, _shape(key, args, kept), groups=[groups["nodes"].id], external=None, through=through, **common
            )
        members = _swarm(own, made, first)
        # an output of the last: applications wait until every machine has joined
        waited = [first.ready.stdout, *(each.urn for each in members)]
        address = pulumi.Output.all(first.address, *waited).apply(lambda known: str(known[0]))
        self.access = _access(name, args, address, first.host_key, common["key"].private)
        self.register_outputs({"access": self.access})


def _workers(args: Mapping[str, Any]) -> int:
    asked = args.get("workers")
    return 1 if asked is None else int(asked)


def _shape(key: str, args: Mapping[str, Any], kept: str, **more: Any) -> Shape:
    """A machine of the Swarm; the one that is there for volumes has the volume for data."""
    own = {
        **args,
        "flavor": more.pop("flavor", None) or args["flavor"],
        "data": args.get("data") if key == kept else None,
    }
    return machines.shape(key, own, swarm=True, **more)


def _groups(own: Owner, args: Mapping[str, Any]) -> dict[str, openstack.networking.SecGroup]:
    """Who reaches whom: what is of the Swarm stays inside it."""
    let = list(security_groups.rules(args["ssh"], args.get("published")))
    ssh = [each for each in let if each.ports == security_groups.SSH]
    rest = [each for each in let if each.ports != security_groups.SSH]
    behind = args.get("external") is not None
    nodes = security_groups.security_group(
        own, "nodes", "inside the Swarm, and published ports", rest if behind else let
    )
    managers = security_groups.security_group(own, "managers", "SSH, and machines that join", ssh)
    for protocol, port in (("tcp", GOSSIP), ("udp", GOSSIP), ("udp", OVERLAY), ("esp", None)):
        named = protocol if port is None else f"{protocol}-{port}"
        security_groups.let_in(own, f"nodes-{named}", nodes, nodes, protocol, port)
    security_groups.let_in(own, "nodes-ssh", nodes, managers, "tcp", security_groups.SSH.low)
    security_groups.let_in(own, "managers-join", managers, nodes, "tcp", membership.PORT)
    return {"nodes": nodes, "managers": managers}


def _swarm(own: Owner, made: Mapping[str, Made], first: Made) -> list[pulumi.Resource]:
    """Let all machines join; a token is asked for where somebody needs it."""
    begun = membership.begun(own, first)
    members: list[pulumi.Resource] = [begun]
    for role in ("manager", "worker"):
        joining = {key: each for key, each in made.items() if key.startswith(role) and each is not first}
        if joining:
            word = membership.token(own, role, first, begun)
            for key, each in joining.items():
                members += membership.joined(own, key, each, first, word)
    return members


def _access(
    name: str,
    args: Mapping[str, Any],
    address: pulumi.Output[str],
    host_key: pulumi.Output[str],
    private: pulumi.Output[str] | None,
) -> dict[str, Any]:
    """What an application's stack has to know."""
    mesh = args.get("routing_mesh")
    return {
        "kind": "swarm",
        "host": pulumi.Output.concat("ssh://", USER, "@", address),
        "address": address,
        "hostKey": host_key,
        "routingMesh": True if mesh is None else mesh,
        "volumeNode": f"{name}-{swarm_settings.volume_node(_workers(args))}",
        **({} if private is None else {"privateKey": private}),
    }
