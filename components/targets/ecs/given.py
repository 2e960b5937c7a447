"""What a rendering is made from, and what all resources have in common: tags, order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...access import Contents, EcsAccess, EntryBalancer
from ...model import App
from ..project_files import ProjectFiles
from ..rows import Key, Row, part
from ..scope import CloudReading
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


class Scope(CloudReading[Given]):
    """One application on one cluster: what every module that renders resources is given."""

    beside = BESIDE

    @property
    def access(self) -> EcsAccess:
        """The cluster."""
        return self.given.access

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
