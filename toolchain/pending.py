"""Operations that were under way when an update was killed: what became of them is asked where it can be.

On an Engine, names of what runs are not fixed, or what is there is removed by its label: see `recover`. An object in a
Kubernetes cluster, or a service of ECS, has the name that the stack gives it. It is written into the state as if it had
been made, and Pulumi's own refresh says what there is: what is not there is forgotten, and what is there is known with
its content. So the next update neither meets an object that it does not know, nor waits for a rollout that has been.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from components.errors import InputError

from .pulumi import Cli

_TARGETS = ("ecs", "kubernetes")
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
        {**resource, "id": identified(resource["inputs"]), "outputs": _outputs(resource)}
        for resource in begun
        if (identified := _identity(resource)) is not None and resource["urn"] not in urns
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


def _name(inputs: Mapping[str, Any]) -> str:
    return str(inputs["name"])


_KUBERNETES = "kubernetes:"
_IDENTITIES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    _KUBERNETES: object_id,
    "aws:cloudwatch/logGroup:LogGroup": _name,
    "aws:ecs/service:Service": service_id,
}
"""Begin of a type -> the ID that such a resource has."""


def _identity(resource: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], str] | None:
    kind = str(resource.get("type", ""))
    return next((found for begin, found in _IDENTITIES.items() if kind.startswith(begin)), None)


def _outputs(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is known of it: to the kubernetes plugin what was asked for, to another nothing, which it reads anew."""
    inputs: Mapping[str, Any] = resource["inputs"]
    return inputs if str(resource["type"]).startswith(_KUBERNETES) else {}
