"""Targets: what runs services. A row each; its modules are imported when it is chosen."""

import importlib
from dataclasses import dataclass
from typing import Any

from ..access import Contents, Images
from ..errors import InputError, Problem, suggest
from ..model import App
from ..support import Table
from .rows import Row


@dataclass(frozen=True, slots=True)
class Target:
    """A target that is built.

    Attributes:
        support: module with `SUPPORT`, its table; loads no Pulumi.
        render: module with `problems`, what only contents and access tell, and `offline`, the rows as far as they are
            known without asking the platform; loads no Pulumi.
        component: module with `deploy` and `probe`.
        pushes: whether what is built is pushed to a registry, from which the target pulls it; else it is loaded into
            the Engine.
        keeps_files: whether the target has secrets and configs of its own, which are what `external: true` means; else
            the stack's settings have them.
        runs_jobs: whether jobs, and steps before a service, are run.
        has_registry: whether what is built is pushed to the target's own registry where the stack names none;
            `component` then has `repositories`.
        has_managed: whether `x-slipway.managed` takes the platform's own service, so that there is no container.
    """

    support: str
    render: str
    component: str
    pushes: bool
    keeps_files: bool
    runs_jobs: bool = False
    has_registry: bool = False
    has_managed: bool = False


TARGETS = {
    "cloudrun": Target(
        support=".cloudrun.support",
        render=".cloudrun.render",
        component=".cloudrun.component",
        pushes=True,
        keeps_files=True,
        runs_jobs=True,
        has_registry=True,
        has_managed=True,
    ),
    "docker": Target(
        support=".docker.support",
        render=".docker.render",
        component=".docker.component",
        pushes=False,
        keeps_files=False,
    ),
    "ecs": Target(
        support=".ecs.support",
        render=".ecs.render",
        component=".ecs.component",
        pushes=True,
        keeps_files=True,
        runs_jobs=True,
        has_registry=True,
        has_managed=True,
    ),
    "kubernetes": Target(
        support=".kubernetes.support",
        render=".kubernetes.render",
        component=".kubernetes.component",
        pushes=True,
        keeps_files=True,
        runs_jobs=True,
    ),
    "swarm": Target(
        support=".swarm.support",
        render=".swarm.render",
        component=".swarm.component",
        pushes=True,
        keeps_files=True,
    ),
}
NICKNAMES = {
    "aws": "ecs",
    "compose": "docker",
    "fargate": "ecs",
    "gcp": "cloudrun",
    "k8": "kubernetes",
    "k8s": "kubernetes",
    "kube": "kubernetes",
    "local": "docker",
}
"""What people write, and a likeness of letters would not find."""


def support_table(name: str) -> Table:
    """What the target does with every Compose key.

    Raises:
        InputError: there is no such target.
    """
    table: Table = importlib.import_module(_row(name).support, __name__).SUPPORT
    return table


def component(name: str) -> Any:
    """The module that deploys on the target.

    Raises:
        InputError: there is no such target.
    """
    return importlib.import_module(_row(name).component, __name__)


def pushes(name: str) -> bool:
    """Whether the target pulls what is built here from a registry.

    Raises:
        InputError: there is no such target.
    """
    return _row(name).pushes


def keeps_files(name: str) -> bool:
    """Whether the target has secrets and configs of its own, which are what `external: true` means.

    Raises:
        InputError: there is no such target.
    """
    return _row(name).keeps_files


def runs_jobs(name: str) -> bool:
    """Whether the target runs jobs, and steps before a service: what these read is needed too.

    Raises:
        InputError: there is no such target.
    """
    return _row(name).runs_jobs


def has_registry(name: str) -> bool:
    """Whether the target has a registry of its own, where the stack names none.

    Raises:
        InputError: there is no such target.
    """
    return _row(name).has_registry


def has_managed(name: str) -> bool:
    """Whether the target has services of its own in the place of containers that the file lets be managed.

    Raises:
        InputError: there is no such target.
    """
    return _row(name).has_managed


def problems(name: str, app: App, contents: Contents, access: Any) -> list[Problem]:
    """What keeps an application from a target and only contents and access tell; the rest is in the support table.

    Raises:
        InputError: there is no such target.
    """
    render = importlib.import_module(_row(name).render, __name__)
    return list(render.problems(app, contents, access))


def offline(name: str, app: App, images: Images, contents: Contents, stack: str = "") -> tuple[Row, ...]:
    """What the target would create, as far as it is known without asking the platform.

    Raises:
        InputError: there is no such target.
        RejectedError: the target cannot do what the application asks for.
    """
    render = importlib.import_module(_row(name).render, __name__)
    rows: tuple[Row, ...] = render.offline(app, images, contents, stack)
    return rows


def _row(name: str) -> Target:
    if name in TARGETS:
        return TARGETS[name]
    raise InputError(Problem(f'unknown target "{name}": {suggest(NICKNAMES.get(name, name), TARGETS)}'))
