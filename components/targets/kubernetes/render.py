"""From an application to the objects of one Kubernetes namespace, in dependency order.

Rendering is pure: the same application gives the same rows, and nothing is asked.
"""

import functools
import re
from collections.abc import Iterator

from ...access import Contents, Images, KubernetesAccess
from ...errors import Problem, RejectedError
from ...model import App, Path, dotted
from ...support import Conflict, Rule
from .. import discovery, patch, project_files, sharing
from ..dependencies import circles, in_starting_order
from ..ingress import twice_asked
from ..rows import Key, Row
from . import (
    accounts,
    arguments,
    environment,
    files,
    ingress,
    jobs,
    names,
    policies,
    scaling,
    security,
    services,
    volumes,
    workloads,
)
from .given import Given, Scope
from .kinds import API_VERSIONS

ENFORCE = "pod-security.kubernetes.io/enforce"
"""Label of a namespace: the Pod Security Standard that its pods have to keep
(https://kubernetes.io/docs/concepts/security/pod-security-admission/)."""

LABEL_VALUE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set"""


def render(app: App, images: Images, given: Given | None = None) -> tuple[Row, ...]:
    """Every object of the application.

    Args:
        app: checked against the support table before.
        images: what each service runs.
        given: see `Given`.

    Raises:
        RejectedError: for what depends on access and contents, with every problem at once.
    """
    scope = Scope(app, images, given or Given())
    found = problems(app, scope.given.contents, scope.given.access)
    found += files.project_problems(app, scope.given.project)
    if found:
        raise RejectedError(found)
    rows = [*_namespace(scope), *accounts.rows(scope), *files.rows(scope), *volumes.rows(scope), *policies.rows(scope)]
    for service in in_starting_order(app):
        for piece in (environment, services, workloads, scaling):
            rows += piece.rows(scope, service)
    rows += [*jobs.rows(scope), *ingress.rows(scope)]
    return patch.apply(rows, app, patchable())


def _namespace(scope: Scope) -> Iterator[Row]:
    if scope.given.access.create_namespace:
        standard = security.needed(scope.app, scope.given.access.security)
        yield scope.namespace_row(retain=volumes.any_kept(scope), labels={ENFORCE: standard})


def offline(app: App, images: Images, contents: Contents, stack: str = "") -> tuple[Row, ...]:
    """`render`, as far as it is known without asking the cluster."""
    return render(app, images, Given(contents=contents, project=project_files.read(app), stack=stack))


@functools.cache
def patchable() -> patch.Patchable:
    """What `x-slipway.patch.kubernetes` can reach."""
    kinds = {kind: kind for kind in API_VERSIONS}
    return patch.Patchable(target="kubernetes", kinds=kinds, shapes=arguments.shapes(), names=arguments.NAMES)


def problems(app: App, contents: Contents, access: KubernetesAccess) -> list[Problem]:
    """What depends on access and contents, and is known before anything is created."""
    return [
        *files.problems(app, contents),
        *security.problems(app, access.security),
        *ingress.problems(app, access),
    ]


def name_conflicts(app: App) -> Iterator[Conflict]:
    """Names that Kubernetes does not take, and objects of one kind that would share one."""
    if not LABEL_VALUE.fullmatch(app.name):
        what = f'"{app.name}" is no value of a label, which ends with a letter or digit and has 63 characters at most'
        yield Conflict(("name",), what, "rename the application")
    taken: dict[Key, Path] = {}
    for object_kind, name, path in _objects(app):
        other = taken.setdefault((object_kind, name), path)
        if not name:
            yield Conflict(path, f'"{path[1]}" has no letter or digit that a name could begin with', "rename it")
        elif len(name) > names.LABEL_LIMIT:
            what = f'"{name}" has {len(name)} characters, and {names.LABEL_LIMIT} are the most of a DNS name'
            yield Conflict(path, what, "shorten it")
        elif other != path and object_kind != "Service":
            what = f'the {object_kind} "{name}" is that of {dotted(other)} too'
            yield Conflict(path, what, "rename one of the two")


def _objects(app: App) -> Iterator[tuple[str, str, Path]]:
    """Kind and name of the objects that are named after something in the file, each with its place.

    What else two services would share, the names by which they are called, `discovery.py` looks at.
    """
    for kind, group in (("PersistentVolumeClaim", "volumes"), ("Secret", "secrets"), ("ConfigMap", "configs")):
        for key, item in getattr(app, group).items():
            name = (item.name or key) if item.external else names.physical(item.name, key, app.name)
            yield kind, name, (group, key)
    for name, service in app.services.items():
        yield "Service", names.label(name), ("services", name)
        if project_files.bound(service, app):
            yield "ConfigMap", files.project_name(name), ("services", name, "volumes")
        for container_name, container in environment.containers(service):
            if environment.secrets(container):
                yield "Secret", environment.secret_name(container_name), ("services", name, "environment")


RULES: tuple[Rule, ...] = (
    name_conflicts,
    discovery.conflicts,
    services.conflicts,
    policies.conflicts,
    scaling.conflicts,
    twice_asked,
    jobs.conflicts,
    circles,
    lambda app: sharing.companion_conflicts(app, "pods"),
    lambda app: patch.conflicts(app, patchable()),
)
"""What is wrong with an application on Kubernetes whatever its contents are."""
