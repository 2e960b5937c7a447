"""`EksCluster`: a Kubernetes cluster of AWS, with nodes, storage, a way in, and those who may use it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource

from ...errors import Problem, SettingsError
from ...settings import key_of
from .. import blocks
from . import eks_objects, eks_settings, keys, places, policies, roles
from .ecs import LOG_DAYS, WHERE
from .kubeconfigs import kubeconfig
from .node_groups import nodes
from .owner import Owner
from .providers import provider

CLUSTER_POLICIES = ("AmazonEKSClusterPolicy",)
AUTO_POLICIES = (
    *CLUSTER_POLICIES,
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
)
"""https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html"""
AUTO_NODE_POLICIES = ("AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodeMinimalPolicy")
"""https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html"""
DEFAULT_LOGS = ("api", "audit", "authenticator")
ENDPOINTS = ("ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing", "logs", "sts")
"""What nodes need where the network has endpoints instead of a way out
(https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html)."""
SUBNET_TAGS: Mapping[str, Mapping[str, str]] = {
    "public": {"kubernetes.io/role/elb": "1"},
    "private": {"kubernetes.io/role/internal-elb": "1"},
}
"""By which load balancers find their subnets (https://docs.aws.amazon.com/eks/latest/userguide/tag-subnets-auto.html)."""
AUTO_ACCESS: Mapping[str, Any] = {
    "ingressClass": eks_objects.INGRESS_CLASS,
    # without it, a published port would answer within the network only
    "serviceAnnotations": {"service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing"},
}
"""What Auto Mode makes load balancers by (https://docs.aws.amazon.com/eks/latest/userguide/auto-configure-nlb.html)."""
UNTAGGED: Mapping[str, Any] = {
    "rules": [
        {
            "rulePriority": 1,
            "description": "what no tag names any more",
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 90,
            },
            "action": {"type": "expire"},
        }
    ]
}
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html"""
ONCE = ["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"]
"""What is read when a cluster is created, and never again: a change of it would replace the cluster for nothing
(internal/service/eks/cluster.go of terraform-provider-aws)."""


def create(name: str, new: Mapping[str, Any], *, protect: bool, parent: pulumi.Resource | None = None) -> "EksCluster":
    """Make the cluster of a stack's `slipway:cluster.new`, with an explicit provider.

    Args:
        name: see `EksCluster`.
        new: the keys in `eks_settings.CHECKS`.
        protect: whether what holds state is protected from deletion.
        parent: whose child it is; None: the stack's.

    Raises:
        SettingsError: a setting is wrong; nothing was created.
    """
    found = eks_settings.problems(new, WHERE, name)
    if found:
        raise SettingsError(found)
    options = pulumi.ResourceOptions(parent=parent, providers={"aws": provider(name, new, parent)})
    args: Any = {**blocks.attributes(new, EksClusterArgs.__annotations__), "protect": protect}
    return EksCluster(name, args, options)


def expected(name: str, new: Mapping[str, Any]) -> dict[str, Any]:
    """The output `access` of a cluster before it is made, for an application of the same stack.

    Args:
        name: see `EksCluster`.
        new: the keys in `eks_settings.CHECKS`.

    Raises:
        SettingsError: a setting is wrong.
    """
    found = eks_settings.problems(new, WHERE, name)
    if found:
        raise SettingsError(found)
    return _access(blocks.later(), blocks.later(), auto="groups" not in (new.get("nodes") or {}))


class EksClusterArgs(TypedDict):
    """A Kubernetes cluster of AWS. Blocks have the keys of a stack's config, in camelCase; see `eks_settings`."""

    region: str
    """Where it is, such as eu-central-1."""
    version: NotRequired[str | None]
    """Of Kubernetes, such as 1.35; default: AWS' own when it is created, and then what it is."""
    network: NotRequired[dict[str, Any] | None]
    """`{new: {...}}`, `{existing: {...}}` or `{default: {}}`, see `network_settings`; default: a new one."""
    nodes: NotRequired[dict[str, Any] | None]
    """`{auto: {pools: [...]}}`, Auto Mode, or `{groups: {name: {...}}}`, managed node groups; default: Auto Mode."""
    addons: NotRequired[Mapping[str, str] | None]
    """Add-on -> its version, with node groups; default: the default of the cluster's version."""
    endpoint: NotRequired[dict[str, Any] | None]
    """Of the API server: `public` (default true) and `sources` (ranges that reach it; default: the world)."""
    access: NotRequired[dict[str, Any] | None]
    """Name -> `principal` (ARN of a role or user), what it `may` (cluster-admin, admin, edit, view) and in which
    `namespaces` (default: all). Who creates the cluster is its admin, and is not named here."""
    ingress: NotRequired[dict[str, Any] | None]
    """Of the load balancer of all Ingresses, with Auto Mode: `internal` (default false) and `certificates` (ARNs)."""
    logs: NotRequired[list[str] | None]
    """What the control plane logs; default: api, audit, authenticator."""
    log_days: NotRequired[int | None]
    """How long that is kept, in days; default 30."""
    kms_key: NotRequired[pulumi.Input[str] | None]
    """ARN of the key for Kubernetes' secrets and the log, or `new`; default: AWS' own. It cannot be taken away."""
    registry: NotRequired[bool | None]
    """Whether a push to the account's ECR under the cluster's name makes the repository; default false."""
    profile: NotRequired[str | None]
    """Of the AWS configuration of who uses the kubeconfig; default: the one in use."""
    role: NotRequired[str | None]
    """ARN of the role that who uses the kubeconfig takes on; default: none."""
    tags: NotRequired[Mapping[str, str] | None]
    """On everything that is of AWS."""
    protect: NotRequired[bool | None]
    """Whether what holds state is protected from deletion, by Pulumi and by AWS; default false."""


class EksCluster(pulumi.ComponentResource):
    """A Kubernetes cluster of AWS. A new version and other nodes change it in place."""

    access: dict[str, Any]
    """What an application's stack has to know, as plain data: the stack's output `access`."""
    kubeconfig: pulumi.Output[str]
    """Gives who uses it a token by the AWS CLI; a secret."""

    def __init__(self, name: str, args: EksClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the cluster and what it needs.

        Args:
            name: the cluster's name, and what the logical name of every child begins with.
            args: see `EksClusterArgs`.
            opts: an aws provider belongs in `providers` where default providers are disabled.

        Raises:
            SettingsError: the arguments are wrong; nothing was created.
        """
        super().__init__("slipway:index:EksCluster", name, {}, opts)
        found = argument_problems(args, name)
        if found:
            raise SettingsError(found)
        own = Owner(name=name, resource=self, tags=args.get("tags") or {}, protect=args.get("protect") or False)
        asked = args.get("nodes") or {"auto": {}}
        auto = asked.get("auto") or {} if "auto" in asked else None
        place = places.place(
            own,
            args.get("network") or {"new": {}},
            args["region"],
            endpoints=ENDPOINTS,
            subnet_tags=SUBNET_TAGS,
        )
        cluster = self._cluster(own, args, place, auto)
        self._entries(own, args, cluster)
        if auto is None:
            groups = eks_settings.groups(asked)
            versions = args.get("addons") or {}
            nodes(own, cluster, groups, region=args["region"], subnets=place.ids, versions=versions)
        if args.get("registry"):
            self._registry(own)
        self.kubeconfig = pulumi.Output.secret(self._kubeconfig(args, cluster))
        self._objects(own, args, cluster, auto=auto is not None)
        self.access = _access(self.kubeconfig, cluster.arn, auto=auto is not None)
        self.register_outputs({"access": self.access, "kubeconfig": self.kubeconfig})

    def _cluster(
        self, own: Owner, args: EksClusterArgs, place: places.Place, auto: Mapping[str, Any] | None
    ) -> aws.eks.Cluster:
        region = args["region"]
        key = keys.key(own, args.get("kms_key"), region)
        logs = aws.cloudwatch.LogGroup(
            own.called("logs"),
            name=f"/aws/eks/{own.name}/cluster",  # where EKS writes; it would make one that keeps everything
            retention_in_days=args.get("log_days") or LOG_DAYS,
            kms_key_id=key,
            tags=own.tagged("logs"),
            opts=own.options(),
        )
        names = CLUSTER_POLICIES if auto is None else AUTO_POLICIES
        role = roles.role(own, "cluster", region, "eks.amazonaws.com", names, tagging=True)
        endpoint = args.get("endpoint") or {}
        public = endpoint.get("public", True)
        return aws.eks.Cluster(
            own.name,
            name=own.name,
            version=args.get("version"),
            role_arn=role.arn,
            access_config={"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": True},
            bootstrap_self_managed_addons=False,
            deletion_protection=own.protect,
            enabled_cluster_log_types=list(args.get("logs") or DEFAULT_LOGS),
            encryption_config={"provider": {"key_arn": key}, "resources": ["secrets"]} if key is not None else None,
            vpc_config={
                "subnet_ids": place.ids,
                "endpoint_private_access": True,
                "endpoint_public_access": public,
                "public_access_cidrs": endpoint.get("sources") if public else None,
            },
            tags=own.tagged(),
            opts=own.stateful(depends_on=[logs, *role.attached], ignore_changes=ONCE),
            **self._auto(own, region, auto),
        )

    def _auto(self, own: Owner, region: str, auto: Mapping[str, Any] | None) -> dict[str, Any]:
        """The arguments of Auto Mode, which is wholly on or wholly off."""
        on = {"enabled": auto is not None}
        compute: dict[str, Any] = {**on}
        if auto is not None:
            role = roles.role(own, "nodes", region, "ec2.amazonaws.com", AUTO_NODE_POLICIES)
            compute |= {"node_pools": auto.get("pools") or list(eks_settings.POOLS), "node_role_arn": role.arn}
        return {
            "compute_config": compute,
            "kubernetes_network_config": {"elastic_load_balancing": on},
            "storage_config": {"block_storage": on},
        }

    def _entries(self, own: Owner, args: EksClusterArgs, cluster: aws.eks.Cluster) -> None:
        """Who may use the cluster, by entries of EKS: nothing within the cluster can lock anyone out."""
        partition = policies.partition(args["region"])
        for key, entry in (args.get("access") or {}).items():
            namespaces: Sequence[str] | None = entry.get("namespaces")
            scope: Any = {"type": "namespace", "namespaces": namespaces} if namespaces else {"type": "cluster"}
            made = aws.eks.AccessEntry(
                own.called(f"access-{key}"),
                cluster_name=cluster.name,
                principal_arn=entry["principal"],
                tags=own.tagged(f"access-{key}"),
                opts=own.options(),
            )
            aws.eks.AccessPolicyAssociation(
                own.called(f"access-{key}"),
                cluster_name=cluster.name,
                principal_arn=made.principal_arn,
                policy_arn=f"arn:{partition}:eks::aws:cluster-access-policy/{eks_settings.POLICIES[entry['may']]}",
                access_scope=scope,
                opts=own.options(),
            )

    def _registry(self, own: Owner) -> None:
        """What a repository is like that a push to `<cluster>/...` makes.

        https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html
        """
        aws.ecr.RepositoryCreationTemplate(
            own.called("registry"),
            prefix=own.name,
            description=f"Images of applications on {own.name}",
            applied_fors=["CREATE_ON_PUSH"],
            image_tag_mutability="MUTABLE",  # what runs is named by its digest
            lifecycle_policy=json.dumps(UNTAGGED, sort_keys=True),
            opts=own.options(),
        )

    def _kubeconfig(self, args: EksClusterArgs, cluster: aws.eks.Cluster) -> pulumi.Output[str]:
        def content(known: Mapping[str, Any]) -> str:
            return kubeconfig(
                name=known["name"],
                endpoint=known["endpoint"],
                authority=known["authority"]["data"],
                region=args["region"],
                profile=args.get("profile"),
                role=args.get("role"),
            )

        known: dict[str, Any] = {
            "name": cluster.name,
            "endpoint": cluster.endpoint,
            "authority": cluster.certificate_authority,
        }
        return pulumi.Output.all(**known).apply(content)

    def _objects(self, own: Owner, args: EksClusterArgs, cluster: aws.eks.Cluster, *, auto: bool) -> None:
        inside = kubernetes.Provider(
            own.called("kubernetes"),
            kubeconfig=self.kubeconfig,
            cluster_identifier=cluster.arn,
            opts=own.options(),
        )
        options = own.options(provider=inside)
        kubernetes.storage.v1.StorageClass(own.called("storage"), **eks_objects.storage_class(auto=auto), opts=options)
        if not auto:
            return
        kubernetes.core.v1.ConfigMap(own.called("network-policies"), **eks_objects.network_policies(), opts=options)
        ingress = args.get("ingress") or {}
        params = eks_objects.ingress_class_params(
            own.name,
            internal=ingress.get("internal") or False,
            certificates=ingress.get("certificates") or (),
            tags=own.tags,
        )
        balancer = CustomResource(
            own.called("ingress"), api_version="eks.amazonaws.com/v1", kind="IngressClassParams", **params, opts=options
        )
        kubernetes.networking.v1.IngressClass(
            own.called("ingress"),
            **eks_objects.ingress_class(),
            opts=own.options(provider=inside, depends_on=[balancer]),
        )


def _access(kubeconfig: pulumi.Output[str], identifier: pulumi.Output[str], *, auto: bool) -> dict[str, Any]:
    """What an application's stack has to know."""
    return {
        "kind": "kubernetes",
        "kubeconfig": kubeconfig,
        "identifier": identifier,
        "publish": "LoadBalancer",
        "storageClass": eks_objects.STORAGE_CLASS,
        **(AUTO_ACCESS if auto else {}),
    }


def argument_problems(args: Mapping[str, Any], name: str) -> list[Problem]:
    """What is wrong with the arguments of an `EksCluster`; see `EksClusterArgs`."""
    return eks_settings.problems({key_of(key): value for key, value in args.items() if key != "protect"}, name, name)
