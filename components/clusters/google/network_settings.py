"""What a cluster's network is asked to be: a new one, or one that is there. Pure."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import Problem
from .. import blocks, cloudrun_access

CIDR = "10.8.0.0/20"
"""The addresses of a subnet: an instance of Cloud Run takes two for a while
(https://cloud.google.com/run/docs/configuring/vpc-direct-vpc#ip-address-allocation)."""
PROXIES = "10.8.16.0/23"
"""Where the proxies of internal load balancers are, a /26 at least
(https://cloud.google.com/load-balancing/docs/proxy-only-subnets)."""
LARGEST, SMALLEST = 12, 26
"""Prefix lengths of a subnet for direct egress: the page of `CIDR`."""
FORMS = ("existing", "new")
REGION = blocks.form(cloudrun_access.REGION, "a region", "write one such as europe-west1")
PROJECT = cloudrun_access.PLACE["project"]
NAME = r"[a-z]([a-z0-9-]{0,22}[a-z0-9])?"
"""It begins the names of a cluster's resources; the shortest limit is that of a service account's, 30
(https://cloud.google.com/iam/docs/service-accounts-create)."""


@dataclass(frozen=True, kw_only=True)
class NewNetwork:
    """A network to make, with a subnet in one region.

    Attributes:
        cidr: the subnet's addresses.
        nat: whether what has no public address reaches the world.
        proxies: addresses of the proxies of internal load balancers; None: there are none.
        flow_logs: whether samples of what is sent are logged.
    """

    cidr: str = CIDR
    nat: bool = False
    proxies: str | None = None
    flow_logs: bool = False


def new(asked: Mapping[str, Any]) -> NewNetwork:
    """The network that a block without problems asks for."""
    return NewNetwork(**blocks.attributes(asked, NewNetwork.__dataclass_fields__))


def _range(key: str, value: Any) -> blocks.Found:
    """A private range of addresses."""
    try:
        network = ipaddress.IPv4Network(value)
    except (TypeError, ValueError):
        return f"{key} is {value!r}, not a range of addresses", f"write one such as {CIDR}"
    if network.is_private and LARGEST <= network.prefixlen <= SMALLEST:
        return None
    return f"{key} is {value!r}", f"write a private range from /{LARGEST} to /{SMALLEST}"


NEW: Mapping[str, blocks.Check] = {
    "cidr": _range,
    "flowLogs": blocks.boolean,
    "nat": blocks.boolean,
    "proxies": _range,
}
"""Key of `network.new` -> what its value must be."""
EXISTING: Mapping[str, blocks.Check] = {key: cloudrun_access.PLACE[key] for key in ("network", "subnetwork")}
"""Key of `network.existing` -> what its value must be."""


def problems(asked: Any, where: str) -> list[Problem]:
    """What is wrong with a stack's `network` block.

    Args:
        asked: as written: `{new: {...}}` or `{existing: {...}}`.
        where: the block's place.
    """
    found = blocks.one_form(asked, where, FORMS)
    if found:
        return found
    ((chosen, block),) = asked.items()
    there = f"{where}.{chosen}"
    if chosen == "existing":
        return blocks.problems(block or {}, there, EXISTING, tuple(EXISTING), outputs=())
    found = blocks.problems(block or {}, there, NEW, outputs=())
    return found or _overlap(new(block or {}), there)


def _overlap(asked: NewNetwork, where: str) -> list[Problem]:
    if asked.proxies is None or not ipaddress.IPv4Network(asked.cidr).overlaps(ipaddress.IPv4Network(asked.proxies)):
        return []
    return [Problem(f"proxies {asked.proxies} is within cidr {asked.cidr}", where, "take another range")]


def name_problems(name: str, where: str) -> list[Problem]:
    """What is wrong with a cluster's name, which begins those of its resources.

    Args:
        name: of the component, and so of the stack.
        where: the place of the cluster's settings.
    """
    found = blocks.form(NAME, "a name on Google Cloud", "take one of a-z, 0-9 and -, of at most 24 characters")(
        "the name", name
    )
    return [] if found is None else [Problem(found[0], where, found[1])]
