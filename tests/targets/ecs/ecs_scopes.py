"""An application on an ECS cluster, for tests of what renders one kind of resource."""

from collections.abc import Iterable
from typing import Any

from ecs_answers import ACCOUNT, CLUSTER, LISTENER

from components.access import EcsAccess, EntryBalancer, ImageReference
from components.model import App
from components.targets.ecs.given import Given, Scope
from components.targets.rows import Row

BALANCER = EntryBalancer(
    name="main-1.eu-central-1.elb.amazonaws.com",
    zone="Z215JYRZR1TBD5",
    security_group="sg-balancer",
    http=f"{LISTENER}http",
    https=f"{LISTENER}https",
)


def access(**given: Any) -> EcsAccess:
    """A cluster in two zones, with a load balancer."""
    known: dict[str, Any] = {
        "cluster": CLUSTER,
        "region": "eu-central-1",
        "account": ACCOUNT,
        "vpc": "vpc-1",
        "subnets": {"a": "subnet-a", "b": "subnet-b"},
        "public_subnets": {"a": "subnet-public-a", "b": "subnet-public-b"},
        "balancer": BALANCER,
    }
    return EcsAccess(**{**known, **given})


def scope(application: App, *, reached: dict[str, Any] | None = None, **given: Any) -> Scope:
    """A scope whose images are the services' own.

    Args:
        application: it.
        reached: what is told of the cluster, beside what `access` tells.
        given: of `Given`.
    """
    images = {name: ImageReference(name=each.image or name) for name, each in application.services.items()}
    return Scope(app=application, images=images, given=Given(access=access(**(reached or {})), **given))


def by_key(rows: Iterable[Row]) -> dict[tuple[str, str], Row]:
    """Rows by kind and key."""
    return {(row.kind, row.key): row for row in rows}


def tags(service: str = "") -> dict[str, str]:
    """The tags of what belongs to the application called shop."""
    return {"slipway:application": "shop", **({"slipway:service": service} if service else {})}
