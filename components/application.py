"""`Application`: the composition root. Cluster -> images -> target -> outputs."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from . import targets
from .access import ImageReference
from .images import build, layouts, references, sources
from .model import Opaque, Parts, Text, concat
from .plan import Plan
from .targets.outputs import joined, resolved

DEFAULT_PLATFORM = "linux/amd64"
"""What is built for machines elsewhere that nothing is said about: never what this machine happens to be."""
IMAGE = "docker-image://"
"""Begins an additional context that is an image of a registry."""


class ApplicationArgs(TypedDict):
    """What runs, and where: the keys of a stack's config, in snake case; see `Pulumi.yaml`."""

    target: str
    """What runs the services: docker, swarm, kubernetes, ecs, cloudrun."""
    compose: NotRequired[list[str] | None]
    """Compose files, merged in order."""
    app: NotRequired[Any]
    """A `model.App` that was built in Python, instead of `compose`."""
    name: NotRequired[str | None]
    """The application's name; default: the files' own."""
    cluster: NotRequired[dict[str, Any] | None]
    """Where the target is; default: the Engine that the user's own tools would use."""
    profiles: NotRequired[list[str] | None]
    """Compose profiles that are active."""
    env: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """Plain variables for interpolation."""
    secrets: NotRequired[Mapping[str, pulumi.Input[str]] | None]
    """Secret variables; every value is kept secret."""
    pass_env: NotRequired[list[str] | None]
    """Names that interpolation may take from the process's environment."""
    images: NotRequired[Mapping[str, str] | None]
    """Service -> reference by digest, for what was built elsewhere."""
    registry: NotRequired[dict[str, Any] | None]
    """Where built images are pushed, and as whom: `prefix`, `username`, `password`."""
    kubernetes: NotRequired[dict[str, Any] | None]
    """What is chosen of a Kubernetes cluster's ways, such as `namespace` and `publish`; default: the cluster's own."""
    ecs: NotRequired[dict[str, Any] | None]
    """What is chosen of an ECS cluster's ways, such as `publish` and `capacity`; default: the cluster's own."""
    cloudrun: NotRequired[dict[str, Any] | None]
    """What is chosen of a Google Cloud project's ways, such as `publish` and `egress`; default: the platform's own."""
    platform: NotRequired[str | None]
    """What images are built for where the files do not say; default: the target's own."""
    ssh_key: NotRequired[str | None]
    """Path of the private key with which an Engine is reached over ssh; default: what your own `ssh` would take."""
    name_key: NotRequired[pulumi.Input[str] | None]
    """Secret key of the hashes that stand in names."""
    mode: NotRequired[str | None]
    """warn, strict or loose; default warn."""
    accept: NotRequired[list[str] | None]
    """Paths whose loss is accepted."""
    check_builds: NotRequired[bool | None]
    """Build images during preview too; default false."""
    protect: NotRequired[bool | None]
    """Protect volumes; default false."""
    managed: NotRequired[bool | None]
    """Take the platform's own service where the file says `x-slipway.managed`; default true; false: a container."""


class Application(pulumi.ComponentResource):
    """A whole application on one target."""

    urls: dict[str, pulumi.Input[str]]
    """Service -> where it answers from outside."""
    images: dict[str, pulumi.Input[str]]
    """Service -> what it runs: the reference, and the digest of what was built."""
    findings: list[str]
    """What the target does otherwise than the file says."""

    def __init__(self, name: str, args: ApplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Read, judge, build and deploy an application.

        Args:
            name: begins the logical name of every child.
            args: see `ApplicationArgs`.
            opts: as for any component.

        Raises:
            SlipwayError: the files, the settings or the target's limits are in the way; nothing was created.
        """
        super().__init__("slipway:index:Application", name, {}, opts)
        plan = Plan(args, name)
        if plan.trial is not None:
            plan.access = plan.reached(plan.trial.create(self))
        self.findings = [finding.message for finding in plan.findings]
        running, provider = self._images(name, plan)
        deployed = targets.component(plan.settings.target).deploy(
            name,
            {
                "app": plan.app,
                "images": running,
                "contents": plan.contents,
                "access": plan.access,
                "registry": plan.settings.registry,
                "name_key": plan.settings.name_key,
                "protect": plan.settings.protect,
                "provider": provider,
            },
            self,
        )
        self.urls = {key: each.url for key, each in deployed.items() if each.url is not None}
        self.images = {key: _shown(reference) for key, reference in running.items()}
        self.register_outputs({"urls": self.urls, "images": self.images, "findings": self.findings})

    def _images(self, name: str, plan: Plan) -> tuple[dict[str, ImageReference], Any]:
        """A build for every service that has one and was not built elsewhere.

        Returns:
            What services run; and the target's provider, where its registry has needed one already, else None.
        """
        found = dict(plan.images)
        if not plan.built:
            return found, None
        settings, pushes = plan.settings, targets.pushes(plan.settings.target)
        reads = sources.read(plan.built, plan.app, plan.contents.secrets)
        bases = {other for each in reads.values() for other in each.services.values()}
        places: dict[str, Text] = {key: f"{IMAGE}{reference.name}" for key, reference in found.items()}
        # the SDK of image builds is loaded where something is built, and nowhere else
        from .images import image_build  # noqa: PLC0415

        own, registry = None, settings.registry
        if registry is None and targets.has_registry(settings.target):
            repositories = targets.component(settings.target).repositories
            registry = repositories.place(plan.access, plan.app)
            tags_of = {key: references.tags(plan.app.services[key], plan.app, registry, pushes=True) for key in reads}
            pushed = {key: [references.repository(tag) for tag in tags] for key, tags in tags_of.items()}
            own = repositories.create(name, plan.app, pushed, plan.access, self, protect=settings.protect)
        provider = image_build.provider(f"{name}-docker-build", self, settings.registry)
        for key, each in reads.items():
            if each.remark:
                pulumi.log.warn(each.remark)
            tags = references.tags(plan.app.services[key], plan.app, registry, pushes=pushes)
            arguments = build.arguments(
                plan.app.services[key],
                plan.app,
                sources=each.with_images(places),
                tags=tags,
                platform=settings.platform or (DEFAULT_PLATFORM if pushes or plan.access.remote else None),
                secrets=plan.contents.secrets,
                check=settings.check_builds,
            )
            args: image_build.ImageBuildArgs = {"build": resolved(arguments, _no_reference), "push": pushes}
            if own is not None:
                args["build"]["registries"] = own.login
            if not pushes:
                args["load"] = True
                args["layout"] = layouts.place(f"{plan.app.name}/{key}") if key in bases else None
            after = list(own.repositories[key]) if own is not None else None
            options = pulumi.ResourceOptions(parent=self, providers={"docker-build": provider}, depends_on=after)
            built = image_build.ImageBuild(f"{name}-{key}", args, options)
            first = references.repository(tags[0]) if pushes else tags[0]
            found[key] = ImageReference(name=first, digest=built.digest)
            places[key] = concat(IMAGE, found[key].text) if pushes else Parts([Opaque(built.layout, secret=False)])
        return found, None if own is None else own.provider


def _no_reference(reference: Any) -> Any:
    raise AssertionError(reference)


def _shown(reference: ImageReference) -> Any:
    return joined(reference.text)
