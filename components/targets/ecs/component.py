"""`EcsTarget`: an application's rows as resources of one AWS account."""

from typing import Any, NotRequired, TypedDict

import pulumi

from ...access import Contents, Deployed, EcsAccess, Registry, own_images
from ...model import App
from .. import project_files
from ..classes import Classes, secret
from ..create import Resources, this_stack
from ..outputs import resolved
from ..rows import Ref
from . import failures, kept, logins, repositories, urls, verified
from .given import Given, Scope
from .kinds import CLASSES
from .probe import probe
from .providers import provider
from .render import render

__all__ = ["EcsTarget", "EcsTargetArgs", "deploy", "probe", "repositories"]

STATEFUL = ("CacheReplicationGroup", "DatabaseInstance", "FileSystem", "AccessPoint")
"""Kinds that hold what cannot be made again."""
CREATORS = Classes("pulumi_aws", CLASSES, {"SecretVersion": secret("secret_string")})
"""A row's kind -> what creates it."""


def deploy(name: str, args: "EcsTargetArgs", parent: pulumi.Resource) -> dict[str, Deployed]:
    """Put an application on its cluster, with an explicit provider.

    Args:
        name: begins the logical name of every child.
        args: what runs, and where.
        parent: the component that all belongs to.

    Returns:
        Service -> what became of it.
    """
    access: EcsAccess = args["access"]
    reached = args.get("provider") or provider(name, access, parent)
    options = pulumi.ResourceOptions(parent=parent, providers={"aws": reached})
    return EcsTarget(name, args, opts=options).deployed


class EcsTargetArgs(TypedDict):
    """What runs, and where."""

    access: Any
    """`access.EcsAccess`."""
    app: NotRequired[Any]
    """The application, a `model.App`."""
    images: NotRequired[Any]
    """Service -> `access.ImageReference`; default: each service's own `image`."""
    contents: NotRequired[Any]
    """`access.Contents` of the application's secrets and configs."""
    registry: NotRequired[Any]
    """`access.Registry` whose credentials the tasks need to pull; default: none."""
    name_key: NotRequired[pulumi.Input[str] | None]
    """Not used: AWS has a version for every secret."""
    provider: NotRequired[Any]
    """An aws provider that is there already; default: one that `access` tells."""
    protect: NotRequired[bool | None]
    """Protect volumes and databases from deletion and replacement; default false."""


class EcsTarget(pulumi.ComponentResource):
    """The resources of one application on one ECS cluster."""

    urls: dict[str, pulumi.Input[str]]
    """Service -> where it answers from outside."""

    def __init__(self, name: str, args: EcsTargetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create everything that the application needs, in dependency order.

        Args:
            name: begins the logical name of every child.
            args: see `EcsTargetArgs`.
            opts: an aws provider belongs in `providers` where default providers are disabled.

        Raises:
            RejectedError: the cluster cannot do what the application asks for.
        """
        super().__init__("slipway:index:EcsTarget", name, {}, opts)
        app: App = args["app"]
        access: EcsAccess = args["access"]
        registry: Registry | None = args.get("registry")
        protect = bool(args.get("protect"))
        scope = Scope(
            app,
            args.get("images") or own_images(app),
            Given(
                access=access,
                contents=args.get("contents") or Contents(),
                project=project_files.read(app),
                pull_secrets=logins.references(registry),
                stack=this_stack(),
                protect=protect,
            ),
        )
        hooks = failures.report_failures(app, access)
        self.resources = Resources(
            name,
            self,
            CREATORS,
            protected=STATEFUL if protect else (),
            hooks={} if hooks is None else dict.fromkeys(failures.KINDS, hooks),
            gates={"Service": verified.service(access, self._wanted)},
            completed=verified.run,
        )
        rows = (*logins.rows(scope, registry), *render(app, scope.images, scope.given))
        there = kept.imports(rows, access)
        for row in rows:
            self.resources.create(row, import_=there.get((row.kind, row.key)))
        # what nothing comes after is looked at all the same
        checks = [self.resources.gated((row.kind, row.key)) for row in rows if row.kind == "Service"]
        checks += [self.resources.ended((row.kind, row.key)) for row in rows if row.kind == "Invocation"]
        # not an output, as the annotated attributes are: programs in other languages do not know the type
        self.deployed = {
            key: Deployed(url=resolved(urls.of(scope, service), self.resources.output))
            for key, service in app.services.items()
        }
        self.urls = {key: each.url for key, each in self.deployed.items() if each.url is not None}
        self.register_outputs({"urls": self.urls, "checked": pulumi.Output.all(*checks).apply(len)})

    def _wanted(self, key: str) -> Any:
        """The ARN of the task definition that a service is asked to run."""
        return self.resources.output(Ref("TaskDefinition", key, "arn"))
