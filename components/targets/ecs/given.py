"""What a rendering is made from, and what all resources have in common: tags, order."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...access import Contents, EcsAccess, EntryBalancer, ImageReference, Images
from ...model import App, Container, Path, Service
from .. import completion, discovery, sharing
from ..project_files import ProjectFile, ProjectFiles
from ..rows import Key, Row, part
from .kinds import TAGLESS
from .names import BESIDE

_LISTENER = "arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/unknown/0/"
UNKNOWN = EcsAccess(
    cluster="arn:aws:ecs:us-east-1:000000000000:cluster/unknown",
    region="us-east-1",
    account="000000000000",
    vpc="vpc-unknown",
    subnets={"unknown": "subnet-unknown"},
    public_subnets={"unknown": "subnet-unknown"},
    balancer=EntryBalancer(
        name="unknown.us-east-1.elb.amazonaws.com",
        zone="ZUNKNOWN",
        security_group="sg-unknown",
        http=f"{_LISTENER}http",
        https=f"{_LISTENER}https",
    ),
)
"""What stands for a cluster that is not known, where an application is rendered without one."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a rendering is made from, beside the application and its images.

    Attributes:
        access: the cluster, and what the stack chose of its ways.
        contents: what secrets and configs contain.
        project: what binds of project files bring.
        pull_secrets: registry host -> ARN of the secret with its credentials, for images of private registries.
        stack: the identity of the Pulumi stack; "": it is not known.
        protect: whether volumes and databases are kept whatever the file says.
    """

    access: EcsAccess = UNKNOWN
    contents: Contents = field(default_factory=Contents)
    project: ProjectFiles = field(default_factory=dict)
    pull_secrets: Mapping[str, Any] = field(default_factory=dict)
    stack: str = ""
    protect: bool = False


@dataclass(frozen=True)  # without slots: what is read off the whole application is read once
class Scope:
    """One application on one cluster: what every module that renders resources is given."""

    app: App
    images: Images
    given: Given

    @property
    def access(self) -> EcsAccess:
        """The cluster."""
        return self.given.access

    @functools.cached_property
    def completing(self) -> frozenset[str]:
        """See `sharing.completing`."""
        return sharing.completing(self.app)

    @functools.cached_property
    def needed(self) -> frozenset[str]:
        """The services that others need running: wait for, or name with a port."""
        return sharing.kept_running(self.app).union(self.named_ports)

    @functools.cached_property
    def networks(self) -> Mapping[str, tuple[str, ...]]:
        """See `sharing.members`."""
        return sharing.members(self.app)

    def is_run(self, service: Service) -> bool:
        """Whether a service, or the one whose tasks its container is in, runs to its end."""
        owner = self.app.services[sharing.network_owner(service, self.app)]
        return completion.is_run(owner, self.completing, self.needed)

    @functools.cached_property
    def companions(self) -> Mapping[str, tuple[Service, ...]]:
        """See `sharing.companions`."""
        return sharing.companions(self.app)

    @functools.cached_property
    def users(self) -> Mapping[str, tuple[str, ...]]:
        """See `sharing.users`."""
        return sharing.users(self.app)

    def is_companion(self, service: Service) -> bool:
        """Whether a service's container is in the tasks of another."""
        return sharing.network_owner(service, self.app) != service.name

    def members(self, service: Service) -> tuple[Service, ...]:
        """The services whose containers are in a service's tasks, itself first."""
        return (service, *self.companions.get(service.name, ()))

    def image(self, container: Container, name: str) -> ImageReference:
        """What a container runs: what was built or pinned for its service, else the image that the file names."""
        return self.images.get(name) or ImageReference(name=container.image or "")

    @functools.cached_property
    def called(self) -> Mapping[str, Mapping[str, Path]]:
        """Service -> the names that others call it by; see `discovery.called`."""
        return discovery.called(self.app, BESIDE)

    @functools.cached_property
    def named_ports(self) -> Mapping[str, tuple[int, ...]]:
        """Service -> the ports that values, configs and files of the project name with it."""
        written = [*self.given.contents.configs.values(), *(file.content for file in self._project_files)]
        texts = (each.decode(errors="replace") if isinstance(each, bytes) else each for each in written)
        return discovery.named_ports(self.app, (text for text in texts if isinstance(text, str)), BESIDE)

    @property
    def _project_files(self) -> Iterator[ProjectFile]:
        return (file for files in self.given.project.values() for file in files)

    @property
    def namespace(self) -> str:
        """The private domain in which the application's services find each other."""
        return f"{self.app.name}.{self.access.domain}"

    @property
    def cluster_name(self) -> Any:
        """The cluster's name, the last part of its ARN."""
        return part(self.access.cluster, "cluster/(.+)")

    def tags(self, service: str = "") -> dict[str, str]:
        """What tells whose a resource is.

        Args:
            service: the Compose service that it belongs to; "": several share it.
        """
        own = {"slipway:application": self.app.name, **({"slipway:service": service} if service else {})}
        return {**self.access.tags, **own, **({"slipway:stack": self.given.stack} if self.given.stack else {})}

    def row(
        self,
        kind: str,
        key: str,
        args: Mapping[str, Any],
        *,
        service: str = "",
        after: tuple[Key, ...] = (),
        **attributes: Any,
    ) -> Row:
        """A resource of the application, with its tags.

        Args:
            kind: see `kinds.CLASSES`.
            key: unique among the kind's; the logical name is the application's name and this.
            args: in the SDK's snake_case; what is None is left out.
            service: the Compose service that it belongs to; "": several share it.
            after: rows that must be there first, beside those that the arguments refer to.
            attributes: of `Row`.
        """
        tags = {} if kind in TAGLESS else {"tags": {**self.tags(service), **(args.get("tags") or {})}}
        known = {name: value for name, value in {**args, **tags}.items() if value is not None}
        return Row(kind=kind, key=key, args=known, after=after, service=service, **attributes)


def of(app: App) -> Scope:
    """An application alone: for what only its file tells."""
    return Scope(app, {}, Given())
