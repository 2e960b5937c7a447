"""`SwarmTarget`: an application's rows as resources of one Docker Swarm."""

from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_docker as docker

from ...access import Contents, Deployed, Registry, SwarmAccess, own_images
from ...model import App
from .. import project_files
from ..create import Resources, this_stack
from ..dependencies import runs_to_completion
from ..ingress import ingress
from ..published import url
from . import engine, routes
from .failures import report_failures
from .probe import probe
from .render import Given, render

__all__ = ["SwarmTarget", "SwarmTargetArgs", "deploy", "probe"]

CLASSES: dict[str, type[pulumi.CustomResource]] = {
    "network": docker.Network,
    "volume": docker.Volume,
    "secret": docker.Secret,
    "config": docker.ServiceConfig,
    "image": docker.RemoteImage,
    "container": docker.Container,
    "service": docker.Service,
}
"""A row's kind -> what creates it."""


def deploy(name: str, args: "SwarmTargetArgs", parent: pulumi.Resource) -> dict[str, Deployed]:
    """Put an application on its Swarm, with an explicit provider.

    Args:
        name: begins the logical name of every child.
        args: what runs, and where.
        parent: the component that all belongs to.

    Returns:
        Service -> what became of it.
    """
    access: SwarmAccess = args.get("access") or SwarmAccess()
    options = pulumi.ResourceOptions(parent=parent)
    provider = docker.Provider(f"{name}-docker", **_provider_arguments(access, args.get("registry")), opts=options)
    options = pulumi.ResourceOptions(parent=parent, providers={"docker": provider})
    return SwarmTarget(name, args, opts=options).deployed


def _provider_arguments(access: SwarmAccess, registry: Registry | None) -> dict[str, Any]:
    args = access.provider
    if registry is not None and registry.username is not None:
        # the plugin hands them to the managers with each service, and these to the nodes that pull
        login = {"address": registry.host, "username": registry.username, "password": registry.password}
        args["registry_auth"] = [login]
    return args


class SwarmTargetArgs(TypedDict):
    """What runs, and where."""

    app: NotRequired[Any]
    """The application, a `model.App`."""
    images: NotRequired[Any]
    """Service -> `access.ImageReference`; default: each service's own `image`."""
    contents: NotRequired[Any]
    """`access.Contents` of the application's secrets and configs."""
    access: NotRequired[Any]
    """`access.SwarmAccess`; default: the manager that the user's own tools would use."""
    registry: NotRequired[Any]
    """`access.Registry` whose credentials the nodes need; default: none."""
    protect: NotRequired[bool | None]
    """Protect volumes from deletion and replacement; default false."""


class SwarmTarget(pulumi.ComponentResource):
    """The networks, secrets, configs and services of one application on one Docker Swarm."""

    urls: dict[str, pulumi.Input[str]]
    """Service -> where it answers from outside."""

    def __init__(self, name: str, args: SwarmTargetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create everything that the application needs, in dependency order.

        Args:
            name: begins the logical name of every child.
            args: see `SwarmTargetArgs`.
            opts: a docker provider belongs in `providers` where default providers are disabled.

        Raises:
            RejectedError: the Swarm cannot do what the application asks for.
            InputError: something external is not there.
        """
        super().__init__("slipway:index:SwarmTarget", name, {}, opts)
        app: App = args["app"]
        access: SwarmAccess = args.get("access") or SwarmAccess()
        protect = bool(args.get("protect"))
        rows = render(
            app,
            args.get("images") or own_images(app),
            Given(
                access=access,
                contents=args.get("contents") or Contents(),
                project=project_files.read(app),
                identities=engine.identities(app, access),
                stack=this_stack(),
                protect=protect,
            ),
        )
        hooks = report_failures(app, access)
        self.resources = Resources(
            name,
            self,
            CLASSES,
            protected=["volume"] if protect else (),
            hooks={} if hooks is None else {"service": hooks},
        )
        for row in rows:
            self.resources.create(row)
        # not an output, as the annotated attributes are: programs in other languages do not know the type
        self.deployed = {key: self._deployed(app, key, access) for key in app.services}
        self.urls = {key: each.url for key, each in self.deployed.items() if each.url is not None}
        self.register_outputs({"urls": self.urls})

    def _deployed(self, app: App, name: str, access: SwarmAccess) -> Deployed:
        if runs_to_completion(name, app):
            return Deployed()
        service: Any = self.resources.made["service", name]
        asked = ingress(app.services[name])
        if asked is not None and access.entry is not None:
            parts = pulumi.Output.all(access.address, access.entry.http, access.entry.https)
            return Deployed(url=parts.apply(lambda known: routes.url(asked, *known)), identities=[service.id])
        for index, port in enumerate(app.services[name].ports):
            if port.protocol != "tcp":
                continue
            if port.published is None:
                shown = service.endpoint_spec.apply(lambda found, at=index: _published(found, at))
                return Deployed(
                    url=pulumi.Output.concat("http://", access.address, ":", shown), identities=[service.id]
                )
            return Deployed(url=url(access.address, port.published), identities=[service.id])
        return Deployed(identities=[service.id])


def _published(endpoint: Any, index: int) -> str:
    """The port that Swarm has picked; "" where it is not known yet."""
    ports = endpoint.ports if endpoint is not None else None
    return str(ports[index].published_port or "") if ports else ""
