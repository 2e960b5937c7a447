"""`docker.RemoteImage`, after `resource_docker_image*.go`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from standins.docker import images
from standins.docker.engine import Engine, EngineError
from standins.resource import Call, Resource, StandinError, State
from standins.traits import Trait
from standins.values import Properties


class RemoteImage(Resource):
    """An image by its name: the Engine's own, else pulled. Its identity is the image's ID and the name in one."""

    token = "docker:index/remoteImage:RemoteImage"  # noqa: S105 - a type token
    traits: ClassVar[Mapping[str, Trait]] = {
        "name": Trait(),
        "build": Trait(lacking="images are built by the docker-build plugin"),
        "forceRemove": Trait(in_place=True),
        "keepLocally": Trait(in_place=True),
        "platform": Trait(),
        "pullTriggers": Trait(unordered=True),
        "triggers": Trait(),
    }
    autonamed = False
    importable = False

    def create(self, call: Call, inputs: Properties) -> State:
        """See `Resource`."""
        found = images.ensure(call, inputs["name"], inputs.get("platform") or "")
        return _state(found, inputs)

    def read(self, call: Call, identity: str, known: Properties) -> State | None:  # noqa: ARG002 - found by its name
        """See `Resource`."""
        found = images.find(call.client, known["name"])
        return _state(found, {"name": known["name"]}) if found else None

    def update(self, call: Call, identity: str, old: Properties, inputs: Properties) -> State:  # noqa: ARG002
        """See `Resource`."""
        return self.create(call, inputs)

    def delete(self, call: Call, identity: str, known: Properties) -> None:  # noqa: ARG002 - removed by its name
        """See `Resource`."""
        if known.get("keepLocally"):
            return
        engine: Engine = call.client
        try:
            engine.delete(f"/images/{known['name']}", force=bool(known.get("forceRemove")))
        except EngineError as error:
            raise StandinError(f'image "{known["name"]}": {error}; set keepLocally, or forceRemove') from error


def _state(found: Mapping[str, Any], inputs: Properties) -> State:
    name = inputs["name"]
    outputs = {**inputs, "imageId": found["Id"], "repoDigest": repo_digest(name, found.get("RepoDigests") or [])}
    return State(found["Id"] + name, outputs)


def repo_digest(name: str, digests: list[str]) -> str:
    """The digest that belongs to the name, out of those that the image has; the only one it has; else ""."""
    repository = name.split("@", 1)[0]
    if ":" in repository.rsplit("/", 1)[-1]:
        repository = repository.rsplit(":", 1)[0]
    for digest in digests:
        if digest.split("@", 1)[0] == repository:
            return digest
    return digests[0] if len(digests) == 1 else ""
