"""From an application to its resources on Cloud Run, in dependency order.

Rendering is pure: the same application gives the same rows, and nothing is asked.
"""

from collections.abc import Iterator

from ...access import CloudRunAccess, Contents, Images
from ...errors import Problem, RejectedError
from ...model import App
from ...support import Rule
from .. import patch, project_files, sharing
from ..dependencies import circles, in_starting_order
from ..managed import is_managed
from ..rows import Row
from . import (
    accounts,
    apis,
    arguments,
    balancer,
    caches,
    databases,
    environment,
    files,
    gpus,
    in_files,
    instances,
    internal_balancers,
    jobs,
    managed,
    mounts,
    network,
    reach,
    remotes,
    scaling,
    schedules,
    secrets,
    services,
    steps,
    volumes,
    workers,
)
from .given import Given, Scope


def render(app: App, images: Images, given: Given | None = None) -> tuple[Row, ...]:
    """Every resource of the application.

    Args:
        app: checked against the support table before.
        images: what each service runs.
        given: see `Given`.

    Raises:
        RejectedError: for what depends on access and contents, with every problem at once.
    """
    scope = Scope(steps.apart(app), steps.images(app, images), given or Given())
    found = [*_problems(scope)]
    if found:
        raise RejectedError(found)
    rows: list[Row] = []
    for shared in (databases, caches, secrets, files, volumes):
        rows += shared.rows(scope)
    for service in in_starting_order(scope.app):
        if not (scope.is_companion(service) or is_managed(service)):
            rows += accounts.rows(scope, service)
        for kind in (jobs, services, workers):
            rows += kind.rows(scope, service)
    for job in app.jobs.values():
        rows += accounts.rows(scope, sharing.as_service(job))
        rows += jobs.rows(scope, sharing.as_service(job))
    rows += balancer.rows(scope)
    rows += internal_balancers.rows(scope)
    rows += schedules.rows(scope)
    rows = apis.with_apis(scope, remotes.with_remotes(scope, rows))
    return tuple(jobs.started(scope, row) for row in patch.apply(rows, app, arguments.patchable()))


def offline(app: App, images: Images, contents: Contents, stack: str = "") -> tuple[Row, ...]:
    """`render`, as far as it is known without a project."""
    return render(app, images, Given(contents=contents, project=project_files.read(app), stack=stack))


def problems(app: App, contents: Contents, access: CloudRunAccess) -> list[Problem]:
    """What depends on access and contents, and is known before anything is created."""
    given = Given(access=access, contents=contents, project=project_files.read(app))
    return list(_problems(Scope(steps.apart(app), {}, given)))


def _problems(scope: Scope) -> Iterator[Problem]:
    for each in (files, volumes, gpus, instances, in_files, remotes):
        yield from each.problems(scope)
    yield from network.problems(scope.app, scope.access)
    yield from balancer.problems(scope.app, scope.access)
    yield from internal_balancers.problems(scope.app, scope.access)


RULES: tuple[Rule, ...] = (
    instances.conflicts,
    environment.conflicts,
    files.conflicts,
    mounts.conflicts,
    secrets.conflicts,
    volumes.conflicts,
    gpus.conflicts,
    managed.ENGINES.conflicts,
    databases.conflicts,
    caches.conflicts,
    circles,
    reach.conflicts,
    balancer.conflicts,
    scaling.conflicts,
    schedules.conflicts,
    lambda app: patch.conflicts(app, arguments.patchable()),
)
"""What is wrong with an application on Cloud Run whatever its contents are."""
