"""What ECS refuses of a task definition, and so the aws stand-in at Check, word by word; no cloud.

What this does not prove: that ECS refuses nothing else. The rules are those that its pages tell, each with its page or
with the thread that has AWS' own words in `standins/aws/containers.py`.
"""

import json

import pytest

from standins.values import UNKNOWN

TASK = "aws:ecs/taskDefinition:TaskDefinition"
ROLE = "arn:aws:iam::123456789012:role/execution"
APP = {"name": "app", "image": "debian"}
STEP = {"name": "step", "image": "debian", "essential": False}
CHECK = {"command": ["CMD", "true"], "interval": 30, "timeout": 5, "retries": 3, "startPeriod": 0}


def task(*containers, **more):
    given = {
        "family": "app",
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": "256",
        "memory": "512",
        "executionRoleArn": ROLE,
        "containerDefinitions": json.dumps(containers or [APP]),
        **more,
    }
    return {name: value for name, value in given.items() if value is not None}


def waits(container, other, condition="START"):
    return {**container, "dependsOn": [{"containerName": other, "condition": condition}]}


ALONE = [
    ({"privileged": True}, "privileged: is not on Fargate"),
    ({"links": ["db"]}, "links: is not on Fargate"),
    ({"hostname": "a"}, "hostname: is not on Fargate"),
    ({"dnsServers": ["10.0.0.2"]}, "dnsServers: is not on Fargate"),
    ({"dnsSearchDomains": ["a"]}, "dnsSearchDomains: is not on Fargate"),
    ({"dockerSecurityOptions": ["a"]}, "dockerSecurityOptions: is not on Fargate"),
    ({"disableNetworking": True}, "disableNetworking: is not on Fargate"),
    ({"extraHosts": [{"hostname": "a", "ipAddress": "10.0.0.1"}]}, "extraHosts: is not on Fargate"),
    ({"linuxParameters": {"devices": [{"hostPath": "/dev/a"}]}}, "linuxParameters.devices: is not on Fargate"),
    ({"linuxParameters": {"sharedMemorySize": 64}}, "linuxParameters.sharedMemorySize: is not on Fargate"),
    ({"linuxParameters": {"maxSwap": 1}}, "linuxParameters.maxSwap: is not on Fargate"),
    ({"linuxParameters": {"swappiness": 1}}, "linuxParameters.swappiness: is not on Fargate"),
    (
        {"linuxParameters": {"capabilities": {"add": ["NET_ADMIN", "SYS_PTRACE"]}}},
        "linuxParameters.capabilities.add: 'NET_ADMIN' is not one of SYS_PTRACE",
    ),
    (
        {"resourceRequirements": [{"type": "GPU", "value": "1"}]},
        "resourceRequirements: there is no GPU on Fargate",
    ),
    ({"stopTimeout": 121}, "stopTimeout: 121 is not within 2 and 120"),
    ({"stopTimeout": 1}, "stopTimeout: 1 is not within 2 and 120"),
    ({"startTimeout": 0}, "startTimeout: 0 is not within 2 and 120"),
    (
        {"portMappings": [{"containerPort": 80, "hostPort": 8080}]},
        "portMappings: hostPort 8080 is not containerPort 80",
    ),
    ({"healthCheck": {**CHECK, "interval": 4}}, "healthCheck.interval: 4 is not within 5 and 300"),
    ({"healthCheck": {**CHECK, "timeout": 61}}, "healthCheck.timeout: 61 is not within 2 and 60"),
    ({"healthCheck": {**CHECK, "retries": 11}}, "healthCheck.retries: 11 is not within 1 and 10"),
    ({"healthCheck": {**CHECK, "startPeriod": 301}}, "healthCheck.startPeriod: 301 is not within 0 and 300"),
    (
        {"healthCheck": {**CHECK, "command": ["curl", "localhost"]}},
        "healthCheck.command: begins with 'curl', and not with CMD or CMD-SHELL",
    ),
    (
        {"environment": [{"name": "A", "value": "1"}], "secrets": [{"name": "A", "valueFrom": "arn:aws:ssm:a"}]},
        "secrets: 'A' is the name of another variable too",
    ),
    (
        {"secrets": [{"name": "A", "valueFrom": "arn:aws:ssm:a"}, {"name": "A", "valueFrom": "arn:aws:ssm:b"}]},
        "secrets: 'A' is the name of another variable too",
    ),
    (
        {"mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}]},
        "mountPoints: the task has no volume 'data'",
    ),
    (
        {"systemControls": [{"namespace": "vm.swappiness", "value": "1"}]},
        "systemControls: 'vm.swappiness' is no parameter of a container's own namespaces",
    ),
    ({"dependsOn": [{"containerName": "db", "condition": "START"}]}, "dependsOn: there is no container 'db'"),
]

TOGETHER = [
    ([APP, APP], {}, "containerDefinitions: two containers have the name 'app'"),
    ([STEP], {}, "containerDefinitions: no container is essential, and one has to be"),
    (
        [{**APP, "name": f"app{each}"} for each in range(11)],
        {},
        "containerDefinitions: 11 containers, and the most is 10",
    ),
    ([waits(APP, "app")], {}, "containerDefinitions: containers wait for each other in a circle: app -> app"),
    (
        [APP, waits({**APP, "name": "a"}, "b"), waits({**APP, "name": "b"}, "a")],
        {},
        "containerDefinitions: containers wait for each other in a circle: a -> b -> a",
    ),
    (
        [waits(APP, "db", "HEALTHY"), {**APP, "name": "db"}],
        {},
        "containerDefinitions[0].dependsOn: 'db' has no health check",
    ),
    (
        [waits(APP, "db", "SUCCESS"), {**APP, "name": "db"}],
        {},
        "containerDefinitions[0].dependsOn: 'db' is essential, and so cannot end before another starts",
    ),
    (
        [waits(APP, "db", "COMPLETE"), {**APP, "name": "db"}],
        {},
        "containerDefinitions[0].dependsOn: 'db' is essential, and so cannot end before another starts",
    ),
    (
        [{**APP, "cpu": 200}, {**STEP, "cpu": 57}],
        {},
        "cpu: the containers have 257 units together, and the task 256",
    ),
    ([{**APP, "memory": 513, "memoryReservation": 8}], {}, "memory: the container 'app' has 513 MiB, and the task 512"),
    (
        [{**APP, "memory": 500, "memoryReservation": 400}, {**STEP, "memory": 113}],
        {},
        "memory: 513 MiB are reserved for the containers together, and the task has 512",
    ),
    (
        [{**APP, "secrets": [{"name": "A", "valueFrom": "arn:aws:ssm:a"}]}],
        {"executionRoleArn": None},
        "executionRoleArn: is required, as containers have secrets",
    ),
    (
        [{**APP, "logConfiguration": {"logDriver": "awslogs"}}],
        {"executionRoleArn": None},
        "executionRoleArn: is required, as containers have logs",
    ),
    (
        [
            {
                **APP,
                "image": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/app",
                "repositoryCredentials": {"credentialsParameter": "arn:aws:secretsmanager:a"},
            }
        ],
        {"executionRoleArn": None},
        "executionRoleArn: is required, as containers have credentials of a registry, images of ECR",
    ),
    ([APP], {"networkMode": "bridge"}, "networkMode: must be awsvpc on Fargate"),
    ([APP], {"ipcMode": "task"}, "ipcMode: is not on Fargate"),
    ([APP], {"pidMode": "host"}, "pidMode: 'host' is not on Fargate, only 'task'"),
    ([APP], {"cpu": None}, "cpu: is required on Fargate"),
    ([APP], {"memory": None}, "memory: is required on Fargate"),
    ([APP], {"memory": "4096"}, "memory: 4096 MiB with 256 units of CPU is no size that Fargate has"),
    (
        [APP],
        {"volumes": [{"name": "a", "dockerVolumeConfiguration": {"scope": "task"}}]},
        "volumes[0].dockerVolumeConfiguration: is not on Fargate",
    ),
]

TAKEN = [
    {"linuxParameters": {"tmpfs": [{"containerPath": "/run", "size": 16}], "initProcessEnabled": True}},
    {"linuxParameters": {"capabilities": {"add": ["SYS_PTRACE"], "drop": ["ALL"]}}},
    {"portMappings": [{"containerPort": 80, "hostPort": 80}, {"containerPort": 81}]},
    {"stopTimeout": 120, "startTimeout": 2},
    {"healthCheck": CHECK},
    {"systemControls": [{"namespace": "net.core.somaxconn", "value": "1024"}]},
    {"secrets": [{"name": "A", "valueFrom": "arn:aws:ssm:a"}], "environment": [{"name": "B", "value": "1"}]},
    {"cpu": 256, "memory": 512},
]


@pytest.mark.parametrize(("given", "message"), ALONE, ids=[message for _, message in ALONE])
def test_what_fargate_has_not_of_a_container_is_refused_in_these_words(aws_plugin, given, message):
    assert aws_plugin.failures(TASK, task({**APP, **given})) == [f"containerDefinitions[0].{message}"]


@pytest.mark.parametrize(("containers", "more", "message"), TOGETHER, ids=[message for *_, message in TOGETHER])
def test_what_does_not_fit_together_is_refused_in_these_words(aws_plugin, containers, more, message):
    assert aws_plugin.failures(TASK, task(*containers, **more)) == [message]


def test_a_folder_of_the_host_is_refused(aws_plugin):
    (failure,) = aws_plugin.failures(TASK, task(volumes=[{"name": "a", "hostPath": "/srv"}]))
    assert failure.startswith("volumes[0].hostPath: no such member of Volume")


@pytest.mark.parametrize("given", TAKEN)
def test_what_fargate_has_is_taken(aws_plugin, given):
    assert aws_plugin.failures(TASK, task({**APP, **given})) == []


def test_a_container_may_wait_for_one_that_is_healthy_and_for_one_that_ends(aws_plugin):
    needs = [
        {"containerName": "db", "condition": "HEALTHY"},
        {"containerName": "step", "condition": "SUCCESS"},
    ]
    containers = [{**APP, "dependsOn": needs}, {**APP, "name": "db", "healthCheck": CHECK}, waits(STEP, "db")]
    assert aws_plugin.failures(TASK, task(*containers)) == []


def test_beyond_fargate_a_container_may_have_what_only_fargate_lacks(aws_plugin):
    on_ec2 = {**APP, "privileged": True, "memory": 64, "stopTimeout": 600}
    given = task(on_ec2, requiresCompatibilities=["EC2"], networkMode="bridge", cpu=None, memory=None)
    assert aws_plugin.failures(TASK, given) == []


@pytest.mark.parametrize("name", ["containerDefinitions", "executionRoleArn", "cpu", "memory", "volumes"])
def test_what_is_not_known_yet_is_taken_as_right(aws_plugin, name):
    mounted = {**APP, "mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}], "cpu": 256, "memory": 512}
    logged = {**mounted, "logConfiguration": {"logDriver": "awslogs"}}
    assert aws_plugin.failures(TASK, task(logged, **{"volumes": [{"name": "data"}], name: UNKNOWN})) == []


def test_what_the_model_refuses_is_told_by_the_model_alone(aws_plugin):
    assert aws_plugin.failures(TASK, task({"name": "app", "privileged": True, "cpu": "a"})) == [
        "containerDefinitions[0].cpu: must be a whole number, not 'a'"
    ]
