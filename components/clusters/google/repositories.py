"""A repository of Artifact Registry for the images of several applications."""

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_gcp as gcp

from .. import blocks
from .owner import Owner

ID = blocks.form(
    r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "a repository's ID", "write one of a-z, 0-9 and -, of at most 63 characters"
)
KEPT = 30
"""Versions of an image that stay, however old."""
OLD = "1209600s"
"""14 days: after these, what has no tag goes."""
CLEANUP: Any = [
    {"id": "keep", "action": "KEEP", "most_recent_versions": {"keep_count": KEPT}},
    {"id": "untagged", "action": "DELETE", "condition": {"tag_state": "UNTAGGED", "older_than": OLD}},
]
"""https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy"""


def place(project: str, region: str, repository: str) -> str:
    """What the names of images begin with."""
    return f"{region}-docker.pkg.dev/{project}/{repository}"


def repository(
    own: Owner, repository_id: str, key: pulumi.Input[str] | None, apis: Sequence[pulumi.Resource]
) -> gcp.artifactregistry.Repository:
    """The repository.

    Args:
        own: the cluster's component.
        repository_id: what it is called.
        key: ID of the key of Cloud KMS; None: Google's own.
        apis: what comes first.
    """
    return gcp.artifactregistry.Repository(
        own.called("images"),
        project=own.project,
        location=own.region,
        repository_id=repository_id,
        format="DOCKER",
        description=f"images of {own.name}",
        cleanup_policies=CLEANUP,
        kms_key_name=key,
        labels=own.labels or None,
        opts=own.stateful(depends_on=apis),
    )
