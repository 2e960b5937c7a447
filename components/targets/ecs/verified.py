"""Whether AWS runs what was asked for: looked at on every `up`, because the provider does not tell.

It calls an update done when the service is steady, and a service that was rolled back is steady too. A function that
ran a task to its end has done its work when the task has failed, too.
"""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws

from ...access import EcsAccess
from ..create import Gate, refuse_failed
from ..rows import Key
from . import reasons

Explain = Callable[[EcsAccess, str], list[str]]
"""From a service's name to the lines that say what went wrong with it."""


def service(access: EcsAccess, wanted: Callable[[str], Any], explain: Explain = reasons.of_service) -> Gate:
    """What dependents of an ECS service wait for: that its tasks run the task definition that was asked for.

    A preview does not look: it would stand in the way of the update that mends it.

    Args:
        access: the cluster.
        wanted: from the key of a service's row to the ARN of the task definition that was asked for. The service's own
            output is no witness: after an update the provider reads what is there, which is the old one again.
        explain: what says why it is another.
    """

    def gate(key: Key, made: Any) -> pulumi.Output[pulumi.Resource]:
        if pulumi.runtime.is_dry_run():
            return pulumi.Output.from_input(made)
        # its name is an output of the service, so that it is looked at when it is done
        options = pulumi.InvokeOutputOptions(parent=made)
        found = aws.ecs.get_service_output(service_name=made.name, cluster_arn=made.cluster, opts=options)

        def check(running: Any, asked: Any) -> Any:
            return made if running == asked else made.name.apply(lambda name: refuse(running, asked, name))

        def refuse(running: Any, asked: Any, name: str) -> None:
            lines = "".join(f"\n  {line}" for line in explain(access, name))
            raise pulumi.RunError(
                f"{key[1]}: its tasks run {_short(running)}, not {_short(asked)}, which did not come up and was "
                f"rolled back; mend it, or try the same again with `pulumi up --refresh`{lines}"
            )

        # one after the other: `Output.all` makes three times as many outputs, for each of a thousand services
        return found.apply(lambda each: wanted(key[1]).apply(lambda asked: check(each.task_definition, asked)))

    return gate


def run(key: Key, made: Any) -> pulumi.Output[pulumi.Resource]:
    """What dependents of a run to completion wait for: that it has ended with exit code 0."""

    def check(known: list[Any]) -> pulumi.Resource:
        answer, urn = json.loads(known[0]), known[1]
        lines = [str(answer.get("reason") or ""), *map(str, answer.get("logs") or ())]
        refuse_failed(key, int(answer.get("exitCode", 0)), urn, [line for line in lines if line])
        return made  # type: ignore[no-any-return]  # a resource, read from an untyped mapping

    return pulumi.Output.all(made.result, made.urn).apply(check)


def _short(arn: Any) -> str:
    """`guestbook-web:4` of its ARN."""
    return str(arn).rpartition("/")[2]
