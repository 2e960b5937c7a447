"""`docker.Service`: its life in the Swarm, after `resource_docker_service_funcs.go`."""

import base64
import contextlib
import json
import time
from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar, Final

from standins.docker import converge, images, logs, service_spec, service_state
from standins.docker.engine import Engine, EngineError
from standins.docker.rules import nanoseconds
from standins.docker.service_traits import TRAITS
from standins.resource import Call, InitFailedError, Resource, StandinError, State
from standins.traits import Trait
from standins.values import UNKNOWN, Properties

_POLL_SECONDS: Final = 0.25
_SLACK_SECONDS: Final = 10.0
_LOG_LINES: Final = "10"
_ENDED: Final = frozenset({"complete", "shutdown", "failed", "rejected", "remove", "orphaned"})


class Service(Resource):
    """A service of a Swarm. One that does not converge is removed again when it was new, and kept when it was not."""

    token = "docker:index/service:Service"  # noqa: S105 - a type token
    traits: ClassVar[Mapping[str, Trait]] = TRAITS
    observed: ClassVar[Collection[str]] = (
        *("labels", "taskSpec", "mode", "updateConfig", "rollbackConfig", "endpointSpec"),
    )
    """All that is read: a program that spells a value otherwise than the Swarm (`60s` for `1m`) differs at every
    update, as it does with the official plugin."""

    def check(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        """See `Resource`."""
        mode = inputs.get("mode")
        if isinstance(mode, dict) and mode.get("global") is not None:
            if mode.get("replicated") is not None:
                yield "mode.global", "conflicts with mode.replicated"
            if inputs.get("convergeConfig") is not None:
                yield "mode.global", "conflicts with convergeConfig"
        networks = (inputs.get("taskSpec") or {}).get("networksAdvanceds") or ()
        for position, network in enumerate(networks if networks is not UNKNOWN else ()):
            if network is not UNKNOWN and not (network.get("id") or network.get("name")):
                yield f"taskSpec.networksAdvanceds[{position}]", "network 'name' or 'id' must be specified"

    def create(self, call: Call, inputs: Properties) -> State:
        """See `Resource`."""
        engine: Engine = call.client
        header = _login(engine, inputs)
        body = service_spec.body(inputs)
        _pin(engine, body["TaskTemplate"], header)
        with _named(inputs):
            identity = engine.post("/services/create", body, header)["ID"]
            if inputs.get("convergeConfig"):
                try:
                    converge.created(call, identity, inputs["convergeConfig"])
                except StandinError as error:
                    said = _failed_logs(call, identity)
                    _remove(call, identity, inputs)
                    raise StandinError(f"{error}{said}") from error
        return State(identity, self._outputs(call, identity, inputs))

    def read(self, call: Call, identity: str, known: Properties) -> State | None:
        """See `Resource`."""
        for found in call.client.get("/services"):
            if found["ID"] == identity or found["Spec"]["Name"] == known.get("name"):
                return State(found["ID"], service_state.outputs(found))
        return None

    def update(self, call: Call, identity: str, old: Properties, inputs: Properties) -> State:  # noqa: ARG002
        """See `Resource`."""
        engine: Engine = call.client
        with _named(inputs):
            before = engine.get(f"/services/{identity}")
            version = before["Version"]["Index"]
            body = service_spec.body(inputs)
            engine.post(f"/services/{identity}/update", body, _login(engine, inputs), version=version)
            try:
                if inputs.get("convergeConfig"):
                    after = engine.get(f"/services/{identity}")
                    rolls = before["Spec"]["TaskTemplate"] != after["Spec"]["TaskTemplate"]
                    converge.updated(call, identity, inputs["convergeConfig"], rolls=rolls)
            except StandinError as error:
                outputs = self._outputs(call, identity, inputs)
                raise InitFailedError(f'service "{inputs["name"]}": {error}', identity, outputs) from error
        return State(identity, self._outputs(call, identity, inputs))

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """See `Resource`."""
        with _named(known):
            _remove(call, identity, known)

    def _outputs(self, call: Call, identity: str, inputs: Properties) -> Properties:
        state = self.read(call, identity, inputs)
        return {**inputs, **(state.outputs if state else {})}


@contextlib.contextmanager
def _named(inputs: Properties) -> Iterator[None]:
    try:
        yield
    except InitFailedError:
        raise
    except StandinError as error:
        raise type(error)(f'service "{inputs["name"]}": {error}', *_status(error)) from error


def _status(error: StandinError) -> tuple[Any, ...]:
    return (error.status,) if isinstance(error, EngineError) else ()


def _login(engine: Engine, inputs: Properties) -> dict[str, str]:
    """The header with the registry's login, which the Swarm passes on to the nodes that pull."""
    auth = inputs.get("auth")
    if auth is None:
        image = inputs["taskSpec"]["containerSpec"]["image"]
        # without a registry in the name the official plugin looks for no login
        return engine.registries.header(image) if "/" in image else _header({})
    if not (auth.get("username") and auth.get("password")):
        return _header({})
    return _header({"username": auth["username"], "password": auth["password"], "serveraddress": auth["serverAddress"]})


def _header(auth: Mapping[str, str]) -> dict[str, str]:
    return {"X-Registry-Auth": base64.urlsafe_b64encode(json.dumps(auth).encode()).decode()}


def _pin(engine: Engine, task: dict[str, Any], header: Mapping[str, str]) -> None:
    """Name the image by its digest and its platforms, where its registry answers; at a creation alone, as there."""
    image = images.tagged(task["ContainerSpec"]["Image"])
    try:
        found = engine.request("GET", f"/distribution/{image}/json", headers=header).json()
    except StandinError:
        return  # the nodes may have it; the official plugin logs a warning
    task["ContainerSpec"]["Image"] = image if "@" in image else f"{image}@{found['Descriptor']['digest']}"
    platforms = [
        {"Architecture": "" if each["architecture"] == "arm" else each["architecture"], "OS": each["os"]}
        for each in found.get("Platforms") or ()
    ]
    if platforms:
        task["Placement"]["Platforms"] = platforms


def _failed_logs(call: Call, identity: str) -> str:
    """The last lines of the failed tasks whose container is on the Engine that is asked."""
    lines: list[str] = []
    for task in converge.tasks_of(call, identity, wanted="shutdown"):
        container = (task["Status"].get("ContainerStatus") or {}).get("ContainerID")
        if task["Status"]["State"] != "failed" or not container:
            continue
        with contextlib.suppress(EngineError):
            params = {"stdout": True, "stderr": True, "tail": _LOG_LINES}
            raw = call.client.request("GET", f"/containers/{container}/logs", params=params).content
            lines += [frame.decode(errors="replace") for frame in logs.frames(raw)]
    return "\n\nLast task logs:\n" + "".join(lines) if lines else ""


def _remove(call: Call, identity: str, known: Properties) -> None:
    """Remove the service, and wait for its containers to end where it has a grace period."""
    call.client.delete(f"/services/{identity}")
    grace = nanoseconds(known["taskSpec"]["containerSpec"].get("stopGracePeriod") or "0") / 10**9
    until = time.monotonic() + grace + _SLACK_SECONDS
    while grace and time.monotonic() < until and any(map(_has_container, converge.tasks_of(call, identity))):
        call.sleep(_POLL_SECONDS)


def _has_container(task: Mapping[str, Any]) -> bool:
    return task["Status"]["State"] not in _ENDED and bool(task["Status"].get("ContainerStatus"))
