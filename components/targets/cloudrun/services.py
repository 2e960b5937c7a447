"""What answers requests: a service of Cloud Run, of which every change is a new revision.

https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ...model import Service
from ..conditions import last
from ..dependencies import waited
from ..rows import Key, Row
from . import accounts, caches, databases, instances, network, reach, rollout, scaling
from .given import Scope

TIMEOUT = "3600s"
"""How long an answer may take, the most that there is: an Engine has no limit
(https://cloud.google.com/run/docs/configuring/request-timeout)."""


def rows(scope: Scope, service: Service) -> Iterator[Row]:
    """The service; nothing for what has no port, runs to its end, is in another's instances, or is Google's own."""
    if not reach.is_served(scope, service):
        return
    args = {
        "ingress": network.ingress(scope, service),
        # applications send no tokens: what may call is told by the network
        "invoker_iam_disabled": True,
        "template": template(scope, service),
        **scaling.service(service),
        **rollout.args(),
    }
    yield row(scope, "Service", service, args)


def row(scope: Scope, kind: str, service: Service, args: Mapping[str, Any]) -> Row:
    """What services, worker pools and jobs have alike: whose they are, where, and what they come after.

    Args:
        scope: the application.
        kind: Service, WorkerPool or Job.
        service: a service, or a job taken as one.
        args: that the kind has of its own.
    """
    common = {
        "project": scope.access.project,
        "location": scope.access.region,
        "name": scope.name(kind, service.name),
        "deletion_protection": False,
        **instances.of_labels(service.deploy.labels if service.deploy is not None else {}),
    }
    return scope.row(
        kind,
        service.name,
        {**common, **args},
        service=service.name,
        after=needs(scope, service),
        completed=completed(scope, service),
        # the name is fixed: where a change replaces it, the old one has to go first
        stop_first=True,
    )


def template(scope: Scope, service: Service) -> dict[str, Any]:
    """The template of a service's revisions."""
    found = instances.template(scope, service)
    # what has no instance at rest is billed by requests; else processors are there as on an Engine, always
    idle = scaling.is_idle(service) and not instances.has_accelerator(scope, service)
    billed = {"cpu_idle": idle, "startup_cpu_boost": True}
    return {
        **found,
        **instances.annotations(scope, service),
        "containers": [{**each, "resources": {**each["resources"], **billed}} for each in found["containers"]],
        "execution_environment": instances.GENERATION,
        "timeout": TIMEOUT,
        **scaling.template(service),
    }


# --- order -----------------------------------------------------------------------------------------------------------


def needs(scope: Scope, service: Service) -> tuple[Key, ...]:
    """What has to be allowed, and what has to be there, before a service's instances start."""
    others = (scope.app.services[name] for name in waited(scope.members(service), scope.app))
    waits = (key for each in others if not scope.is_run(each) for key in _keys(scope, each))
    return tuple(dict.fromkeys((*accounts.needs(scope, service), *waits)))


def _keys(scope: Scope, other: Service) -> tuple[Key, ...]:
    """What has to be there of another service: of a database its user as well."""
    return _managed(scope).get(other.name) or (reach.key(scope, other),)


@last
def _managed(scope: Scope) -> dict[str, tuple[Key, ...]]:
    """The rows of each of Google's own services."""
    found: dict[str, tuple[Key, ...]] = {}
    for row in (*databases.rows(scope), *caches.rows(scope)):
        found[row.service] = (*found.get(row.service, ()), (row.kind, row.key))
    return found


def completed(scope: Scope, service: Service) -> tuple[Key, ...]:
    """What has to have ended with exit code 0."""
    names = waited(scope.members(service), scope.app)
    return tuple(("Job", name) for name in names if scope.is_run(scope.app.services[name]))
