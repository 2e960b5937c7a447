"""Where this cloud is: what `start` chose, handed over in the environment."""

import os
from dataclasses import dataclass
from pathlib import Path

LABEL = "slipway.gcp"


@dataclass(frozen=True, slots=True)
class Place:
    """What one cloud has to itself on this machine.

    Attributes:
        owner: who started it; the label of everything that it makes in the Engine.
        port: of its APIs, on loopback.
        outside: the Docker network that stands for what every instance has.
        gateway: this machine's address in it; the front and the name server are there.
        inside: the Docker network that stands for the project's VPC networks.
        inner_gateway: this machine's address in it; the front is there too.
        pause: the image that holds an instance's network.
        redis: the image that Memorystore runs.
        folder: for the certificates.
    """

    owner: str
    port: int
    outside: str
    gateway: str
    inside: str
    inner_gateway: str
    pause: str
    redis: str
    folder: Path

    @classmethod
    def here(cls) -> "Place":
        """What the environment says."""
        env = os.environ
        return cls(
            owner=env["SLIPWAY_GCP_OWNER"],
            port=int(env["SLIPWAY_GCP_PORT"]),
            outside=env["SLIPWAY_GCP_NETWORK"],
            gateway=env["SLIPWAY_GCP_FRONT"],
            inside=env["SLIPWAY_GCP_INSIDE"],
            inner_gateway=env["SLIPWAY_GCP_INNER_GATEWAY"],
            pause=env["SLIPWAY_GCP_PAUSE"],
            redis=env["SLIPWAY_GCP_REDIS"],
            folder=Path(env["SLIPWAY_GCP_FOLDER"]),
        )

    @property
    def labels(self) -> dict[str, str]:
        """Of everything in the Engine; `start` removes by it."""
        return {LABEL: self.owner}

    @property
    def prefix(self) -> str:
        """Begins the name of everything in the Engine."""
        return f"slipway-gcp-{self.port}"
