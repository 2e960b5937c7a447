"""The stack's program: settings -> application -> outputs; the stack's config says what it deploys, and where."""

import gc
import sys
from typing import cast

import pulumi

from components import Application, ApplicationArgs, Plan, clusters, settings
from components.errors import InputError, SlipwayError

REPORTED = 32
"""The exit code after which the Pulumi CLI adds nothing to what the program has said."""


def main() -> None:
    """Deploy what the stack's config says."""
    args = settings.read()
    if settings.is_cluster(args):
        pulumi.export("access", clusters.create(pulumi.get_stack(), args))
        return
    plan = Plan(args)
    for warning in plan.app.warnings:
        pulumi.log.warn(str(warning))
    for finding in plan.findings:
        pulumi.log.warn(finding.message)
    if problems := plan.probe():
        raise InputError(problems)
    gc.freeze()  # what is loaded stays; collecting around it costs a tenth of a preview of a hundred services
    application = Application(plan.app.name, cast("ApplicationArgs", {**args, "app": plan.app}))
    pulumi.export("urls", application.urls)
    pulumi.export("images", application.images)
    pulumi.export("findings", application.findings)


try:
    main()
except SlipwayError as error:
    pulumi.log.error(str(error))
    sys.exit(REPORTED)
