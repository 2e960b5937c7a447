"""The network of a cluster's machines: one that is there, or a new one with a way out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_openstack as openstack

from .machine_settings import CIDR
from .owner import Owner


@dataclass(frozen=True, kw_only=True)
class Place:
    """A network.

    Attributes:
        network: its ID.
        subnet: ID of the subnet in which machines have their addresses.
        made: what has to be there before a machine reaches anything.
    """

    network: pulumi.Input[str]
    subnet: pulumi.Input[str]
    made: Sequence[pulumi.Resource] = ()


def place(own: Owner, asked: Mapping[str, Any] | None, external: str | None) -> Place:
    """The network that a stack asks for.

    Args:
        own: the cluster's component.
        asked: a `network` block without problems; None: a new one.
        external: name of the network that leads outside.
    """
    ((form, block),) = (asked or {"new": {}}).items()
    if form == "existing":
        return Place(network=block["network"], subnet=block["subnet"])
    return _new(own, block or {}, external)


def _new(own: Owner, asked: Mapping[str, Any], external: str | None) -> Place:
    network = openstack.networking.Network(own.called("network"), region=own.region, opts=own.options())
    subnet = openstack.networking.Subnet(
        own.called("subnet"),
        network_id=network.id,
        cidr=asked.get("cidr") or CIDR,
        ip_version=4,
        dns_nameservers=asked.get("dns"),
        region=own.region,
        opts=own.options(),
    )
    outside = openstack.networking.get_network_output(
        name=external, external=True, region=own.region, opts=pulumi.InvokeOutputOptions(parent=own.resource)
    )
    router = openstack.networking.Router(
        own.called("router"), external_network_id=outside.id, region=own.region, opts=own.options()
    )
    way = openstack.networking.RouterInterface(
        own.called("router"), router_id=router.id, subnet_id=subnet.id, region=own.region, opts=own.options()
    )
    return Place(network=network.id, subnet=subnet.id, made=(way,))
