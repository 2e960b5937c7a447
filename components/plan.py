"""What is decided before the first resource: settings, application, findings, access, contents (steps 1 to 4)."""

from collections.abc import Mapping
from typing import Any

import pulumi

from . import compose, contents, settings, support, targets
from .access import Access, Contents, ImageReference
from .clusters import existing, stacks
from .errors import InputError, Problem, RejectedError
from .images import references
from .model import App
from .targets.managed import as_containers


class Plan:
    """Settings, and the application that they name, checked against its target.

    Attributes:
        settings: validated.
        app: loaded.
        findings: what the target does otherwise than the file says.
        access: how the target is reached.
        contents: of the application's secrets and configs.
        images: what is not built here: what was built elsewhere, and what a registry has.
    """

    def __init__(self, args: Mapping[str, Any]) -> None:
        """Choose, load and judge.

        Args:
            args: see `application.ApplicationArgs`.

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
        self.access = self._access()
        target = self.settings.target
        self.contents: Contents = contents.read(
            self.app, external=not targets.keeps_files(target), jobs=targets.runs_jobs(target)
        )
        problems = targets.problems(target, self.app, self.contents, self.access)
        if problems:
            raise RejectedError(problems)
        self.images = self._images()

    def _load(self) -> App:
        if not self.settings.compose:
            fix = "run `pulumi config set --path 'slipway:compose[0]' compose.yaml`"
            raise InputError(Problem("no value for slipway:compose", self.where, fix))
        return compose.load(
            self.settings.compose, self.settings.variables(), self.settings.profiles, name=self.settings.name
        )

    def _access(self) -> Access:
        target = self.settings.target
        ((form, block),) = self.settings.cluster.items()
        if form == "new" or (form, target) == ("stack", "docker"):
            what = f"slipway:cluster.{form} is not built for an application on {target} yet"
            fix = "deploy the cluster by a stack of its own, and write existing" + (
                "" if target == "docker" else " or stack"
            )
            raise InputError(Problem(what, self.where, fix))
        access = existing.READERS[target]((stacks.access(block, target) if form == "stack" else block) or {})
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
        built = [service for key, service in self.app.services.items() if service.build and key not in given]
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
