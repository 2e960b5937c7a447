"""What the machines of a cluster are asked to be: what every kind of cluster made of machines takes. Pure."""

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import Problem
from .. import blocks
from . import engines

CIDR = "10.20.0.0/24"
"""The addresses of a new network."""
LARGEST, SMALLEST = 12, 28
"""Prefix lengths of a new network."""
WORLD = "0.0.0.0/0"
PUBLISHED = r"[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?(/(tcp|udp))?"
LAST_PORT = 65535
MOST_GIB = 65536
NAME = r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?"
"""It begins the names of a cluster's machines, which are host names
(https://docs.openstack.org/nova/latest/user/metadata.html)."""


def _range(key: str, value: Any) -> blocks.Found:
    try:
        ipaddress.IPv4Network(value)
    except (TypeError, ValueError):
        return f"{key} has {value!r}, no range of IPv4 addresses", "write ranges such as 203.0.113.0/24"
    return None


def _cidr(key: str, value: Any) -> blocks.Found:
    try:
        network = ipaddress.IPv4Network(value)
    except (TypeError, ValueError):
        return f"{key} is {value!r}, not a range of addresses", f"write one such as {CIDR}"
    if network.is_private and LARGEST <= network.prefixlen <= SMALLEST:
        return None
    return f"{key} is {value!r}", f"write a private range from /{LARGEST} to /{SMALLEST}"


def _address(key: str, value: Any) -> blocks.Found:
    try:
        ipaddress.IPv4Address(value)
    except ValueError:
        return f"{key} has {value!r}, no IPv4 address", "write addresses such as 192.0.2.53"
    return None


def _published(key: str, value: Any) -> blocks.Found:
    wrong = f"{key} has {value!r}, no port", 'write "80", "8000-8100" or "53/udp", in quotes'
    if not isinstance(value, str) or not re.fullmatch(PUBLISHED, value):
        return wrong
    port = _ports(value)
    return None if port.low <= port.high <= LAST_PORT else wrong


CHECKS: Mapping[str, blocks.Check] = {
    "availabilityZone": blocks.string,
    "cloud": blocks.string,
    "data": blocks.anything,
    "disk": blocks.anything,
    "engine": blocks.anything,
    "external": blocks.string,
    "flavor": blocks.string,
    "image": blocks.string,
    "mirrors": blocks.several(engines.HTTPS),
    "network": blocks.anything,
    "publicKey": blocks.form(r"(ssh|ecdsa|sk)-\S+ \S+( .*)?", "a public key", "write one in OpenSSH's form"),
    "published": blocks.anything,
    "region": blocks.string,
    "ssh": blocks.anything,
}
"""Key -> what its value must be; blocks have checks of their own."""
REQUIRED = ("cloud", "flavor", "image", "ssh")
VOLUME: Mapping[str, blocks.Check] = {"size": blocks.whole(1, MOST_GIB), "type": blocks.string}
"""Key of `disk` and of `data` -> what its value must be."""
SSH: Mapping[str, blocks.Check] = {"sources": blocks.several(_range)}
PUBLISHED_KEYS: Mapping[str, blocks.Check] = {
    "ports": blocks.several(_published),
    "sources": blocks.several(_range),
}
NETWORKS: Mapping[str, tuple[Mapping[str, blocks.Check], Sequence[str]]] = {
    "existing": ({"network": blocks.string, "subnet": blocks.string}, ("network", "subnet")),
    "new": ({"cidr": _cidr, "dns": blocks.several(_address)}, ()),
}
"""Form of `network` -> what the value of each key must be, and the keys without which it means nothing."""


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Ports that the world, or a part of it, reaches.

    Attributes:
        low: the first.
        high: the last.
        protocol: `tcp` or `udp`.
    """

    low: int
    high: int
    protocol: str = "tcp"


def published(asked: Mapping[str, Any] | None) -> tuple[tuple[Ports, ...], tuple[str, ...]]:
    """The ports that a `published` block without problems asks for, and the ranges from which they are reached."""
    block = asked or {}
    ports = tuple(_ports(each) for each in block.get("ports") or ())
    return ports, tuple(block.get("sources") or (WORLD,))


def _ports(text: str) -> Ports:
    numbers, _, protocol = text.partition("/")
    low, _, high = numbers.partition("-")
    return Ports(low=int(low), high=int(high or low), protocol=protocol or "tcp")


def problems(asked: Mapping[str, Any], where: str, name: str, checks: Mapping[str, blocks.Check]) -> list[Problem]:
    """What is wrong with the settings of a cluster made of machines.

    Args:
        asked: as written.
        where: their place.
        name: the cluster's.
        checks: key -> what its value must be: `CHECKS`, and what else the kind takes.
    """
    found = blocks.problems(asked, where, checks, REQUIRED, outputs=())
    inner = {
        "data": (VOLUME, ("size",)),
        "disk": (VOLUME, ("size",)),
        "published": (PUBLISHED_KEYS, ("ports",)),
        "ssh": (SSH, ("sources",)),
    }
    for key, (known, required) in inner.items():
        if asked.get(key) is not None:
            found += blocks.problems(asked[key], f"{where}.{key}", known, required, outputs=())
    if asked.get("engine") is not None:
        found += engines.problems(asked["engine"], f"{where}.engine")
    return [*found, *_network_problems(asked, where), *name_problems(name, where)]


def _network_problems(asked: Mapping[str, Any], where: str) -> Iterable[Problem]:
    network = asked.get("network") or {"new": {}}
    found = blocks.one_form(network, f"{where}.network", tuple(NETWORKS))
    if found:
        return found
    ((form, block),) = network.items()
    checks, required = NETWORKS[form]
    found = blocks.problems(block or {}, f"{where}.network.{form}", checks, required, outputs=())
    if form == "new" and asked.get("external") is None:
        fix = "write the name of the network that leads outside (`openstack network list --external`)"
        found.append(Problem("no value for external, and a new network needs a way out", where, fix))
    return found


def name_problems(name: str, where: str) -> list[Problem]:
    """What is wrong with a cluster's name, which begins those of its machines.

    Args:
        name: of the component, and so of the stack.
        where: the place of the cluster's settings.
    """
    found = blocks.form(NAME, "a machine's name", "take one of a-z, 0-9 and -, of at most 40 characters")(
        "the name", name
    )
    return [] if found is None else [Problem(found[0], where, found[1])]
