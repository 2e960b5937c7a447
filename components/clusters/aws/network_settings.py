"""What a cluster's network is asked to be: a new one, one that is there, or the account's default VPC. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...errors import Problem
from .. import blocks
from . import cidrs

CIDR = "10.0.0.0/16"
NAT = ("none", "one", "zone")
FORMS = ("default", "existing", "new")
REGION = blocks.form(r"[a-z]{2}(-[a-z]+)+-[0-9]", "a region", "write one such as eu-central-1")


@dataclass(frozen=True, kw_only=True)
class NewNetwork:
    """A network to make.

    Attributes:
        region: where it is.
        zones: names of availability zones.
        cidr: its addresses.
        nat: how private subnets reach the world: `one` NAT gateway for all, one in each `zone`, or `none`.
        endpoints: AWS services that are reached by endpoints within the network.
    """

    region: str
    zones: tuple[str, ...]
    cidr: str = CIDR
    nat: str = "one"
    endpoints: tuple[str, ...] = ()

    @property
    def private(self) -> bool:
        """Whether there are private subnets: what is in them must reach at least where images are."""
        return self.nat != "none" or bool(self.endpoints)

    @property
    def nat_zones(self) -> tuple[str, ...]:
        """The zones that have a NAT gateway."""
        return {"none": (), "one": self.zones[:1], "zone": self.zones}[self.nat]


def new(asked: Mapping[str, Any]) -> NewNetwork:
    """The network that arguments without problems ask for: `region`, and the other attributes of `NewNetwork`."""
    return NewNetwork(
        region=asked["region"],
        zones=cidrs.zones(asked["region"], asked.get("zones")),
        cidr=asked.get("cidr") or CIDR,
        nat=asked.get("nat") or "one",
        endpoints=tuple(asked.get("endpoints") or ()),
    )


def new_problems(asked: Any, region: Any, where: str, more: Mapping[str, blocks.Check]) -> list[Problem]:
    """What is wrong with a network to make.

    Args:
        asked: as written.
        region: where it would be; a wrong one is told elsewhere.
        where: the block's place.
        more: what else the block may have.
    """
    cidr = blocks.form(r"[0-9./]+", "a range of addresses", f"write one such as {CIDR}")
    checks = {"cidr": cidr, "nat": blocks.word(*NAT), "zones": blocks.several(blocks.string), **more}
    found = blocks.problems(asked, where, checks, outputs=())
    if found or not isinstance(region, str):
        return found
    range_, named = asked.get("cidr") or CIDR, cidrs.zones(region, asked.get("zones"))
    if not cidrs.is_network(range_):
        fix = f"write a private range from /{cidrs.LARGEST} to /{cidrs.SMALLEST} that begins where it should"
        found.append(Problem(f"cidr is {range_!r}", where, fix))
    found += [
        Problem(f"zones has {zone!r}, no availability zone of {region}", where, f"write names such as {region}a")
        for zone in named
        if not cidrs.is_zone(region, zone)
    ]
    if len(set(named)) != len(named):
        found.append(Problem(f"zones is {list(named)}, with one zone twice", where, "write each once"))
    return found


def argument_problems(args: Mapping[str, Any], where: str) -> list[Problem]:
    """What is wrong with the arguments of an `AwsNetwork`.

    Args:
        args: `region` and the other attributes of `NewNetwork`, and tags.
        where: the component's name.
    """
    tags = dict.fromkeys(("tags", "public_tags", "private_tags"), blocks.strings)
    more = {"region": REGION, "endpoints": blocks.several(blocks.string), "protect": blocks.boolean, **tags}
    if not args.get("region"):
        return [Problem("no value for region", where, "write one such as eu-central-1")]
    return new_problems(args, args["region"], where, more)


def problems(asked: Any, region: Any, where: str) -> list[Problem]:
    """What is wrong with a stack's `network` block.

    Args:
        asked: as written: `{new: {...}}`, `{existing: {...}}` or `{default: {}}`.
        region: where it is.
        where: the block's place.
    """
    found = blocks.one_form(asked, where, FORMS)
    if found:
        return found
    ((chosen, block),) = asked.items()
    there = f"{where}.{chosen}"
    if chosen == "new":
        return new_problems(block or {}, region, there, {"endpoints": blocks.boolean})
    return blocks.problems(block or {}, there, *EXISTING[chosen])


EXISTING: Mapping[str, tuple[Mapping[str, blocks.Check], Sequence[str]]] = {
    "default": ({}, ()),
    "existing": (
        {
            "cidr": blocks.string,
            "endpoints": blocks.string,
            "publicIp": blocks.boolean,
            "publicSubnets": blocks.strings,
            "subnets": blocks.strings,
            "vpc": blocks.string,
        },
        ("vpc", "subnets"),
    ),
}
"""Form -> what its keys must be, and which are required."""


def zone_count(asked: Mapping[str, Any], region: str) -> int | None:
    """In how many zones a network has subnets; None: only AWS knows."""
    ((chosen, block),) = asked.items()
    if chosen == "new":
        return len(cidrs.zones(region, (block or {}).get("zones")))
    return None
