"""Where built images are: a repository of the account's ECR for each, and who may push to it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from ...access import EcsAccess, OwnRegistry, Registry
from ...model import App
from . import given
from .providers import provider

KEPT = 30
"""Images that a repository keeps, whatever their tags: the ones before may be wanted back."""
LIFECYCLE: Mapping[str, Any] = {
    "rules": [
        {
            "rulePriority": 1,
            "description": f"the last {KEPT} images are kept",
            "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": KEPT},
            "action": {"type": "expire"},
        }
    ]
}
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html"""
MOVING = "latest"
"""The only tag that may move: what runs is named by digest
(https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html)."""


def place(access: EcsAccess, _app: App) -> Registry:
    """The registry of built images, below the cluster's name: two clusters of one account have their own.

    Where the program makes the cluster, that has no name yet, and the stack's stands for it.
    """
    cluster = access.cluster.rpartition("/")[2] if isinstance(access.cluster, str) else pulumi.get_stack()
    return Registry(prefix=f"{access.registry_host}/{cluster.lower()}")


def create(
    name: str,
    app: App,
    pushed: Mapping[str, Iterable[str]],
    access: EcsAccess,
    parent: pulumi.Resource,
    *,
    protect: bool = False,
) -> OwnRegistry:
    """The repositories of an application's images, and the login that builds push with.

    Args:
        name: begins the logical name of each.
        app: the application.
        pushed: service that is built -> what its image is called, host and path without a tag.
        access: the cluster.
        parent: the component that all belongs to.
        protect: whether a repository that holds images refuses to be deleted.
    """
    reached = provider(name, access, parent)
    registry = place(access, app)
    options = pulumi.ResourceOptions(parent=parent, provider=reached)
    tags = given.Scope(app, {}, given.Given(access=access)).tags
    made: dict[str, list[Any]] = {}
    for service, places in pushed.items():
        for image in _below(registry, places):
            key = f"{name}-{image.rpartition('/')[2]}"
            repository = aws.ecr.Repository(
                key,
                name=image,
                image_scanning_configuration={"scan_on_push": True},
                image_tag_mutability="IMMUTABLE_WITH_EXCLUSION",
                image_tag_mutability_exclusion_filters=[{"filter": MOVING, "filter_type": "WILDCARD"}],
                encryption_configurations=_encryption(access),
                force_delete=not protect,
                tags=tags(service),
                opts=options,
            )
            policy = json.dumps(LIFECYCLE, sort_keys=True)
            aws.ecr.LifecyclePolicy(key, repository=repository.name, policy=policy, opts=options)
            made.setdefault(service, []).append(repository)
    asked = pulumi.InvokeOutputOptions(parent=parent, provider=reached)
    token = aws.ecr.get_authorization_token_output(registry_id=access.account, opts=asked)
    login = {
        "address": access.registry_host,
        "username": token.user_name,
        "password": pulumi.Output.secret(token.password),
    }
    return OwnRegistry(registry=registry, login=[login], repositories=made, provider=reached)


def _below(registry: Registry, places: Iterable[str]) -> list[str]:
    """The names of the repositories among places of images: those that this registry has."""
    begin = f"{registry.host}/"
    return list(dict.fromkeys(place.removeprefix(begin) for place in places if place.startswith(begin)))


def _encryption(access: EcsAccess) -> Any:
    return None if access.kms_key is None else [{"encryption_type": "KMS", "kms_key": access.kms_key}]
