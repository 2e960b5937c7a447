"""`docker.ServiceConfig`, Swarm's config, after `resource_docker_config.go`."""

import base64
from collections.abc import Iterator, Mapping
from typing import ClassVar

from standins.docker import labels
from standins.docker.engine import Engine, EngineError
from standins.docker.rules import base64_text
from standins.resource import Call, Resource, StandinError, State
from standins.traits import Trait
from standins.values import Properties


class ServiceConfig(Resource):
    """A config of a swarm, with its content in base64 (`data`) or as it is (`dataRaw`)."""

    token = "docker:index/serviceConfig:ServiceConfig"  # noqa: S105 - a type token
    traits: ClassVar[Mapping[str, Trait]] = {
        "name": Trait(),
        "data": Trait(rule=base64_text),
        "dataRaw": Trait(),
        "labels": Trait(unordered=True),
    }

    def check(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        """See `Resource`."""
        given = [name for name in ("data", "dataRaw") if inputs.get(name) is not None]
        if len(given) != 1:
            yield "data", f"exactly one of data and dataRaw must be set, not {' and '.join(given) or 'none'}"

    def create(self, call: Call, inputs: Properties) -> State:
        """See `Resource`."""
        engine: Engine = call.client
        raw = inputs.get("dataRaw")
        body = {
            "Name": inputs["name"],
            "Data": inputs["data"] if raw is None else base64.b64encode(raw.encode()).decode(),
            "Labels": labels.to_engine(inputs.get("labels")),
        }
        try:
            identity = engine.post("/configs/create", body)["ID"]
        except EngineError as error:
            raise StandinError(f'config "{inputs["name"]}": {error}') from error
        return State(identity, dict(inputs))

    def read(self, call: Call, identity: str, known: Properties) -> State | None:
        """See `Resource`."""
        found = call.client.find(f"/configs/{identity}")
        if not found:
            return None
        data = found["Spec"].get("Data") or ""
        content = {"data": data}
        if known.get("dataRaw") is not None:
            content = {"dataRaw": base64.b64decode(data).decode(errors="replace")}
        outputs = {"name": found["Spec"]["Name"], "labels": labels.to_sdk(found["Spec"].get("Labels")), **content}
        return State(found["ID"], outputs)

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """See `Resource`."""
        try:
            call.client.delete(f"/configs/{identity}")
        except EngineError as error:
            raise StandinError(f'config "{known.get("name", identity)}": {error}') from error
