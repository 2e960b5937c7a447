"""The nodes of a GKE cluster: what they may do, and the pools of one that is not in Autopilot mode."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_gcp as gcp

from .gke_settings import Pool
from .owner import Owner

ROLE = "roles/container.defaultNodeServiceAccount"
"""The least that nodes need: to write logs and metrics
(https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster#use_least_privilege_sa)."""
READER = "roles/artifactregistry.reader"
SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]
"""What the account may do is said by its roles (https://cloud.google.com/compute/docs/access/service-accounts)."""
DISK = "pd-balanced"
SHIELDED: Any = {"enable_secure_boot": True, "enable_integrity_monitoring": True}


def account(own: Owner, apis: Sequence[pulumi.Resource]) -> tuple[gcp.serviceaccount.Account, pulumi.Resource]:
    """The service account of nodes, and its role.

    Args:
        own: the cluster's component.
        apis: what comes first.
    """
    made = gcp.serviceaccount.Account(
        own.called("nodes"),
        project=own.project,
        account_id=own.called("nodes"),
        display_name=f"nodes of {own.name}",
        opts=own.options(depends_on=apis),
    )
    role = gcp.projects.IAMMember(
        own.called("nodes"), project=own.project, role=ROLE, member=made.member, opts=own.options()
    )
    return made, role


def may_pull(
    own: Owner, account: gcp.serviceaccount.Account, repository: gcp.artifactregistry.Repository
) -> pulumi.Resource:
    """Let nodes pull from a repository.

    Args:
        own: the cluster's component.
        account: the nodes'.
        repository: of images.
    """
    return gcp.artifactregistry.RepositoryIamMember(
        own.called("nodes-pull"),
        project=own.project,
        location=own.region,
        repository=repository.name,
        role=READER,
        member=account.member,
        opts=own.options(),
    )


def config(account: gcp.serviceaccount.Account, **more: Any) -> Any:
    """What every node is: not even its pods reach what the machine's own metadata tell.

    https://cloud.google.com/kubernetes-engine/docs/how-to/protecting-cluster-metadata

    Args:
        account: the nodes'.
        more: what the pool says.
    """
    return {
        "service_account": account.email,
        "oauth_scopes": SCOPES,
        "shielded_instance_config": SHIELDED,
        "workload_metadata_config": {"mode": "GKE_METADATA"},
        "metadata": {"disable-legacy-endpoints": "true"},
        **more,
    }


def pools(
    own: Owner, cluster: gcp.container.Cluster, account: gcp.serviceaccount.Account, asked: Mapping[str, Pool]
) -> None:
    """The pools; each grows and shrinks by itself, and gets new versions by nodes that come before others go.

    Args:
        own: the cluster's component.
        cluster: the cluster.
        account: the nodes'.
        asked: key -> what it is.
    """
    for key, pool in asked.items():
        gcp.container.NodePool(
            own.called(f"pool-{key}"),
            project=own.project,
            location=own.region,
            cluster=cluster.name,
            initial_node_count=1,
            autoscaling=_range(pool),
            management={"auto_repair": True, "auto_upgrade": True},
            upgrade_settings={"strategy": "SURGE", "max_surge": 1, "max_unavailable": 0},
            node_config=config(
                account,
                machine_type=pool.machine_type,
                spot=pool.spot,
                disk_size_gb=pool.disk,
                disk_type=DISK,
                resource_labels=dict(own.labels) or None,
            ),
            # a change of it would replace the pool, and nothing is told by it once there are nodes
            opts=own.options(ignore_changes=["initialNodeCount"]),
        )


def _range(pool: Pool) -> Any:
    """How many nodes there are, in all zones."""
    policy = "ANY" if pool.spot else "BALANCED"
    return {"total_min_node_count": pool.least, "total_max_node_count": pool.most, "location_policy": policy}
