"""The certificate of a load balancer: one of ACM's, which proves by records in a hosted zone whose the names are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from .owner import Owner

TTL = 60
"""Seconds that a record of ours is remembered."""


@dataclass(frozen=True, kw_only=True)
class Zone:
    """A public hosted zone.

    Attributes:
        name: its domain.
        id: None: there is no zone.
    """

    name: str | None = None
    id: pulumi.Input[str] | None = None


def zone(own: Owner, asked: Mapping[str, Any] | None) -> Zone:
    """The hosted zone in which hosts get their records.

    Args:
        own: the cluster's component.
        asked: `{existing: domain}` or `{new: domain}`; None: records are made elsewhere.
    """
    if asked is None:
        return Zone()
    ((chosen, domain),) = asked.items()
    if chosen == "new":
        made = aws.route53.Zone(own.called("zone"), name=domain, tags=own.tagged("zone"), opts=own.stateful())
        return Zone(name=domain, id=made.zone_id)
    options = pulumi.InvokeOutputOptions(parent=own.resource)
    return Zone(name=domain, id=aws.route53.get_zone_output(name=domain, private_zone=False, opts=options).zone_id)


def certificate(own: Owner, domains: Sequence[str], within: pulumi.Input[str]) -> pulumi.Output[str]:
    """The ARN of a certificate, once it is valid.

    Args:
        own: the cluster's component.
        domains: what it covers; `*.example.com` covers one level.
        within: ID of the hosted zone.
    """
    made = aws.acm.Certificate(
        own.called("certificate"),
        domain_name=domains[0],
        subject_alternative_names=list(domains[1:]),
        validation_method="DNS",
        tags=own.tagged("certificate"),
        opts=own.options(),
    )
    records = [_record(own, made, domain, within) for domain in _proofs(domains)]
    valid = aws.acm.CertificateValidation(
        own.called("certificate"),
        certificate_arn=made.arn,
        validation_record_fqdns=[record.fqdn for record in records],
        opts=own.options(),
    )
    return valid.certificate_arn


def _proofs(domains: Sequence[str]) -> list[str]:
    """The domains that need a record: a wildcard is proved by that of the domain beneath it."""
    return list(dict.fromkeys(domain.removeprefix("*.") for domain in domains))


def _record(own: Owner, made: aws.acm.Certificate, domain: str, within: pulumi.Input[str]) -> aws.route53.Record:
    proof = made.domain_validation_options.apply(
        lambda options: next(each for each in options if str(each.domain_name).removeprefix("*.") == domain)
    )
    return aws.route53.Record(
        own.called(f"proves-{domain}"),
        zone_id=within,
        name=proof.apply(lambda each: str(each.resource_record_name)),
        type=proof.apply(lambda each: str(each.resource_record_type)),
        records=[proof.apply(lambda each: str(each.resource_record_value))],
        ttl=TTL,
        allow_overwrite=True,  # another certificate for the domain has the same record
        opts=own.options(),
    )
