"""What a rendering is made from, and what all resources have in common: labels, names, order."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...access import CloudRunAccess, Contents
from ...model import App
from ..project_files import ProjectFiles
from ..rows import Joined, Key, Row
from ..scope import CloudReading
from . import names, steps
from .kinds import LABELLED

UNKNOWN = CloudRunAccess(
    project="unknown",
    number="000000000000",
    region="us-central1",
    network="projects/unknown/global/networks/unknown",
    subnetwork="projects/unknown/regions/us-central1/subnetworks/unknown",
)
"""What stands for a project that is not known, where an application is rendered without one."""

LABEL_LIMIT = 63
"""Characters of a label's value (https://cloud.google.com/compute/docs/labeling-resources#requirements)."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a rendering is made from, beside the application and its images.

    Attributes:
        access: the project, and what the stack chose of its ways.
        contents: what secrets and configs contain.
        project: what binds of project files bring.
        stack: the identity of the Pulumi stack; "": it is not known.
        protect: whether volumes and databases are kept whatever the file says.
    """

    access: CloudRunAccess = UNKNOWN
    contents: Contents = field(default_factory=Contents)
    project: ProjectFiles = field(default_factory=dict)
    stack: str = ""
    protect: bool = False


class Scope(CloudReading[Given]):
    """One application in one project: what every module that renders resources is given."""

    beside = "_."
    """A name is only looked for in values, and no DNS has to take it."""

    @property
    def access(self) -> CloudRunAccess:
        """The project."""
        return self.given.access

    def name(self, kind: str, key: str) -> str:
        """The name of a resource of the application.

        Args:
            kind: one of `names.LIMITS`.
            key: of its row.
        """
        return names.fitting(kind, self.app.name, key)

    def host(self, service: str) -> Any:
        """The host at which a service's Cloud Run service answers, known before it is made.

        https://cloud.google.com/run/docs/triggering/https-request#deterministic
        """
        name, number = self.name("Service", service), self.access.number
        parts = (f"{name}-", number, f".{self.access.region}.run.app")
        return "".join(parts) if isinstance(number, str) else Joined(parts)

    def labels(self, service: str = "") -> dict[str, str]:
        """What tells whose a resource is.

        Args:
            service: the Compose service that it belongs to; "": several share it.
        """
        own = {"slipway-application": self.app.name, **({"slipway-service": service} if service else {})}
        stack = {"slipway-stack": self.given.stack} if self.given.stack else {}
        return {**self.access.labels, **{key: label_value(value) for key, value in {**own, **stack}.items()}}

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
        """A resource of the application, with its labels.

        Args:
            kind: see `kinds.CLASSES`.
            key: unique among the kind's; the logical name is the application's name and this.
            args: in the SDK's snake_case; what is None is left out.
            service: the Compose service that it belongs to; "": several share it.
            after: rows that must be there first, beside those that the arguments refer to.
            attributes: of `Row`.
        """
        labels = {"labels": {**self.labels(service), **(args.get("labels") or {})}} if kind in LABELLED else {}
        known = {name: value for name, value in {**args, **labels}.items() if value is not None}
        return Row(kind=kind, key=key, args=known, after=after, service=service, **attributes)


def label_value(text: str) -> str:
    """A text as a label's value: lower-case letters, digits, hyphens and underscores."""
    return re.sub(r"[^a-z0-9_-]", "-", text.lower())[:LABEL_LIMIT]


def of(app: App) -> Scope:
    """An application alone, with the steps of its services apart: for what only its file tells."""
    return Scope(steps.apart(app), {}, Given())
