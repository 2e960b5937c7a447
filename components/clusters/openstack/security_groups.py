"""Security groups: who reaches machines, on which ports. What no rule lets in stays outside.

https://docs.openstack.org/api-ref/network/v2/#security-group-rules-security-group-rules
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi_openstack as openstack

from . import machine_settings
from .machine_settings import Ports
from .owner import Owner

SSH = Ports(low=22, high=22)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What is let in.

    Attributes:
        ports: on the machine.
        source: range of addresses from which it comes.
    """

    ports: Ports
    source: str

    @property
    def key(self) -> str:
        """Of the rule's name: `tcp-8000-8100-from-203.0.113.0/24`."""
        first, last = self.ports.low, self.ports.high
        shown = str(first) if first == last else f"{first}-{last}"
        return f"{self.ports.protocol}-{shown}-from-{self.source}"


def rules(ssh: Mapping[str, Any], published: Mapping[str, Any] | None) -> Iterator[Rule]:
    """What reaches a machine from outside its group.

    Args:
        ssh: the block of that name.
        published: the block of that name.
    """
    for source in ssh["sources"]:
        yield Rule(ports=SSH, source=source)
    ports, sources = machine_settings.published(published)
    for each in ports:
        for source in sources:
            yield Rule(ports=each, source=source)


def security_group(own: Owner, key: str, description: str, let_in: Iterable[Rule]) -> openstack.networking.SecGroup:
    """A security group: everything goes out, and in comes what is let in.

    Args:
        own: the component that it belongs to.
        key: of its name.
        description: for who looks at it in the dashboard.
        let_in: from outside the group.
    """
    group = openstack.networking.SecGroup(
        own.called(key), description=description, delete_default_rules=True, region=own.region, opts=own.options()
    )
    _rule(own, f"{key}-out", group, "egress")
    # the same rule may be asked for twice, and the cloud refuses it the second time
    for rule in {each.key: each for each in let_in}.values():
        ports = rule.ports
        _rule(
            own,
            f"{key}-{rule.key}",
            group,
            "ingress",
            protocol=ports.protocol,
            port_range_min=ports.low,
            port_range_max=ports.high,
            remote_ip_prefix=rule.source,
        )
    return group


def let_in(
    own: Owner,
    key: str,
    group: openstack.networking.SecGroup,
    peer: openstack.networking.SecGroup,
    protocol: str,
    port: int | None = None,
) -> None:
    """Let what wears another group in, on one port.

    Args:
        own: the component that both belong to.
        key: of the rule's name.
        group: of the machines that are reached.
        peer: of those that reach them.
        protocol: `tcp`, `udp` or `esp`.
        port: None: the protocol has none.
    """
    ports = {} if port is None else {"port_range_min": port, "port_range_max": port}
    _rule(own, key, group, "ingress", protocol=protocol, remote_group_id=peer.id, **ports)


def _rule(own: Owner, key: str, group: openstack.networking.SecGroup, direction: str, **more: Any) -> None:
    openstack.networking.SecGroupRule(
        own.called(key),
        security_group_id=group.id,
        direction=direction,
        ethertype="IPv4",
        region=own.region,
        opts=own.options(),
        **more,
    )
