"""`Application`: the composition root. Cluster -> images -> target -> outputs."""

from typing import Any, NotRequired, TypedDict

import pulumi

from . import targets
from .access import ImageReference
from .errors import InputError
from .images import build, references
from .plan import Plan
from .targets.outputs import joined, resolved

DEFAULT_PLATFORM = "linux/amd64"
"""What is built for machines elsewhere that nothing is said about: never what this machine happens to be."""


class ApplicationArgs(TypedDict):
    """What runs, and where: the keys of a stack's config, in snake case; see `Pulumi.yaml`."""

    target: str
    """What runs the services: docker."""
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
    env: NotRequired[dict[str, Any] | None]
    """Plain variables for interpolation."""
    secrets: NotRequired[dict[str, Any] | None]
    """Secret variables; every value is kept secret."""
    pass_env: NotRequired[list[str] | None]
    """Names that interpolation may take from the process's environment."""
    images: NotRequired[dict[str, str] | None]
    """Service -> reference by digest, for what was built elsewhere."""
    registry: NotRequired[dict[str, Any] | None]
    """Where built images are pushed, and as whom: `prefix`, `username`, `password`."""
    platform: NotRequired[str | None]
    """What images are built for where the files do not say; default: the target's own."""
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


class Application(pulumi.ComponentResource):
    """A whole application on one target."""

    urls: dict[str, Any]
    """Service -> where it answers from outside."""
    images: dict[str, Any]
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
        plan = Plan(args)
        self.findings = [finding.message for finding in plan.findings]
        references = self._images(name, plan)
        deployed = targets.component(plan.settings.target).deploy(
            name,
            {
                "app": plan.app,
                "images": references,
                "contents": plan.contents,
                "access": plan.access,
                "protect": plan.settings.protect,
            },
            self,
        )
        self.urls = {key: each.url for key, each in deployed.items() if each.url is not None}
        self.images = {key: _shown(reference) for key, reference in references.items()}
        self.register_outputs({"urls": self.urls, "images": self.images, "findings": self.findings})

    def _images(self, name: str, plan: Plan) -> dict[str, ImageReference]:
        """A build for every service that has one and was not built elsewhere."""
        found = dict(plan.images)
        builds = {key: service for key, service in plan.app.services.items() if key not in found}
        if not builds:
            return found
        settings, pushes = plan.settings, targets.pushes(plan.settings.target)
        if pushes and settings.registry is None:
            problems = references.unplaced(builds.values(), plan.app, settings.target, plan.where)
            if problems:
                raise InputError(problems)
        # the SDK of image builds is loaded where something is built, and nowhere else
        from .images import image_build  # noqa: PLC0415

        provider = image_build.provider(f"{name}-docker-build", self, settings.registry)
        for key, service in builds.items():
            tags = references.tags(service, plan.app, settings.registry, pushes=pushes)
            arguments = build.arguments(
                service,
                plan.app,
                location=build.stage(service, plan.app),
                tags=tags,
                platform=settings.platform or (DEFAULT_PLATFORM if pushes or plan.access.remote else None),
                secrets=plan.contents.secrets,
                check=settings.check_builds,
            )
            built = image_build.ImageBuild(
                f"{name}-{key}",
                {"build": resolved(arguments, _no_reference), "load": not pushes, "push": pushes},
                opts=pulumi.ResourceOptions(parent=self, providers={"docker-build": provider}),
            )
            called = references.repository(tags[0]) if pushes else tags[0]
            found[key] = ImageReference(name=called, digest=built.digest)
        return found


def _no_reference(reference: Any) -> Any:
    raise AssertionError(reference)


def _shown(reference: ImageReference) -> Any:
    return joined(reference.text)
