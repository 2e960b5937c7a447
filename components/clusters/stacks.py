"""`slipway:cluster: {stack: name}`: what the stack of a cluster gives, which is its output `access`, plain data.

It is read by the engine's own call `readStackOutputs`, which answers at once: a `StackReference` would give an output,
and what a cluster has decides what is rendered (docs/adr/0003).
"""

from collections.abc import Mapping
from typing import Any

import pulumi

from ..errors import Problem, SettingsError

CALL = "pulumi:pulumi:readStackOutputs"
PARTS = 3
"""Of a stack's full name: organization/project/stack."""


def full_name(stack: str) -> str:
    """A stack's name with organization and project: this stack's own, where it names none."""
    if stack.count("/") == PARTS - 1:
        return stack
    return f"{pulumi.get_organization()}/{pulumi.get_project()}/{stack}"


def access(stack: Any, kind: str) -> Mapping[str, Any]:
    """The output `access` of a cluster's stack, as an `existing` block.

    Args:
        stack: its name, or organization/project/stack.
        kind: what the target takes: swarm.

    Raises:
        SettingsError: there is no such stack, it has no such output, or its cluster is of another kind.
    """
    where = "slipway:cluster.stack"
    if not isinstance(stack, str) or not stack:
        raise SettingsError(Problem(f"it is {stack!r}, not a stack's name", where, "write the name of a stack"))
    name = full_name(stack)
    try:
        answer = pulumi.runtime.invoke(CALL, {"name": name}).value or {}
    except Exception as error:
        raise SettingsError(
            Problem(f'stack "{name}" cannot be read ({_reason(error)})', where, "check its name")
        ) from error
    found = (answer.get("outputs") or {}).get("access")
    if not isinstance(found, Mapping):
        raise SettingsError(
            Problem(f'stack "{name}" has no output "access"', where, "deploy the cluster's stack first")
        )
    if found.get("kind") != kind:
        what = f'stack "{name}" has a cluster of the kind "{found.get("kind")}", not "{kind}"'
        raise SettingsError(Problem(what, where, "name another stack, or another target"))
    return {key: value for key, value in found.items() if key != "kind" and value is not None}


def _reason(error: Exception) -> str:
    return str(error).strip().splitlines()[-1].strip() if str(error).strip() else type(error).__name__
