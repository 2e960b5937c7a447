"""Operations that were under way when an update was killed: what became of them is asked where it can be.

On an Engine, names of what runs are not fixed, or what is there is removed by its label: see `recover`. An object in a
Kubernetes cluster has the name that the stack gives it. It is written into the state as if it had been made, and
Pulumi's own refresh says what there is: what is not there is forgotten, and what is there is known with its content.
So the next update neither meets an object that it does not know, nor waits for a rollout that has been.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from components.errors import InputError

from .pulumi import Cli

_TARGET = "kubernetes"
_TYPES = "kubernetes:"
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
    asked = [str(each["urn"]) for each in (*made, *updated(pending))] if cli.target == _TARGET else []
    if asked:
        targets = [word for urn in asked for word in ("--target", urn)]
        cli.ask("refresh", "--yes", "--skip-preview", *targets, config=True)
    return len(pending)


def created(pending: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Kubernetes objects that were being made, as resources of the state.

    Args:
        pending: the operations.
        known: the resources that the state has.
    """
    urns = {each["urn"] for each in known}
    begun = [each["resource"] for each in pending if each.get("type") == _CREATING]
    return [
        {**resource, "id": identity(resource["inputs"]), "outputs": resource["inputs"]}
        for resource in begun
        if resource.get("type", "").startswith(_TYPES) and resource["urn"] not in urns
    ]


def updated(pending: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Kubernetes objects that were being updated."""
    begun = [each["resource"] for each in pending if each.get("type") == _UPDATING]
    return [resource for resource in begun if resource.get("type", "").startswith(_TYPES)]


def identity(inputs: Mapping[str, Any]) -> str:
    """The plugin's ID of an object: `namespace/name`, or `name` where it is in none."""
    metadata = inputs["metadata"]
    return "/".join(filter(None, (metadata.get("namespace"), metadata["name"])))
