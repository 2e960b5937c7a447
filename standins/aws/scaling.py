"""How many tasks, by load and by the clock: after `appautoscaling/{target,policy}.go` and `scheduler/schedule.go`."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from standins.aws.kind import Act, Kind, Look, Request, prefix
from standins.resource import Call, StandinError
from standins.tables import inputs, longest
from standins.traits import Trait
from standins.values import Properties

_OF: Final = ("serviceNamespace", "resourceId", "scalableDimension")


class Scaled(Kind):
    """A kind of Application Auto Scaling, which knows things by what is scaled."""

    service = "application-autoscaling"

    def named_by(self, known: Properties) -> Properties:
        """What is scaled."""
        return {f"{name[0].upper()}{name[1:]}": known.get(name) for name in _OF}

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """The call that makes it changes it too."""
        for request in self.requests({name: value for name, value in inputs.items() if name != "tags"}):
            self._sent(call, request)


class Target(Scaled):
    """`appautoscaling.Target`."""

    token = "aws:appautoscaling/target:Target"  # noqa: S105 - a type token
    autonamed = False
    creates = "RegisterScalableTarget"
    identity = "input.resourceId"
    look = Look("DescribeScalableTargets", "ResourceIds", "ScalableTargets[0]")
    removes = Act("DeregisterScalableTarget", "ResourceId")
    traits = inputs(
        in_place="maxCapacity minCapacity roleArn suspendedState tags",
        replaces="resourceId scalableDimension serviceNamespace",
        computed="roleArn suspendedState",
    )
    outputs: ClassVar = {"arn": "ScalableTargetARN", "roleArn": "RoleARN"}

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:
        """See `Kind`."""
        if isinstance(act, Look):
            return {"ServiceNamespace": known.get("serviceNamespace"), "ResourceIds": [identity]}
        return self.named_by(known)


class Policy(Scaled):
    """`appautoscaling.Policy`: one that keeps a load where it is wanted."""

    token = "aws:appautoscaling/policy:Policy"  # noqa: S105 - a type token
    creates = "PutScalingPolicy"
    identity = "input.name"
    look = Look("DescribeScalingPolicies", "PolicyNames", "ScalingPolicies[0]")
    removes = Act("DeleteScalingPolicy", "PolicyName")
    spelled: ClassVar = {"name": "PolicyName"}
    traits = inputs(
        in_place="targetTrackingScalingPolicyConfiguration",
        policyType=Trait(default="StepScaling", in_place=True),
        replaces="name resourceId scalableDimension serviceNamespace",
        name=Trait(rule=longest(255)),
    )
    outputs: ClassVar = {"arn": "PolicyARN"}

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:
        """See `Kind`."""
        of = self.named_by(known)
        return {**of, "PolicyNames": [identity]} if isinstance(act, Look) else {**of, "PolicyName": identity}


class Schedule(Kind):
    """`scheduler.Schedule`: a task of ECS, by the clock."""

    token = "aws:scheduler/schedule:Schedule"  # noqa: S105 - a type token
    service = "scheduler"
    creates = "CreateSchedule"
    identity = "join('/', [input.groupName || 'default', input.name])"
    look = Look("GetSchedule", "Name", "@")
    removes = Act("DeleteSchedule", "Name")
    traits = inputs(
        in_place="description flexibleTimeWindow kmsKeyArn scheduleExpression scheduleExpressionTimezone state target",
        replaces="groupName",
        computed="groupName",
        namePrefix=prefix(64),
        name=Trait(computed=True, rule=longest(64, r"[0-9a-zA-Z-_.]+")),
        scheduleExpressionTimezone=Trait(default="UTC", in_place=True),
        state=Trait(default="ENABLED", in_place=True),
    )
    outputs: ClassVar = {"arn": "Arn", "groupName": "GroupName", "name": "Name"}

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:  # noqa: ARG002
        """Its ID is its group and its name.

        Raises:
            StandinError: the ID is not of that form.
        """
        group, slash, name = identity.partition("/")
        if not slash:
            raise StandinError(f"{identity}: the ID of a schedule is its group and its name, like default/{identity}")
        return {act.member: name, "GroupName": group}

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """The network of a task is one object less deep to the provider."""
        yield from super().requests(_nested(inputs))

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:  # noqa: ARG002
        """It is written anew, whole."""
        group, _, name = identity.partition("/")
        request = next(self.requests({**inputs, "name": name, "groupName": group}))
        self._sent(call, Request("scheduler", "UpdateSchedule", request.given))


def _nested(inputs: Properties) -> Properties:
    target: Any = inputs.get("target")
    task: Any = target.get("ecsParameters") if isinstance(target, dict) else None
    network: Any = task.get("networkConfiguration") if isinstance(task, dict) else None
    if not isinstance(network, dict):
        return inputs
    public = network.get("assignPublicIp")
    word = {True: "ENABLED", False: "DISABLED", None: "DISABLED"}.get(public, public)
    nested = {"awsvpcConfiguration": {**network, "assignPublicIp": word}}
    return {**inputs, "target": {**target, "ecsParameters": {**task, "networkConfiguration": nested}}}
