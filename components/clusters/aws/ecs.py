"""`EcsCluster`: what the applications of one ECS cluster share: network, load balancer, certificate, log group."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from ...errors import Problem, SettingsError
from ...settings import key_of
from .. import blocks, ecs_access
from . import certificates, ingress_settings, keys, network_settings, places, policies
from .balancer import Balancer, balancer
from .owner import Owner
from .providers import provider

WHERE = "slipway:cluster.new"
INSIGHTS = ("disabled", "enabled", "enhanced")
LOG_DAYS = 30
ENDPOINTS = ("ecr.api", "ecr.dkr", "logs", "secretsmanager")
"""What tasks need where the network has endpoints instead of a way out
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html)."""
CHECKS: Mapping[str, blocks.Check] = {
    "account": blocks.form(r"[0-9]{12}", "an account", "write its twelve digits, in quotes"),
    "executeCommand": blocks.boolean,
    "ingress": blocks.anything,
    "insights": blocks.word(*INSIGHTS),
    "kmsKey": blocks.form(r"new|arn:aws[a-z-]*:kms:.+", "a key", "write its ARN, or new"),
    "logDays": blocks.one_of(ecs_access.DAYS),
    "network": blocks.anything,
    "profile": blocks.string,
    "region": network_settings.REGION,
    "role": ingress_settings.arn("iam"),
    "tags": blocks.strings,
}
"""Key of `slipway:cluster.new` -> what its value must be; blocks have checks of their own."""
NO_ACCOUNT = Problem(
    "no value for account", WHERE, "write its twelve digits, in quotes (`aws sts get-caller-identity`)"
)
DEFAULT_NETWORK = Problem(
    "network.default is looked up when the cluster is made, and the application has to know its subnets before",
    WHERE,
    "write network.new or network.existing, or give the cluster a stack of its own",
)


def create(name: str, new: Mapping[str, Any], *, protect: bool, parent: pulumi.Resource | None = None) -> "EcsCluster":
    """Make the cluster of a stack's `slipway:cluster.new`, with an explicit provider.

    Args:
        name: see `EcsCluster`.
        new: the keys in `CHECKS`.
        protect: whether what holds state is protected from deletion.
        parent: whose child it is; None: the stack's.

    Raises:
        SettingsError: a setting is wrong; nothing was created.
    """
    found = problems(new, WHERE, name)
    if found:
        raise SettingsError(found)
    options = pulumi.ResourceOptions(parent=parent, providers={"aws": provider(name, new, parent)})
    args: Any = {**blocks.attributes(new, EcsClusterArgs.__annotations__), "protect": protect}
    return EcsCluster(name, args, options)


def expected(name: str, new: Mapping[str, Any]) -> dict[str, Any]:
    """The output `access` of a cluster before it is made, for an application of the same stack.

    Args:
        name: see `EcsCluster`.
        new: the keys in `CHECKS`.

    Raises:
        SettingsError: a setting is wrong, or what the application has to know does not follow from the settings.
    """
    found = problems(new, WHERE, name)
    network = new.get("network") or {"new": {}}
    found += [NO_ACCOUNT] if not new.get("account") else []
    found += [DEFAULT_NETWORK] if isinstance(network, Mapping) and "default" in network else []
    if found:
        raise SettingsError(found)
    args = blocks.attributes(new, EcsClusterArgs.__annotations__)
    ingress = new.get("ingress")
    return _access(
        args,
        places.expected(network, new["region"]),
        cluster=blocks.later(),
        logGroup=blocks.later(),
        kmsKey=blocks.later() if args.get("kms_key") == keys.NEW else args.get("kms_key"),
        **({} if ingress is None else _expected_ingress(ingress)),
    )


def problems(asked: Mapping[str, Any], where: str, name: str) -> list[Problem]:
    """What is wrong with the settings of a cluster.

    Args:
        asked: as written.
        where: their place.
        name: the cluster's.
    """
    found = blocks.problems(asked, where, CHECKS, ["region"], outputs=["kmsKey"])
    region, network = asked.get("region"), asked.get("network") or {"new": {}}
    wrong = network_settings.problems(network, region, f"{where}.network")
    found += wrong
    if asked.get("ingress") is not None:
        zones = network_settings.zone_count(network, region) if isinstance(region, str) and not wrong else None
        found += ingress_settings.problems(asked["ingress"], f"{where}.ingress", zones)
        found += ingress_settings.name_problems(name, where)
    return found


def argument_problems(args: Mapping[str, Any], name: str) -> list[Problem]:
    """What is wrong with the arguments of an `EcsCluster`; see `EcsClusterArgs`."""
    return problems({key_of(key): value for key, value in args.items() if key != "protect"}, name, name)


class EcsClusterArgs(TypedDict):
    """What the applications of an ECS cluster share. Blocks have the keys of a stack's config, in camelCase."""

    region: str
    """Where it is, such as eu-central-1."""
    account: NotRequired[str | None]
    """The twelve digits of the account, the only one that it may be in; default: any."""
    profile: NotRequired[str | None]
    """Of the AWS configuration of who deploys its applications; default: the one in use."""
    role: NotRequired[str | None]
    """ARN of the role that these take on; default: none."""
    network: NotRequired[dict[str, Any] | None]
    """`{new: {...}}`, `{existing: {...}}` or `{default: {}}`, see `network_settings`; default: a new one."""
    ingress: NotRequired[dict[str, Any] | None]
    """The load balancer for HTTP and HTTPS, see `ingress_settings`; default: there is none."""
    insights: NotRequired[str | None]
    """Container Insights: disabled, enabled or enhanced; default disabled."""
    log_days: NotRequired[int | None]
    """How long what services print is kept, in days; default 30."""
    kms_key: NotRequired[pulumi.Input[str] | None]
    """ARN of the key for logs, secrets and volumes, or `new`; default: AWS' own."""
    execute_command: NotRequired[bool | None]
    """Whether `aws ecs execute-command` works, with a log of what was typed; default false."""
    tags: NotRequired[Mapping[str, str] | None]
    """On everything."""
    protect: NotRequired[bool | None]
    """Whether what holds state is protected from deletion; default false."""


class EcsCluster(pulumi.ComponentResource):
    """An ECS cluster on Fargate with its network, and what else its applications share."""

    access: dict[str, Any]
    """What an application's stack has to know, as plain data: the stack's output `access`."""

    def __init__(self, name: str, args: EcsClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the cluster and what is asked for beside it.

        Args:
            name: begins the logical name of every child.
            args: see `EcsClusterArgs`.
            opts: an aws provider belongs in `providers` where default providers are disabled.

        Raises:
            SettingsError: the arguments are wrong; nothing was created.
        """
        super().__init__("slipway:index:EcsCluster", name, {}, opts)
        found = argument_problems(args, name)
        if found:
            raise SettingsError(found)
        own = Owner(name=name, resource=self, tags=args.get("tags") or {}, protect=args.get("protect") or False)
        key = keys.key(own, args.get("kms_key"), args["region"])
        logs = self._logs(own, args, key)
        cluster = self._cluster(own, args, logs, key)
        more = ("ssmmessages",) if args.get("execute_command") else ()
        place = places.place(own, args.get("network") or {"new": {}}, args["region"], endpoints=(*ENDPOINTS, *more))
        self.access = _access(
            args,
            place,
            cluster=cluster.arn,
            logGroup=logs.name,
            kmsKey=key,
            **self._ingress(own, args.get("ingress"), place),
        )
        self.register_outputs({"access": self.access})

    def _logs(self, own: Owner, args: EcsClusterArgs, key: pulumi.Input[str] | None) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            own.called("logs"),
            retention_in_days=args.get("log_days") or LOG_DAYS,
            kms_key_id=key,
            tags=own.tagged("logs"),
            opts=own.stateful(),
        )

    def _cluster(
        self, own: Owner, args: EcsClusterArgs, logs: aws.cloudwatch.LogGroup, key: pulumi.Input[str] | None
    ) -> aws.ecs.Cluster:
        commands: Any = {
            "logging": "OVERRIDE",
            "kms_key_id": key,
            "log_configuration": {
                "cloud_watch_log_group_name": logs.name,
                "cloud_watch_encryption_enabled": key is not None,
            },
        }
        cluster = aws.ecs.Cluster(
            own.name,
            settings=[{"name": "containerInsights", "value": args.get("insights") or INSIGHTS[0]}],
            configuration={"execute_command_configuration": commands} if args.get("execute_command") else None,
            tags=own.tagged(),
            opts=own.stateful(),
        )
        aws.ecs.ClusterCapacityProviders(
            own.name,
            cluster_name=cluster.name,
            capacity_providers=["FARGATE", "FARGATE_SPOT"],
            default_capacity_provider_strategies=[{"capacity_provider": "FARGATE", "weight": 1, "base": 0}],
            opts=own.options(),
        )
        return cluster

    def _ingress(self, own: Owner, asked: Mapping[str, Any] | None, place: places.Place) -> dict[str, Any]:
        """What an application has to know of the load balancer; nothing where there is none."""
        if asked is None:
            return {}
        zone = certificates.zone(own, asked.get("zone"))
        certificate = asked.get("certificate")
        if asked.get("domains") and zone.id is not None:
            certificate = certificates.certificate(own, asked["domains"], zone.id)
        made = balancer(own, asked, place, certificate)
        return {
            "balancer": _shown(made, internal=asked.get("internal") or False),
            "certificate": certificate,
            "zone": zone.id,
            "zoneName": zone.name,
        }


def _access(args: Mapping[str, Any], place: places.Place, **made: Any) -> dict[str, Any]:
    """What an application has to know: of the settings, the network, and what else was made for them."""
    given = {
        "kind": "ecs",
        "region": args["region"],
        "account": args.get("account"),
        "partition": policies.partition(args["region"]),
        "profile": args.get("profile"),
        "role": args.get("role"),
        "vpc": place.vpc,
        "subnets": place.subnets,
        "publicSubnets": place.public_subnets,
        "publicIp": place.public_ip,
        "endpoints": place.endpoints,
        "executeCommand": args.get("execute_command"),
        "tags": args.get("tags"),
        **made,
    }
    return {key: value for key, value in given.items() if value is not None}


def _expected_ingress(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What `EcsCluster` tells of its load balancer, before that is made."""
    zone = asked.get("zone") or {}
    secure = bool(asked.get("certificate") or (asked.get("domains") and zone))
    listeners = ("http", "https") if secure else ("http",)
    balancer = {key: blocks.later() for key in ("name", "zone", "securityGroup", *listeners)}
    return {
        "balancer": {**balancer, "internal": asked.get("internal") or False},
        "certificate": asked.get("certificate") or (blocks.later() if secure else None),
        "zone": blocks.later() if zone else None,
        "zoneName": next(iter(zone.values()), None),
    }


def _shown(made: Balancer, *, internal: bool) -> dict[str, Any]:
    return {
        "name": made.balancer.dns_name,
        "zone": made.balancer.zone_id,
        "securityGroup": made.group.id,
        "http": made.http.arn,
        **({"https": made.https.arn} if made.https else {}),
        "internal": internal,
    }
