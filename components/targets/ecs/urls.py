"""Where a service answers from outside, once it is deployed."""

from ...model import Service
from ..rows import Joined, Ref
from . import entrances, ingress
from .given import Scope

HTTP = 80


def of(scope: Scope, service: Service) -> Joined | None:
    """The URL of a service: that of its route, else of its first published TCP port; None: it has neither."""
    routed = ingress.url(scope, service)
    if routed is not None:
        return routed
    for each in entrances.entrances(scope, service):
        if each.protocol.startswith("tcp"):
            shown = "" if each.number == HTTP else f":{each.number}"
            return Joined(("http://", Ref("LoadBalancer", entrances.KEY, "dns_name"), shown))
    return None
