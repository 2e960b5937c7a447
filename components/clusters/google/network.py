"""The network of a cluster on Google Cloud: one that is there, or a new one with a subnet in one region.

Nothing in it is let in from outside but what a load balancer brings: a network without firewall rules refuses it.
https://cloud.google.com/firewall/docs/firewalls#default_firewall_rules
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_gcp as gcp

from .. import blocks
from . import network_settings
from .owner import Owner

PEER = "servicenetworking.googleapis.com"
PEERED_PREFIX = 20
"""Of the range in which Google's own services have their addresses; Cloud SQL takes a /24 of it per region
(https://cloud.google.com/sql/docs/postgres/configure-private-services-access)."""
RUN = "run.app."
"""The domain of Cloud Run's services."""
PRIVATE_ADDRESSES = ["199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"]
"""private.googleapis.com, which counts as private where private ranges alone go through the network
(https://cloud.google.com/vpc/docs/configure-private-google-access#domain-options)."""
TTL = 300
PAGE_SECONDS = "INTERVAL_5_SEC"
SAMPLES = 0.5
"""Of what is sent, the part that flow logs have."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A network.

    Attributes:
        network: its ID.
        subnetwork: ID of its subnet in the region.
        made: what has to be there before anything in the network is.
    """

    network: pulumi.Input[str]
    subnetwork: pulumi.Input[str]
    made: Sequence[pulumi.Resource] = ()


def place(own: Owner, asked: Mapping[str, Any], apis: Sequence[pulumi.Resource], **more: Any) -> Place:
    """The network that a stack asks for.

    Args:
        own: the cluster's component.
        asked: a `network` block without problems.
        apis: what comes first.
        more: arguments of a new subnet.
    """
    ((chosen, block),) = asked.items()
    if chosen == "existing":
        return Place(network=block["network"], subnetwork=block["subnetwork"])
    return _new(own, network_settings.new(block or {}), apis, more)


def expected(asked: Mapping[str, Any]) -> Place:
    """The network before it is made: what follows from the settings, and else what comes later.

    Args:
        asked: a `network` block without problems.
    """
    existing = asked.get("existing")
    if existing:
        return Place(network=existing["network"], subnetwork=existing["subnetwork"])
    return Place(network=blocks.later(), subnetwork=blocks.later())


def _new(
    own: Owner, asked: network_settings.NewNetwork, apis: Sequence[pulumi.Resource], more: Mapping[str, Any]
) -> Place:
    network = gcp.compute.Network(
        own.called("network"),
        project=own.project,
        auto_create_subnetworks=False,
        routing_mode="REGIONAL",
        opts=own.stateful(depends_on=apis),
    )
    logs: Any = {"aggregation_interval": PAGE_SECONDS, "flow_sampling": SAMPLES} if asked.flow_logs else None
    subnetwork = gcp.compute.Subnetwork(
        own.called("subnet"),
        project=own.project,
        region=own.region,
        network=network.id,
        ip_cidr_range=asked.cidr,
        private_ip_google_access=True,
        log_config=logs,
        opts=own.stateful(),
        **more,
    )
    if asked.proxies:
        gcp.compute.Subnetwork(
            own.called("proxies"),
            project=own.project,
            region=own.region,
            network=network.id,
            ip_cidr_range=asked.proxies,
            purpose="REGIONAL_MANAGED_PROXY",
            role="ACTIVE",
            opts=own.options(),
        )
    if asked.nat:
        _nat(own, network)
    return Place(network=network.id, subnetwork=subnetwork.id, made=(network, subnetwork))


def _nat(own: Owner, network: gcp.compute.Network) -> None:
    router = gcp.compute.Router(
        own.called("nat"), project=own.project, region=own.region, network=network.id, opts=own.options()
    )
    gcp.compute.RouterNat(
        own.called("nat"),
        project=own.project,
        region=own.region,
        router=router.name,
        nat_ip_allocate_option="AUTO_ONLY",
        source_subnetwork_ip_ranges_to_nat="ALL_SUBNETWORKS_ALL_IP_RANGES",
        opts=own.options(),
    )


def peering(
    own: Owner, network: pulumi.Input[str], apis: Sequence[pulumi.Resource]
) -> gcp.servicenetworking.Connection:
    """What gives Google's own services addresses in a network: private services access.

    https://cloud.google.com/vpc/docs/configure-private-services-access

    Args:
        own: the cluster's component.
        network: its ID.
        apis: what comes first.
    """
    addresses = gcp.compute.GlobalAddress(
        own.called("services"),
        project=own.project,
        purpose="VPC_PEERING",
        address_type="INTERNAL",
        prefix_length=PEERED_PREFIX,
        network=network,
        labels=own.labels or None,
        opts=own.stateful(depends_on=apis),
    )
    return gcp.servicenetworking.Connection(
        own.called("services"),
        network=network,
        service=PEER,
        reserved_peering_ranges=[addresses.name],
        opts=own.stateful(),
    )


def run_names(own: Owner, network: pulumi.Input[str], apis: Sequence[pulumi.Resource]) -> None:
    """The names of Cloud Run's services, which lead a network's own calls to Google within the network.

    So they count as internal, and need no way to the world
    (https://cloud.google.com/run/docs/securing/private-networking#from-vpc).

    Args:
        own: the cluster's component.
        network: its ID.
        apis: what comes first.
    """
    networks: Any = {"networks": [{"network_url": network}]}
    zone = gcp.dns.ManagedZone(
        own.called("run"),
        project=own.project,
        dns_name=RUN,
        description="Cloud Run's services, by private.googleapis.com",
        visibility="private",
        private_visibility_config=networks,
        labels=own.labels or None,
        opts=own.options(depends_on=apis),
    )
    for key, host in {"run-all": f"*.{RUN}", "run-apex": RUN}.items():
        gcp.dns.RecordSet(
            own.called(key),
            project=own.project,
            managed_zone=zone.name,
            name=host,
            type="A",
            ttl=TTL,
            rrdatas=PRIVATE_ADDRESSES,
            opts=own.options(),
        )
