"""Why a service failed, said beside the provider's own message. It reports, it never gates."""

import pulumi

from ...access import EcsAccess
from ...model import App
from ..create import is_mocked
from . import reasons

KINDS = ("Service",)
"""What has tasks, and is waited for."""


def report_failures(app: App, access: EcsAccess) -> pulumi.ResourceHookBinding | None:
    """Hooks that log why a failed service's tasks do not run, and their last log lines.

    Returns:
        None where the monitor takes no hooks, which is in a unit test.
    """
    if is_mocked():
        return None

    def report(args: pulumi.ErrorHookArgs) -> bool:
        if args.failed_operation not in ("create", "update"):
            return False
        name = str((args.new_inputs or {}).get("name", args.name))
        lines = reasons.of_service(access, name)
        if lines:
            pulumi.log.error("\n".join((f"{name}: it failed, and this is what is known", *lines)))
        return False

    return pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook(f"slipway-failures-{app.name}", report)])
