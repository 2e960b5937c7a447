"""`ImageBuild`: one image from one build context."""

from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_docker_build as docker_build

from ..access import Registry


def provider(name: str, parent: pulumi.Resource, registry: Registry | None = None) -> docker_build.Provider:
    """The explicit docker-build provider of an application.

    Args:
        name: logical.
        parent: the component that it belongs to.
        registry: whose credentials it uses, for pushes and for private base images; without a username, and for every
            other registry, those of the user's own `docker login`.
    """
    registries = None
    if registry is not None and registry.username is not None:
        registries = [
            docker_build.RegistryArgs(address=registry.host, username=registry.username, password=registry.password)
        ]
    return docker_build.Provider(name, registries=registries, opts=pulumi.ResourceOptions(parent=parent))


class ImageBuildArgs(TypedDict):
    """What an image is built from."""

    build: dict[str, Any]
    """Arguments of docker-build's `Image` but for `push` and `load`."""
    load: NotRequired[bool | None]
    """Put the image into the local Docker Engine; default false."""
    push: NotRequired[bool | None]
    """Push it to the registry that its tags name; default false."""


class ImageBuild(pulumi.ComponentResource):
    """An image, built from its context and rebuilt only when that changes."""

    digest: pulumi.Output[str]
    """The digest of what was built."""
    reference: pulumi.Output[str]
    """The first tag; on a registry with the digest."""

    def __init__(self, name: str, args: ImageBuildArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Build one image.

        Args:
            name: the logical name of the component and of the image within.
            args: see `ImageBuildArgs`.
            opts: a docker-build provider belongs in `providers` where default providers are disabled.
        """
        super().__init__("slipway:index:ImageBuild", name, {}, opts)
        self.image = docker_build.Image(
            name,
            push=bool(args.get("push")),
            load=bool(args.get("load")),
            **args["build"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.digest = self.image.digest
        self.reference = self.image.ref
        self.register_outputs({"digest": self.digest, "reference": self.reference})
