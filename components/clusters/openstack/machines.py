"""A machine with Docker: its address, its disks, and the wait until its Engine answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_command as command
import pulumi_openstack as openstack

from . import console, engines
from .keypairs import Key
from .network import Place
from .owner import Owner
from .user_data import USER, Machine, user_data

ONCE = ["userData"]
"""What is read at a machine's first start, and never again: a change of it would replace the machine for nothing."""
DIALS = 30
"""How often a machine that is ready is called over SSH: a floating IP may take a while."""
VERSION = "docker version --format '{{.Server.Version}}'"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a machine is.

    Attributes:
        key: of its name.
        image: name of what it starts from, a Debian or an Ubuntu with cloud-init.
        flavor: name of its size.
        zone: availability zone; None: the cloud chooses.
        disk: `size` (GiB) and `type` of a volume that it starts from; None: the disk of its flavor.
        data: `size` (GiB) and `type` of the volume on which Docker's volumes are; None: there is none.
        machine: what it becomes, but for its key and its volume: `engine`, `mirrors`, `swarm`.
        group: ID of the server group that says how far it is from the others; None: it is in none.
    """

    key: str
    image: str
    flavor: str
    zone: str | None = None
    disk: Mapping[str, Any] | None = None
    data: Mapping[str, Any] | None = None
    machine: Mapping[str, Any] = field(default_factory=dict)
    group: Any = None


def shape(key: str, asked: Mapping[str, Any], *, swarm: bool = False, group: Any = None) -> Shape:
    """The machine that settings without problems ask for.

    Args:
        key: of its name.
        asked: the settings, under the names of Python.
        swarm: whether it will be in a Swarm.
        group: ID of a server group; None: it is in none.
    """
    return Shape(
        key=key,
        image=asked["image"],
        flavor=asked["flavor"],
        zone=asked.get("availability_zone"),
        disk=asked.get("disk"),
        data=asked.get("data"),
        machine={"engine": engines.source(asked.get("engine")), "mirrors": asked.get("mirrors") or (), "swarm": swarm},
        group=group,
    )


@dataclass(frozen=True, kw_only=True)
class Made:
    """A machine that is ready.

    Attributes:
        server: its ID.
        name: its host name.
        address: at which it is reached.
        inside: its address in its network.
        host_key: of its sshd: `ssh-ed25519 ...`.
        connection: with which a command runs on it.
        ready: the last of its resources, after which its Engine answers.
    """

    server: pulumi.Output[str]
    name: str
    address: pulumi.Output[str]
    inside: pulumi.Output[str]
    host_key: pulumi.Output[str]
    connection: Mapping[str, Any] = field(repr=False)
    ready: command.remote.Command


def machine(
    own: Owner,
    asked: Shape,
    *,
    place: Place,
    groups: Sequence[pulumi.Input[str]],
    key: Key,
    external: str | None,
    through: Made | None = None,
) -> Made:
    """Make a machine, and wait until its Engine answers.

    Args:
        own: the cluster's component.
        asked: what it is.
        place: where.
        groups: IDs of the security groups that it wears, and no other.
        key: which may log in.
        external: name of the network from which it has a floating IP; None: it is reached by its own address.
        through: the machine by which SSH comes to it; None: it comes by itself.
    """
    port = openstack.networking.Port(
        own.called(asked.key),
        network_id=place.network,
        fixed_ips=[{"subnet_id": place.subnet}],
        security_group_ids=groups,
        region=own.region,
        opts=own.options(),
    )
    volume = _volume(own, asked)
    instance = _instance(own, asked, port=port, key=key, volume=volume, after=place.made)
    after: list[pulumi.Resource] = []
    if volume is not None:
        after.append(
            openstack.compute.VolumeAttach(
                own.called(f"{asked.key}-data"),
                instance_id=instance.id,
                volume_id=volume.id,
                region=own.region,
                opts=own.options(),
            )
        )
    ready, host_key = console.host_key(own, asked.key, instance.id, after)
    address, reached = _address(own, asked.key, port, external, place.made)
    connection: dict[str, Any] = {
        "host": address,
        "user": USER,
        "host_key": host_key,
        "dial_error_limit": DIALS,
        **({} if key.private is None else {"private_key": key.private}),
    }
    if through is not None:
        connection["proxy"] = through.connection
        reached = [*reached, through.ready]
    answers = run(own, f"{asked.key}-engine", connection, VERSION, [instance.id], [ready, *reached])
    return Made(
        server=instance.id,
        name=own.called(asked.key),
        address=address,
        inside=_inside(port),
        host_key=host_key,
        connection=connection,
        ready=answers,
    )


def run(
    own: Owner,
    key: str,
    connection: Mapping[str, Any],
    create: pulumi.Input[str],
    triggers: Sequence[Any],
    after: Sequence[pulumi.Resource],
    *,
    secret: Sequence[str] = (),
    **more: Any,
) -> command.remote.Command:
    """A command on a machine. It stands in messages and in the state, so no secret is in its text.

    Args:
        own: the cluster's component.
        key: of the resource's name.
        connection: to the machine.
        create: what runs when the resource is made.
        triggers: with another one of these, the resource is made anew.
        after: what comes before it.
        secret: outputs that are secret.
        more: arguments of the resource: `stdin`, `delete`, `logging`.
    """
    to: Any = dict(connection)
    return command.remote.Command(
        own.called(key),
        connection=to,
        create=create,
        triggers=list(triggers),
        add_previous_output_in_env=False,
        opts=own.options(depends_on=list(after), additional_secret_outputs=list(secret) or None),
        **more,
    )


def _volume(own: Owner, asked: Shape) -> openstack.blockstorage.Volume | None:
    """The volume outlives the machine; it is made in the same zone, in which alone it can be attached."""
    if asked.data is None:
        return None
    return openstack.blockstorage.Volume(
        own.called(f"{asked.key}-data"),
        size=asked.data["size"],
        volume_type=asked.data.get("type"),
        availability_zone=asked.zone,
        region=own.region,
        opts=own.stateful(),
    )


def _instance(
    own: Owner,
    asked: Shape,
    *,
    port: openstack.networking.Port,
    key: Key,
    volume: openstack.blockstorage.Volume | None,
    after: Sequence[pulumi.Resource],
) -> openstack.compute.Instance:
    def content(known: Sequence[Any]) -> str:
        name = own.called(asked.key)
        return user_data(Machine(name=name, key=known[0].strip(), volume=known[1], **asked.machine))

    return openstack.compute.Instance(
        own.called(asked.key),
        name=own.called(asked.key),
        flavor_name=asked.flavor,
        key_pair=key.name,
        availability_zone=asked.zone,
        networks=[{"port": port.id}],
        scheduler_hints=None if asked.group is None else [{"group": asked.group}],
        user_data=pulumi.Output.all(key.public, None if volume is None else volume.id).apply(content),
        stop_before_destroy=True,
        region=own.region,
        # its port and its volume are free only when it is gone
        opts=own.options(depends_on=list(after), delete_before_replace=True, ignore_changes=ONCE),
        **_started_from(own, asked),
    )


def _started_from(own: Owner, asked: Shape) -> dict[str, Any]:
    if asked.disk is None:
        return {"image_name": asked.image}
    image = openstack.images.get_image_output(
        name=asked.image,
        most_recent=True,
        region=own.region,
        opts=pulumi.InvokeOutputOptions(parent=own.resource),
    )
    device = {
        "uuid": image.id,
        "source_type": "image",
        "destination_type": "volume",
        "boot_index": 0,
        "volume_size": asked.disk["size"],
        "volume_type": asked.disk.get("type"),
        "delete_on_termination": True,
    }
    return {"block_devices": [{key: each for key, each in device.items() if each is not None}]}


def _address(
    own: Owner, key: str, port: openstack.networking.Port, external: str | None, after: Sequence[pulumi.Resource]
) -> tuple[pulumi.Output[str], list[pulumi.Resource]]:
    """Where a machine is reached, and what has to be there before it is."""
    if external is None:
        return _inside(port), []
    floating = openstack.networking.FloatingIp(own.called(key), pool=external, region=own.region, opts=own.stateful())
    bound = openstack.networking.FloatingIpAssociate(
        own.called(key),
        floating_ip=floating.address,
        port_id=port.id,
        region=own.region,
        # only behind a router can a port have one
        opts=own.options(depends_on=list(after)),
    )
    return floating.address, [bound]


def _inside(port: openstack.networking.Port) -> pulumi.Output[str]:
    """A port's one address in its network."""
    return port.all_fixed_ips.apply(lambda found: str(found[0]))
