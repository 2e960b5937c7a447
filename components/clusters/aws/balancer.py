"""The application load balancer of an ECS cluster: applications add rules to its listeners."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from .ingress_settings import SOURCES
from .owner import Owner
from .places import Place
from .security_groups import let_in, security_group

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""What AWS recommends: TLS 1.2 and 1.3, with forward secrecy, and key exchange that withstands quantum computers
(https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html)."""
IDLE_TIMEOUT = 60
"""Seconds that a connection may be silent, AWS' own default."""
NOT_FOUND = {
    "type": "fixed-response",
    "fixed_response": {"status_code": "404", "content_type": "text/plain", "message_body": "no such application\n"},
}
"""What a request gets that no application's rule takes."""
TO_HTTPS = {"type": "redirect", "redirect": {"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"}}
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, kw_only=True)
class Balancer:
    """A load balancer with its listeners; `https` is None where there is no certificate."""

    balancer: aws.lb.LoadBalancer
    group: aws.ec2.SecurityGroup
    http: aws.lb.Listener
    https: aws.lb.Listener | None


def balancer(own: Owner, asked: Mapping[str, Any], place: Place, certificate: pulumi.Input[str] | None) -> Balancer:
    """Make the load balancer.

    Args:
        own: the cluster's component.
        asked: an `ingress` block without problems.
        place: the cluster's network.
        certificate: ARN of the certificate; None: there is HTTP alone.
    """
    group = _group(own, asked, place, https=certificate is not None)
    internal = asked.get("internal") or False
    logs = asked.get("accessLogs")
    made = aws.lb.LoadBalancer(
        own.name,
        load_balancer_type="application",
        internal=internal,
        subnets=place.ids if internal else place.public_ids,
        security_groups=[group.id],
        idle_timeout=asked.get("idleTimeout") or IDLE_TIMEOUT,
        drop_invalid_header_fields=True,
        enable_deletion_protection=own.protect,
        access_logs={"bucket": logs, "prefix": own.name, "enabled": True} if logs else None,
        tags=own.tagged("balancer"),
        opts=own.stateful(),
    )
    http = _listener(own, made, "http", TO_HTTPS if certificate is not None else NOT_FOUND)
    https = None
    if certificate is not None:
        tls = {"certificate_arn": certificate, "ssl_policy": asked.get("tlsPolicy") or TLS_POLICY}
        https = _listener(own, made, "https", NOT_FOUND, tls)
    return Balancer(balancer=made, group=group, http=http, https=https)


def _listener(
    own: Owner, made: aws.lb.LoadBalancer, protocol: str, action: Any, tls: Mapping[str, Any] | None = None
) -> aws.lb.Listener:
    return aws.lb.Listener(
        own.called(protocol),
        load_balancer_arn=made.arn,
        port=PORTS[protocol],
        protocol=protocol.upper(),
        default_actions=[action],
        tags=own.tagged(protocol),
        opts=own.options(),
        **(tls or {}),
    )


def _group(own: Owner, asked: Mapping[str, Any], place: Place, *, https: bool) -> aws.ec2.SecurityGroup:
    """What reaches the load balancer, and what it reaches: the network; the applications' groups say which ports."""
    described = "Load balancer: HTTP and HTTPS from outside, anything within the network"
    group = security_group(own, "balancer", place.vpc, described)
    for protocol in ("http", "https") if https else ("http",):
        for source in asked.get("sources") or SOURCES:
            let_in(own, f"{protocol}-from-{source}", group, source, PORTS[protocol])
    aws.vpc.SecurityGroupEgressRule(
        own.called("balancer-to-network"),
        security_group_id=group.id,
        cidr_ipv4=place.cidr,
        ip_protocol="tcp",
        from_port=0,
        to_port=65535,
        tags=own.tagged("balancer-to-network"),
        opts=own.options(),
    )
    return group
