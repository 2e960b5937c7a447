"""A template of Cloud Run: what only its pages say of it, and a container of it as the Engine's options. Pure.

What this agent does not do is refused: a revision that runs here must not do so because something was left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.gcp.cloud.calls import NUMBER, RefusedError

RESERVED = {"PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"}
"""https://cloud.google.com/run/docs/container-contract#env-vars."""
DEFAULT_PORT = 8080
_KNOWN = {
    *("name", "image", "command", "args", "env", "resources", "ports", "volumeMounts", "workingDir", "livenessProbe"),
    *("startupProbe", "dependsOn"),
}
_VOLUMES = {"secret", "emptyDir", "gcs"}
_UNITS = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "k": 10**3, "M": 10**6, "G": 10**9}
_MEMORY = "512Mi"
"""https://cloud.google.com/run/docs/configuring/services/memory-limits."""


class NotReadyError(Exception):
    """An instance does not start; the message is Google's.

    Attributes:
        reason: of the condition.
    """

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


def name(container: Mapping[str, Any], place: int) -> str:
    """A container's own, or one after its place."""
    return container.get("name") or f"container-{place}"


def ingress(containers: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The container of a service that takes requests: the one with a port, else the only one."""
    return next((each for each in containers if each.get("ports")), containers[0])


def port(container: Mapping[str, Any]) -> int:
    """Where it takes them."""
    return int((container.get("ports") or [{}])[0].get("containerPort") or DEFAULT_PORT)


def check(template: Mapping[str, Any], *, serves: bool) -> None:
    """Refuse what Cloud Run would, or what this agent leaves out.

    Args:
        template: of a revision or a task.
        serves: whether it takes requests.

    Raises:
        RefusedError: with all problems.
    """
    found = list(problems(template, serves=serves))
    if found:
        raise RefusedError("INVALID_ARGUMENT", f"Violation in template: {'; '.join(found)}")


def problems(template: Mapping[str, Any], *, serves: bool) -> Iterator[str]:
    """What of a template is refused."""
    containers = template.get("containers") or []
    names = [name(each, place) for place, each in enumerate(containers)]
    volumes = {each["name"] for each in template.get("volumes") or ()}
    if not containers:
        yield "template.containers: required"
    if len(set(names)) < len(names):
        yield "template.containers: names are not unique"
    with_port = [each for each in containers if each.get("ports")]
    if serves and (len(with_port) > 1 or (len(containers) > 1 and not with_port)):
        yield f"template.containers: exactly one has to have a port, not {len(with_port)}"
    if not serves and with_port:
        yield "template.containers.ports: only for services"
    for place, each in enumerate(containers):
        yield from (f"template.containers[{place}].{what}" for what in _of_container(each, containers, volumes))
    for each in template.get("volumes") or ():
        kinds = set(each) - {"name"}
        if len(kinds) != 1 or not kinds <= _VOLUMES:
            yield f"template.volumes {each['name']}: {', '.join(sorted(kinds)) or 'nothing'} is not known here"


def _of_container(
    container: Mapping[str, Any], containers: Sequence[Mapping[str, Any]], volumes: set[str]
) -> Iterator[str]:
    for key in sorted({key for key, value in container.items() if value} - _KNOWN):
        yield f"{key}: not known here"
    if not container.get("image"):
        yield "image: required"
    for each in container.get("env") or ():
        if each["name"] in RESERVED:
            yield f"env: the names {', '.join(sorted(RESERVED))} are reserved: {each['name']}"
    for each in container.get("volumeMounts") or ():
        if each["name"] not in volumes:
            yield f"volumeMounts: there is no volume {each['name']}"
    for each in container.get("ports") or ():
        if each.get("name") not in {None, "", "http1"}:
            yield f"ports: {each['name']} is not known here"
    yield from _of_order(container, containers)


def _of_order(container: Mapping[str, Any], containers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    first = {name(each, place): each for place, each in enumerate(containers)}
    for each in container.get("dependsOn") or ():
        if each not in first:
            yield f"dependsOn: there is no container {each}"
        elif not first[each].get("startupProbe") and not first[each].get("ports"):
            yield f"dependsOn: {each} has no startup probe"


def options(container: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """What docker-py's `containers.create` takes for a container, but for its network and its mounts.

    Args:
        container: https://cloud.google.com/run/docs/reference/rest/v2/Container.
        environment: its variables, with the secret ones.
    """
    memory = (container.get("resources") or {}).get("limits", {}).get("memory", _MEMORY)
    found = {
        "entrypoint": container.get("command") or None,
        "command": container.get("args") or None,
        "environment": dict(environment),
        "working_dir": container.get("workingDir") or None,
        "mem_limit": quantity(memory),
        "healthcheck": {"test": ["NONE"]},  # the image's own is not used
        "init": True,  # the first process need not end by itself on a signal
    }
    return {key: value for key, value in found.items() if value is not None}


def quantity(text: str) -> int:
    """A number of bytes, such as `512Mi`."""
    unit = next((each for each in _UNITS if text.endswith(each)), "")
    return int(float(text.removesuffix(unit)) * _UNITS.get(unit, 1))


def account(template: Mapping[str, Any]) -> str:
    """As whom it runs: an e-mail."""
    return template.get("serviceAccount") or f"{NUMBER}-compute@developer.gserviceaccount.com"


def seconds(duration: str | None, default: float) -> float:
    """A duration such as `600s`."""
    return float(duration.removesuffix("s")) if duration else default
