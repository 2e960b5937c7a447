"""What a rendering is made from, and what all objects have in common: namespace, labels, order."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...access import Contents, KubernetesAccess, Registry
from ...model import App
from ..project_files import ProjectFiles
from ..rows import Key, Row
from ..scope import Reading
from . import names

MANAGED_BY = "slipway"
STACK = "slipway.dev/stack"
"""Annotation: the identity of the Pulumi stack that an object belongs to."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a rendering is made from, beside the application and its images.

    Attributes:
        access: the cluster, and what the stack chose of its ways.
        contents: what secrets and configs contain.
        project: what binds of project files bring.
        registry: whose credentials the pods need to pull; None: none.
        name_key: secret key of the checksums that stand for secret content; None: there is none.
        stack: the identity of the Pulumi stack; "": it is not known.
        protect: whether volumes are kept whatever the file says.
    """

    access: KubernetesAccess = field(default_factory=KubernetesAccess)
    contents: Contents = field(default_factory=Contents)
    project: ProjectFiles = field(default_factory=dict)
    registry: Registry | None = None
    name_key: Any = field(default=None, repr=False)
    stack: str = ""
    protect: bool = False


class Scope(Reading[Given]):
    """One application on one cluster: what every module that renders objects is given."""

    @property
    def namespace(self) -> str:
        """Where all objects are: the setting, else the application's name."""
        return self.given.access.namespace or names.label(self.app.name)

    def selector(self, service: str) -> dict[str, str]:
        """The labels that tell a service's pods; they never change, since a Deployment's selector cannot.

        Args:
            service: the Compose service; "": those of every pod of the application.
        """
        own = {"app.kubernetes.io/name": names.label(service)} if service else {}
        return {**own, "app.kubernetes.io/instance": self.app.name}

    def labels(self, service: str = "") -> dict[str, str]:
        """The recommended labels (https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/).

        Args:
            service: the Compose service that an object belongs to; "": several share it.
        """
        return {
            **self.selector(service),
            "app.kubernetes.io/part-of": self.app.name,
            "app.kubernetes.io/managed-by": MANAGED_BY,
        }

    def row(
        self,
        kind: str,
        name: str,
        body: Mapping[str, Any],
        *,
        service: str = "",
        annotations: Mapping[str, Any] | None = None,
        after: tuple[Key, ...] = (),
        **attributes: Any,
    ) -> Row:
        """An object of the application's namespace; its key is its name.

        Args:
            kind: of the object.
            name: of the object, fixed: the same at every `up`.
            body: the manifest's other keys, such as `spec`.
            service: the Compose service that it belongs to; "": several share it.
            annotations: beside the stack's identity.
            after: rows that must be there first, beside the namespace.
            attributes: of `Row`.
        """
        metadata: dict[str, Any] = {"name": name, "namespace": self.namespace, "labels": self.labels(service)}
        notes = {**(annotations or {}), **self._stack}
        if notes:
            metadata["annotations"] = notes
        first = (("Namespace", self.namespace),) if self.given.access.create_namespace else ()
        return Row(
            kind=kind,
            key=name,
            args={"metadata": metadata, **body},
            after=(*first, *after),
            service=service,
            # the name is fixed: where a change replaces the object, the old one has to go first
            stop_first=True,
            **attributes,
        )

    def namespace_row(self, *, retain: bool, labels: Mapping[str, str]) -> Row:
        """The namespace itself.

        Args:
            retain: it stays when the stack goes, because a volume in it does.
            labels: beside those of every object.
        """
        row = self.row("Namespace", self.namespace, {}, retain=retain)
        metadata = {key: value for key, value in row.args["metadata"].items() if key != "namespace"}
        metadata["labels"] = {**metadata["labels"], **labels}
        return dataclasses.replace(row, args={"metadata": metadata}, after=())

    @property
    def _stack(self) -> dict[str, str]:
        return {STACK: self.given.stack} if self.given.stack else {}


def of(app: App) -> Scope:
    """An application alone: for what only its file tells."""
    return Scope(app, {}, Given())
