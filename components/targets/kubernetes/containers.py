"""A container of a pod: a service's own, or a step before it starts."""

import math
import shlex
from typing import Any

from ...access import ImageReference
from ...model import Container, Hook, PreStart, Service
from ..forms import DEFAULT_GRACE
from . import environment, mounts, names, probes, resources, security, services
from .given import Scope

DRAIN = 5
"""Seconds that a pod goes on serving after it was told to stop: so long it may take until every node knows
(https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-flow)."""
PULL = {
    "always": "Always",
    "build": "IfNotPresent",
    "if_not_present": "IfNotPresent",
    "missing": "IfNotPresent",
    "never": "Never",
}
"""Compose's `pull_policy` -> `imagePullPolicy`."""


def of(scope: Scope, service: Service) -> dict[str, Any]:
    """A service's own container."""
    return {
        "name": names.label(service.name),
        **_image(service, scope.image(service, service.name)),
        **_process(service, service.name),
        **_ports(scope, service),
        **resources.of(service),
        **listed("volumeMounts", mounts.container_mounts(scope, service, service)),
        **probes.probes(scope, service),
        **_lifecycle(scope, service),
        "securityContext": security.container(service, scope.given.access.security),
        **({"stdin": True} if service.stdin_open else {}),
        **({"tty": True} if service.tty else {}),
    }


def steps(scope: Scope, service: Service) -> list[dict[str, Any]]:
    """The containers of `pre_start`, which end one after the other before the service's own begins."""
    return [_step(scope, service, index, step) for index, step in enumerate(service.pre_start)]


def grace(service: Service) -> int:
    """Seconds between the signal to stop and the end by force."""
    return math.ceil(DEFAULT_GRACE if service.stop_grace_period is None else service.stop_grace_period)


def drain(scope: Scope, service: Service) -> int:
    """Seconds before the signal to stop, in which requests still come in; none where nothing is listened on."""
    return DRAIN if services.ports(scope, service) else 0


def listed(key: str, values: list[Any]) -> dict[str, Any]:
    """A key with its values; nothing where there are none."""
    return {key: values} if values else {}


def _step(scope: Scope, service: Service, index: int, step: PreStart) -> dict[str, Any]:
    name = environment.step_name(index)
    own = step.image is None or step.image == service.image
    image = scope.image(service, service.name) if own else ImageReference(name=str(step.image))
    return {
        "name": name,
        **_image(step, image),
        **_process(step, f"{service.name}-{name}"),
        **resources.of(step),
        **listed("volumeMounts", mounts.container_mounts(scope, service, step)),
        "securityContext": security.container(step, scope.given.access.security),
    }


def _image(given: Container, image: ImageReference) -> dict[str, Any]:
    policy = PULL.get(given.pull_policy or "")
    return {"image": image.text, **({"imagePullPolicy": policy} if policy is not None else {})}


def _process(given: Container, name: str) -> dict[str, Any]:
    """What runs: Kubernetes' `command` is the entrypoint, and its `args` the command."""
    found: dict[str, Any] = {}
    for key, words in (("command", given.entrypoint), ("args", given.command)):
        if words:
            found[key] = [environment.literal(word) for word in words]
    if given.working_dir:
        found["workingDir"] = given.working_dir
    return found | listed("env", environment.variables(given, name))


def _ports(scope: Scope, service: Service) -> dict[str, Any]:
    """What the container listens on: information for people, and a name for a patch."""
    known = services.ports(scope, service)
    return listed("ports", [{"containerPort": port.number, "protocol": port.protocol.upper()} for port in known])


# --- hooks -----------------------------------------------------------------------------------------------------------


def _lifecycle(scope: Scope, service: Service) -> dict[str, Any]:
    seconds = drain(scope, service)
    found: dict[str, Any] = {}
    if service.post_start:
        found["postStart"] = _hooks(service.post_start)
    if service.pre_stop:
        found["preStop"] = _hooks(service.pre_stop, seconds)
    elif seconds:
        found["preStop"] = {"sleep": {"seconds": seconds}}
    return {"lifecycle": found} if found else {}


def _hooks(hooks: tuple[Hook, ...], seconds: int = 0) -> dict[str, Any]:
    """Kubernetes runs one command: several are one after the other in a shell.

    Args:
        hooks: of the service.
        seconds: to wait first.
    """
    if len(hooks) == 1 and not seconds and not hooks[0].working_dir:
        return {"exec": {"command": _words(hooks[0])}}
    lines = [*([f"sleep {seconds}"] if seconds else []), *(_line(each) for each in hooks)]
    return {"exec": {"command": [*probes.SHELL, " && ".join(lines)]}}


def _line(hook: Hook) -> str:
    """A hook as a command of a shell, in its own folder."""
    words = shlex.join(_words(hook))
    return f"(cd {shlex.quote(hook.working_dir)} && {words})" if hook.working_dir else words


def _words(hook: Hook) -> list[str]:
    """A hook's command, after its environment; the support table refuses secrets in either."""
    values = [f"{name}={value}" for name, value in hook.environment.items() if value is not None]
    words = [str(word) for word in hook.command]
    return ["env", *values, *words] if values else words
