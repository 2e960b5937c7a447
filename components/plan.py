"""What is decided before the first resource: settings, application, findings, access, contents (steps 1 to 4)."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import pulumi

from . import clusters, compose, contents, settings, support, targets
from .access import Access, Contents, DockerAccess, ImageReference
from .clusters import existing, stacks
from .clusters.trial import FINDING, Trial
from .errors import InputError, Problem, RejectedError
from .images import references, sources
from .model import App, Service
from .targets.managed import as_containers, is_managed


class Plan:
    """Settings, and the application that they name, checked against its target.

    Attributes:
        settings: validated.
        app: loaded.
        findings: what the target does otherwise than the file says.
        access: how the target is reached.
        trial: the cluster that the application's own stack has to make first; None: it is there. `access` is then what
            follows from its settings, until `reached` has read what was made.
        contents: of the application's secrets and configs.
        images: what is not built here: what was built elsewhere, and what a registry has.
        built: the services whose images are built here, in the file's order.
    """

    def __init__(self, args: Mapping[str, Any], name: str | None = None) -> None:
        """Choose, load and judge.

        Args:
            args: see `application.ApplicationArgs`.
            name: what the logical names of the application's resources begin with; None: the application's own name.

        Raises:
            SlipwayError: the files, the settings or the target's limits are in the way.
        """
        given = dict(args)
        app: App | None = given.pop("app", None)
        self.where = f"stack {pulumi.get_stack()}"
        self.settings = settings.from_mapping(given, self.where)
        table = targets.support_table(self.settings.target)
        loaded = self._load() if app is None else app
        self.app = loaded if self.settings.managed else as_containers(loaded)
        self.findings = support.check(
            self.app, table, self.settings.target, mode=self.settings.mode, accept=self.settings.accept
        )
        self.trial = self._trial(name or self.app.name)
        if self.trial is not None:
            self.findings = (*self.findings, FINDING)
        self.access = self.reached(self._cluster())
        target = self.settings.target
        self.contents: Contents = contents.read(
            self.app, external=not targets.keeps_files(target), jobs=targets.runs_jobs(target)
        )
        problems = targets.problems(target, self.app, self.contents, self.access)
        if problems:
            raise RejectedError(problems)
        self.images = self._images()
        self.built = tuple(each for each in self._running() if each.name not in self.images)

    def probe(self) -> list[Problem]:
        """What only the platform tells, asked read-only; nothing of a cluster that is still to be made."""
        if self.trial is not None:
            return []
        return list(targets.component(self.settings.target).probe(self.app, self.images, self.access))

    def _load(self) -> App:
        if not self.settings.compose:
            fix = "run `pulumi config set --path 'slipway:compose[0]' compose.yaml`"
            raise InputError(Problem("no value for slipway:compose", self.where, fix))
        return compose.load(
            self.settings.compose, self.settings.variables(), self.settings.profiles, name=self.settings.name
        )

    def _trial(self, name: str) -> Trial | None:
        if "new" not in self.settings.cluster:
            return None
        # with the stack's name: two stacks of one application may be trials in one account
        return clusters.for_trial(f"{name}-{pulumi.get_stack()}", self.settings, self.where)

    def _cluster(self) -> Mapping[str, Any]:
        """What is known of the cluster before anything is made."""
        if self.trial is not None:
            return self.trial.expected()
        ((form, block),) = self.settings.cluster.items()
        if form == "existing":
            return block or {}
        return stacks.access(block, self.settings.target)

    def reached(self, cluster: Mapping[str, Any]) -> Access:
        """How the target is reached, with what the stack chooses of its ways.

        Args:
            cluster: an `existing` block.

        Raises:
            SettingsError: with every problem at once.
        """
        target = self.settings.target
        access = existing.READERS[target](cluster)
        if self.settings.ssh_key is not None and isinstance(access, DockerAccess):
            access = dataclasses.replace(access, ssh_key=self.settings.ssh_key)
        choose = existing.CHOOSERS.get(target)
        return access if choose is None else choose(access, getattr(self.settings, target))

    def _images(self) -> dict[str, ImageReference]:
        given = self.settings.images
        problems = [
            Problem(f'slipway:images names "{name}", which is not a service', self.where, "check the name")
            for name in given
            if name not in self.app.services
        ]
        problems += [
            Problem(f"slipway:images.{name} is {reference}, not by digest", self.where, "write name@sha256:...")
            for name, reference in given.items()
            if "@sha256:" not in reference
        ]
        built = [each for each in self._running() if each.build and each.name not in given]
        target = self.settings.target
        if self.settings.registry is None and targets.pushes(target) and not targets.has_registry(target):
            problems += references.unplaced(built, self.app, self.settings.target, self.where)
        if problems:
            raise InputError(problems)
        return {
            key: ImageReference(name=given.get(key) or service.image or "")
            for key, service in self.app.services.items()
            if key in given or service.build is None
        }

    def _running(self) -> Iterator[Service]:
        """The services whose images are run or built upon: all but those whose place the platform's own take."""
        replaced = targets.has_managed(self.settings.target)
        bases = sources.bases(self.app)
        for name, service in self.app.services.items():
            if not (replaced and is_managed(service)) or name in bases:
                yield service
