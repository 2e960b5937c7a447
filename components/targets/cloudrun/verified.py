"""Whether Cloud Run runs what was asked for: looked at on every `up`, because an update that failed once is forgotten.

A revision that does not get ready leaves the one before it serving, which the next `up` would find well.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pulumi_gcp as gcp

from ...access import CloudRunAccess
from ..create import Gate, is_mocked, refuse_failed
from ..rows import Key
from . import reported

LOOK_UPS: Mapping[str, Callable[..., Any]] = {
    "Job": gcp.cloudrunv2.get_job_output,
    "Service": gcp.cloudrunv2.get_service_output,
    "WorkerPool": gcp.cloudrunv2.get_worker_pool_output,
}
"""Kind of a row -> what reads it."""


def revision(access: CloudRunAccess) -> Gate:
    """What dependents of a service or a worker pool wait for: that the revision that was made last is ready.

    A preview does not look: it would stand in the way of the update that mends it.

    Args:
        access: the project.
    """
    mocked = is_mocked()

    def gate(key: Key, made: Any) -> pulumi.Output[pulumi.Resource]:
        if pulumi.runtime.is_dry_run():
            return pulumi.Output.from_input(made)
        found = _found(key, made)

        def check(known: list[Any]) -> pulumi.Resource:
            created, ready, conditions, name = known
            if created != ready or _is_failed(conditions):
                known_of_it = () if mocked else reported.of_revision(access, key[0], name)
                lines = "".join(f"\n  {line}" for line in known_of_it)
                raise pulumi.RunError(
                    f"{key[1]}: its revision {_short(created)} is not ready, and {_serving(ready)}{_said(conditions)}; "
                    f"mend it and run `pulumi up` again{lines}"
                )
            return made  # type: ignore[no-any-return]  # a resource, read from an untyped mapping

        looked = (found.latest_created_revision, found.latest_ready_revision, found.terminal_conditions, made.name)
        return pulumi.Output.all(*looked).apply(check)

    return gate


def run(access: CloudRunAccess) -> Gate:
    """What dependents of a run to completion wait for: that its execution has succeeded.

    The job is ready once the execution with its `run_execution_token` has
    (https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.jobs#Job).

    Args:
        access: the project.
    """
    mocked = is_mocked()

    def gate(key: Key, made: Any) -> pulumi.Output[pulumi.Resource]:
        if pulumi.runtime.is_dry_run():
            return pulumi.Output.from_input(made)
        found = _found(key, made)

        def check(known: list[Any]) -> pulumi.Resource:
            conditions, name, token, urn = known
            if _is_failed(conditions):
                code, lines = (1, []) if mocked else reported.of_execution(access, name, token)
                refuse_failed(key, code, urn, lines)
            return made  # type: ignore[no-any-return]  # a resource, read from an untyped mapping

        looked = (found.terminal_conditions, made.name, made.run_execution_token, made.urn)
        return pulumi.Output.all(*looked).apply(check)

    return gate


def _found(key: Key, made: Any) -> Any:
    options = pulumi.InvokeOutputOptions(parent=made, depends_on=[made])
    return LOOK_UPS[key[0]](name=made.name, location=made.location, project=made.project, opts=options)


def _is_failed(conditions: Any) -> bool:
    return any(_of(each, "state") == reported.FAILED for each in conditions or ())


def _said(conditions: Any) -> str:
    """What Google says of the failure, in brackets."""
    said = next((str(_of(each, "message")) for each in conditions or () if _of(each, "message")), "")
    return f" ({said.rstrip('.')})" if said else ""


def _of(condition: Any, key: str) -> Any:
    """A field of a condition, which the SDK gives as an object of its own."""
    return condition.get(key) if isinstance(condition, Mapping) else getattr(condition, key, None)


def _serving(ready: Any) -> str:
    return f"{_short(ready)} serves on" if ready else "there is none that serves"


def _short(revision: Any) -> str:
    """`shop-web-00002` of its full name."""
    return str(revision).rpartition("/")[2]
