"""Tasks and services by the API alone, without Slipway: for tests of the cloud itself."""

import time
from collections.abc import Callable
from typing import Any

import boto3
import docker

from toolchain import base_image

from .start import REGION, Cloud

IMAGE = base_image.NAME
_ROLE = "arn:aws:iam::000000000000:role/execution"
_CONTAINER = "com.amazonaws.ecs.container-name"
_TASK = "com.amazonaws.ecs.task-arn"
_SECONDS = 60.0
_LOOK_SECONDS = 0.1


def container(name: str, script: str = "exec sleep infinity", **keys: Any) -> dict[str, Any]:
    """A container definition that runs a shell script."""
    return {"name": name, "image": IMAGE, "command": ["sh", "-c", script], "stopTimeout": 2,
            "linuxParameters": {"initProcessEnabled": True}, **keys}  # fmt: skip


def until(what: Callable[[], Any]) -> Any:
    """Wait until it is so."""
    end = time.monotonic() + _SECONDS
    while not (found := what()):
        assert time.monotonic() < end, f"it is not so after {_SECONDS:.0f} s"
        time.sleep(_LOOK_SECONDS)
    return found


class Ecs:
    """A cluster.

    Attributes:
        client: of the service `ecs`.
        name: of the cluster, and of everything else that needs one.
    """

    def __init__(self, cloud: Cloud, name: str) -> None:
        self.cloud, self.name = cloud, name
        self.engine = docker.from_env()
        self.client = self.of("ecs")
        self.client.create_cluster(clusterName=name)
        self.network = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": []}}

    def of(self, service: str) -> Any:
        """A client of boto3."""
        return boto3.client(service, region_name=REGION)

    def define(self, *containers: dict[str, Any], volumes: Any = (), family: str = "") -> str:
        """Register a task definition; its ARN."""
        found = self.client.register_task_definition(
            family=family or self.name, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256",
            memory="512", containerDefinitions=list(containers), volumes=list(volumes), executionRoleArn=_ROLE,
        )  # fmt: skip
        return str(found["taskDefinition"]["taskDefinitionArn"])

    def run(self, definition: str, groups: Any = (), **keys: Any) -> str:
        """Start a task, in security groups; its ARN."""
        found = self.client.run_task(
            cluster=self.name,
            taskDefinition=definition,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": list(groups)}},
            **keys,
        )
        return str(found["tasks"][0]["taskArn"])

    def serve(self, name: str, definition: str, count: int = 1, **keys: Any) -> None:
        """Make a service; do not wait for it."""
        rollback = {"enable": True, "rollback": True}
        self.client.create_service(
            cluster=self.name, serviceName=name, taskDefinition=definition, desiredCount=count, launchType="FARGATE",
            networkConfiguration=self.network,
            deploymentConfiguration={"deploymentCircuitBreaker": rollback}, **keys,
        )  # fmt: skip

    def service(self, name: str) -> dict[str, Any]:
        (found,) = self.client.describe_services(cluster=self.name, services=[name])["services"]
        return dict(found)

    def rolled_out(self, name: str) -> dict[str, Any]:
        """The service's newest deployment, once it has ended; a rolled back one is not the newest any more."""
        return dict(until(lambda: self._ended(name)))

    def _ended(self, name: str) -> dict[str, Any] | None:
        found = self.service(name)
        (primary,) = [each for each in found["deployments"] if each["status"] == "PRIMARY"]
        return None if primary["rolloutState"] == "IN_PROGRESS" else primary

    def task(self, arn: str) -> dict[str, Any]:
        (found,) = self.client.describe_tasks(cluster=self.name, tasks=[arn])["tasks"]
        return dict(found)

    def running(self, arn: str) -> dict[str, Any]:
        """The task, once it runs."""
        until(lambda: self.task(arn)["lastStatus"] in {"RUNNING", "STOPPED"})
        found = self.task(arn)
        assert found["lastStatus"] == "RUNNING", found["stoppedReason"]
        return found

    def stopped(self, arn: str) -> dict[str, Any]:
        """The task, once it has stopped."""
        until(lambda: self.task(arn)["lastStatus"] == "STOPPED")
        return self.task(arn)

    def tasks(self, service: str) -> list[str]:
        """The ARNs of the running tasks of a service."""
        found = self.client.list_tasks(cluster=self.name, serviceName=service)["taskArns"]
        return [arn for arn in found if self.task(arn)["lastStatus"] == "RUNNING"]

    def exit_codes(self, arn: str) -> dict[str, int | None]:
        return {each["name"]: each.get("exitCode") for each in self.task(arn)["containers"]}

    def address(self, arn: str) -> str:
        details = self.task(arn)["attachments"][0]["details"]
        return next(each["value"] for each in details if each["name"] == "privateIPv4Address")

    def containers(self, arn: str, name: str) -> list[Any]:
        labels = [f"{_TASK}={arn}", f"{_CONTAINER}={name}"]
        return list(self.engine.containers.list(filters={"label": labels}))

    def inside(self, arn: str, name: str, script: str) -> str:
        """What a shell script says in a container; it has to end with 0."""
        (found,) = self.containers(arn, name)
        code, output = found.exec_run(["sh", "-c", script])
        assert code == 0, output
        return str(output.decode()).strip()

    def remove(self) -> None:
        for arn in self.client.list_services(cluster=self.name)["serviceArns"]:
            self.client.delete_service(cluster=self.name, service=arn, force=True)
        for arn in self.client.list_tasks(cluster=self.name)["taskArns"]:
            self.client.stop_task(cluster=self.name, task=arn)
        self.client.delete_cluster(cluster=self.name)
        self.engine.close()
