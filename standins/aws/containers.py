"""What ECS refuses of a task definition beyond its model, which says neither what Fargate lacks nor what fits together.

The rules are those of the API's reference, of which botocore's model has the texts, and of
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html. Where the words of AWS are
known, their source is beside the rule. Pure.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

Container = Mapping[str, Any]
Wrong = Iterator[tuple[str, str]]

MOST: Final = 10
"""Containers of a task (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html)."""
HEALTH: Final = {"interval": (5, 300), "timeout": (2, 60), "retries": (1, 10), "startPeriod": (0, 300)}
"""Seconds, and a count (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html)."""
TIMEOUTS: Final = (2, 120)
"""Seconds of `startTimeout` and `stopTimeout` on Fargate
(https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html)."""
LACKING: Final = (
    *("disableNetworking", "dnsSearchDomains", "dnsServers", "dockerSecurityOptions", "extraHosts", "hostname"),
    *("links", "privileged"),
)
"""What no container on Fargate has: the page above; `hostname` is not for the network mode awsvpc, which it always has
(https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html)."""
LACKING_LINUX: Final = ("devices", "maxSwap", "sharedMemorySize", "swappiness")
"""https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinuxParameters.html. It had `tmpfs` too until January
2026 (https://aws.amazon.com/about-aws/whats-new/2026/01/amazon-ecs-tmpfs-mounts-aws-fargate-managed-instances/)."""
CAPABILITIES: Final = ("SYS_PTRACE",)
"""https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html."""
SYSTEM_CONTROL: Final = re.compile(
    r"net\..+|fs\.mqueue\..+|kernel\.(msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)"
)
"""https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_SystemControl.html."""


def wrong(
    task: Mapping[str, Any], containers: Sequence[Container], volumes: Collection[str] | None, *, on_fargate: bool
) -> Wrong:
    """What is wrong with the containers: (path, what is wrong).

    Args:
        task: the other members of the task definition. What is not known yet is taken as right.
        containers: its `containerDefinitions`, in the API's names.
        volumes: the names of its volumes; None: they are not known yet.
        on_fargate: whether it has to be fit for Fargate.
    """
    yield from _together(containers)
    yield from _sums(task, containers)
    yield from _role(task, containers, on_fargate=on_fargate)
    for place, each in enumerate(containers):
        for path, what in _alone(each, containers, volumes, on_fargate=on_fargate):
            yield f"containerDefinitions[{place}].{path}", what


def _alone(
    found: Container, containers: Sequence[Container], volumes: Collection[str] | None, *, on_fargate: bool
) -> Wrong:
    yield from _needs(found, containers)
    yield from _health(found)
    yield from _variables(found)
    for point in found.get("mountPoints") or ():
        if volumes is not None and point.get("sourceVolume") not in volumes:
            yield "mountPoints", f"the task has no volume {point.get('sourceVolume')!r}"
    for each in found.get("systemControls") or ():
        if not SYSTEM_CONTROL.fullmatch(str(each.get("namespace"))):
            yield "systemControls", f"{each.get('namespace')!r} is no parameter of a container's own namespaces"
    if on_fargate:
        yield from _on_fargate(found)


# --- together --------------------------------------------------------------------------------------------------------


def _together(containers: Sequence[Container]) -> Wrong:
    names = [str(each.get("name")) for each in containers]
    for name in sorted({each for each in names if names.count(each) > 1}):
        yield "containerDefinitions", f"two containers have the name {name!r}"
    # "All tasks must have at least one essential container": API_ContainerDefinition
    if containers and not any(_essential(each) for each in containers):
        yield "containerDefinitions", "no container is essential, and one has to be"
    if len(containers) > MOST:
        yield "containerDefinitions", f"{len(containers)} containers, and the most is {MOST}"
    # no order would start them
    if ring := _ring(containers):
        yield "containerDefinitions", f"containers wait for each other in a circle: {' -> '.join(ring)}"


def _ring(containers: Sequence[Container]) -> list[str]:
    """Containers each of which waits for the next, and the last for the first; empty: there is no such circle."""
    waits = {str(each.get("name")): [_named(need) for need in each.get("dependsOn") or ()] for each in containers}
    done: set[str] = set()

    def walk(name: str, above: list[str]) -> list[str]:
        if name in above:
            return [*above[above.index(name) :], name]
        if name in done:
            return []
        found = next(filter(None, (walk(other, [*above, name]) for other in waits.get(name, ()))), [])
        done.add(name)
        return found

    return next(filter(None, (walk(name, []) for name in waits)), [])


def _sums(task: Mapping[str, Any], containers: Sequence[Container]) -> Wrong:
    cpu, memory = _number(task.get("cpu")), _number(task.get("memory"))
    asked = sum(each.get("cpu") or 0 for each in containers)
    # "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'": aws/aws-cdk#1553
    if cpu is not None and asked > cpu:
        yield "cpu", f"the containers have {asked} units together, and the task {cpu}"
    if memory is None:
        return
    # "The 'memory' setting for container 'worker' is greater than for the task": pulumi/pulumi-awsx#1220
    for each in containers:
        if (each.get("memory") or 0) > memory:
            yield "memory", f"the container {each.get('name')!r} has {each['memory']} MiB, and the task {memory}"
    # "The total amount of memory reserved for all containers": API_ContainerDefinition
    reserved = sum(each.get("memoryReservation") or each.get("memory") or 0 for each in containers)
    if reserved > memory:
        yield "memory", f"{reserved} MiB are reserved for the containers together, and the task has {memory}"


def _role(task: Mapping[str, Any], containers: Sequence[Container], *, on_fargate: bool) -> Wrong:
    """What the execution role is wanted for
    (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html).
    """  # noqa: D205 - one sentence
    if task.get("executionRoleArn") is not None:
        return
    logs = [each.get("logConfiguration") or {} for each in containers]
    wanted = {
        # "you must also specify a value for 'executionRoleArn'": hashicorp/terraform-provider-aws#6503
        "secrets": any(each.get("secrets") for each in containers) or any(each.get("secretOptions") for each in logs),
        # "requires that the task definition specify a value for executionRoleArn": sil-org/ecs-deploy#188
        "credentials of a registry": any(each.get("repositoryCredentials") for each in containers),
        "logs": on_fargate and any(each.get("logDriver") == "awslogs" for each in logs),
        "images of ECR": on_fargate and any(".dkr.ecr." in str(each.get("image")) for each in containers),
    }
    if reasons := [what for what, is_wanted in wanted.items() if is_wanted]:
        yield "executionRoleArn", f"is required, as containers have {', '.join(reasons)}"


# --- one by one ------------------------------------------------------------------------------------------------------


def _needs(found: Container, containers: Sequence[Container]) -> Wrong:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html."""
    by_name = {str(each.get("name")): each for each in containers}
    for need in found.get("dependsOn") or ():
        other, condition = by_name.get(_named(need)), need.get("condition")
        if other is None:
            yield "dependsOn", f"there is no container {_named(need)!r}"
        elif condition == "HEALTHY" and not other.get("healthCheck"):
            yield "dependsOn", f"{_named(need)!r} has no health check"
        # "with SUCCESS or COMPLETE condition cannot be an essential container": boto/boto3#2436
        elif condition in ("COMPLETE", "SUCCESS") and _essential(other):
            yield "dependsOn", f"{_named(need)!r} is essential, and so cannot end before another starts"


def _health(found: Container) -> Wrong:
    check = found.get("healthCheck") or {}
    command = check.get("command") or ()
    if command and command[0] not in ("CMD", "CMD-SHELL"):
        yield "healthCheck.command", f"begins with {command[0]!r}, and not with CMD or CMD-SHELL"
    for name, (least, most) in HEALTH.items():
        if check.get(name) is not None and not least <= check[name] <= most:
            yield f"healthCheck.{name}", f"{check[name]} is not within {least} and {most}"


def _variables(found: Container) -> Wrong:
    # "The secret name must be unique and not shared with any ... environment variables": dagster-io/dagster#11622
    plain = [str(each.get("name")) for each in found.get("environment") or ()]
    secret = [str(each.get("name")) for each in found.get("secrets") or ()]
    for name in sorted({each for each in secret if each in plain or secret.count(each) > 1}):
        yield "secrets", f"{name!r} is the name of another variable too"


def _on_fargate(found: Container) -> Wrong:
    for name in LACKING:
        if found.get(name):
            yield name, "is not on Fargate"
    yield from _linux(found.get("linuxParameters") or {})
    for each in found.get("resourceRequirements") or ():
        if each.get("type") == "GPU":
            yield "resourceRequirements", "there is no GPU on Fargate"
    for name in ("startTimeout", "stopTimeout"):
        if found.get(name) is not None and not TIMEOUTS[0] <= found[name] <= TIMEOUTS[1]:
            yield name, f"{found[name]} is not within {TIMEOUTS[0]} and {TIMEOUTS[1]}"
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
    for port in found.get("portMappings") or ():
        if port.get("hostPort") not in (None, 0, port.get("containerPort")):
            yield "portMappings", f"hostPort {port['hostPort']} is not containerPort {port.get('containerPort')}"


def _linux(found: Mapping[str, Any]) -> Wrong:
    for name in LACKING_LINUX:
        if found.get(name):
            yield f"linuxParameters.{name}", "is not on Fargate"
    for each in (found.get("capabilities") or {}).get("add") or ():
        if each not in CAPABILITIES:
            yield "linuxParameters.capabilities.add", f"{each!r} is not one of {', '.join(CAPABILITIES)}"


def _essential(found: Container) -> bool:
    return bool(found.get("essential", True))


def _named(need: Mapping[str, Any]) -> str:
    return str(need.get("containerName"))


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, str) and value.isdecimal() else None
