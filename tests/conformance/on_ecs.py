"""The target ecs, on the tests' own AWS (`tests/aws`).

What holds here is shown of Slipway's half, and of a Fargate that `tests/aws/cloud` is: not of AWS itself. Nothing here
proves that the permissions of a role suffice, that a security group lets through what it should, or that a load
balancer finds its targets healthy.
"""

import contextlib
import json
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import botocore.exceptions
import docker
from aws import start
from on_target import OnTarget

_ADDRESSES = "10.0.0.0/16"
_SUBNETS = {"a": "10.0.0.0/20", "b": "10.0.16.0/20"}


class Cluster(NamedTuple):
    """An ECS cluster with a network.

    Attributes:
        cloud: where it is.
        existing: the block of the stack's config that names it.
    """

    cloud: start.Cloud
    existing: dict[str, Any]

    @classmethod
    def make(cls, cloud: start.Cloud, name: str) -> "Cluster":
        """Make one, by the API alone."""
        ec2, ecs = (boto3.client(service, region_name=start.REGION) for service in ("ec2", "ecs"))
        vpc = ec2.create_vpc(CidrBlock=_ADDRESSES)["Vpc"]["VpcId"]
        subnets = {
            f"{start.REGION}{zone}": ec2.create_subnet(
                VpcId=vpc, CidrBlock=addresses, AvailabilityZone=f"{start.REGION}{zone}"
            )["Subnet"]["SubnetId"]
            for zone, addresses in _SUBNETS.items()
        }
        arn = ecs.create_cluster(clusterName=name)["cluster"]["clusterArn"]
        return cls(cloud, {"cluster": arn, "vpc": vpc, "subnets": subnets, "publicSubnets": subnets})


class OnEcs(OnTarget):
    """An application on a cluster.

    Attributes:
        options: of `slipway:ecs`.
    """

    target = "ecs"
    many = 10

    def __init__(self, folder: Path, image: str, cluster: Cluster) -> None:
        super().__init__(folder, image)
        self.cluster = cluster
        self.engine = docker.from_env()
        self.ecs, self.balancers, self.efs = (
            boto3.client(service, region_name=start.REGION) for service in ("ecs", "elbv2", "efs")
        )
        self.options: dict[str, Any] = {"initImage": image}

    def settings(self) -> dict[str, Any]:
        return {"slipway:cluster": {"existing": self.cluster.existing}, "slipway:ecs": self.options}

    @property
    def arn(self) -> str:
        """Of the cluster."""
        return str(self.cluster.existing["cluster"])

    def ecs_service(self, service: str) -> dict[str, Any] | None:
        """What AWS says of a service; None: there is none that is wanted."""
        answer = self.ecs.describe_services(cluster=self.arn, services=[f"{self.name}-{service}"], include=["TAGS"])
        return next((each for each in answer["services"] if each["status"] == "ACTIVE"), None)

    def tasks(self, service: str) -> list[dict[str, Any]]:
        """The tasks of a service that run, oldest first."""
        if self.ecs_service(service) is None:
            return []
        arns = self.ecs.list_tasks(cluster=self.arn, serviceName=f"{self.name}-{service}")["taskArns"]
        found = self.ecs.describe_tasks(cluster=self.arn, tasks=arns)["tasks"] if arns else []
        running = [each for each in found if each["lastStatus"] == "RUNNING"]
        return sorted(running, key=lambda each: (each["createdAt"], each["taskArn"]))

    def run(self, service: str, *command: str) -> str:
        while True:
            self.until(lambda: bool(self.tasks(service)))
            task = self.tasks(service)[0]["taskArn"]
            labels = [f"com.amazonaws.ecs.task-arn={task}", f"com.amazonaws.ecs.container-name={service}"]
            with contextlib.suppress(docker.errors.APIError):  # it was on its way out
                for container in self.engine.containers.list(filters={"label": labels}):
                    code, output = container.exec_run(list(command))
                    assert code == 0, output
                    return str(output.decode()).strip()

    def running(self, service: str) -> dict[str, float]:
        return {each["taskArn"]: each["createdAt"].timestamp() for each in self.tasks(service)}

    def exists(self, service: str) -> bool:
        return self.ecs_service(service) is not None

    def remove_one(self, service: str) -> None:
        self.ecs.delete_service(cluster=self.arn, service=f"{self.name}-{service}", force=True)

    def outside(self, service: str, port: int) -> str:
        for balancer in self.balancers.describe_load_balancers()["LoadBalancers"]:
            (tags,) = self.balancers.describe_tags(ResourceArns=[balancer["LoadBalancerArn"]])["TagDescriptions"]
            if {"Key": "slipway:application", "Value": self.name} in tags["Tags"]:
                listeners = self.balancers.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
                return next(f"{balancer['DNSName']}:{each['Port']}" for each in listeners if self._leads(each, port))
        raise AssertionError(f"no load balancer for {service}")

    def _leads(self, listener: dict[str, Any], port: int) -> bool:
        group = listener["DefaultActions"][0]["TargetGroupArn"]
        (found,) = self.balancers.describe_target_groups(TargetGroupArns=[group])["TargetGroups"]
        return bool(found["Port"] == port)

    def shown(self, service: str) -> str:
        found = self.ecs_service(service) or {}
        definition = self.ecs.describe_task_definition(taskDefinition=found["taskDefinition"])
        return json.dumps([found, definition, self.tasks(service)], default=str)

    def remove(self) -> None:
        """Only what runs: the cloud ends with the tests."""
        for arn in self.ecs.list_services(cluster=self.arn)["serviceArns"]:
            if arn.rsplit("/", 1)[-1].startswith(f"{self.name}-"):
                self.ecs.delete_service(cluster=self.arn, service=arn, force=True)
        for arn in self.ecs.list_tasks(cluster=self.arn)["taskArns"]:
            with contextlib.suppress(botocore.exceptions.ClientError):
                (task,) = self.ecs.describe_tasks(cluster=self.arn, tasks=[arn])["tasks"]
                if f"/{self.name}-" in task["taskDefinitionArn"]:
                    self.ecs.stop_task(cluster=self.arn, task=arn)
        self.engine.close()
