"""The part of `make bench` about ECS: what declaring takes under mocks, and what the sample application is on AWS.

- `declare`: 10, 100 and 1,000 services in processor seconds, against a program written by hand on the provider's SDK
  which declares the same resources with the same inputs and the same order. It reads no file. AWS calls a rolled-back
  update done, so Slipway asks afterwards which task definition runs: the `plain` peer does not, the `careful` one does.
  Modules are loaded before the clock starts, on all sides;
- how many resources the sample has, how many one more service has, and what the sample costs in a month when nobody
  uses it, by the list prices of `PRICES`, each with the day and the page that it was looked up on.
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.targets.init_script import SCRIPT
from components.testing import Recorded, Recording, record
from tests.bench_clouds import HOURS, IMAGE, REMEMBERED, Cloud, Price, main

ACCOUNT, REGION = "123456789012", "eu-central-1"
CLUSTER = f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/main"
EXISTING = {
    "cluster": CLUSTER,
    "vpc": "vpc-1",
    "subnets": ["subnet-a", "subnet-b"],
    "publicSubnets": ["subnet-c", "subnet-d"],
}
SETTINGS: Mapping[str, Any] = {"target": "ecs", "cluster": {"existing": EXISTING}}
LOGS = "/slipway/main/bench"

PRICES: Mapping[str, Price] = {
    # 0.000011244 a second
    "vCPU of a task": Price(0.04048 * HOURS, "2026-09-20", "https://aws.amazon.com/ecs/pricing/"),
    # AWS' own page shows it to a browser alone
    "GiB of a task": Price(0.004445 * HOURS, "2026-03-10", "https://www.wring.co/blog/aws-fargate-pricing-guide"),
    # what was seen there is that of an application load balancer, which is the same
    "load balancer": Price(0.0225 * HOURS, REMEMBERED, "https://aws.amazon.com/elasticloadbalancing/pricing/"),
    "public address": Price(0.005 * HOURS, "2026-07-17", "https://github.com/LeanerCloud/aws-ipv4-cost-viewer"),
    "cache.t4g.micro of Valkey": Price(0.0128 * HOURS, REMEMBERED, "https://aws.amazon.com/elasticache/pricing/"),
    "secret": Price(0.40, "2026-09-20", "https://aws.amazon.com/secrets-manager/pricing/"),
    "private zone": Price(0.50, "2026-09-20", "https://aws.amazon.com/route53/pricing/"),
}
"""In us-east-1. What is paid by use alone (EFS, logs, requests) is not in it."""


# --- ours and the peer's ---------------------------------------------------------------------------------------------


def ours(file: str) -> Recording:
    """What Slipway declares."""
    return record({"compose": [file], **SETTINGS})


def by_hand(size: int, *, is_careful: bool = False) -> Recording:
    """What the peer declares."""
    return record(lambda: declare(size, is_careful=is_careful))


def declare(size: int, *, is_careful: bool = False) -> None:
    """The peer: loops over plain values.

    Args:
        size: how many services.
        is_careful: whether it asks for each which task definition runs.
    """
    options = pulumi.ResourceOptions(provider=aws.Provider("app-aws", region=REGION))
    shared = {"slipway:stack": "organization/project/stack", "slipway:application": "bench"}
    group = aws.ec2.SecurityGroup(
        "app-network-default",
        vpc_id="vpc-1",
        description="on the network default of bench",
        tags=shared,
        opts=options,
    )
    logs = aws.cloudwatch.LogGroup("app-logs", name=LOGS, retention_in_days=30, tags=shared, opts=options)
    namespace = aws.servicediscovery.PrivateDnsNamespace(
        "app-discovery", name="bench.internal", vpc="vpc-1", tags=shared, opts=options
    )
    for number in range(size):
        task, service = _service(f"s{number}", group, logs, namespace, options)
        if is_careful:
            invoked = pulumi.InvokeOutputOptions(provider=options.provider)
            found = aws.ecs.get_service_output(service_name=service.name, cluster_arn=CLUSTER, opts=invoked)
            pulumi.Output.all(task.arn, found.task_definition).apply(_refuse_other)


def _refuse_other(arns: list[str]) -> None:
    asked, running = arns
    if running != asked:
        raise pulumi.RunError(f"{running} runs, not {asked}")


def _service(name: str, group: Any, logs: Any, namespace: Any, options: pulumi.ResourceOptions) -> tuple[Any, Any]:
    tags = {
        "slipway:stack": "organization/project/stack",
        "slipway:application": "bench",
        "slipway:service": name,
    }
    own = aws.ec2.SecurityGroup(f"app-{name}", vpc_id="vpc-1", description=f"{name} of bench", tags=tags, opts=options)
    rules = [
        aws.vpc.SecurityGroupEgressRule(
            f"app-{name}-to-world",
            security_group_id=own.id,
            cidr_ipv4="0.0.0.0/0",
            ip_protocol="-1",
            tags=tags,
            opts=options,
        ),
        aws.vpc.SecurityGroupIngressRule(
            f"app-{name}-from-network-default-80",
            security_group_id=own.id,
            referenced_security_group_id=group.id,
            ip_protocol="tcp",
            from_port=80,
            to_port=80,
            tags=tags,
            opts=options,
        ),
    ]
    role = aws.iam.Role(
        f"app-{name}-execution",
        description=f"execution of {name} in bench",
        assume_role_policy=json.dumps(_trust(), sort_keys=True),
        tags=tags,
        opts=options,
    )
    policy = aws.iam.RolePolicy(
        f"app-{name}-execution",
        role=role.name,
        policy=json.dumps(_write(LOGS), sort_keys=True),
        opts=options,
    )
    names = aws.servicediscovery.Service(
        f"app-{name}",
        name=name,
        dns_config={
            "namespace_id": namespace.id,
            "dns_records": [{"type": "A", "ttl": 10}],
            "routing_policy": "MULTIVALUE",
        },
        health_check_custom_config={"failure_threshold": 1},
        force_destroy=True,
        tags=tags,
        opts=options,
    )
    task = aws.ecs.TaskDefinition(
        f"app-{name}",
        family=f"bench-{name}",
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        cpu="256",
        memory="512",
        runtime_platform={"cpu_architecture": "X86_64", "operating_system_family": "LINUX"},
        execution_role_arn=role.arn,
        container_definitions=logs.name.apply(lambda found: json.dumps(_containers(name, found), sort_keys=True)),
        tags=tags,
        opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=[policy])),
    )
    service = aws.ecs.Service(
        f"app-{name}",
        name=f"bench-{name}",
        cluster=CLUSTER,
        task_definition=task.arn,
        desired_count=1,
        launch_type="FARGATE",
        network_configuration={
            "subnets": ["subnet-a", "subnet-b"],
            "security_groups": [own.id, group.id],
            "assign_public_ip": False,
        },
        deployment_minimum_healthy_percent=100,
        deployment_maximum_percent=200,
        deployment_circuit_breaker={"enable": True, "rollback": True},
        availability_zone_rebalancing="ENABLED",
        service_registries={"registry_arn": names.arn},
        enable_ecs_managed_tags=True,
        propagate_tags="SERVICE",
        wait_for_steady_state=True,
        tags=tags,
        opts=pulumi.ResourceOptions.merge(
            options, pulumi.ResourceOptions(depends_on=rules, delete_before_replace=True)
        ),
    )
    return task, service


def _trust() -> dict[str, Any]:
    condition = {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:*"},
    }
    principal = {"Service": "ecs-tasks.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _write(group: str) -> dict[str, Any]:
    resource = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:log-stream:bench/*"
    actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": resource}]}


def _containers(name: str, group: str) -> list[dict[str, Any]]:
    options = {
        "awslogs-group": group,
        "awslogs-region": REGION,
        "awslogs-stream-prefix": "bench",
        "mode": "non-blocking",
        "max-buffer-size": "25m",
    }
    log = {"logDriver": "awslogs", "options": options}
    own = {
        "name": name,
        "image": IMAGE,
        "essential": True,
        "command": ["sleep", "infinity"],
        "environment": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
        "dependsOn": [{"containerName": "slipway-init", "condition": "SUCCESS"}],
        "portMappings": [{"containerPort": 80, "protocol": "tcp"}],
        "logConfiguration": log,
        "stopTimeout": 10,
    }
    init = {
        "name": "slipway-init",
        "image": "public.ecr.aws/docker/library/busybox:1.37",
        "essential": False,
        "user": "0",
        "entryPoint": ["sh", "-c"],
        "command": [SCRIPT],
        "environment": [{"name": "SLIPWAY_SEARCH", "value": "bench.internal"}],
        "logConfiguration": log,
    }
    return [own, init]


# --- what is measured ------------------------------------------------------------------------------------------------


def cost(own: Sequence[Recorded]) -> Mapping[str, float]:
    """What -> how much of it the application has; see `PRICES`."""
    count = Counter(each.type.rpartition(":")[2] for each in own)
    tasks = {each.name: each.inputs for each in own if each.type == "aws:ecs/taskDefinition:TaskDefinition"}
    running = {each.name: each.inputs for each in own if each.type == "aws:ecs/service:Service"}
    balancers = [each.inputs for each in own if each.type == "aws:lb/loadBalancer:LoadBalancer"]
    caches = [each.inputs for each in own if each.type == "aws:elasticache/replicationGroup:ReplicationGroup"]
    wanted = {name: each["desiredCount"] for name, each in running.items()}
    return {
        "vCPU of a task": sum(number * int(tasks[name]["cpu"]) / 1024 for name, number in wanted.items()),
        "GiB of a task": sum(number * int(tasks[name]["memory"]) / 1024 for name, number in wanted.items()),
        "load balancer": count["LoadBalancer"],
        "public address": sum(len(each["subnets"]) for each in balancers if not each.get("internal")),
        **{f"{each['nodeType']} of Valkey": each["numCacheClusters"] for each in caches},
        "secret": count["Secret"],
        "private zone": count["PrivateDnsNamespace"],
    }


CLOUD = Cloud(
    name="AWS",
    module="tests.bench_ecs",
    kinds="aws:",
    region="us-east-1",
    settings=SETTINGS,
    sides={
        "ours": ours,
        "plain": lambda size: by_hand(int(size)),
        "careful": lambda size: by_hand(int(size), is_careful=True),
    },
    prices=PRICES,
    cost=cost,
)

if __name__ == "__main__":
    main(CLOUD, sys.argv[1:])
