"""`docker.Volume`, after `resource_docker_volume.go`."""

from collections.abc import Mapping
from typing import ClassVar

from standins.docker import labels
from standins.docker.engine import Engine, EngineError
from standins.docker.removal import remove
from standins.resource import Call, Resource, StandinError, State
from standins.traits import Trait
from standins.values import Properties


class Volume(Resource):
    """A named volume. Creating one that exists adopts it, with what is in it: so does the Engine."""

    token = "docker:index/volume:Volume"  # noqa: S105 - a type token
    traits: ClassVar[Mapping[str, Trait]] = {
        "name": Trait(computed=True),
        "labels": Trait(unordered=True),
        "driver": Trait(computed=True),
        "driverOpts": Trait(),
        "cluster": Trait(lacking="cluster volumes want an Engine of 1.42 and a CSI driver"),
    }

    def create(self, call: Call, inputs: Properties) -> State:
        """See `Resource`."""
        engine: Engine = call.client
        body = {
            "Name": inputs["name"],
            "Labels": labels.to_engine(inputs.get("labels")),
            "Driver": inputs.get("driver") or "local",
            "DriverOpts": inputs.get("driverOpts") or {},
        }
        try:
            identity = engine.post("/volumes/create", body)["Name"]
        except EngineError as error:
            raise StandinError(f'volume "{inputs["name"]}": {error}') from error
        state = self.read(call, identity, inputs)
        if state is None:
            raise StandinError(f'volume "{identity}": gone as soon as it was created')
        return State(state.id, {**inputs, **state.outputs})

    def read(self, call: Call, identity: str, known: Properties) -> State | None:  # noqa: ARG002 - all is read
        """See `Resource`."""
        found = call.client.find(f"/volumes/{identity}")
        if not found:
            return None
        outputs = {
            "name": found["Name"],
            "labels": labels.to_sdk(found.get("Labels")),
            "driver": found["Driver"],
            "driverOpts": found.get("Options") or {},
            "mountpoint": found["Mountpoint"],
        }
        return State(found["Name"], outputs)

    def delete(self, call: Call, identity: str, known: Properties) -> None:  # noqa: ARG002 - the identity is the name
        """See `Resource`."""
        try:
            remove(call, f"/volumes/{identity}", "volume is in use", force=True)
        except EngineError as error:
            raise StandinError(f'volume "{identity}": {error}') from error
