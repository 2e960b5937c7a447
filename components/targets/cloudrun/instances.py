"""What the instances of a service, a worker pool or a job are made of: the template of its revisions.

https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services#RevisionTemplate
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import Problem
from ...model import App, Service, Text
from ...support import Conflict
from .. import sharing, workloads
from . import (
    accounts,
    containers,
    environment,
    files,
    given,
    gpus,
    mounts,
    names,
    network,
    preparation,
    sizes,
    steps,
    volumes,
)
from .given import Scope
from .sizes import LARGEST, Size

CONTAINERS = 10
"""Containers of an instance (https://cloud.google.com/run/docs/deploying#multicontainer-services)."""
GENERATION = "EXECUTION_ENVIRONMENT_GEN2"
"""The whole of Linux, which mounts volumes and runs what an Engine runs
(https://cloud.google.com/run/docs/about-execution-environments)."""
ANNOTATION = re.compile(r"([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set"""
GOOGLES = ("run.googleapis.com", "cloud.googleapis.com", "serving.knative.dev", "autoscaling.knative.dev")
"""Beginnings of annotations that Cloud Run refuses (the API's reference, `Service.annotations`)."""


def template(scope: Scope, service: Service) -> dict[str, Any]:
    """What services, worker pools and jobs have alike."""
    found = {
        "containers": containers.of_instance(scope, service),
        "volumes": volumes_of(scope, service) or None,
        "service_account": accounts.email(service),
        "vpc_access": network.vpc_access(scope, scope.app.jobs.get(service.name, service)),
        "encryption_key": scope.access.kms_key,
        "node_selector": {"accelerator": gpus.ACCELERATOR} if has_accelerator(scope, service) else None,
        "gpu_zonal_redundancy_disabled": has_accelerator(scope, service) or None,
    }
    return {key: value for key, value in found.items() if value is not None}


def annotations(scope: Scope, service: Service) -> dict[str, Any]:
    """The `annotations` of a template: the labels of its containers, in their order; of one name, the service's own."""
    found: dict[str, Text] = {}
    for member in scope.members(service):
        for key, value in member.labels.items():
            found.setdefault(key, value)
    return of_labels(found)


def of_labels(labels: Mapping[str, Text]) -> dict[str, Any]:
    """The key `annotations`, of Compose's labels; nothing where there are none."""
    found = {key: value for key, value in labels.items() if is_annotation(key)}
    return {"annotations": found} if found else {}


def is_annotation(key: str) -> bool:
    """Whether a label can be an annotation; Google keeps some names for itself."""
    prefix, _, _ = key.rpartition("/")
    return ANNOTATION.fullmatch(key) is not None and not prefix.endswith(GOOGLES)


def volumes_of(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """The `volumes` of a template."""
    return [
        *volumes.of_instance(scope, service),
        *mounts.in_memory(scope, service),
        *files.volumes(scope, service),
        *preparation.volumes(scope, service),
    ]


def has_accelerator(scope: Scope, service: Service) -> bool:
    """Whether a container of a service's instances has an accelerator."""
    return any(map(gpus.is_asked, scope.members(service)))


# --- what is known before --------------------------------------------------------------------------------------------


def problems(scope: Scope) -> Iterator[Problem]:
    """Instances with too many containers or too large with what writes files, and variables that are too long."""
    for workload in workloads.of(scope):
        service = workloads.service(workload)
        found = containers.of_instance(scope, service)
        where = scope.app.where(steps.path(scope.app, workload.name))
        own, more = _size(scope, service), preparation.size(scope, service)
        if own.fits(LARGEST) and not (own + more).fits(LARGEST):
            what = f"its instances have {own + more} with what writes their files, and {LARGEST} are the most"
            yield Problem(what, where, "ask for less, or put files into the image")
        if len(found) > CONTAINERS:
            listed = ", ".join(each["name"] for each in found)
            what = f"its instances have {len(found)} containers, and {CONTAINERS} are the most ({listed})"
            yield Problem(what, where, "give some a network of their own, or put files into the image")
        for each in found:
            yield from _long(each, where)


def _long(container: dict[str, Any], where: str) -> Iterator[Problem]:
    for variable in container.get("envs", ()):
        value = variable.get("value")
        if isinstance(value, str) and len(value.encode()) > environment.LIMIT:
            what = f"the variable {variable['name']} of {container['name']} has {len(value.encode())} bytes"
            yield Problem(f"{what}, and {environment.LIMIT} are the most", where, "put a part of it into the image")


def conflicts(app: App) -> Iterator[Conflict]:
    """What does not fit into an instance: sizes, containers of one name, what stays beside what ends."""
    scope = given.of(app)
    yield from sharing.companion_conflicts(app, "instances")
    yield from _twice(app)
    for workload in workloads.of(scope):
        service = workloads.service(workload)
        yield from _too_large(scope, service)
        yield from _of_one_name(scope, service)
        yield from _staying(scope, service)


def _twice(app: App) -> Iterator[Conflict]:
    """Jobs and steps with the name of a service: each has an account and secrets of its name."""
    for name in app.jobs:
        if name in app.services:
            yield Conflict(("jobs", name), f'"{name}" is the name of a service, too', "rename one of them")
    for service in app.services.values():
        for index, _ in enumerate(service.pre_start):
            name = steps.name(service.name, index)
            if name in app.services or name in app.jobs:
                what = f'"{name}" is the name of another service or job, too'
                yield Conflict(("services", service.name, "pre_start", index), what, "rename that one")


def _too_large(scope: Scope, service: Service) -> Iterator[Conflict]:
    wanted = _size(scope, service)
    if not wanted.fits(LARGEST):
        what = f"its instances ask for {wanted}, and {LARGEST} are the most that one has"
        path = (*steps.path(scope.app, service.name), "deploy")
        yield Conflict(path, what, "ask for less, or use the target kubernetes on GKE")


def _size(scope: Scope, service: Service) -> Size:
    """What the containers of the file's have together, or ask for where that is more."""
    members = scope.members(service)
    asked = sum(map(sizes.asked, members), Size(0, 0))
    has = sum((containers.size(service, member) for member in members), Size(0, 0))
    return Size(max(asked.cpu, has.cpu), max(asked.memory, has.memory))


def _of_one_name(scope: Scope, service: Service) -> Iterator[Conflict]:
    own = [names.container(member.name) for member in scope.members(service)]
    for name in (name for name, count in Counter([*own, preparation.INIT]).items() if count > 1):
        what = f'two containers of its instances are "{name}"'
        yield Conflict(steps.path(scope.app, service.name), what, "rename the service, or the one in its network")


def _staying(scope: Scope, service: Service) -> Iterator[Conflict]:
    """A job ends when its containers have."""
    if scope.is_run(service):
        for member in scope.members(service)[1:]:
            what = f'"{service.name}" runs to its end, and it would have to end as well'
            yield Conflict(("services", member.name, "network_mode"), what, "give it a network of its own")
