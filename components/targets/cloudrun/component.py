"""`CloudRunTarget`: an application's rows as resources of one project of Google Cloud."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from ...access import CloudRunAccess, Contents, Deployed, Registry, own_images
from ...errors import Problem, RejectedError
from ...model import App
from .. import project_files
from ..classes import Classes, secret
from ..create import Resources, this_stack
from ..outputs import resolved
from . import failures, kept, remotes, repositories, urls, verified
from .given import Given, Scope
from .kinds import CLASSES
from .probe import probe
from .providers import provider
from .render import render

__all__ = ["CloudRunTarget", "CloudRunTargetArgs", "deploy", "probe", "repositories"]

STATEFUL = ("Bucket", "CacheInstance", "DatabaseInstance")
"""Kinds that hold what cannot be made again."""
TIMEOUTS: Mapping[str, pulumi.CustomTimeouts] = {"Job": pulumi.CustomTimeouts(create="24h", update="24h")}
"""Kind -> how long it may take where the provider would give up earlier: a run is waited for to its end."""
CREATORS = Classes("pulumi_gcp", CLASSES, {"SecretVersion": secret("secret_data")})
"""A row's kind -> what creates it."""


def deploy(name: str, args: "CloudRunTargetArgs", parent: pulumi.Resource) -> dict[str, Deployed]:
    """Put an application into its project, with an explicit provider.

    Args:
        name: begins the logical name of every child.
        args: what runs, and where.
        parent: the component that all belongs to.

    Returns:
        Service -> what became of it.
    """
    reached = args.get("provider") or provider(name, args["access"], parent)
    options = pulumi.ResourceOptions(parent=parent, providers={"gcp": reached})
    return CloudRunTarget(name, args, opts=options).deployed


class CloudRunTargetArgs(TypedDict):
    """What runs, and where."""

    access: Any
    """`access.CloudRunAccess`."""
    app: NotRequired[Any]
    """The application, a `model.App`."""
    images: NotRequired[Any]
    """Service -> `access.ImageReference`; default: each service's own `image`."""
    contents: NotRequired[Any]
    """`access.Contents` of the application's secrets and configs."""
    registry: NotRequired[Any]
    """`access.Registry` that built images are in; one with a login is refused, since Cloud Run has none to give."""
    name_key: NotRequired[pulumi.Input[str] | None]
    """Not used: Google has a version for every secret."""
    provider: NotRequired[Any]
    """A gcp provider that is there already; default: one that `access` tells."""
    protect: NotRequired[bool | None]
    """Protect volumes and databases from deletion and replacement; default false."""


class CloudRunTarget(pulumi.ComponentResource):
    """The resources of one application in one project of Google Cloud."""

    urls: dict[str, pulumi.Input[str]]
    """Service -> where it answers from outside."""

    def __init__(self, name: str, args: CloudRunTargetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create everything that the application needs, in dependency order.

        Args:
            name: begins the logical name of every child.
            args: see `CloudRunTargetArgs`.
            opts: a gcp provider belongs in `providers` where default providers are disabled.

        Raises:
            RejectedError: the project cannot do what the application asks for.
        """
        super().__init__("slipway:index:CloudRunTarget", name, {}, opts)
        _refuse_login(args.get("registry"))
        app: App = args["app"]
        access: CloudRunAccess = args["access"]
        protect = bool(args.get("protect"))
        scope = Scope(
            app,
            args.get("images") or own_images(app),
            Given(
                access=access,
                contents=args.get("contents") or Contents(),
                project=project_files.read(app),
                stack=this_stack(),
                protect=protect,
            ),
        )
        ready = verified.revision(access)
        self.resources = Resources(
            name,
            self,
            CREATORS,
            protected=STATEFUL if protect else (),
            hooks=failures.report_failures(app, access),
            gates={"Service": ready, "WorkerPool": ready},
            completed=verified.run(access),
        )
        rows = render(app, scope.images, scope.given)
        there = kept.imports(rows, access)
        for row in rows:
            known = there.get((row.kind, row.key))
            asked = row if known is None else kept.imported(row)
            self.resources.create(asked, import_=known, custom_timeouts=TIMEOUTS.get(row.kind))
        # what nothing comes after is looked at all the same
        checks = [self.resources.gated((row.kind, row.key)) for row in rows if row.kind in ("Service", "WorkerPool")]
        checks += [self.resources.ended((row.kind, row.key)) for row in rows if "run_execution_token" in row.args]
        # not an output, as the annotated attributes are: programs in other languages do not know the type
        self.deployed = {
            key: Deployed(url=resolved(urls.of(scope, service), self.resources.output))
            for key, service in app.services.items()
        }
        self.urls = {key: each.url for key, each in self.deployed.items() if each.url is not None}
        self.register_outputs({"urls": self.urls, "checked": pulumi.Output.all(*checks).apply(len)})


def _refuse_login(registry: Registry | None) -> None:
    if registry is not None and registry.username is not None and not registry.host.endswith(remotes.HOSTS):
        what = f"Cloud Run pulls from {registry.host} without a login, and slipway:registry has one"
        fix = "leave it out: the application then has a repository of its own; or name one of Artifact Registry"
        raise RejectedError([Problem(what, "slipway:registry", fix)])
