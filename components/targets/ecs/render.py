"""From an application to the resources of its ECS services, in dependency order.

Rendering is pure: the same application gives the same rows, and nothing is asked.
"""

from collections.abc import Iterator

from ...access import Contents, EcsAccess, Images
from ...errors import Problem, RejectedError
from ...model import App
from ...support import Conflict, Rule
from .. import patch, project_files, sharing
from ..dependencies import circles, in_starting_order
from ..rows import Row
from . import (
    arguments,
    caches,
    cloud_map,
    databases,
    files,
    ingress,
    logs,
    names,
    published,
    runs,
    scaling,
    schedules,
    secrets,
    security_groups,
    services,
    tasks,
    volumes,
)
from .given import Given, Scope
from .managed import ENGINES


def render(app: App, images: Images, given: Given | None = None) -> tuple[Row, ...]:
    """Every resource of the application.

    Args:
        app: checked against the support table before.
        images: what each service runs.
        given: see `Given`.

    Raises:
        RejectedError: for what depends on access and contents, with every problem at once.
    """
    scope = Scope(app, images, given or Given())
    found = [*_problems(scope)]
    if found:
        raise RejectedError(found)
    rows: list[Row] = []
    for shared in (logs, security_groups, cloud_map, secrets, files, volumes, databases, caches):
        rows += shared.rows(scope)
    for service in in_starting_order(app):
        rows += tasks.rows(scope, service)
    for job in app.jobs.values():
        rows += tasks.rows(scope, sharing.as_service(job))
    for balancing in (ingress, published, runs):
        rows += balancing.rows(scope)
    for service in in_starting_order(app):
        rows += runs.invocation(scope, service)
        rows += services.rows(scope, service)
        rows += scaling.rows(scope, service)
    rows += schedules.rows(scope)
    return patch.apply(rows, app, arguments.patchable())


def offline(app: App, images: Images, contents: Contents, stack: str = "") -> tuple[Row, ...]:
    """`render`, as far as it is known without a cluster."""
    return render(app, images, Given(contents=contents, project=project_files.read(app), stack=stack))


def problems(app: App, contents: Contents, access: EcsAccess) -> list[Problem]:
    """What depends on access and contents, and is known before anything is created."""
    return list(_problems(Scope(app, {}, Given(access=access, contents=contents, project=project_files.read(app)))))


def _problems(scope: Scope) -> Iterator[Problem]:
    yield from files.problems(scope)
    yield from tasks.problems(scope)
    yield from ingress.problems(scope.app, scope.access)
    yield from published.problems(scope.app, scope.access)
    yield from scaling.problems(scope.app, scope.access)


def name_conflicts(app: App) -> Iterator[Conflict]:
    """Names that are no part of a domain: everything is named after the application and its services."""
    for name, path in ((app.name, ("name",)), *((name, (kind, name)) for kind, name in _named(app))):
        label = names.label(name)
        if not label:
            yield Conflict(path, f'"{name}" has no letter or digit that a name could begin with', "rename it")
        elif len(label) > names.LABEL_LIMIT:
            what = f'"{label}" has {len(label)} characters, and {names.LABEL_LIMIT} are the most of a DNS name'
            yield Conflict(path, what, "shorten it")


def _named(app: App) -> Iterator[tuple[str, str]]:
    for kind in ("services", "jobs"):
        yield from ((kind, name) for name in getattr(app, kind))


RULES: tuple[Rule, ...] = (
    name_conflicts,
    tasks.conflicts,
    files.conflicts,
    secrets.conflicts,
    volumes.conflicts,
    cloud_map.conflicts,
    security_groups.conflicts,
    services.conflicts,
    ENGINES.conflicts,
    databases.conflicts,
    caches.conflicts,
    circles,
    ingress.conflicts,
    published.conflicts,
    scaling.conflicts,
    schedules.conflicts,
    lambda app: patch.conflicts(app, arguments.patchable()),
)
"""What is wrong with an application on ECS whatever its contents are."""
