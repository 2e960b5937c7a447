"""For which values a row of the cloudrun column holds (`support.Condition`), where it does not hold for all.

Those on how services are reached are in `conditions_reach.py`.
"""

import dataclasses
import re
from typing import Any

from ...model import App, Build, Healthcheck, Mount, Path, PreStart, Service, Workload
from .. import amounts, completion, health, sharing
from ..conditions import last, may_end, nearest, no_new_privileges
from . import containers, given, instances, jobs, probes, reach, sizes, steps, volumes
from .given import label_value

PLATFORM = re.compile(r"linux(/(amd64|x86_64)(/v[1-4])?)?")
"""What Cloud Run runs: https://cloud.google.com/run/docs/container-contract#languages."""
STOP = 10
"""Seconds that a container has to stop in
(https://cloud.google.com/run/docs/container-contract#instance-shutdown)."""
USUAL = frozenset(
    {
        *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE"),
        *("NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
    }
)
"""What an Engine adds to every container
(https://docs.docker.com/engine/security/#linux-kernel-capabilities)."""
FIRST = ("image", "command", "entrypoint")
"""Keys of a step of which one is always there."""
LABEL = re.compile(r"[a-z][a-z0-9_-]{0,62}")
"""The name of a label (https://cloud.google.com/storage/docs/tags-and-labels#bucket-labels)."""

_scope = last(given.of)
"""The scope of the application that is judged."""


# --- mounts ----------------------------------------------------------------------------------------------------------


def in_bucket(app: App, path: Path, value: Any) -> bool:
    """A volume that is written to, and is a bucket."""
    mount = nearest(Mount, app, path)
    return value in app.volumes and not mount.read_only and not volumes.is_nfs(_scope(app), str(value))


def not_bucket_label(_app: App, path: Path, value: Any) -> bool:
    """A label that Cloud Storage takes only in other letters."""
    return LABEL.fullmatch(str(path[-1])) is None or label_value(str(value)) != value


# --- names -----------------------------------------------------------------------------------------------------------


def not_annotation(_app: App, path: Path, _value: Any) -> bool:
    """A label whose name no annotation has."""
    return not instances.is_annotation(str(path[-1]))


def is_named(app: App, _path: Path, value: Any) -> bool:
    """A name by which a value calls a service."""
    return any(each.name == str(value).lower() for _, each in reach.mentions(_scope(app)))


# --- what runs a service ---------------------------------------------------------------------------------------------


def run(app: App, path: Path, _value: Any) -> bool:
    """Of a service or a job that runs to its end."""
    return path[0] in ("services", "jobs") and _scope(app).is_run(_member(app, path))


def ends(app: App, path: Path, value: Any) -> bool:
    """A restart policy by which a container may end, or a number of tries, of a service that runs to its end."""
    return (isinstance(value, int) or may_end(app, path, value)) and run(app, path, value)


def many_tries(app: App, path: Path, value: Any) -> bool:
    """A run that is to be tried again more often than Cloud Run does."""
    return ends(app, path, value) and completion.tries(_member(app, path)) > jobs.TRIES


def in_each(app: App, path: Path, _value: Any) -> bool:
    """Of a step that is to run in every instance, as the file says by saying nothing; told at the first of its keys."""
    step = nearest(PreStart, app, path)
    said = [key for key in FIRST if getattr(step, key) is not None]
    return step.per_replica is None and path[path.index("pre_start") + 2] == said[0]


def short(_app: App, _path: Path, value: Any) -> bool:
    """No more time to stop in than every container has."""
    return bool(value <= STOP)


def no_platform(_app: App, _path: Path, value: Any) -> bool:
    """A platform that Cloud Run does not run."""
    return PLATFORM.fullmatch(str(value)) is None


def no_platforms(app: App, path: Path, _value: Any) -> bool:
    """Of platforms to build for of which Cloud Run runs none."""
    return all(PLATFORM.fullmatch(each) is None for each in nearest(Build, app, path).platforms)


# --- health ----------------------------------------------------------------------------------------------------------


def unasked(app: App, path: Path, _value: Any) -> bool:
    """A check that Cloud Run does not ask, of what takes requests."""
    return _is_unasked(app, path) and reach.is_served(_scope(app), _owner(app, path))


def unasked_alone(app: App, path: Path, _value: Any) -> bool:
    """A check that Cloud Run does not ask, of what takes no requests."""
    return _is_unasked(app, path) and not unasked(app, path, None)


def inexact(app: App, path: Path, _value: Any) -> bool:
    """A check of which Cloud Run asks a part."""
    check = _asked(app, path)
    return check is not None and probes.is_asked(check) and not probes.is_exact(check)


def slow(app: App, path: Path, _value: Any) -> bool:
    """A check that gives more time to come up than Cloud Run; told at the first of its keys that says so."""
    check = _asked(app, path)
    if check is None or probes.starting(check) <= probes.START_LIMIT:
        return False
    said = [key for key in ("start_period", "interval", "retries") if getattr(check, key)]
    return path[-1] == said[0]


def not_switched_off(app: App, path: Path, value: Any) -> bool:
    """What switches off nothing: Cloud Run would not ask it anyway."""
    check = dataclasses.replace(nearest(Healthcheck, app, path), disable=False)
    return not (value and probes.is_asked(check))


def _is_unasked(app: App, path: Path) -> bool:
    check = _asked(app, path)
    return check is not None and not probes.is_asked(check)


def _asked(app: App, path: Path) -> Healthcheck | None:
    """The check of a service that is asked again and again; None: it is switched off, or the service ends."""
    workload = nearest(Workload, app, path)
    return workload.healthcheck if health.checked(workload) and not run(app, path, None) else None


# --- sizes -----------------------------------------------------------------------------------------------------------


def more_processors(app: App, path: Path, _value: Any) -> bool:
    """Of a container that has more processors than it is to have."""
    return _size(app, path).cpu > sizes.asked(_member(app, path)).cpu


def more_memory(app: App, path: Path, _value: Any) -> bool:
    """Of a container that has more memory than it is to have."""
    return _size(app, path).memory > sizes.asked(_member(app, path)).memory


def reserved_anyway(app: App, path: Path, _value: Any) -> bool:
    """A reservation of what the container has without it, too."""
    member, owner = _member(app, path), _owner(app, path)
    without = _without_reservations(member)
    return containers.size(owner, member) == containers.size(without if member is owner else owner, without)


def _without_reservations(member: Service) -> Service:
    if member.deploy is None:
        return dataclasses.replace(member, mem_reservation=None)
    resources = dataclasses.replace(amounts.resources(member), reservations=None)
    return dataclasses.replace(
        member, mem_reservation=None, deploy=dataclasses.replace(member.deploy, resources=resources)
    )


def _size(app: App, path: Path) -> sizes.Size:
    return containers.size(_owner(app, path), _member(app, path))


def _member(app: App, path: Path) -> Service:
    """The service, job or step that a path is in, each as a service."""
    if path[0] == "jobs":
        return _jobs(app)[str(path[1])]
    step = path[2] == "pre_start"
    return _scope(app).app.services[steps.name(str(path[1]), int(path[3])) if step else str(path[1])]


def _owner(app: App, path: Path) -> Service:
    """The service or job in whose instances a container is."""
    member, apart = _member(app, path), _scope(app).app
    return apart.services[sharing.network_owner(member, apart)] if path[0] == "services" else member


@last
def _jobs(app: App) -> dict[str, Service]:
    return {name: sharing.as_service(job) for name, job in app.jobs.items()}


# --- rights ----------------------------------------------------------------------------------------------------------


def unusual(_app: App, _path: Path, value: Any) -> bool:
    """A capability that an Engine does not add by itself."""
    return str(value).upper().removeprefix("CAP_") not in USUAL


def no_option(app: App, path: Path, value: Any) -> bool:
    """A security option that says more than what privileges a process may gain."""
    plain = str(value).replace("=", ":")
    return not no_new_privileges(app, path, value) and plain != "no-new-privileges:false"


def several_accelerators(_app: App, _path: Path, value: Any) -> bool:
    """A number of accelerators that is not one."""
    return value not in (-1, 1)
