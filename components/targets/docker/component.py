"""`DockerTarget`: an application's rows as resources of one Docker Engine."""

from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_docker as docker

from ...access import Contents, Deployed, DockerAccess, own_images
from ...model import App
from ..create import Resources, this_stack
from ..published import url
from . import ports
from .engine import probe
from .failures import report_failures
from .render import render, replica_keys

__all__ = ["DockerTarget", "DockerTargetArgs", "deploy", "probe"]

CLASSES: dict[str, type[pulumi.CustomResource]] = {
    "network": docker.Network,
    "volume": docker.Volume,
    "image": docker.RemoteImage,
    "container": docker.Container,
}
"""A row's kind -> what creates it."""


def deploy(name: str, args: "DockerTargetArgs", parent: pulumi.Resource) -> dict[str, Deployed]:
    """Put an application on its Engine, with an explicit provider.

    Args:
        name: begins the logical name of every child.
        args: what runs, and where.
        parent: the component that all belongs to.

    Returns:
        Service -> what became of it.
    """
    access: DockerAccess = args.get("access") or DockerAccess()
    options = pulumi.ResourceOptions(parent=parent)
    provider = docker.Provider(f"{name}-docker", **access.provider, opts=options)
    options = pulumi.ResourceOptions(parent=parent, providers={"docker": provider})
    return DockerTarget(name, args, opts=options).deployed


class DockerTargetArgs(TypedDict):
    """What runs, and where."""

    app: NotRequired[Any]
    """The application, a `model.App`."""
    images: NotRequired[Any]
    """Service -> `access.ImageReference`; default: each service's own `image`."""
    contents: NotRequired[Any]
    """`access.Contents` of the application's secrets and configs."""
    access: NotRequired[Any]
    """`access.DockerAccess`; default: the Engine that the user's own tools would use."""
    protect: NotRequired[bool | None]
    """Protect volumes from deletion and replacement; default false."""


class DockerTarget(pulumi.ComponentResource):
    """The networks, volumes, images and containers of one application on one Docker Engine."""

    urls: dict[str, pulumi.Input[str]]
    """Service -> where it answers from outside."""

    def __init__(self, name: str, args: DockerTargetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create everything that the application needs, in dependency order.

        Args:
            name: begins the logical name of every child.
            args: see `DockerTargetArgs`.
            opts: a docker provider belongs in `providers` where default providers are disabled.

        Raises:
            RejectedError: the Engine cannot do what the application asks for.
        """
        super().__init__("slipway:index:DockerTarget", name, {}, opts)
        app: App = args["app"]
        access: DockerAccess = args.get("access") or DockerAccess()
        protect = bool(args.get("protect"))
        rows = render(
            app,
            args.get("images") or own_images(app),
            contents=args.get("contents") or Contents(),
            stack=this_stack(),
            protect=protect,
        )
        hook = report_failures(app, access)
        self.resources = Resources(
            name,
            self,
            CLASSES,
            protected=["volume"] if protect else (),
            hooks={} if hook is None else {"container": pulumi.ResourceHookBinding(on_error=[hook])},
        )
        for row in rows:
            self.resources.create(row)
        # not an output, as the annotated attributes are: programs in other languages do not know the type
        self.deployed = {key: self._deployed(app, key, access) for key in app.services}
        self.urls = {key: each.url for key, each in self.deployed.items() if each.url is not None}
        self.register_outputs({"urls": self.urls})

    def _deployed(self, app: App, name: str, access: DockerAccess) -> Deployed:
        service = app.services[name]
        containers: list[Any] = [self.resources.made["container", key] for key in replica_keys(service)]
        identities = [container.id for container in containers]
        for index, port in enumerate(service.ports):
            if port.protocol != "tcp" or not containers:
                continue
            host = access.address if port.host_ip in (None, "0.0.0.0", "::") else port.host_ip  # noqa: S104 - compared
            published = ports.external(port, 1)
            if published is None:
                shown = containers[0].ports.apply(lambda found, at=index: _picked(found, at))
                return Deployed(url=pulumi.Output.concat("http://", host, ":", shown), identities=identities)
            return Deployed(url=url(host, published), identities=identities)
        return Deployed(identities=identities)


def _picked(ports_found: Any, index: int) -> str:
    """The host's port that the Engine picked; empty while it has picked none, as in a preview."""
    return str(ports_found[index].external or "") if ports_found else ""
