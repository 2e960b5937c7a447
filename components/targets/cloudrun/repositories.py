"""Where built images are: a repository of the application's own in Artifact Registry, and who may push to it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pulumi
import pulumi_gcp as gcp

from ...access import CloudRunAccess, OwnRegistry, Registry
from ...model import App
from ..create import this_stack
from . import apis
from .given import Given, Scope
from .providers import provider

KEY = "images"
API = "artifactregistry"
KEPT = 30
"""Versions of each image that are kept however old they are: the ones before may be wanted back."""
DAYS = 14
"""After how many days any other goes. What runs does not need it any more: Cloud Run keeps a copy of its own
(https://cloud.google.com/run/docs/deploying)."""
POLICIES: Sequence[Any] = (
    {"id": f"keep-{KEPT}", "action": "KEEP", "most_recent_versions": {"keep_count": KEPT}},
    {
        "id": f"older-than-{DAYS}-days",
        "action": "DELETE",
        "condition": {"tag_state": "ANY", "older_than": f"{DAYS * 24 * 60 * 60}s"},
    },
)
"""What is to be kept wins (https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy)."""
USER = "oauth2accesstoken"
"""Whose password is an access token (https://cloud.google.com/artifact-registry/docs/docker/authentication#token)."""


def place(access: CloudRunAccess, app: App) -> Registry:
    """The registry of built images: the repository that the settings name, else the application's own."""
    if access.repository is not None:
        return Registry(prefix=access.repository)
    return Registry(prefix=f"{access.region}-docker.pkg.dev/{access.project}/{_identifier(app)}")


def create(
    name: str,
    app: App,
    pushed: Mapping[str, Iterable[str]],
    access: CloudRunAccess,
    parent: pulumi.Resource,
    *,
    protect: bool = False,
) -> OwnRegistry:
    """The repository of an application's images, and the login that builds push with.

    Args:
        name: begins the logical name of each resource.
        app: the application.
        pushed: service that is built -> what its image is called, host and path without a tag.
        access: the project.
        parent: the component that all belongs to.
        protect: whether the repository refuses to be deleted.
    """
    reached = provider(name, access, parent)
    registry = place(access, app)
    made = [] if access.repository is not None else _repository(name, app, access, parent, reached, protect=protect)
    asked = pulumi.InvokeOutputOptions(parent=parent, provider=reached)
    token = gcp.organizations.get_client_config_output(opts=asked).access_token
    login = {"address": registry.host, "username": USER, "password": pulumi.Output.secret(token)}
    return OwnRegistry(registry=registry, login=[login], repositories=dict.fromkeys(pushed, made), provider=reached)


def _repository(
    name: str, app: App, access: CloudRunAccess, parent: pulumi.Resource, reached: gcp.Provider, *, protect: bool
) -> list[pulumi.Resource]:
    options = pulumi.ResourceOptions(parent=parent, provider=reached)
    scope = Scope(app, {}, Given(access=access, stack=this_stack()))
    on: list[pulumi.Resource] = []
    if access.enable_apis:
        asked: dict[str, Any] = apis.arguments(access.project, API)
        on = [gcp.projects.Service(f"{name}-{API}", **asked, opts=options)]
    kept = pulumi.ResourceOptions(parent=parent, provider=reached, depends_on=on, protect=protect)
    repository = gcp.artifactregistry.Repository(
        f"{name}-{KEY}",
        project=access.project,
        location=access.region,
        repository_id=_identifier(app),
        description=f"images of {app.name}",
        format="DOCKER",
        cleanup_policies=list(POLICIES),
        kms_key_name=access.kms_key,
        labels=scope.labels(),
        opts=kept,
    )
    return [repository]


def _identifier(app: App) -> str:
    return Scope(app, {}, Given()).name("Repository", KEY)
