"""What a rendering is made from, and what all objects have in common: namespace, labels, order."""

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...access import Contents, ImageReference, Images, KubernetesAccess, Registry
from ...model import App, Container, Path, Service
from .. import discovery, sharing
from ..project_files import ProjectFile, ProjectFiles
from ..rows import Key, Row
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


@dataclass(frozen=True)  # without slots: what is read off the whole application is read once
class Scope:
    """One application on one cluster: what every module that renders objects is given."""

    app: App
    images: Images
    given: Given

    @functools.cached_property
    def completing(self) -> frozenset[str]:
        """See `sharing.completing`."""
        return sharing.completing(self.app)

    @functools.cached_property
    def needed(self) -> frozenset[str]:
        """The services that others need running: wait for, or name with a port."""
        return sharing.kept_running(self.app).union(self.named_ports)

    @functools.cached_property
    def companions(self) -> Mapping[str, tuple[Service, ...]]:
        """See `sharing.companions`."""
        return sharing.companions(self.app)

    @functools.cached_property
    def users(self) -> Mapping[str, tuple[str, ...]]:
        """See `sharing.users`."""
        return sharing.users(self.app)

    def is_companion(self, service: Service) -> bool:
        """Whether a service is in the pods of another."""
        return sharing.network_owner(service, self.app) != service.name

    def members(self, service: Service) -> tuple[Service, ...]:
        """The services whose containers are in a service's pods, itself first."""
        return (service, *self.companions.get(service.name, ()))

    def image(self, container: Container, name: str) -> ImageReference:
        """What a container runs: what was built or pinned for its service, else the image that the file names."""
        return self.images.get(name) or ImageReference(name=container.image or "")

    @functools.cached_property
    def called(self) -> Mapping[str, Mapping[str, Path]]:
        """Service -> the names that others call it by; see `discovery.called`."""
        return discovery.called(self.app)

    @functools.cached_property
    def named_ports(self) -> Mapping[str, tuple[int, ...]]:
        """Service -> the ports that values, configs and files of the project name with it."""
        written = [*self.given.contents.configs.values(), *(file.content for file in self._project_files)]
        texts = (each.decode(errors="replace") if isinstance(each, bytes) else each for each in written)
        return discovery.named_ports(self.app, (text for text in texts if isinstance(text, str)))

    @property
    def _project_files(self) -> Iterator[ProjectFile]:
        return (file for files in self.given.project.values() for file in files)

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
