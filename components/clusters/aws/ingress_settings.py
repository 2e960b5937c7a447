"""What the load balancer of an ECS cluster is asked to be: `slipway:cluster.new.ingress`. Pure."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from ...errors import Problem
from .. import blocks

ARN = r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:.+"
DOMAIN = r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
SOURCES = ("0.0.0.0/0",)
"""Without `sources`: the world."""
ZONE_FORMS = ("existing", "new")
LONGEST = 24
"""Characters of a load balancer's name: AWS takes 32, and Pulumi appends 8."""
NAME = re.compile(rf"(?=.{{1,{LONGEST}}}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?")
LEAST_ZONES = 2
"""In which an application load balancer has subnets
(https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html)."""


def arn(service: str) -> blocks.Check:
    """The ARN of something of a service."""
    return blocks.form(rf"arn:aws[a-z-]*:{service}:.+", f"an ARN of {service}", f"write arn:aws:{service}:...")


def source(key: str, value: Any) -> blocks.Found:
    """A range of addresses from which requests come."""
    try:
        ipaddress.IPv4Network(value)
    except (TypeError, ValueError):
        return f"{key} has {value!r}, no range of IPv4 addresses", "write ranges such as 203.0.113.0/24"
    return None


_domain = blocks.form(DOMAIN, "a domain", "write one such as shop.example.com or *.example.com")

CHECKS: Mapping[str, blocks.Check] = {
    "accessLogs": blocks.form(r"[a-z0-9.-]{3,63}", "a bucket's name", "write the name of a bucket"),
    "certificate": arn("acm"),
    "domains": blocks.several(_domain),
    "idleTimeout": blocks.whole(1, 4000),
    "internal": blocks.boolean,
    "sources": blocks.several(source),
    "tlsPolicy": blocks.form(r"ELBSecurityPolicy-[A-Za-z0-9-]+", "a TLS policy", "write ELBSecurityPolicy-..."),
}
"""Key -> what its value must be; `zone` has forms."""


def problems(asked: Any, where: str, zones: int | None) -> list[Problem]:
    """What is wrong with the block.

    Args:
        asked: as written.
        where: the block's place.
        zones: in how many zones the network has subnets; None: only AWS knows.
    """
    found = blocks.problems(asked, where, {**CHECKS, "zone": blocks.anything}, outputs=["accessLogs", "certificate"])
    if not isinstance(asked, Mapping):
        return found
    zone = asked.get("zone")
    found += _zone_problems(zone, f"{where}.zone") if zone is not None else []
    if asked.get("certificate") is not None and asked.get("domains") is not None:
        found.append(Problem("certificate and domains exclude each other", where, "remove one"))
    if asked.get("domains") is not None and zone is None:
        fix = "name the hosted zone in which it is proved whose they are, or give certificate"
        found.append(Problem("domains without zone", where, fix))
    if zones is not None and zones < LEAST_ZONES:
        found.append(Problem(f"a load balancer needs {LEAST_ZONES} zones", where, "name two in network.new.zones"))
    return found


def name_problems(name: str, where: str) -> list[Problem]:
    """What is wrong with a cluster's name: its load balancer is called after it.

    Args:
        name: of the component, and so of the stack.
        where: the place of the cluster's settings.
    """
    if NAME.fullmatch(name):
        return []
    fix = f"take one of letters, digits and -, of at most {LONGEST} characters"
    return [Problem(f'"{name}" is no name for a load balancer', where, fix)]


def _zone_problems(zone: Any, where: str) -> list[Problem]:
    found = blocks.one_form(zone, where, ZONE_FORMS)
    return found or blocks.problems(zone, where, dict.fromkeys(ZONE_FORMS, _domain))
