"""`MagnumCluster`: Kubernetes of a private cloud, for the target kubernetes.

Drivers are Magnum's own matter; what is here is what those by Cluster API take
(https://docs.openstack.org/magnum/latest/user/). Magnum's drivers for Swarm and Mesos are gone.
"""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_openstack as openstack

from ...errors import Problem, SettingsError
from ...settings import key_of
from .. import blocks
from . import magnum_settings, providers
from .owner import Owner

WHERE = "slipway:cluster.new"
SCALED = "auto_scaling_enabled"
"""Label of a cluster whose number of nodes is another's matter
(https://docs.openstack.org/magnum/latest/user/#labels)."""
ENGINE = "kubernetes"
DRIVER = "calico"


def create(
    name: str, new: Mapping[str, Any], *, protect: bool, parent: pulumi.Resource | None = None
) -> "MagnumCluster":
    """Make the cluster of a stack's `slipway:cluster.new`, with an explicit provider.

    Args:
        name: see `MagnumCluster`.
        new: the keys in `magnum_settings.CHECKS`.
        protect: whether what holds state is protected from deletion.
        parent: whose child it is; None: the stack's.

    Raises:
        SettingsError: a setting is wrong; nothing was created.
    """
    _refuse(magnum_settings.problems(new, WHERE, name))
    options = pulumi.ResourceOptions(parent=parent, providers={"openstack": providers.cloud(name, new, parent)})
    args: Any = {**blocks.attributes(new, MagnumClusterArgs.__annotations__), "protect": protect}
    return MagnumCluster(name, args, options)


def expected(name: str, new: Mapping[str, Any]) -> dict[str, Any]:
    """The output `access` of a cluster before it is made, for an application of the same stack.

    Args:
        name: see `MagnumCluster`.
        new: the keys in `magnum_settings.CHECKS`.

    Raises:
        SettingsError: a setting is wrong.
    """
    _refuse(magnum_settings.problems(new, WHERE, name))
    return _access(blocks.later(), blocks.later())


def _refuse(found: list[Problem]) -> None:
    if found:
        raise SettingsError(found)


class MagnumClusterArgs(TypedDict):
    """A Kubernetes cluster by Magnum. Blocks have a stack's keys, in camelCase; see `magnum_settings`."""

    cloud: str
    """Its name in `clouds.yaml`, where the credentials are."""
    region: NotRequired[str | None]
    """Of the cloud; default: the one that `clouds.yaml` names."""
    template: dict[str, Any]
    """`{existing: name}`, or `{new: {image: ..., external: ...}}`."""
    masters: NotRequired[int | None]
    """How many machines have the control plane: 1, 3 or 5; default 1."""
    nodes: NotRequired[int | None]
    """How many nodes the first group has; default 1."""
    flavor: NotRequired[str | None]
    """Name of the nodes' size; default: the template's."""
    master_flavor: NotRequired[str | None]
    """Name of the masters' size; default: the template's."""
    floating_ips: NotRequired[bool | None]
    """Whether the API server and the machines have floating IPs, as the driver means it; default true."""
    key_pair: NotRequired[str | None]
    """Name of a key pair for SSH to the machines; default: the template's."""
    labels: NotRequired[Mapping[str, str] | None]
    """Of the driver, over those of the template; default: none."""
    groups: NotRequired[dict[str, Any] | None]
    """Name -> `flavor`, `nodes` (1), `min` (0), `max` and `labels` of a group of nodes; default: there is but one."""
    minutes: NotRequired[int | None]
    """In which the cluster has to be there; default: Magnum's own limit."""
    allow_replace: NotRequired[bool | None]
    """Whether a change may replace the cluster, and whether it may be destroyed; default false."""
    protect: NotRequired[bool | None]
    """Whether it is protected from deletion, whatever `allow_replace` says; default false."""


class MagnumCluster(pulumi.ComponentResource):
    """A Kubernetes cluster by Magnum. Another number of nodes changes it in place; nearly all else would replace it."""

    access: dict[str, Any]
    """What an application's stack has to know, as plain data: the stack's output `access`."""
    kubeconfig: pulumi.Output[str]
    """Its administrator's; a secret."""

    def __init__(self, name: str, args: MagnumClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the cluster.

        Args:
            name: the cluster's name, and what the logical name of every child begins with.
            args: see `MagnumClusterArgs`.
            opts: an openstack provider belongs in `providers` where default providers are disabled.

        Raises:
            SettingsError: the arguments are wrong; nothing was created.
        """
        super().__init__("slipway:index:MagnumCluster", name, {}, opts)
        given = {key_of(key): value for key, value in args.items() if key != "protect"}
        _refuse(magnum_settings.problems(given, name, name))
        kept = args.get("protect") or not args.get("allow_replace")
        own = Owner(name=name, resource=self, protect=kept, cloud=args["cloud"], region=args.get("region"))
        labels = dict(args.get("labels") or {})
        cluster = openstack.containerinfra.Cluster(
            name,
            name=name,
            cluster_template_id=_template(own, args["template"]),
            master_count=args.get("masters") or magnum_settings.MASTERS[0],
            node_count=args["nodes"] if args.get("nodes") is not None else 1,
            flavor=args.get("flavor"),
            master_flavor=args.get("master_flavor"),
            keypair=args.get("key_pair"),
            # left out it would be false, whatever the template says (resource_openstack_containerinfra_cluster_v1.go)
            floating_ip_enabled=args["floating_ips"] if args.get("floating_ips") is not None else True,
            labels=labels or None,
            merge_labels=True if labels else None,
            create_timeout=args.get("minutes"),
            region=own.region,
            opts=own.stateful(
                additional_secret_outputs=["kubeconfig"],
                ignore_changes=["nodeCount"] if labels.get(SCALED) == "true" else None,
            ),
        )
        for key, group in magnum_settings.groups(args.get("groups")).items():
            _group(own, key, group, cluster)
        self.kubeconfig = pulumi.Output.secret(cluster.kubeconfig.apply(_content))
        self.access = _access(self.kubeconfig, cluster.id)
        self.register_outputs({"access": self.access, "kubeconfig": self.kubeconfig})


def _content(known: Mapping[str, Any]) -> str:
    """The whole of a kubeconfig; its parts stand beside it."""
    return str(known["raw_config"])


def _template(own: Owner, asked: Mapping[str, Any]) -> pulumi.Input[str]:
    """The ID of the cluster's template: Magnum takes its name, too, and a read-back ID would then be a change."""
    existing = asked.get("existing")
    if existing is not None:
        found = openstack.containerinfra.get_cluster_template_output(
            name=existing, region=own.region, opts=pulumi.InvokeOutputOptions(parent=own.resource)
        )
        return found.id
    new = asked["new"]
    balancer = new.get("masterBalancer")
    # what uses a template keeps it from being deleted, so it is replaced by another beside it
    return openstack.containerinfra.ClusterTemplate(
        own.called("template"),
        coe=ENGINE,
        image=new["image"],
        external_network_id=new["external"],
        flavor=new.get("flavor"),
        master_flavor=new.get("masterFlavor"),
        fixed_network=new.get("network"),
        fixed_subnet=new.get("subnet"),
        dns_nameserver=new.get("dns"),
        network_driver=new.get("networkDriver") or DRIVER,
        master_lb_enabled=True if balancer is None else balancer,
        labels=dict(new.get("labels") or {}) or None,
        region=own.region,
        opts=own.options(),
    ).id


def _group(own: Owner, key: str, group: magnum_settings.Group, cluster: openstack.containerinfra.Cluster) -> None:
    openstack.containerinfra.NodeGroup(
        own.called(f"group-{key}"),
        name=key,
        cluster_id=cluster.id,
        flavor_id=group.flavor,
        node_count=group.nodes,
        min_node_count=group.least,
        max_node_count=group.most,
        labels=dict(group.labels) or None,
        merge_labels=True if group.labels else None,
        region=own.region,
        # between its bounds, the autoscaler decides
        opts=own.options(ignore_changes=["nodeCount"] if group.most is not None else None),
    )


def _access(kubeconfig: pulumi.Output[str], identifier: pulumi.Output[str]) -> dict[str, Any]:
    """What an application's stack has to know."""
    return {"kind": "kubernetes", "kubeconfig": kubeconfig, "identifier": identifier, "publish": "LoadBalancer"}
