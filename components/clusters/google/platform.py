"""`CloudRunPlatform`: what the applications of Cloud Run in one project and region share.

That is a network, the names of Cloud Run's services in it, a place for Google's own databases, a zone with
certificates, a registry and a key. Cloud Run itself has no cluster. A load balancer is an application's own: docs/adr
says why.
"""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_gcp as gcp

from ...errors import Problem, SettingsError
from ...settings import key_of
from .. import blocks, cloudrun_access
from . import apis, certificates, keys, network, network_settings, owner, repositories
from .network import Place
from .owner import Owner
from .providers import provider

WHERE = "slipway:cluster.new"
APIS = (
    *("artifactregistry", "certificatemanager", "cloudresourcemanager", "cloudscheduler", "compute", "dns", "iam"),
    *("redis", "run", "secretmanager", "servicenetworking", "sqladmin", "storage"),
)
"""What the platform needs, and what its applications may."""
KMS = "cloudkms"
CHECKS: Mapping[str, blocks.Check] = {
    "certificates": blocks.boolean,
    "egress": cloudrun_access.WAYS["egress"],
    "impersonate": cloudrun_access.WAYS["impersonate"],
    "kmsKey": blocks.form(
        r"new|projects/.+/cryptoKeys/.+", "a key", "write projects/<project>/.../cryptoKeys/<key>, or new"
    ),
    "labels": blocks.strings,
    "managed": blocks.boolean,
    "network": blocks.anything,
    "project": network_settings.PROJECT,
    "region": network_settings.REGION,
    "replication": cloudrun_access.WAYS["replication"],
    "repository": repositories.ID,
    "runNames": blocks.boolean,
    "zone": blocks.anything,
}
"""Key of `slipway:cluster.new` -> what its value must be; blocks have checks of their own."""


def create(
    name: str, new: Mapping[str, Any], *, protect: bool, parent: pulumi.Resource | None = None
) -> "CloudRunPlatform":
    """Make the platform of a stack's `slipway:cluster.new`, with an explicit provider.

    Args:
        name: see `CloudRunPlatform`.
        new: the keys in `CHECKS`.
        protect: whether what holds state is protected from deletion.
        parent: whose child it is; None: the stack's.

    Raises:
        SettingsError: a setting is wrong; nothing was created.
    """
    found = problems(new, WHERE, name)
    if found:
        raise SettingsError(found)
    options = pulumi.ResourceOptions(parent=parent, providers={"gcp": provider(name, new, parent)})
    args: Any = {**blocks.attributes(new, CloudRunPlatformArgs.__annotations__), "protect": protect}
    return CloudRunPlatform(name, args, options)


def expected(name: str, new: Mapping[str, Any]) -> dict[str, Any]:
    """The output `access` of a platform before it is made, for an application of the same stack.

    Args:
        name: see `CloudRunPlatform`.
        new: the keys in `CHECKS`.

    Raises:
        SettingsError: a setting is wrong.
    """
    found = problems(new, WHERE, name)
    if found:
        raise SettingsError(found)
    args = blocks.attributes(new, CloudRunPlatformArgs.__annotations__)
    zone = args.get("zone")
    return _access(
        args,
        network.expected(args.get("network") or {"new": {}}),
        number=blocks.later(),
        kmsKey=blocks.later() if args.get("kms_key") == keys.NEW else args.get("kms_key"),
        **({} if zone is None else certificates.expected(zone, certified=_certified(args))),
    )


def problems(asked: Mapping[str, Any], where: str, name: str) -> list[Problem]:
    """What is wrong with the settings of a platform.

    Args:
        asked: as written.
        where: their place.
        name: the platform's.
    """
    found = blocks.problems(asked, where, CHECKS, ["project", "region"], outputs=["kmsKey"])
    found += network_settings.problems(asked.get("network") or {"new": {}}, f"{where}.network")
    if asked.get("zone") is not None:
        found += certificates.problems(asked["zone"], f"{where}.zone")
    elif asked.get("certificates"):
        found.append(Problem("certificates without zone", where, "name the zone of the domain that they are for"))
    return [*found, *network_settings.name_problems(name, where)]


def argument_problems(args: Mapping[str, Any], name: str) -> list[Problem]:
    """What is wrong with the arguments of a `CloudRunPlatform`."""
    given = {key_of(key): value for key, value in args.items() if key != "protect"}
    return problems(given, name, name)


class CloudRunPlatformArgs(TypedDict):
    """What the applications share."""

    project: str
    """The project's ID."""
    region: str
    """Such as europe-west1."""
    impersonate: NotRequired[str | None]
    """E-mail of the service account as which the platform, and its applications, are deployed; default: none."""
    network: NotRequired[dict[str, Any] | None]
    """`{new: {...}}` or `{existing: {network: ..., subnetwork: ...}}`, see `network_settings`; default: a new one."""
    egress: NotRequired[str | None]
    """What of a service's calls goes through the network: `private` or `all`; default private."""
    run_names: NotRequired[bool | None]
    """Whether Cloud Run's names lead within the network, which internal calls need; default: in a new network."""
    managed: NotRequired[bool | None]
    """Whether Google's own databases get addresses in the network; default: in a new network."""
    zone: NotRequired[dict[str, Any] | None]
    """`{new: example.com}` or `{existing: {name: ..., domain: ...}}`: where hosts get their names; default: none."""
    certificates: NotRequired[bool | None]
    """Whether there is a certificate for the zone's domain and all hosts right below it; default: with a zone."""
    repository: NotRequired[str | None]
    """ID of one repository for the images of all applications; default: each application has its own."""
    replication: NotRequired[list[str] | None]
    """Regions that keep secrets; default: Google chooses."""
    kms_key: NotRequired[pulumi.Input[str] | None]
    """ID of the key for what applications keep, or `new`; default: Google's own."""
    labels: NotRequired[Mapping[str, str] | None]
    """On everything that takes labels."""
    protect: NotRequired[bool | None]
    """Whether what holds state is protected from deletion; default false."""


class CloudRunPlatform(pulumi.ComponentResource):
    """A network for Cloud Run, and what else its applications share."""

    access: dict[str, Any]
    """What an application's stack has to know, as plain data: the stack's output `access`."""

    def __init__(self, name: str, args: CloudRunPlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the platform.

        Args:
            name: begins the logical name of every child.
            args: see `CloudRunPlatformArgs`.
            opts: a gcp provider belongs in `providers` where default providers are disabled.

        Raises:
            SettingsError: the arguments are wrong; nothing was created.
        """
        super().__init__("slipway:index:CloudRunPlatform", name, {}, opts)
        found = argument_problems(args, name)
        if found:
            raise SettingsError(found)
        own = owner.of(name, self, args)
        first = apis.enabled(own, (*APIS, KMS) if args.get("kms_key") == keys.NEW else APIS)
        number = gcp.organizations.get_project_output(
            project_id=own.project, opts=pulumi.InvokeOutputOptions(parent=self, depends_on=first)
        ).number
        key = keys.key(own, args.get("kms_key"), first)
        place = self._place(own, args, first)
        repository = args.get("repository")
        if repository is not None:
            repositories.repository(own, repository, key, first)
        self.access = _access(args, place, number=number, kmsKey=key, **self._zone(own, args, first))
        self.register_outputs({"access": self.access})

    def _place(self, own: Owner, args: CloudRunPlatformArgs, first: list[pulumi.Resource]) -> Place:
        asked = args.get("network") or {"new": {}}
        is_new = "new" in asked
        place = network.place(own, asked, first)
        if _said(args.get("managed"), otherwise=is_new):
            network.peering(own, place.network, first)
        if _said(args.get("run_names"), otherwise=is_new):
            network.run_names(own, place.network, first)
        return place

    def _zone(self, own: Owner, args: CloudRunPlatformArgs, first: list[pulumi.Resource]) -> dict[str, Any]:
        asked = args.get("zone")
        if asked is None:
            return {}
        zone = certificates.zone(own, asked, first)
        found: dict[str, Any] = {"zone": zone.name, "zoneName": zone.domain}
        if _certified(args):
            found["certificateMap"] = certificates.certificate_map(own, zone, first)
        return found


def _certified(args: Mapping[str, Any]) -> bool:
    return _said(args.get("certificates"), otherwise=args.get("zone") is not None)


def _said(value: bool | None, *, otherwise: bool) -> bool:  # noqa: FBT001 - a setting
    return otherwise if value is None else value


def _access(args: Mapping[str, Any], place: Place, **made: Any) -> dict[str, Any]:
    """What an application has to know: of the settings, the network, and what else was made for them."""
    repository = args.get("repository")
    given = {
        "kind": "cloudrun",
        "project": args["project"],
        "region": args["region"],
        "impersonate": args.get("impersonate"),
        "network": place.network,
        "subnetwork": place.subnetwork,
        "egress": args.get("egress"),
        "enableApis": False,
        "replication": args.get("replication"),
        "repository": None if repository is None else repositories.place(args["project"], args["region"], repository),
        "labels": args.get("labels"),
        **made,
    }
    return {key: value for key, value in given.items() if value is not None}
