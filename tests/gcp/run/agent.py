"""What runs instances, and knows where each is."""

from pathlib import Path
from typing import Any

import docker

from tests.gcp.cloud.place import Place
from tests.gcp.cloud.store import Store

from .fleet import Fleet
from .instance import Instance
from .logs import Logs

_ENGINE_SECONDS = 300
_CONNECTIONS = 64


class Agent:
    """The agent of all instances.

    Attributes:
        place: of this cloud.
        store: of the APIs.
        authority: the file with the certificate of who signs the front's.
        engine: where containers run.
        logs: what they have said.
        fleets: full name of a revision -> its instances.
    """

    def __init__(self, place: Place, store: Store, authority: Path) -> None:
        self.place, self.store, self.authority = place, store, authority
        self.engine = docker.from_env(timeout=_ENGINE_SECONDS, max_pool_size=_CONNECTIONS)
        self.logs = Logs(place)
        self.fleets: dict[str, Fleet] = {}
        self._instances: dict[str, Instance] = {}

    def know(self, instance: Instance) -> None:
        """An instance has its addresses."""
        self._instances[instance.spec.name] = instance

    def forget(self, instance: Instance) -> None:
        """An instance has ended."""
        self._instances.pop(instance.spec.name, None)

    def at(self, address: str) -> Instance | None:
        """The instance that calls from an address, in either network."""
        found = list(self._instances.values())
        return next((each for each in found if address and address in {each.address, each.inner_address}), None)

    def entries(self) -> list[dict[str, Any]]:
        """What all containers have said, oldest first."""
        found = list(self._instances.values())
        return self.logs.all([(each.spec, *pair) for each in found for pair in list(each.containers.items())])
