"""Operations that were under way when an update was killed: what became of them is asked where it can be.

On an Engine, names of what runs are not fixed, or what is there is removed by its label: see `recover`. An object in a
Kubernetes cluster, or a service of ECS or Cloud Run, has the name that the stack gives it. It is written into the state
as if it had been made, and Pulumi's own refresh says what there is: what is not there is forgotten, and what is there
is known with its content. So the next update neither meets an object that it does not know, nor waits for a rollout
that has been. What AWS makes an ID up for (a load balancer, a security group, a secret), and what would be known before
it has an address (a database), is not taken up.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from components.errors import InputError

from .plugins import MARK
from .pulumi import Cli

_TARGETS = ("cloudrun", "ecs", "kubernetes")
"""Where names are fixed."""
_CREATING, _UPDATING = "creating", "updating"


def clear(cli: Cli) -> int:
    """Forget operations that were under way, once it is known what became of them.

    Returns:
        How many they were.

    Raises:
        InputError: the cluster does not answer; nothing is forgotten then.
    """
    try:
        exported = json.loads(cli.ask("stack", "export"))
    except InputError:
        return 0
    deployment = exported.get("deployment") or {}
    pending = deployment.pop("pending_operations", None) or []
    if not pending:
        return 0
    known = deployment.get("resources") or []
    made = created(pending, known)
    if made:
        deployment["resources"] = [*known, *made]
    cli.ask("stack", "import", "--force", stdin=json.dumps(exported))
    asked = [str(each["urn"]) for each in (*made, *updated(pending))] if cli.target in _TARGETS else []
    if asked:
        targets = [word for urn in asked for word in ("--target", urn)]
        cli.ask("refresh", "--yes", "--skip-preview", *targets, config=True)
    return len(pending)


def created(pending: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What was being made under a fixed name, as resources of the state.

    Args:
        pending: the operations.
        known: the resources that the state has.
    """
    urns = {each["urn"] for each in known}
    begun = [each["resource"] for each in pending if each.get("type") == _CREATING]
    return [
        {**resource, "id": identity, "outputs": _outputs(resource, known)}
        for resource in begun
        if resource["urn"] not in urns and (identity := _identity(resource))
    ]


def updated(pending: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Kubernetes objects that were being updated."""
    begun = [each["resource"] for each in pending if each.get("type") == _UPDATING]
    return [resource for resource in begun if resource.get("type", "").startswith(_KUBERNETES)]


def object_id(inputs: Mapping[str, Any]) -> str:
    """The kubernetes plugin's ID of an object: `namespace/name`, or `name` where it is in none."""
    metadata = inputs["metadata"]
    return "/".join(filter(None, (metadata.get("namespace"), metadata["name"])))


def service_id(inputs: Mapping[str, Any]) -> str:
    """The aws plugin's ID of an ECS service, its ARN
    (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids).
    """  # noqa: D205 - one sentence
    return f"{inputs['cluster'].replace(':cluster/', ':service/')}/{inputs['name']}"


def run_id(collection: str) -> Callable[[Mapping[str, Any]], str]:
    """The gcp plugin's ID of something of Cloud Run (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations).

    Args:
        collection: in the API's paths.
    """
    return lambda inputs: f"projects/{inputs['project']}/locations/{inputs['location']}/{collection}/{inputs['name']}"


def _name(inputs: Mapping[str, Any]) -> str:
    return str(inputs["name"])


def _lower(inputs: Mapping[str, Any]) -> str:
    return _name(inputs).lower()


def schedule_id(inputs: Mapping[str, Any]) -> str:
    """The aws plugin's ID of a schedule: its group and its name
    (https://www.pulumi.com/registry/packages/aws/api-docs/scheduler/schedule/#import).
    """  # noqa: D205 - one sentence
    return f"{inputs.get('groupName') or 'default'}/{inputs['name']}"


_AWS = "aws:"
_KUBERNETES = "kubernetes:"
_IDENTITIES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    _KUBERNETES: object_id,
    "aws:cloudwatch/logGroup:LogGroup": _name,
    "aws:ecr/repository:Repository": _name,
    "aws:ecs/service:Service": service_id,
    "aws:elasticache/subnetGroup:SubnetGroup": _lower,
    "aws:iam/role:Role": _name,
    "aws:lambda/function:Function": _name,
    "aws:rds/subnetGroup:SubnetGroup": _lower,
    "aws:scheduler/schedule:Schedule": schedule_id,
    "gcp:cloudrunv2/job:Job": run_id("jobs"),
    "gcp:cloudrunv2/service:Service": run_id("services"),
    "gcp:cloudrunv2/workerPool:WorkerPool": run_id("workerPools"),
}
"""Begin of a type -> the ID that such a resource has."""


def _identity(resource: Mapping[str, Any]) -> str | None:
    """Its ID; None where it does not follow from the inputs, as with a name that AWS or the plugin chooses."""
    kind = str(resource.get("type", ""))
    identified = next((found for begin, found in _IDENTITIES.items() if kind.startswith(begin)), None)
    try:
        return identified(resource["inputs"]) if identified else None
    except KeyError:
        return None


def _outputs(resource: Mapping[str, Any], known: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What is known of it.

    What was asked for, to the kubernetes plugin and to that of aws, where an ID is not all that its reading of a
    service goes by; nothing, to one that reads anew. A stand-in reads nothing but what has its mark, so that of another
    resource is taken. A state with nothing of aws does not tell whose it is, and what needs no other is read by its ID.
    """
    inputs: Mapping[str, Any] = resource["inputs"]
    kind = str(resource["type"])
    if kind.startswith(_KUBERNETES):
        return inputs
    others = [each.get("outputs") or {} for each in known if str(each.get("type", "")).startswith(_AWS)]
    if not kind.startswith(_AWS) or not others:
        return {}
    marks = [str(each[MARK]).split()[0] for each in others if MARK in each]
    return {**inputs, MARK: marks[0]} if marks else inputs
