"""Where containers' output goes: one log group, a stream for each container of each task."""

from collections.abc import Iterator
from typing import Any

from ..rows import Joined, Ref, Row
from .given import Scope

GROUP = ("LogGroup", "logs")
"""The row of the application's own log group."""
BUFFER = "25m"
"""Memory for what CloudWatch has not taken yet: a container is never held up by its own output
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html, `mode`)."""


def rows(scope: Scope) -> Iterator[Row]:
    """The application's own log group; none where the cluster has one."""
    access = scope.access
    if access.log_group is None:
        kind, key = GROUP
        args = {"name": name(scope), "retention_in_days": access.log_days, "kms_key_id": access.kms_key}
        yield scope.row(kind, key, args)


def group(scope: Scope) -> Any:
    """The name of the log group, an output where it is the application's own."""
    return Ref(*GROUP, "name") if scope.access.log_group is None else scope.access.log_group


def configuration(scope: Scope) -> dict[str, Any]:
    """A container's `logConfiguration`; its stream is `<application>/<container>/<task>`."""
    options = {
        "awslogs-group": group(scope),
        "awslogs-region": scope.access.region,
        "awslogs-stream-prefix": scope.app.name,
        "mode": "non-blocking",
        "max-buffer-size": BUFFER,
    }
    return {"logDriver": "awslogs", "options": options}


def streams(scope: Scope) -> Joined:
    """The ARN of the application's own streams, whatever else writes to the group."""
    given = scope.access.log_group
    begin = scope.access.arn("logs", "log-group:")
    return Joined((begin, name(scope) if given is None else given, f":log-stream:{scope.app.name}/*"))


def name(scope: Scope) -> Joined:
    """The name of the application's own log group: the cluster is in it, as an account may have several."""
    return Joined(("/slipway/", scope.cluster_name, f"/{scope.app.name}"))
