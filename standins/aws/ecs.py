"""Clusters and task definitions: after `cluster*.go` and `task_definition*.go` in terraform-provider-aws' `ecs`."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

from standins.aws import containers, model
from standins.aws.documents import alike
from standins.aws.kind import Act, Kind, Look, Request
from standins.resource import Call, State
from standins.tables import inputs, known, longest
from standins.traits import Trait
from standins.values import UNKNOWN, Properties, Value

_NAME: Final = r"[a-zA-Z0-9_-]+"
GIB: Final = 1024
SIZES: Final[Mapping[int, tuple[int, int, int]]] = {
    512: (GIB, 4 * GIB, GIB),
    1024: (2 * GIB, 8 * GIB, GIB),
    2048: (4 * GIB, 16 * GIB, GIB),
    4096: (8 * GIB, 30 * GIB, GIB),
    8192: (16 * GIB, 60 * GIB, 4 * GIB),
    16384: (32 * GIB, 120 * GIB, 8 * GIB),
}
"""Units of CPU -> least and most MiB, and the step between, on Fargate; 256 units have a list
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html)."""
SMALLEST: Final = {256: (512, GIB, 2 * GIB)}


class Cluster(Kind):
    """`ecs.Cluster`."""

    token = "aws:ecs/cluster:Cluster"  # noqa: S105 - a type token
    service = "ecs"
    creates = "CreateCluster"
    identity = "cluster.clusterArn"
    look = Look("DescribeClusters", "clusters", "clusters[?status!='INACTIVE']|[0]")
    removes = Act("DeleteCluster", "cluster")
    updates = Act("UpdateCluster", "cluster")
    spelled: ClassVar = {"name": "clusterName"}
    traits = inputs(
        in_place="configuration serviceConnectDefaults settings tags",
        replaces="name",
        computed="settings",
        name=Trait(computed=True, rule=longest(255, _NAME)),
    )
    outputs: ClassVar = {"arn": "clusterArn", "name": "clusterName"}


class ClusterCapacityProviders(Kind):
    """`ecs.ClusterCapacityProviders`: of a cluster that is there."""

    token = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"  # noqa: S105 - a type token
    service = "ecs"
    autonamed = False
    creates = "PutClusterCapacityProviders"
    identity = "input.clusterName"
    look = Look("DescribeClusters", "clusters", "clusters[?status!='INACTIVE']|[0]")
    spelled: ClassVar = {"clusterName": "cluster"}
    traits = inputs(
        in_place="capacityProviders defaultCapacityProviderStrategies",
        replaces="clusterName",
        unordered="capacityProviders defaultCapacityProviderStrategies",
        clusterName=Trait(),
    )

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """Both lists are wanted, empty or not."""
        for request in super().requests(inputs):
            empty: Properties = {"capacityProviders": [], "defaultCapacityProviderStrategy": []}
            yield Request(request.service, request.operation, {**empty, **request.given})

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """See `Kind`."""
        for request in self.requests(inputs):
            self._sent(call, request)

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """The cluster keeps none."""
        if self.found(call.client, identity, known) is not None:
            self.change(call, identity, known, {"clusterName": identity}, set())


def _decoded(text: Value) -> Value:
    """The containers of a task definition; the model refuses what is no list."""
    if text is UNKNOWN:
        return text
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return text


class TaskDefinition(Kind):
    """`ecs.TaskDefinition`: every change is a new revision."""

    token = "aws:ecs/taskDefinition:TaskDefinition"  # noqa: S105 - a type token
    service = "ecs"
    autonamed = False
    creates = "RegisterTaskDefinition"
    identity = "taskDefinition.family"
    look = Look("DescribeTaskDefinition", "taskDefinition", "taskDefinition")
    removes = Act("DeregisterTaskDefinition", "taskDefinition")
    apart = frozenset({"containerDefinitions", "skipDestroy", "trackLatest"})
    traits = inputs(
        in_place="skipDestroy tags trackLatest",
        replaces="cpu ephemeralStorage executionRoleArn family ipcMode memory networkMode pidMode runtimePlatform "
        "requiresCompatibilities taskRoleArn volumes",
        computed="networkMode",
        unordered="requiresCompatibilities volumes",
        family=Trait(rule=longest(255, _NAME)),
        containerDefinitions=Trait(alike=alike),
    )
    outputs: ClassVar = {"arn": "taskDefinitionArn", "revision": "revision"}

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """See `Kind`."""
        for request in super().requests(inputs):
            decoded = _decoded(inputs.get("containerDefinitions"))
            yield Request(request.service, request.operation, {**request.given, "containerDefinitions": decoded})

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        decoded = _decoded(inputs.get("containerDefinitions"))
        wanted = inputs.get("requiresCompatibilities")
        on_fargate = isinstance(wanted, list) and "FARGATE" in wanted
        if _are_containers(decoded):
            volumes = _names(inputs.get("volumes") or [])
            yield from containers.wrong(inputs, decoded, volumes, on_fargate=on_fargate)
        if on_fargate:
            yield from _on_fargate(inputs)

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:
        """See `Kind`."""
        return {act.member: known.get("arn") or identity}

    def found(self, cloud: Any, identity: str, known: Properties) -> Properties | None:
        """See `Kind`."""
        found = super().found(cloud, identity, known)
        return None if found is None or found.get("status") == "INACTIVE" else found

    def create(self, call: Call, inputs: Properties) -> State:
        """The family tells the newest revision, which is the one that was just made."""
        made = super().create(call, inputs)
        whole = str(made.outputs["arn"]).rpartition(":")[0]
        return State(made.id, {**made.outputs, "arnWithoutRevision": whole})


def _are_containers(decoded: Value) -> bool:
    """Whether the model takes them: what it refuses has been said."""
    wanted = model.shape("ecs", "ContainerDefinitions")
    return isinstance(decoded, list) and not any(model.problems(wanted, decoded))


def _names(volumes: Value) -> set[str] | None:
    """The names of volumes; None: they are not known yet."""
    if not isinstance(volumes, list) or UNKNOWN in volumes:
        return None
    names = {each.get("name") for each in volumes}
    return None if UNKNOWN in names else names


def _on_fargate(inputs: Properties) -> Iterator[tuple[str, str]]:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html."""
    if inputs.get("networkMode") != "awsvpc":
        yield "networkMode", "must be awsvpc on Fargate"
    if inputs.get("ipcMode") is not None:
        yield "ipcMode", "is not on Fargate"
    if inputs.get("pidMode") not in (None, UNKNOWN, "task"):
        yield "pidMode", f"{inputs['pidMode']!r} is not on Fargate, only 'task'"
    for name in ("cpu", "memory"):
        if inputs.get(name) is None:
            yield name, "is required on Fargate"
    cpu, memory = inputs.get("cpu"), inputs.get("memory")
    if known(cpu) and known(memory) and not _fits(str(cpu), str(memory)):
        yield "memory", f"{memory} MiB with {cpu} units of CPU is no size that Fargate has"
    volumes: Any = inputs.get("volumes") or []
    for place, each in enumerate(volumes if isinstance(volumes, list) else []):
        if isinstance(each, Mapping) and each.get("dockerVolumeConfiguration") is not None:
            yield f"volumes[{place}].dockerVolumeConfiguration", "is not on Fargate"


def _fits(cpu: str, memory: str) -> bool:
    if not (cpu.isdecimal() and memory.isdecimal()):
        return False
    units, size = int(cpu), int(memory)
    if units in SMALLEST:
        return size in SMALLEST[units]
    least, most, step = SIZES.get(units, (1, 0, 1))
    return least <= size <= most and (size - least) % step == 0


def shaped(operation: str, inputs: Properties, spelled: model.Spelled) -> Properties:
    """What goes into a call of ECS."""
    return model.body(model.operation("ecs", operation), inputs, spelled)
