"""The zone of Cloud DNS in which hosts get their names, and the certificates of those hosts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_gcp as gcp

from ...errors import Problem
from .. import blocks
from .owner import Owner

ZONE_FORMS = ("existing", "new")
DOMAIN = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
ZONE_NAME = r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?"
TTL = 300


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A public zone.

    Attributes:
        name: as Cloud DNS knows it.
        domain: of its names, without the dot at its end.
        made: what has to be there before a record; empty where it is there already.
    """

    name: pulumi.Input[str]
    domain: str
    made: Sequence[pulumi.Resource] = ()


def problems(asked: Any, where: str) -> list[Problem]:
    """What is wrong with a stack's `zone` block.

    Args:
        asked: as written: `{new: example.com}` or `{existing: {name: ..., domain: ...}}`.
        where: the block's place.
    """
    found = blocks.one_form(asked, where, ZONE_FORMS)
    if found:
        return found
    ((chosen, block),) = asked.items()
    domain = blocks.form(DOMAIN, "a domain", "write one such as example.com")
    if chosen == "new":
        return blocks.problems(asked, where, {"new": domain}, outputs=())
    name = blocks.form(ZONE_NAME, "a zone's name", "run `gcloud dns managed-zones list`")
    keys = {"domain": domain, "name": name}
    return blocks.problems(block, f"{where}.{chosen}", keys, tuple(keys), outputs=())


def expected(asked: Mapping[str, Any], *, certified: bool) -> dict[str, Any]:
    """What an application has to know of the zone before it is made.

    Args:
        asked: a `zone` block without problems.
        certified: whether there are certificates.
    """
    existing = asked.get("existing")
    named = {"zone": existing["name"], "zoneName": existing["domain"]} if existing else {}
    found = named or {"zone": blocks.later(), "zoneName": asked["new"]}
    return {**found, **({"certificateMap": blocks.later()} if certified else {})}


def zone(own: Owner, asked: Mapping[str, Any], apis: Sequence[pulumi.Resource]) -> Zone:
    """The zone that a stack asks for.

    Args:
        own: the cluster's component.
        asked: a `zone` block without problems.
        apis: what comes first.
    """
    ((chosen, block),) = asked.items()
    if chosen == "existing":
        return Zone(name=block["name"], domain=block["domain"])
    made = gcp.dns.ManagedZone(
        own.called("zone"),
        project=own.project,
        dns_name=f"{block}.",
        description=f"hosts of {own.name}",
        dnssec_config={"state": "on"},
        labels=own.labels or None,
        opts=own.stateful(depends_on=apis),
    )
    return Zone(name=made.name, domain=block, made=(made,))


def certificate_map(own: Owner, zone: Zone, apis: Sequence[pulumi.Resource]) -> pulumi.Output[str]:
    """A certificate for a zone's domain and every host right below it, in a map that load balancers take.

    Google asks the zone whose the domain is (https://cloud.google.com/certificate-manager/docs/dns-authorizations).

    Args:
        own: the cluster's component.
        zone: of the domain.
        apis: what comes first.

    Returns:
        The map's ID.
    """
    authorization = gcp.certificatemanager.DnsAuthorization(
        own.called("zone"),
        project=own.project,
        domain=zone.domain,
        labels=own.labels or None,
        opts=own.options(depends_on=apis),
    )
    asked = authorization.dns_resource_records[0]
    gcp.dns.RecordSet(
        own.called("authorization"),
        project=own.project,
        managed_zone=zone.name,
        name=asked.name,
        type=asked.type,
        ttl=TTL,
        rrdatas=[asked.data],
        opts=own.options(depends_on=zone.made),
    )
    hosts = {"apex": zone.domain, "hosts": f"*.{zone.domain}"}
    managed: Any = {"domains": list(hosts.values()), "dns_authorizations": [authorization.id]}
    certificate = gcp.certificatemanager.Certificate(
        own.called("zone"), project=own.project, managed=managed, labels=own.labels or None, opts=own.options()
    )
    found = gcp.certificatemanager.CertificateMap(
        own.called("zone"), project=own.project, labels=own.labels or None, opts=own.options(depends_on=apis)
    )
    for key, host in hosts.items():
        gcp.certificatemanager.CertificateMapEntry(
            own.called(key),
            project=own.project,
            map=found.name,
            hostname=host,
            certificates=[certificate.id],
            labels=own.labels or None,
            opts=own.options(),
        )
    return found.id
