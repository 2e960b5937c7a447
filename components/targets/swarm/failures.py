"""Why a service's tasks failed, said beside the plugin's own message. It reports, it never gates.

pulumi-docker removes a new service that does not converge, and with it all that could tell why. So new services are
watched while they are created, and what their tasks say is kept.
"""

import threading

import pulumi

from ...access import SwarmAccess
from ...model import App
from ..create import is_mocked
from .engine import reasons

POLL_SECONDS = 2.0


class Watch:
    """Keeps the latest reasons of services that are being created."""

    def __init__(self, access: SwarmAccess) -> None:
        """Nothing is watched yet, and nothing is asked."""
        self._access = access
        self._known: dict[str, list[str]] = {}
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, service: str) -> None:
        """Watch a service."""
        self._known[service] = []
        self._wanted.set()
        if self._thread is None:
            # a daemon: the program's end does not wait for it
            self._thread = threading.Thread(target=self._poll, daemon=True)
            self._thread.start()

    def end(self, service: str) -> list[str]:
        """Watch it no longer.

        Returns:
            Why its tasks failed, as far as it was seen.
        """
        known = self._known.pop(service, [])
        if not self._known:
            self._wanted.clear()
        return known

    def _poll(self) -> None:
        while self._wanted.wait():
            for service in list(self._known):
                lines = reasons(service, self._access)
                if lines and service in self._known:
                    self._known[service] = lines
            threading.Event().wait(POLL_SECONDS)


def report_failures(app: App, access: SwarmAccess) -> pulumi.ResourceHookBinding | None:
    """Hooks that log a failed task's error and last log lines; None where the monitor takes no hooks."""
    if is_mocked():
        return None
    watch = Watch(access)

    def name(args: pulumi.ResourceHookArgs | pulumi.ErrorHookArgs) -> str:
        return str((args.new_inputs or {}).get("name", args.name))

    def report(args: pulumi.ErrorHookArgs) -> bool:
        if args.failed_operation not in ("create", "update"):
            return False
        seen = watch.end(name(args))
        lines = reasons(name(args), access) or seen
        if lines:
            pulumi.log.error("\n".join((f"{name(args)}: it failed, and this is what is known", *lines)))
        return False

    def begin(args: pulumi.ResourceHookArgs) -> None:
        watch.begin(name(args))

    def end(args: pulumi.ResourceHookArgs) -> None:
        watch.end(name(args))

    careless = pulumi.ResourceHookOptions(ignore_errors=True)
    return pulumi.ResourceHookBinding(
        before_create=[pulumi.ResourceHook(f"slipway-watch-{app.name}", begin, careless)],
        after_create=[pulumi.ResourceHook(f"slipway-watched-{app.name}", end, careless)],
        on_error=[pulumi.ErrorHook(f"slipway-failures-{app.name}", report)],
    )
