"""The target swarm, on the Engines of `swarm_nodes`."""

import contextlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import docker
from on_target import OnTarget
from swarm_nodes import Nodes

VOLUME_NODE = "node-2"


class OnSwarm(OnTarget):
    target = "swarm"
    many = 10

    def __init__(self, folder: Path, image: str, nodes: Nodes) -> None:
        super().__init__(folder, image, nodes.manager.host)
        self.nodes = nodes
        self.manager = nodes.manager.client()
        self.engines = {client.info()["Swarm"]["NodeID"]: client for client in (node.client() for node in nodes.nodes)}
        self.label = {"label": f"com.docker.stack.namespace={self.name}"}

    def settings(self) -> dict[str, Any]:
        existing = {"host": self.host, "volumeNode": VOLUME_NODE}
        # a kernel without IP_VS: a name resolves to the tasks, a port is published on their nodes
        mesh = {} if Path("/proc/net/ip_vs").exists() else {"routingMesh": False}
        return {"slipway:cluster": {"existing": {**existing, **mesh}}}

    def swarm_service(self, service: str) -> Any:
        return self.manager.services.get(f"{self.name}_{service}")

    def tasks(self, service: str) -> list[dict[str, Any]]:
        """The tasks that shall run and do."""
        try:
            found = self.manager.api.tasks({"service": f"{self.name}_{service}", "desired-state": "running"})
        except docker.errors.NotFound:
            return []  # there is no such service
        return sorted(
            (task for task in found if task["Status"]["State"] == "running"), key=lambda task: task.get("Slot", 0)
        )

    def container(self, task: dict[str, Any]) -> Any:
        """The container of a task, on the Engine of its node."""
        engine = self.engines[task["NodeID"]]
        return engine.containers.get(task["Status"]["ContainerStatus"]["ContainerID"])

    def run(self, service: str, *command: str) -> str:
        code, output = self.container(self.tasks(service)[0]).exec_run(list(command))
        assert code == 0, output
        return output.decode().strip()

    def running(self, service: str) -> dict[str, float]:
        return {task["ID"]: datetime.fromisoformat(task["CreatedAt"][:26] + "+00:00").timestamp()
                for task in self.tasks(service)}  # fmt: skip

    def places(self, service: str) -> set[str]:
        """The nodes that run it."""
        return {task["NodeID"] for task in self.tasks(service)}

    def exists(self, service: str) -> bool:
        return bool(self.manager.services.list(filters={"name": f"{self.name}_{service}"}))

    def remove_one(self, service: str) -> None:
        self.swarm_service(service).remove()

    def outside(self, service: str, port: int) -> str:
        (task,) = self.tasks(service)
        address = self.engines[task["NodeID"]].info()["Swarm"]["NodeAddr"]
        ports = task["Status"]["PortStatus"]["Ports"]
        published = next(each["PublishedPort"] for each in ports if each["TargetPort"] == port)
        return f"{address}:{published}"

    def shown(self, service: str) -> str:
        return json.dumps([self.swarm_service(service).attrs, *self.manager.api.secrets()])

    def remove(self) -> None:
        for service in self.manager.services.list(filters=self.label):
            service.remove()
        for engine in self.engines.values():
            for run in engine.containers.list(all=True, filters={"label": f"com.docker.compose.project={self.name}"}):
                run.remove(force=True, v=True)
        for secret in [*self.manager.secrets.list(filters=self.label), *self.manager.configs.list(filters=self.label)]:
            secret.remove()
        for network in self.manager.networks.list(filters=self.label):
            with contextlib.suppress(docker.errors.APIError):
                network.remove()
        for engine in self.engines.values():
            engine.close()
        self.manager.close()
