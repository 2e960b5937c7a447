"""An application on ECS under Pulumi mocks."""

from typing import Any

from ecs_scopes import CLUSTER

from components.model import App
from components.testing import Outputs, Recorded, Recording, record

EXISTING = {
    "cluster": CLUSTER,
    "vpc": "vpc-1",
    "subnets": ["subnet-a", "subnet-b"],
    "publicSubnets": ["subnet-c"],
}


def deployed(application: App, *, outputs: Outputs | None = None, preview: bool = False, **more: Any) -> Recording:
    """Everything that an `Application` registers."""
    args = {"app": application, "target": "ecs", "cluster": {"existing": EXISTING}, **more}
    return record(args, outputs=outputs, preview=preview)


def running(recorded: Recording, name: str) -> Recorded:
    """An ECS service; Cloud Map has services too."""
    (found,) = (each for each in recorded.of("Service") if (each.type, each.name) == ("aws:ecs/service:Service", name))
    return found
