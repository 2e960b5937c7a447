"""`KubernetesTarget`: an application's rows as objects of one Kubernetes cluster."""

import dataclasses
import functools
import re
from collections.abc import Callable, Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes import apps, autoscaling, batch, core, networking, policy
from pulumi_kubernetes.apiextensions import CustomResource

from ...access import Contents, Deployed, KubernetesAccess, own_images
from ...errors import InputError, Problem
from ...model import App
from .. import project_files
from ..create import Resources, this_stack
from ..rows import Row
from . import kept, kubeconfig, rollback, urls
from .failures import KINDS as WATCHED
from .failures import report_failures
from .given import Given
from .kinds import API_VERSIONS
from .probe import probe
from .render import render

__all__ = ["KubernetesTarget", "KubernetesTargetArgs", "deploy", "probe"]


def _custom(kind: str) -> Callable[..., pulumi.CustomResource]:
    return functools.partial(CustomResource, api_version=API_VERSIONS[kind], kind=kind)


def _secret(name: str, *, opts: pulumi.ResourceOptions, **args: Any) -> core.v1.Secret:
    """A Secret whose content is a secret to Pulumi too, wherever it comes from."""
    args |= {key: pulumi.Output.secret(args[key]) for key in ("data", "string_data") if key in args}
    return core.v1.Secret(name, opts=opts, **args)


CLASSES: Mapping[str, Callable[..., pulumi.CustomResource]] = {
    "ConfigMap": core.v1.ConfigMap,
    "CronJob": batch.v1.CronJob,
    "DaemonSet": apps.v1.DaemonSet,
    "Deployment": apps.v1.Deployment,
    "ExternalSecret": _custom("ExternalSecret"),
    "HTTPRoute": _custom("HTTPRoute"),
    "HorizontalPodAutoscaler": autoscaling.v2.HorizontalPodAutoscaler,
    "Ingress": networking.v1.Ingress,
    "Job": batch.v1.Job,
    "Namespace": core.v1.Namespace,
    "NetworkPolicy": networking.v1.NetworkPolicy,
    "PersistentVolumeClaim": core.v1.PersistentVolumeClaim,
    "PodDisruptionBudget": policy.v1.PodDisruptionBudget,
    "Secret": _secret,
    "Service": core.v1.Service,
    "ServiceAccount": core.v1.ServiceAccount,
    "StatefulSet": apps.v1.StatefulSet,
}
"""A row's kind -> what creates it."""

NO_KEY = Problem(
    "no value for slipway:nameKey: without it, pods would go on with the old content of a secret that changes",
    fix="run `pulumi config set --secret slipway:nameKey <a long random word>`",
)


def deploy(name: str, args: "KubernetesTargetArgs", parent: pulumi.Resource) -> dict[str, Deployed]:
    """Put an application on its cluster, with an explicit provider.

    Args:
        name: begins the logical name of every child.
        args: what runs, and where.
        parent: the component that all belongs to.

    Returns:
        Service -> what became of it.

    Raises:
        InputError: the kubeconfig is not there, or has no such context.
    """
    access: KubernetesAccess = args.get("access") or KubernetesAccess()
    options = pulumi.ResourceOptions(parent=parent)
    provider = kubernetes.Provider(f"{name}-kubernetes", **provider_arguments(access), opts=options)
    keeping = kubernetes.Provider(
        f"{name}-kubernetes-kept", **provider_arguments(access), upsert_existing_objects=True, opts=options
    )
    options = pulumi.ResourceOptions(parent=parent, providers={"kubernetes": provider})
    return KubernetesTarget(name, {**args, "keeping": keeping}, opts=options).deployed


def provider_arguments(access: KubernetesAccess) -> dict[str, Any]:
    """The arguments of a provider that reaches the cluster.

    The plugin is given the content of the kubeconfig, one context of it, so that it means the same on every machine.
    What identifies the cluster is no credential: where one rotates, the provider changes in place
    (https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/, clusterIdentifier).

    Raises:
        InputError: the kubeconfig is not there, or has no such context.
    """
    # names are fixed, so that a ConfigMap or a Secret changes in place; a checksum rolls the pods that read it
    settings: dict[str, Any] = {"enable_config_map_mutable": True, "enable_secret_mutable": True}
    found = kubeconfig.read(access)
    if found is not None:
        content: Any = found.text
        server: Any = found.server
    elif access.kubeconfig is not None:
        content = access.kubeconfig
        server = pulumi.Output.unsecret(content).apply(lambda text: kubeconfig.parse(text, access.context).server)
    else:
        return settings
    settings["kubeconfig"] = pulumi.Output.secret(content)
    settings["context"] = found.context if found is not None else access.context
    settings["cluster_identifier"] = access.identifier or server
    return {key: value for key, value in settings.items() if value is not None}


class KubernetesTargetArgs(TypedDict):
    """What runs, and where."""

    app: NotRequired[Any]
    """The application, a `model.App`."""
    images: NotRequired[Any]
    """Service -> `access.ImageReference`; default: each service's own `image`."""
    contents: NotRequired[Any]
    """`access.Contents` of the application's secrets and configs."""
    access: NotRequired[Any]
    """`access.KubernetesAccess`; default: the cluster of the user's own kubectl."""
    registry: NotRequired[Any]
    """`access.Registry` whose credentials the pods need to pull; default: none."""
    name_key: NotRequired[pulumi.Input[str] | None]
    """Secret key of the checksums that stand for secret content; default: none."""
    protect: NotRequired[bool | None]
    """Protect volumes from deletion and replacement; default false."""
    keeping: NotRequired[Any]
    """The provider of what outlives the stack, which takes up what is there already; default: that of the rest."""


class KubernetesTarget(pulumi.ComponentResource):
    """The objects of one application on one Kubernetes cluster."""

    urls: dict[str, pulumi.Input[str]]
    """Service -> where it answers from outside."""

    def __init__(self, name: str, args: KubernetesTargetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create everything that the application needs, in dependency order.

        Args:
            name: begins the logical name of every child.
            args: see `KubernetesTargetArgs`.
            opts: a kubernetes provider belongs in `providers` where default providers are disabled.

        Raises:
            RejectedError: the cluster cannot do what the application asks for.
            InputError: there are secrets, and no key of their checksums.
        """
        super().__init__("slipway:index:KubernetesTarget", name, {}, opts)
        app: App = args["app"]
        access: KubernetesAccess = args.get("access") or KubernetesAccess()
        protect = bool(args.get("protect"))
        given = Given(
            access=access,
            contents=args.get("contents") or Contents(),
            project=project_files.read(app),
            registry=args.get("registry"),
            name_key=args.get("name_key"),
            stack=this_stack(),
            protect=protect,
        )
        images = args.get("images") or own_images(app)
        rendered = render(app, images, given)
        if given.name_key is None and any(_is_mounted(row) for row in rendered):
            raise InputError(NO_KEY)
        rows = [prepared(row, access) for row in rendered]
        hooks = report_failures(app, access)
        self.resources = Resources(
            name,
            self,
            CLASSES,
            protected=["PersistentVolumeClaim"] if protect else (),
            hooks=dict.fromkeys(WATCHED, hooks) if hooks is not None else {},
        )
        there = kept.imports(rows, access)
        for row in rows:
            provider = args.get("keeping") if row.retain else None
            self.resources.create(row, import_=there.get((row.kind, row.key)), provider=provider)
        # not an output, as the annotated attributes are: programs in other languages do not know the type
        self.deployed = {
            key: Deployed(url=urls.of(service, rows, self.resources.made, _address(access)))
            for key, service in app.services.items()
        }
        self.urls = {key: each.url for key, each in self.deployed.items() if each.url is not None}
        self.register_outputs({"urls": self.urls})


def _address(access: KubernetesAccess) -> Any:
    """The name or address at which node ports answer."""
    found = None if access.address else kubeconfig.read(access)
    if access.address or found is not None:
        return access.address or (found and found.host)
    if access.kubeconfig is None:
        return "localhost"
    return pulumi.Output.unsecret(access.kubeconfig).apply(lambda text: kubeconfig.parse(text, access.context).host)


def _is_mounted(row: Row) -> bool:
    """Whether pods read it: a Secret of another type is the registry's login."""
    return row.kind == "Secret" and row.args.get("type") == "Opaque"


def prepared(row: Row, access: KubernetesAccess) -> Row:
    """A row as the SDK takes it."""
    args = dict(row.args)
    if access.rollback and row.kind == rollback.KIND:
        metadata = args["metadata"]
        args["metadata"] = {**metadata, "annotations": {**metadata.get("annotations", {}), **rollback.FORCE}}
    return dataclasses.replace(row, args={_snake(key): value for key, value in args.items()})


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", name)
