"""`OpenStackVm`: one machine with Docker on a private cloud, for the target docker."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from ...errors import Problem, SettingsError
from ...settings import key_of
from .. import blocks
from . import keypairs, machine_settings, machines, network, providers, security_groups
from .owner import Owner
from .user_data import USER

WHERE = "slipway:cluster.new"


def create(name: str, new: Mapping[str, Any], *, protect: bool, parent: pulumi.Resource | None = None) -> "OpenStackVm":
    """Make the cluster of a stack's `slipway:cluster.new`, with explicit providers.

    Args:
        name: see `OpenStackVm`.
        new: the keys in `machine_settings.CHECKS`.
        protect: whether what holds state is protected from deletion.
        parent: whose child it is; None: the stack's.

    Raises:
        SettingsError: a setting is wrong; nothing was created.
    """
    _refuse(machine_settings.problems(new, WHERE, name, machine_settings.CHECKS))
    used = {"openstack": providers.cloud(name, new, parent), "command": providers.commands(name, parent)}
    options = pulumi.ResourceOptions(parent=parent, providers=used)
    args: Any = {**blocks.attributes(new, OpenStackVmArgs.__annotations__), "protect": protect}
    return OpenStackVm(name, args, options)


def expected(name: str, new: Mapping[str, Any]) -> dict[str, Any]:
    """The output `access` of a cluster before it is made, for an application of the same stack.

    Args:
        name: see `OpenStackVm`.
        new: the keys in `machine_settings.CHECKS`.

    Raises:
        SettingsError: a setting is wrong.
    """
    _refuse(machine_settings.problems(new, WHERE, name, machine_settings.CHECKS))
    private = None if new.get("publicKey") is not None else blocks.later()
    return _access(blocks.later(), blocks.later(), private)


def _refuse(found: list[Problem]) -> None:
    if found:
        raise SettingsError(found)


class OpenStackVmArgs(TypedDict):
    """One machine with Docker. Blocks have a stack's keys, in camelCase; see `machine_settings`."""

    cloud: str
    """Its name in `clouds.yaml`, where the credentials are."""
    region: NotRequired[str | None]
    """Of the cloud; default: the one that `clouds.yaml` names."""
    image: str
    """Name of a Debian (12 or later) or an Ubuntu (22.04 or later) with cloud-init."""
    flavor: str
    """Name of the machine's size."""
    availability_zone: NotRequired[str | None]
    """Where it and its volume are; default: the cloud chooses."""
    network: NotRequired[dict[str, Any] | None]
    """`{new: {cidr: ..., dns: [...]}}` or `{existing: {network: ID, subnet: ID}}`; default: a new one, 10.20.0.0/24."""
    external: NotRequired[str | None]
    """Name of the network that leads outside, from which the machine has a floating IP; a new network needs it.
    Default: the machine is reached by its own address."""
    ssh: dict[str, Any]
    """`sources`: ranges from which SSH comes, those of `pulumi up` among them."""
    published: NotRequired[dict[str, Any] | None]
    """`ports` that applications publish (`"80"`, `"8000-8100"`, `"53/udp"`) and the ranges `sources` from which they
    are reached (everywhere); default: none is reached."""
    public_key: NotRequired[str | None]
    """The SSH key, in OpenSSH's form; default: Nova makes one, and its private half is a secret of `access`."""
    engine: NotRequired[dict[str, Any] | None]
    """Where Docker is from: `{distribution: {}}`, `{docker: {system: debian}}` or `{mirror: {url: ...}}`; default: the
    distribution."""
    mirrors: NotRequired[list[str] | None]
    """URLs of mirrors of Docker Hub; default: none."""
    disk: NotRequired[dict[str, Any] | None]
    """`size` (GiB) and `type` of a volume that the machine starts from; default: the disk of its flavor."""
    data: NotRequired[dict[str, Any] | None]
    """`size` (GiB) and `type` of the volume on which Docker's volumes are; default: they are on the machine's disk."""
    protect: NotRequired[bool | None]
    """Whether what holds state is protected from deletion; default false."""


class OpenStackVm(pulumi.ComponentResource):
    """A machine with Docker, and what it needs. What is on its volume for data outlives it."""

    access: dict[str, Any]
    """What an application's stack has to know, as plain data: the stack's output `access`."""

    def __init__(self, name: str, args: OpenStackVmArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the machine, and wait until its Engine answers.

        Args:
            name: begins the machine's name, and the logical name of every child.
            args: see `OpenStackVmArgs`.
            opts: an openstack and a command provider belong in `providers` where default providers are disabled.

        Raises:
            SettingsError: the arguments are wrong; nothing was created.
        """
        super().__init__("slipway:index:OpenStackVm", name, {}, opts)
        given = {key_of(key): value for key, value in args.items() if key != "protect"}
        _refuse(machine_settings.problems(given, name, name, machine_settings.CHECKS))
        own = Owner(
            name=name,
            resource=self,
            protect=args.get("protect") or False,
            cloud=args["cloud"],
            region=args.get("region"),
        )
        external = args.get("external")
        key = keypairs.key(own, args.get("public_key"))
        group = security_groups.security_group(
            own,
            "vm",
            "SSH and published ports",
            security_groups.rules(args["ssh"], args.get("published")),
        )
        made = machines.machine(
            own,
            machines.shape("vm", args),
            place=network.place(own, args.get("network"), external),
            groups=[group.id],
            key=key,
            external=external,
        )
        # an output of the last: applications wait until the Engine answers
        address = pulumi.Output.all(made.address, made.ready.stdout).apply(lambda known: str(known[0]))
        self.access = _access(address, made.host_key, key.private)
        self.register_outputs({"access": self.access})


def _access(
    address: pulumi.Output[str], host_key: pulumi.Output[str], private: pulumi.Output[str] | None
) -> dict[str, Any]:
    """What an application's stack has to know."""
    return {
        "kind": "docker",
        "host": pulumi.Output.concat("ssh://", USER, "@", address),
        "address": address,
        "hostKey": host_key,
        **({} if private is None else {"privateKey": private}),
    }
