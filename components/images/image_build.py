"""`ImageBuild`: one image from one build context."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_docker_build as docker_build

from ..access import Registry
from .failures import report_failures


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


EXPORTS = {"load": "type=docker", "push": "type=registry"}
"""Where an image goes. Written as exports: with its own `load` and `push` the plugin builds nothing during preview."""


def _image(
    name: str, build: Mapping[str, Any], exports: Sequence[str], options: pulumi.ResourceOptions
) -> docker_build.Image:
    given = [docker_build.ExportArgs(raw=each) for each in exports]
    return docker_build.Image(name, push=False, exports=given, **build, opts=options)


class ImageBuildArgs(TypedDict):
    """What an image is built from, and where it goes."""

    build: dict[str, Any]
    """Arguments of docker-build's `Image` but for `push`, `load` and `exports`."""
    load: NotRequired[bool | None]
    """Put the image into the local Docker Engine; default false."""
    push: NotRequired[bool | None]
    """Push it to the registry that its tags name; default false. What was pushed stays when the stack is destroyed."""
    layout: NotRequired[str | None]
    """A folder to write it to as well, for builds that start from it where no registry holds it."""


class ImageBuild(pulumi.ComponentResource):
    """An image, built from its context and rebuilt only when that changes."""

    digest: pulumi.Output[str]
    """The digest of what was built."""
    reference: pulumi.Output[str]
    """The first tag; on a registry with the digest."""
    layout: pulumi.Output[str] | None
    """Where a build finds it that starts from it: `oci-layout://...`."""

    def __init__(self, name: str, args: ImageBuildArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Build one image.

        Args:
            name: the logical name of the component and of the image within.
            args: see `ImageBuildArgs`.
            opts: a docker-build provider belongs in `providers` where default providers are disabled. What it depends
                on is there before anything is pushed.
        """
        super().__init__("slipway:index:ImageBuild", name, {}, opts)
        places = [place for key, place in EXPORTS.items() if args.get(key)]
        hook = report_failures(name)
        options = pulumi.ResourceOptions(
            parent=self,
            depends_on=opts.depends_on if opts is not None else None,
            hooks=None if hook is None else pulumi.ResourceHookBinding(on_error=[hook]),
            # another stack may run the same digest
            retain_on_delete=bool(args.get("push")),
        )
        self.image = _image(name, args["build"], places, options)
        self.digest = self.image.digest
        self.reference = self.image.ref
        self.layout = self._layout(name, args, options)
        self.register_outputs({"digest": self.digest, "reference": self.reference})

    def _layout(self, name: str, args: ImageBuildArgs, options: pulumi.ResourceOptions) -> pulumi.Output[str] | None:
        """A build of its own: the plugin refuses two exports of one build until it has seen the builder's version."""
        place = args.get("layout")
        if place is None:
            return None
        build = {key: value for key, value in args["build"].items() if key not in ("tags", "cache_to")}
        image = _image(f"{name}-layout", build, [f"type=oci,tar=false,dest={place}"], options)
        return pulumi.Output.concat("oci-layout://", place, "@", image.digest)
