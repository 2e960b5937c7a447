"""Where a service answers from outside, once it is deployed."""

from ...model import Service
from .. import discovery, ingress
from ..rows import Joined
from . import balancer, reach, references
from .given import Scope


def of(scope: Scope, service: Service) -> Joined | None:
    """The URL of a service: that of its route, else its own; None: it has neither.

    What is internal answers at its own, inside the network.
    """
    if not reach.is_served(scope, service):
        return None
    asked = ingress.ingress(service)
    if asked is not None and balancer.is_routed(scope, service):
        return Joined((balancer.url(asked),))
    published = scope.access.publish != "none" and discovery.published(service)
    return Joined(("https://", references.host(scope, service))) if asked is not None or published else None
