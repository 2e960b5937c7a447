"""Why a container failed, said beside the plugin's own message. It reports, it never gates."""

import pulumi

from ...access import DockerAccess
from ...model import App
from ..create import is_mocked
from .engine import reasons


def report_failures(app: App, access: DockerAccess) -> pulumi.ErrorHook | None:
    """A hook that logs a failed container's last health output and log lines; None where the monitor takes no hooks."""
    if is_mocked():
        return None

    def report(args: pulumi.ErrorHookArgs) -> bool:
        if args.failed_operation not in ("create", "update"):
            return False
        name = str((args.new_inputs or {}).get("name", args.name))
        lines = reasons(name, access)
        if lines:
            pulumi.log.error("\n".join((f"{name}: it failed, and this is what is known", *lines)))
        return False

    return pulumi.ErrorHook(f"slipway-failures-{app.name}", report)
