"""From an application to the objects of one Kubernetes namespace, in dependency order.

Rendering is pure: the same application gives the same rows, and nothing is asked.
"""

import functools
from collections.abc import Iterator

from ...access import Contents, Images, KubernetesAccess
from ...errors import Problem, RejectedError
from ...model import App
from ...support import Conflict, Rule
from .. import patch, project_files
from ..dependencies import in_dependency_order
from ..rows import Row
from . import (
    accounts,
    arguments,
    discovery,
    environment,
    files,
    ingress,
    jobs,
    names,
    policies,
    scaling,
    security,
    services,
    sharing,
    volumes,
    workloads,
)
from .given import Given, Scope
from .kinds import API_VERSIONS

ENFORCE = "pod-security.kubernetes.io/enforce"
"""Label of a namespace: the Pod Security Standard that its pods have to keep
(https://kubernetes.io/docs/concepts/security/pod-security-admission/)."""


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
    if found:
        raise RejectedError(found)
    rows = [*_namespace(scope), *accounts.rows(scope), *files.rows(scope), *volumes.rows(scope), *policies.rows(scope)]
    for service in in_dependency_order(app):
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
    """Names that no DNS label can be made of, and volumes, secrets and configs that would share one."""
    for group in ("services", "volumes", "secrets", "configs"):
        taken: dict[str, str] = {}
        for name in getattr(app, group):
            label = names.label(name)
            path = (group, name)
            if not label:
                yield Conflict(path, f'"{name}" has no letter or digit that a name could begin with', "rename it")
            elif len(label) > names.LABEL_LIMIT:
                what = f'"{label}" has {len(label)} characters, and {names.LABEL_LIMIT} are the most of a DNS name'
                yield Conflict(path, what, "shorten it")
            # of services, the names that they are called by are looked at, all of them (`discovery.py`)
            elif taken.setdefault(label, name) != name and group != "services":
                yield Conflict(path, f'"{name}" and "{taken[label]}" are both "{label}" in the cluster', "rename one")


def pod_conflicts(app: App) -> Iterator[Conflict]:
    """Services in another's network, which are in its pods, and so as many as these."""
    for name, service in app.services.items():
        owner = sharing.network_owner(service, app)
        if owner == name or service.replicas == app.services[owner].replicas:
            continue
        what = f'it is in the pods of "{owner}", of which there are {app.services[owner].replicas}'
        yield Conflict(("services", name, "network_mode"), what, "give both the same number of replicas")


RULES: tuple[Rule, ...] = (
    name_conflicts,
    discovery.conflicts,
    services.conflicts,
    policies.conflicts,
    scaling.conflicts,
    ingress.conflicts,
    jobs.conflicts,
    pod_conflicts,
    lambda app: patch.conflicts(app, patchable()),
)
"""What is wrong with an application on Kubernetes whatever its contents are."""
