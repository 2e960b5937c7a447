"""`docker.Secret`, Swarm's secret, after `resource_docker_secret.go`."""

from collections.abc import Mapping
from typing import ClassVar

from standins.docker import labels
from standins.docker.engine import Engine, EngineError
from standins.docker.rules import base64_text
from standins.resource import Call, Resource, StandinError, State
from standins.traits import Trait
from standins.values import Properties


class Secret(Resource):
    """A secret of a swarm. The Engine never tells what is in it, so only its name is read back."""

    token = "docker:index/secret:Secret"  # noqa: S105 - a type token
    traits: ClassVar[Mapping[str, Trait]] = {
        "name": Trait(),
        "data": Trait(rule=base64_text),
        "labels": Trait(unordered=True),
    }
    importable = False

    def create(self, call: Call, inputs: Properties) -> State:
        """See `Resource`."""
        engine: Engine = call.client
        body = {"Name": inputs["name"], "Data": inputs["data"], "Labels": labels.to_engine(inputs.get("labels"))}
        try:
            identity = engine.post("/secrets/create", body)["ID"]
        except EngineError as error:
            raise StandinError(f'secret "{inputs["name"]}": {error}') from error
        return State(identity, dict(inputs))

    def read(self, call: Call, identity: str, known: Properties) -> State | None:  # noqa: ARG002 - all is read
        """See `Resource`."""
        found = call.client.find(f"/secrets/{identity}")
        return State(found["ID"], {"name": found["Spec"]["Name"]}) if found else None

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """See `Resource`."""
        try:
            call.client.delete(f"/secrets/{identity}")
        except EngineError as error:
            raise StandinError(f'secret "{known.get("name", identity)}": {error}') from error
