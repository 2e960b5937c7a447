"""Which addresses a subnet of a new network has. Pure.

The network's range and the zone's letter tell, and nothing else, so that a zone that comes or goes moves no other. Of
a /16, eight private subnets have a /20 each (4,091 usable addresses: a task or a pod takes one), and eight public ones,
for load balancers and NAT, a /24 each.
"""

import ipaddress
import re
from collections.abc import Sequence

LETTERS = "abcdefgh"
"""Of a region's zones (https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html)."""
LARGEST, SMALLEST = 16, 20
"""Prefix lengths of a network: AWS takes /16 to /28, and a public subnet, 256 times smaller, may have /28 at least
(https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html)."""
PRIVATE_BITS, PUBLIC_BITS = 4, 8
"""How much longer a subnet's prefix is than its network's."""


def zones(region: str, asked: Sequence[str] | None) -> tuple[str, ...]:
    """The zones of a new network: those that are asked for, else the region's `a` and `b`."""
    return tuple(asked or (f"{region}{letter}" for letter in LETTERS[:2]))


def is_zone(region: str, zone: str) -> bool:
    """Whether a word is an availability zone of a region: `eu-central-1a`."""
    return re.fullmatch(rf"{re.escape(region)}[{LETTERS}]", zone) is not None


def is_network(cidr: str) -> bool:
    """Whether a text is a range that a network may have: `10.0.0.0/16`."""
    try:
        network = ipaddress.IPv4Network(cidr)
    except ValueError:
        return False
    return network.is_private and LARGEST <= network.prefixlen <= SMALLEST


def private(cidr: str, zone: str) -> str:
    """The range of a zone's private subnet: one of the first eight sixteenths of the network."""
    return _part(cidr, PRIVATE_BITS, _index(zone))


def public(cidr: str, zone: str) -> str:
    """The range of a zone's public subnet: one of the first 256ths of the network's second half."""
    return _part(cidr, PUBLIC_BITS, 2 ** (PUBLIC_BITS - 1) + _index(zone))


def _index(zone: str) -> int:
    return LETTERS.index(zone[-1])


def _part(cidr: str, bits: int, index: int) -> str:
    network = ipaddress.IPv4Network(cidr)
    prefix = network.prefixlen + bits
    start = int(network.network_address) + index * 2 ** (network.max_prefixlen - prefix)
    return f"{ipaddress.IPv4Address(start)}/{prefix}"
