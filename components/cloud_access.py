"""What a place in a cloud gives to an application: a part of `access.py`, from where it is imported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class EntryBalancer:
    """The application load balancer of an ECS cluster: an application adds rules to its listeners, and no more.

    Attributes:
        name: its DNS name, at which routes without a host answer.
        zone: hosted zone ID of that name, for alias records.
        security_group: ID of its security group, from which services take requests.
        http: ARN of the listener for HTTP; None: there is none.
        https: ARN of the listener for HTTPS; None: there is none.
        internal: whether it is reachable inside the network only.
    """

    name: Any
    zone: Any
    security_group: Any
    http: Any = None
    https: Any = None
    internal: bool = False


@dataclass(frozen=True, kw_only=True)
class EcsAccess:
    """An ECS cluster with its network, and what an application's stack chose of the ways it offers.

    Attributes:
        cluster: its ARN.
        region: of the cluster, such as `eu-central-1`; what the ARN says.
        account: the twelve digits of the account; what the ARN says.
        partition: `aws`, `aws-cn` or `aws-us-gov`; what the ARN says.
        profile: of the user's AWS configuration; None: what the user's own tools would take.
        role: ARN of a role that the provider takes on; None: none.
        vpc: ID of the network.
        subnets: key -> ID of each subnet in which tasks run; the key is the zone's name where a stack made it.
        public_subnets: key -> ID of each subnet in which a load balancer for published ports is.
        public_ip: whether tasks get a public address, which they need to pull images where the subnets have no NAT and
            no endpoints.
        endpoints: ID of the security group of the network's VPC endpoints; None: there are none.
        balancer: the load balancer that takes `x-slipway.ingress`; None: there is none.
        certificate: ARN of the certificate of the balancer's listener for HTTPS, for any host that it covers.
        zone: ID of the public hosted zone in which hosts get their records; None: records are made elsewhere.
        zone_name: the domain of that zone.
        domain: the last part of the private domain in which services find each other: `<application>.<domain>`.
        log_group: name of the log group; None: the application has one of its own.
        log_days: how long an application's own log group keeps what is printed, in days.
        registry: host of the registry of built images; None: the account's own ECR.
        publish: what a published port becomes: `public` or `internal`, a network load balancer in the public or in the
            tasks' subnets, or `none`.
        capacity: `FARGATE` or `FARGATE_SPOT`.
        architecture: of tasks whose service says no platform: `X86_64` or `ARM64`.
        init_image: what writes files and the search domain before a container starts: it needs `sh`, `base64`, `cat`,
            `chmod`, `chown` and `mkdir`.
        execute_command: whether `aws ecs execute-command` works.
        service_connect: whether services find each other by Service Connect beside DNS.
        backup: whether AWS Backup takes volumes.
        kms_key: ARN of the key for secrets, volumes and logs; None: AWS' own.
        rule_priority: the first of the thousand priorities that the application's rules take; None: by its name.
        deletion_protection: whether databases refuse to be deleted.
        tags: on everything, beside the application's and the stack's.
    """

    cluster: Any
    region: str
    account: str
    partition: str = "aws"
    profile: str | None = None
    role: str | None = None
    vpc: Any
    subnets: Mapping[str, Any]
    public_subnets: Mapping[str, Any] = field(default_factory=dict)
    public_ip: bool = False
    endpoints: Any = None
    balancer: EntryBalancer | None = None
    certificate: Any = None
    zone: Any = None
    zone_name: str | None = None
    domain: str = "internal"
    log_group: Any = None
    log_days: int = 30
    registry: str | None = None
    publish: str = "public"
    capacity: str = "FARGATE"
    architecture: str = "X86_64"
    init_image: str = "public.ecr.aws/docker/library/busybox:1.37"
    execute_command: bool = False
    service_connect: bool = False
    backup: bool = False
    kms_key: Any = None
    rule_priority: int | None = None
    deletion_protection: bool = True
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def remote(self) -> bool:
        """Whether the cluster is on other machines: always."""
        return True

    @property
    def registry_host(self) -> str:
        """Where built images are pushed: https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html."""
        suffix = ".cn" if self.partition == "aws-cn" else ""
        return self.registry or f"{self.account}.dkr.ecr.{self.region}.amazonaws.com{suffix}"

    def arn(self, service: str, resource: str) -> str:
        """The ARN of something in the cluster's account and region: `arn("ecs", "cluster/main")`."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"


@dataclass(frozen=True, kw_only=True)
class CloudRunAccess:
    """A project and region of Google Cloud, and what an application's stack chose of the ways they offer.

    Attributes:
        project: its ID, such as `shop-production`.
        number: the project's number, which the addresses of its services contain.
        region: such as `europe-west1` (https://cloud.google.com/run/docs/locations).
        impersonate: e-mail of a service account as which the provider acts; None: as whom the user's own tools would.
        network: ID of the VPC network, `projects/<project>/global/networks/<name>`.
        subnetwork: ID of the subnet in the region from which services call out; it has Private Google Access.
        egress: what goes through the network: `private`, where its DNS sends `run.app` to private.googleapis.com, or
            `all`, everything
            (https://cloud.google.com/run/docs/securing/private-networking).
        repository: `<region>-docker.pkg.dev/<project>/<repository>` for built images; None: the application has a
            repository of its own.
        enable_apis: whether the application's stack turns on the APIs that it needs.
        publish: what a published port becomes: `public`, `internal` (reachable inside the network only), or `none`.
        balancer: what takes `x-slipway.ingress`: `external`, `internal`, or `none`: then the service's own URL.
        certificate_map: ID of a certificate map of Certificate Manager for every host that it covers; None:
            certificates are made per host.
        zone: name of the managed zone of Cloud DNS in which hosts get their records; None: records are made elsewhere.
        zone_name: the domain of that zone, without the dot at its end.
        discovery: how services call each other: `url`, by their own addresses, or `balancer`, by an internal load
            balancer per service that is called.
        domain: the last part of the private domain of those balancers: `<service>.<application>.<domain>`.
        nfs: `server:/path` of an NFS share for volumes of the class `nfs`; None: there is none.
        replication: regions that keep secrets; empty: Google chooses.
        kms_key: ID of the key for images, secrets, buckets and services; None: Google's own.
        init_image: what writes files before a container starts: it needs `sh`, `base64`, `cat`, `chmod`, `chown`,
            `mkdir`, `sleep` and `nc`.
        deletion_protection: whether databases refuse to be deleted.
        labels: on everything that takes labels, beside the application's and the stack's.
    """

    project: str
    number: Any
    region: str
    impersonate: str | None = None
    network: Any = None
    subnetwork: Any = None
    egress: str = "private"
    repository: Any = None
    enable_apis: bool = True
    publish: str = "public"
    balancer: str = "external"
    certificate_map: Any = None
    zone: Any = None
    zone_name: str | None = None
    discovery: str = "url"
    domain: str = "internal"
    nfs: str | None = None
    replication: Sequence[str] = ()
    kms_key: Any = None
    init_image: str = "docker.io/library/busybox:1.37"
    deletion_protection: bool = True
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def remote(self) -> bool:
        """Whether the platform is on other machines: always."""
        return True
