"""Where this cloud is: what `start` chose, handed over in the environment."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """What one cloud has to itself on this machine.

    Attributes:
        owner: who started it; the label of everything that it makes in the Engine.
        port: of its API, on loopback.
        network: the Docker network that stands for the VPC.
        gateway: this machine's address in that network.
        pause: the image that holds a task's network.
    """

    owner: str
    port: int
    network: str
    gateway: str
    pause: str

    @classmethod
    def here(cls) -> "Place":
        """What the environment says."""
        env = os.environ
        return cls(
            env["SLIPWAY_CLOUD_OWNER"],
            int(env["GATEWAY_PORT"]),
            env["SLIPWAY_CLOUD_NETWORK"],
            env["SLIPWAY_CLOUD_GATEWAY"],
            env["SLIPWAY_CLOUD_PAUSE"],
        )

    @property
    def labels(self) -> dict[str, str]:
        """Of everything in the Engine; `start` removes by it."""
        return {LABEL: self.owner}

    @property
    def prefix(self) -> str:
        """Begins the name of everything in the Engine."""
        return f"slipway-aws-{self.port}"


LABEL = "slipway.aws"
