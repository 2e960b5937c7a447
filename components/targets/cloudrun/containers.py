"""The containers of an instance.

https://cloud.google.com/run/docs/reference/rest/v2/Container
"""

from typing import Any

from ...model import Service
from . import environment, files, gpus, members, mounts, names, preparation, probes, reach, sizes
from .given import Scope


def of_instance(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """All containers of a service's instances: its own, those of its companions, and what comes before them."""
    own = [_own(scope, service, member) for member in scope.members(service)]
    return [*own, *preparation.of_instance(scope, service)]


def _own(scope: Scope, service: Service, member: Service) -> dict[str, Any]:
    container = members.rewritten(scope, member)
    is_served = member is service and reach.is_served(scope, service)
    found: dict[str, Any] = {"name": names.container(member.name), "image": scope.image(member, member.name).text}
    for key, words in (("commands", container.entrypoint), ("args", container.command)):
        if words is not None:
            found[key] = list(words)
    optional = {
        "working_dir": container.working_dir,
        "envs": environment.variables(container, member.name, is_told=is_served),
        "ports": _ports(scope, service) if is_served else None,
        "startup_probe": _startup(scope, service, container),
        "liveness_probe": None if scope.is_run(service) else probes.liveness(container),
        "volume_mounts": [*mounts.of(scope, member), *files.mounted(scope, member)],
        "depends_ons": _depends(scope, service, member),
    }
    return {
        **found,
        **{key: value for key, value in optional.items() if value},
        "resources": {"limits": _limits(service, member)},
    }


def _ports(scope: Scope, service: Service) -> dict[str, Any]:
    """The port that requests are handed to, and whether by HTTP/2."""
    port = reach.port(scope, service)
    if port is None:
        return {}
    return {"container_port": port.number, **({"name": "h2c"} if port.app_protocol in reach.H2C else {})}


def size(service: Service, member: Service) -> sizes.Size:
    """What a container has: that of the service itself a whole processor at least."""
    if gpus.is_asked(member):
        return gpus.size(member)
    return sizes.of(member) if member is service else sizes.beside(member)


def _limits(service: Service, member: Service) -> dict[str, str]:
    accelerator = {gpus.LIMIT: "1"} if gpus.is_asked(member) else {}
    return {**size(service, member).limits, **accelerator}


def _startup(scope: Scope, service: Service, member: Service) -> dict[str, Any] | None:
    """What tells that a container has come up; None: the platform's own question, or in a job, none."""
    if scope.is_run(service):
        return None
    asked, port = probes.startup(member), reach.port(scope, service)
    needed = any(member.name in each.depends_on for each in scope.members(service))
    if asked is None and needed and member.name == service.name and port is not None:
        return probes.default(port.number)
    return asked


def _depends(scope: Scope, service: Service, member: Service) -> list[str]:
    """What starts before a container: what writes its files, and what it depends on in the same instance.

    Cloud Run waits for what has a startup probe; of what has none, all start together.
    """
    inside = {each.name: each for each in scope.members(service) if each is not member}
    others = [inside[name] for name in member.depends_on if name in inside]
    waited = [names.container(each.name) for each in others if _startup(scope, service, each) is not None]
    return [*preparation.first(scope, service), *waited]
