"""Why a service, a worker pool or a job failed, said beside the provider's own message. It reports, it never gates."""

import pulumi

from ...access import CloudRunAccess
from ...model import App
from ..create import is_mocked
from . import reported

KINDS = ("Job", "Service", "WorkerPool")
"""What runs containers, and is waited for."""


def report_failures(app: App, access: CloudRunAccess) -> dict[str, pulumi.ResourceHookBinding]:
    """Kind -> the hook that logs why one of it failed, and its last log lines.

    Returns:
        Nothing where the monitor takes no hooks, which is in a unit test.
    """
    return {} if is_mocked() else {kind: _hook(app, access, kind) for kind in KINDS}


def _hook(app: App, access: CloudRunAccess, kind: str) -> pulumi.ResourceHookBinding:
    def report(args: pulumi.ErrorHookArgs) -> bool:
        if args.failed_operation not in ("create", "update"):
            return False
        inputs = args.new_inputs or {}
        name = str(inputs.get("name", args.name))
        lines = known(access, kind, name, str(inputs.get("runExecutionToken") or ""))
        if lines:
            pulumi.log.error("\n".join((f"{name}: it failed, and this is what is known", *lines)))
        return False

    return pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook(f"slipway-failures-{app.name}-{kind}", report)])


def known(access: CloudRunAccess, kind: str, name: str, token: str) -> list[str]:
    """What is known of a failure.

    Args:
        access: the project.
        kind: of the row.
        name: at Google.
        token: of the execution that a job was to run; "": none.
    """
    if kind != "Job":
        return reported.of_revision(access, kind, name)
    return reported.of_execution(access, name, token)[1] if token else []
