"""`docker.Container`: its life in the Engine, after `resource_docker_container_funcs.go`."""

import contextlib
import time
from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar, Final

import requests

from standins.docker import container_spec, container_state, images, logs, uploads
from standins.docker.container_traits import TRAITS
from standins.docker.engine import Engine, EngineError
from standins.resource import Call, CancelledError, InitFailedError, Resource, StandinError, State
from standins.traits import Trait
from standins.values import UNKNOWN, Properties

UNHEALTHY: Final = "container failed to be in healthy state"
NO_HEALTHCHECK: Final = (
    "you have supplied a 'wait' argument, but the container does not have a healthcheck defined."
    " Please remove the 'wait' argument or add a 'healthcheck' attribute"
)
_POLL_SECONDS: Final = 0.25
_REMOVE_SECONDS: Final = 60.0


class Container(Resource):
    """A container. What fails after it was made leaves it in the state, tainted, as the official plugin does."""

    token = "docker:index/container:Container"  # noqa: S105 - a type token
    traits: ClassVar[Mapping[str, Trait]] = TRAITS
    delete_before_replace = True
    observed: ClassVar[Collection[str]] = ("mustRun", "healthcheck")

    def check(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        """See `Resource`."""
        for position, upload in enumerate(_known_list(inputs, "uploads")):
            if wrong := uploads.wrong(upload):
                yield "uploads", f"[{position}] {upload.get('file')}: {wrong}"
        for position, volume in enumerate(_known_list(inputs, "volumes")):
            if bool(volume.get("fromContainer")) == bool(volume.get("containerPath")):
                yield "volumes", f"[{position}]: wants one of containerPath and fromContainer"
        if inputs.get("gpus") and inputs.get("deviceRequests"):
            yield "deviceRequests", "conflicts with gpus"

    def create(self, call: Call, inputs: Properties) -> State:
        """See `Resource`."""
        engine: Engine = call.client
        name, platform = inputs["name"], inputs.get("platform") or None
        images.ensure(call, inputs["image"])
        try:
            body = container_spec.body(inputs)
            identity = engine.post("/containers/create", body, name=name, platform=platform)["Id"]
        except EngineError as error:
            raise StandinError(_refused(name, error)) from error
        try:
            _connect(engine, identity, inputs)
            for upload in inputs.get("uploads") or ():
                _put(engine, identity, upload)
            if inputs["start"]:
                engine.post(f"/containers/{identity}/start")
                if inputs["wait"]:
                    _await_health(call, identity, inputs["waitTimeout"])
            said = _await_end(call, identity, inputs) if inputs["attach"] else {}
        except StandinError as error:
            # the container is there: without this the next update would stumble over its name
            message = str(error) if isinstance(error, CancelledError) else f'container "{name}": {error}'
            raise InitFailedError(message, identity, self._outputs(call, identity, inputs)) from error
        return State(identity, {**self._outputs(call, identity, inputs), **said})

    def read(self, call: Call, identity: str, known: Properties) -> State | None:
        """See `Resource`."""
        found = call.client.find(f"/containers/{identity}/json")
        # the official plugin knows a container by its full ID alone, not by its name
        return State(identity, container_state.outputs(found, known)) if found and found["Id"] == identity else None

    def update(self, call: Call, identity: str, old: Properties, inputs: Properties) -> State:
        """See `Resource`."""
        engine: Engine = call.client
        try:
            if inputs["mustRun"] and not old.get("mustRun") and inputs["start"]:
                engine.post(f"/containers/{identity}/start")
            if any(old.get(name) != inputs.get(name) for name in container_spec.UPDATABLE):
                engine.post(f"/containers/{identity}/update", container_spec.update_body(inputs))
        except EngineError as error:
            raise StandinError(f'container "{inputs["name"]}": {error}') from error
        said = {"containerLogs": old["containerLogs"]} if "containerLogs" in old else {}
        return State(identity, {**self._outputs(call, identity, inputs), **said})

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """See `Resource`."""
        engine: Engine = call.client
        try:
            if not known.get("attach"):
                # unset is 0, as it is to the official plugin: the container is killed
                _stop(call, engine, identity, known.get("destroyGraceSeconds") or 0)
            _remove(call, engine, identity, volumes=known.get("removeVolumes", True))
        except EngineError as error:
            raise StandinError(f'container "{known.get("name", identity)}": {error}') from error

    def _outputs(self, call: Call, identity: str, inputs: Properties) -> Properties:
        state = self.read(call, identity, inputs)
        return {**inputs, **(state.outputs if state else {})}


def _known_list(inputs: Properties, name: str) -> list[Mapping[str, Any]]:
    value = inputs.get(name)
    return [] if value is UNKNOWN else [item for item in value or () if item is not UNKNOWN]


def _refused(name: str, error: EngineError) -> str:
    if error.status == requests.codes.conflict:
        return f'container "{name}": {error}'
    return f'container "{name}": the Engine refused it: {error}'


def _connect(engine: Engine, identity: str, inputs: Properties) -> None:
    networks = inputs.get("networksAdvanced") or ()
    if not networks:
        return
    with contextlib.suppress(EngineError):  # it is on no default network, or the Engine has none
        engine.post("/networks/bridge/disconnect", {"Container": identity})
    for network in networks:
        body = {"Container": identity, "EndpointConfig": container_spec.endpoint(network)}
        try:
            engine.post(f"/networks/{network['name']}/connect", body)
        except EngineError as error:
            raise StandinError(f"cannot connect it to the network {network['name']}: {error}") from error


def _put(engine: Engine, identity: str, upload: Mapping[str, Any]) -> None:
    content = uploads.archive(upload)
    try:
        engine.request(
            "PUT",
            f"/containers/{identity}/archive",
            params={"path": "/"},
            data=content,
            headers={"Content-Type": "application/x-tar"},
        )
    except EngineError as error:
        raise StandinError(f"cannot upload {upload['file']}: {error}") from error


def _await_health(call: Call, identity: str, seconds: int) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = call.client.get(f"/containers/{identity}/json")
        health = found["State"].get("Health")
        if health is None:
            raise StandinError(NO_HEALTHCHECK)
        if health["Status"] == "healthy":
            return
        call.sleep(_POLL_SECONDS)
    raise StandinError(UNHEALTHY)


def _await_end(call: Call, identity: str, inputs: Properties) -> Properties:
    """Wait until the container does not run; its output where that is asked for."""
    while call.client.get(f"/containers/{identity}/json")["State"]["Running"]:
        call.sleep(_POLL_SECONDS)
    if not inputs["logs"]:
        return {}
    params = {"stdout": True, "stderr": True}
    raw = call.client.request("GET", f"/containers/{identity}/logs", params=params).content
    text = raw if inputs["tty"] else b"".join(logs.frames(raw))
    return {"containerLogs": text.decode(errors="replace")}


def _stop(call: Call, engine: Engine, identity: str, seconds: int) -> None:
    with _gone_is_fine():
        call.run(lambda: engine.post(f"/containers/{identity}/stop", t=seconds))


def _remove(call: Call, engine: Engine, identity: str, *, volumes: bool) -> None:
    until = time.monotonic() + _REMOVE_SECONDS
    while engine.find(f"/containers/{identity}/json") is not None:
        try:
            engine.delete(f"/containers/{identity}", v=volumes, force=True)
        except EngineError as error:
            if "is already in progress" not in str(error) or time.monotonic() > until:
                raise
            call.sleep(_POLL_SECONDS)


@contextlib.contextmanager
def _gone_is_fine() -> Iterator[None]:
    try:
        yield
    except EngineError as error:
        if error.status != requests.codes.not_found:
            raise
