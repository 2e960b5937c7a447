"""The target docker, on the Engine that the environment names."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import docker
from on_target import OnTarget


class OnDocker(OnTarget):
    target = "docker"
    many = 3  # they come one after the other

    def __init__(self, folder: Path, image: str) -> None:
        super().__init__(folder, image)
        self.engine = docker.from_env()
        self.label = {"label": f"com.docker.compose.project={self.name}"}

    def container(self, key: str) -> Any:
        return self.engine.containers.get(f"{self.name}-{key}")

    def run(self, service: str, *command: str) -> str:
        code, output = self.container(f"{service}-1").exec_run(list(command))
        assert code == 0, output
        return output.decode().strip()

    def running(self, service: str) -> dict[str, float]:
        labels = [*self.label.values(), f"com.docker.compose.service={service}"]
        return {
            each.id: datetime.fromisoformat(each.attrs["Created"][:26] + "+00:00").timestamp()
            for each in self.engine.containers.list(filters={"label": labels})
        }

    def exists(self, service: str) -> bool:
        return bool(self.engine.containers.list(all=True, filters={"name": f"^{self.name}-{service}-"}))

    def remove_one(self, service: str) -> None:
        self.container(f"{service}-1").remove(force=True)

    def outside(self, service: str, port: int) -> str:
        (binding,) = self.container(f"{service}-1").attrs["NetworkSettings"]["Ports"][f"{port}/tcp"]
        return f"{binding['HostIp']}:{binding['HostPort']}"

    def shown(self, service: str) -> str:
        return json.dumps(self.container(f"{service}-1").attrs)

    def remove(self) -> None:
        for container in self.engine.containers.list(all=True, filters=self.label):
            container.remove(force=True, v=True)
        for network in self.engine.networks.list(filters=self.label):
            network.remove()
        for volume in self.engine.volumes.list(filters=self.label):
            volume.remove()
        self.engine.close()
