"""`GkeCluster`: a Kubernetes cluster of Google Cloud, with nodes, a way in, and a place for images."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_gcp as gcp
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource

from ...errors import Problem, SettingsError
from ...settings import key_of
from .. import blocks
from . import apis, gke_objects, gke_settings, network, node_pools, owner, repositories
from .kubeconfigs import kubeconfig
from .owner import Owner
from .platform import WHERE
from .providers import provider

APIS = ("artifactregistry", "compute", "container", "iam")
PODS, SERVICES = "pods", "services"
RANGES: Any = [
    {"range_name": PODS, "ip_cidr_range": "10.64.0.0/14"},
    {"range_name": SERVICES, "ip_cidr_range": "10.68.0.0/20"},
]
"""Of a new subnet: a node takes 256 addresses of pods
(https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#cluster_sizing_secondary_range_pods)."""
STORAGE: Mapping[str, Any] = {"sharedStorageClass": "standard-rwx", "storageClasses": {"ssd": "premium-rwo"}}
"""What GKE brings, beside its default
(https://cloud.google.com/kubernetes-engine/docs/how-to/persistent-volumes/gce-pd-csi-driver)."""
ONCE = ("initialNodeCount", "nodeConfig")
"""What is read when a cluster is created, of nodes that are then removed: a change of it would replace the cluster for
nothing (resource_container_cluster.go of terraform-provider-google)."""


def create(name: str, new: Mapping[str, Any], *, protect: bool, parent: pulumi.Resource | None = None) -> "GkeCluster":
    """Make the cluster of a stack's `slipway:cluster.new`, with an explicit provider.

    Args:
        name: see `GkeCluster`.
        new: the keys in `gke_settings.CHECKS`.
        protect: whether what holds state is protected from deletion.
        parent: whose child it is; None: the stack's.

    Raises:
        SettingsError: a setting is wrong; nothing was created.
    """
    found = gke_settings.problems(new, WHERE, name)
    if found:
        raise SettingsError(found)
    options = pulumi.ResourceOptions(parent=parent, providers={"gcp": provider(name, new, parent)})
    args: Any = {**blocks.attributes(new, GkeClusterArgs.__annotations__), "protect": protect}
    return GkeCluster(name, args, options)


def expected(name: str, new: Mapping[str, Any]) -> dict[str, Any]:
    """The output `access` of a cluster before it is made, for an application of the same stack.

    Args:
        name: see `GkeCluster`.
        new: the keys in `gke_settings.CHECKS`.

    Raises:
        SettingsError: a setting is wrong.
    """
    found = gke_settings.problems(new, WHERE, name)
    if found:
        raise SettingsError(found)
    return _access(blocks.later(), blocks.later(), gateway=new.get("ingress") is not None)


class GkeClusterArgs(TypedDict):
    """A Kubernetes cluster of Google Cloud. Blocks have a stack's keys, in camelCase; see `gke_settings`."""

    project: str
    """The project's ID."""
    region: str
    """Where it is, such as europe-west1; its control plane and its nodes are in several zones of it."""
    impersonate: NotRequired[str | None]
    """E-mail of the service account as which the cluster is deployed; default: none."""
    channel: NotRequired[str | None]
    """From which versions come: RAPID, REGULAR, STABLE or EXTENDED; default REGULAR."""
    version: NotRequired[str | None]
    """Of Kubernetes at least, such as 1.35; default: the channel's."""
    maintenance: NotRequired[str | None]
    """When work on the cluster begins, a time of the day in UTC; default: whenever Google likes."""
    network: NotRequired[dict[str, Any] | None]
    """`{new: {...}}` or `{existing: {network: ..., subnetwork: ...}}`, see `network_settings`; default: a new one."""
    nodes: NotRequired[dict[str, Any] | None]
    """`{autopilot: {}}` or `{pools: {name: {...}}}`; default: Autopilot."""
    endpoint: NotRequired[dict[str, Any] | None]
    """Of the API server: `sources`, ranges that reach it by its address; default: by name and IAM alone."""
    ingress: NotRequired[dict[str, Any] | None]
    """The Gateway that takes `x-slipway.ingress`: `internal` (false) and `certificateMap` (an ID); default: none."""
    repository: NotRequired[str | None]
    """ID of a repository for images, which nodes may pull from; default: there is none."""
    kms_key: NotRequired[pulumi.Input[str] | None]
    """ID of the key for Kubernetes' secrets, which GKE's own account may use; default: Google's own."""
    labels: NotRequired[Mapping[str, str] | None]
    """On everything that takes labels."""
    protect: NotRequired[bool | None]
    """Whether what holds state is protected from deletion, by Pulumi and by the provider; default false."""


class GkeCluster(pulumi.ComponentResource):
    """A Kubernetes cluster of Google Cloud. A new version and other nodes change it in place."""

    access: dict[str, Any]
    """What an application's stack has to know, as plain data: the stack's output `access`."""
    kubeconfig: pulumi.Output[str]
    """Gives who uses it a token by gcloud's plugin; a secret."""

    def __init__(self, name: str, args: GkeClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the cluster and what it needs.

        Args:
            name: the cluster's name, and what the logical name of every child begins with.
            args: see `GkeClusterArgs`.
            opts: a gcp provider belongs in `providers` where default providers are disabled.

        Raises:
            SettingsError: the arguments are wrong; nothing was created.
        """
        super().__init__("slipway:index:GkeCluster", name, {}, opts)
        found = argument_problems(args, name)
        if found:
            raise SettingsError(found)
        own = owner.of(name, self, args)
        first = apis.enabled(own, APIS)
        account, role = node_pools.account(own, first)
        granted = [role]
        repository = args.get("repository")
        if repository is not None:
            images = repositories.repository(own, repository, args.get("kms_key"), first)
            granted.append(node_pools.may_pull(own, account, images))
        nodes = args.get("nodes") or {"autopilot": {}}
        pools = gke_settings.pools(nodes)
        cluster = self._cluster(own, args, account, [*first, *granted])
        node_pools.pools(own, cluster, account, pools)
        by_address = bool((args.get("endpoint") or {}).get("sources"))
        self.kubeconfig = pulumi.Output.secret(_kubeconfig(cluster, by_address=by_address))
        ingress = args.get("ingress")
        if ingress is not None:
            self._gateway(own, cluster, ingress)
        self.access = _access(self.kubeconfig, cluster.id, gateway=ingress is not None)
        self.register_outputs({"access": self.access, "kubeconfig": self.kubeconfig})

    def _cluster(
        self,
        own: Owner,
        args: GkeClusterArgs,
        account: gcp.serviceaccount.Account,
        first: Sequence[pulumi.Resource],
    ) -> gcp.container.Cluster:
        asked = dict(args.get("network") or {"new": {}})
        if "new" in asked:
            asked["new"] = {"nat": True, **(asked["new"] or {})}
        place = network.place(own, asked, first, secondary_ip_ranges=RANGES)
        ranges: Any = {}
        if "new" in asked:
            ranges = {"cluster_secondary_range_name": PODS, "services_secondary_range_name": SERVICES}
        sources = (args.get("endpoint") or {}).get("sources")
        key = args.get("kms_key")
        start = args.get("maintenance")
        pools = "pools" in (args.get("nodes") or {})
        given: dict[str, Any] = {
            "ip_allocation_policy": ranges,
            "release_channel": {"channel": args.get("channel") or gke_settings.CHANNELS[1]},
            "private_cluster_config": {"enable_private_nodes": True},
            # by name and IAM; by its address too where ranges are named
            "control_plane_endpoints_config": {
                "dns_endpoint_config": {"allow_external_traffic": True},
                "ip_endpoints_config": {"enabled": bool(sources)},
            },
            "master_authorized_networks_config": {"cidr_blocks": [{"cidr_block": each} for each in sources]}
            if sources
            else None,
            "master_auth": {"client_certificate_config": {"issue_client_certificate": False}},
            "database_encryption": {"state": "ENCRYPTED", "key_name": key} if key is not None else None,
            "gateway_api_config": {"channel": "CHANNEL_STANDARD"},
            "cost_management_config": {"enabled": True},
            "maintenance_policy": {"daily_maintenance_window": {"start_time": start}} if start else None,
            **(_standard(own, account) if pools else _autopilot(account)),
        }
        return gcp.container.Cluster(
            own.name,
            name=own.name,
            project=own.project,
            location=own.region,
            network=place.network,
            subnetwork=place.subnetwork,
            min_master_version=args.get("version"),
            deletion_protection=own.protect,
            resource_labels=dict(own.labels) or None,
            opts=own.stateful(depends_on=[*first, *place.made], ignore_changes=list(ONCE) if pools else None),
            **{name: each for name, each in given.items() if each is not None},
        )

    def _gateway(self, own: Owner, cluster: gcp.container.Cluster, asked: Mapping[str, Any]) -> None:
        """What takes requests for all applications, in a namespace of its own."""
        inside = kubernetes.Provider(
            own.called("kubernetes"),
            kubeconfig=self.kubeconfig,
            cluster_identifier=cluster.id,
            opts=own.options(),
        )
        options = own.options(provider=inside)
        space = kubernetes.core.v1.Namespace(
            own.called("gateway"), metadata={"name": gke_objects.NAMESPACE}, opts=options
        )
        CustomResource(
            own.called("gateway"),
            api_version="gateway.networking.k8s.io/v1",
            kind="Gateway",
            **gke_objects.gateway(internal=asked.get("internal") or False, certificates=asked.get("certificateMap")),
            opts=own.options(provider=inside, depends_on=[space]),
        )


def _autopilot(account: gcp.serviceaccount.Account) -> dict[str, Any]:
    """Google brings nodes as pods need them; Dataplane V2 and Workload Identity are part of it."""
    defaults = {"service_account": account.email, "oauth_scopes": node_pools.SCOPES}
    return {"enable_autopilot": True, "cluster_autoscaling": {"auto_provisioning_defaults": defaults}}


def _standard(own: Owner, account: gcp.serviceaccount.Account) -> dict[str, Any]:
    """Nodes are of pools; the one that a cluster begins with is removed."""
    return {
        "initial_node_count": 1,
        "remove_default_node_pool": True,
        "node_config": node_pools.config(account),
        # what makes NetworkPolicies count
        "datapath_provider": "ADVANCED_DATAPATH",
        "workload_identity_config": {"workload_pool": f"{own.project}.svc.id.goog"},
        "enable_shielded_nodes": True,
        "addons_config": {"gcp_filestore_csi_driver_config": {"enabled": True}},
    }


def _kubeconfig(cluster: gcp.container.Cluster, *, by_address: bool) -> pulumi.Output[str]:
    def content(known: Mapping[str, Any]) -> str:
        if by_address:
            authority = known["authority"]["cluster_ca_certificate"]
            return kubeconfig(name=known["name"], endpoint=known["address"], authority=authority)
        return kubeconfig(name=known["name"], endpoint=known["endpoints"]["dns_endpoint_config"]["endpoint"])

    known: dict[str, Any] = {
        "name": cluster.name,
        "address": cluster.endpoint,
        "authority": cluster.master_auth,
        "endpoints": cluster.control_plane_endpoints_config,
    }
    return pulumi.Output.all(**known).apply(content)


def _access(kubeconfig: pulumi.Output[str], identifier: pulumi.Output[str], *, gateway: bool) -> dict[str, Any]:
    """What an application's stack has to know."""
    return {
        "kind": "kubernetes",
        "kubeconfig": kubeconfig,
        "identifier": identifier,
        "publish": "LoadBalancer",
        **STORAGE,
        **({"gateway": f"{gke_objects.NAMESPACE}/{gke_objects.GATEWAY}"} if gateway else {}),
    }


def argument_problems(args: Mapping[str, Any], name: str) -> list[Problem]:
    """What is wrong with the arguments of a `GkeCluster`; see `GkeClusterArgs`."""
    return gke_settings.problems({key_of(key): value for key, value in args.items() if key != "protect"}, name, name)
