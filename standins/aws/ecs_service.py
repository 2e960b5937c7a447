"""Services: after `internal/service/ecs/service.go` of terraform-provider-aws."""

import time
from collections.abc import Iterator
from typing import Any, ClassVar, Final

from standins.aws.cloud import CloudError
from standins.aws.ecs import shaped
from standins.aws.kind import Act, Kind, Look, Request
from standins.resource import Call, InitFailedError, StandinError, State
from standins.tables import inputs, longest
from standins.traits import Trait
from standins.values import Properties

_POLL_SECONDS: Final = 1.0
_STEADY_SECONDS: Final = 20 * 60
_DEPLOYMENT: Final = {
    "deploymentCircuitBreaker": "deploymentCircuitBreaker",
    "deploymentMaximumPercent": "maximumPercent",
    "deploymentMinimumHealthyPercent": "minimumHealthyPercent",
}
_OWN: Final = frozenset({"forceDelete", "forceNewDeployment", "triggers", "waitForSteadyState"})
"""Inputs that the plugin heeds, and no call takes."""


class Service(Kind):
    """`ecs.Service`: steady before it counts as made or changed, and what is steady may be what was there before."""

    token = "aws:ecs/service:Service"  # noqa: S105 - a type token
    service = "ecs"
    creates = "CreateService"
    identity = "service.serviceArn"
    look = Look("DescribeServices", "services", "services[?status!='INACTIVE']|[0]")
    removes = Act("DeleteService", "service")
    spelled: ClassVar = {"name": "serviceName", "networkConfiguration": "awsvpcConfiguration"}
    traits = inputs(
        in_place="availabilityZoneRebalancing capacityProviderStrategies deploymentCircuitBreaker desiredCount "
        "deploymentMaximumPercent deploymentMinimumHealthyPercent enableEcsManagedTags enableExecuteCommand "
        "forceDelete forceNewDeployment healthCheckGracePeriodSeconds loadBalancers networkConfiguration "
        "platformVersion propagateTags serviceConnectConfiguration serviceRegistries tags taskDefinition triggers "
        "waitForSteadyState",
        replaces="cluster launchType name schedulingStrategy",
        computed="availabilityZoneRebalancing cluster launchType platformVersion triggers",
        unordered="capacityProviderStrategies loadBalancers networkConfiguration",
        name=Trait(rule=longest(255, r"[a-zA-Z0-9_-]+")),
        schedulingStrategy=Trait(default="REPLICA"),
        deploymentMaximumPercent=Trait(default=200, in_place=True),
        deploymentMinimumHealthyPercent=Trait(default=100, in_place=True),
        waitForSteadyState=Trait(default=False, in_place=True),
    )
    outputs: ClassVar = {"arn": "serviceArn", "name": "serviceName", "taskDefinition": "taskDefinition"}

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """See `Kind`."""
        yield Request("ecs", self.creates, _given(self.creates, inputs))

    def read(self, call: Call, identity: str, known: Properties) -> State | None:
        """See `Kind`. An import goes by `cluster/service`, and what is imported has its ARN for an ID.

        Raises:
            StandinError: an import by another ID, which the official plugin refuses.
        """
        if known:
            return super().read(call, identity, known)
        if identity.count("/") != 1:
            raise StandinError(f"{identity}: wrong format of ID, expecting 'cluster-name/service-name'")
        cluster, _, name = identity.partition("/")
        found = super().read(call, name, {"cluster": cluster})
        return found and State(str(found.outputs["arn"]), found.outputs)

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:
        """See `Kind`."""
        cluster = known.get("cluster") or identity.rpartition("/")[0].replace(":service/", ":cluster/")
        return {act.member: [identity] if isinstance(act, Look) else identity, "cluster": cluster}

    def settle(self, call: Call, identity: str, inputs: Properties, answer: Properties) -> None:  # noqa: ARG002
        """See `Kind`."""
        self._steady(call, identity, inputs)

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:
        """See `Kind`."""
        whole = changed | (_DEPLOYMENT.keys() if changed & _DEPLOYMENT.keys() else set())
        wanted = {name: value for name, value in inputs.items() if name in whole}
        given = _given("UpdateService", wanted) | self.addressed(Act("UpdateService", "service"), identity, old)
        if inputs.get("forceNewDeployment") or "triggers" in changed:
            given["forceNewDeployment"] = True
        self._sent(call, Request("ecs", "UpdateService", given))
        self._steady(call, identity, inputs)

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """Without tasks first, as the official plugin does, and then waited for."""
        if self.found(call.client, identity, known) is None:
            return
        address = self.addressed(self.removes, identity, known)
        try:
            self._sent(call, Request("ecs", "UpdateService", {**address, "desiredCount": 0}))
            self._sent(call, Request("ecs", "DeleteService", {**address, "force": True}))
        except CloudError as error:
            if not error.gone:
                raise
        self.until(call, identity, known, "status", None, "INACTIVE")

    def _steady(self, call: Call, identity: str, inputs: Properties) -> None:
        if not inputs.get("waitForSteadyState"):
            return
        end = time.monotonic() + _STEADY_SECONDS
        while True:
            found = self.found(call.client, identity, inputs) or {}
            if _is_steady(found):
                return
            why = _given_up(found) or ("timeout" if time.monotonic() > end else "")
            if why:
                known = {**inputs, **self.read_out(found)}
                raise InitFailedError(f"{call.name}: waiting for ECS Service: {why}", identity, known)
            call.sleep(_POLL_SECONDS)


def _is_steady(found: Properties) -> bool:
    """Whether as many tasks run as are wanted, all of one deployment: the new one, or that before a rollback."""
    acting = [each for each in found.get("deployments", ()) if each.get("rolloutState") != "FAILED"]
    return (
        len(acting) == 1
        and acting[0].get("rolloutState", "COMPLETED") == "COMPLETED"
        and found["runningCount"] == found["desiredCount"]
    )


def _given_up(found: Properties) -> str:
    """Why there is nothing more to wait for: the only deployment has failed, and none was before it to go back to."""
    deployments = found.get("deployments", ())
    if deployments and all(each.get("rolloutState") == "FAILED" for each in deployments):
        return str(deployments[0].get("rolloutStateReason") or "deployment failed")
    return ""


def _given(operation: str, inputs: Properties) -> Properties:
    left = {*_DEPLOYMENT, *_OWN, "networkConfiguration", "__defaults"}
    given = shaped(operation, {k: v for k, v in inputs.items() if k not in left}, Service.spelled)
    deployment: dict[str, Any] = {api: inputs[own] for own, api in _DEPLOYMENT.items() if inputs.get(own) is not None}
    if deployment:
        given["deploymentConfiguration"] = deployment
    if inputs.get("networkConfiguration"):
        given["networkConfiguration"] = {"awsvpcConfiguration": _network(inputs["networkConfiguration"])}
    return given


def _network(inputs: Any) -> Any:
    """Whether a task has a public address is a word to the API."""
    if not isinstance(inputs, dict):
        return inputs
    public = inputs.get("assignPublicIp")
    word = {True: "ENABLED", False: "DISABLED", None: "DISABLED"}.get(public, public)
    return {**{name: value for name, value in inputs.items() if value is not None}, "assignPublicIp": word}
