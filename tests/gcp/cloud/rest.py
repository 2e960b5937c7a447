"""What most of Google's resources have in common: made, read, listed, changed, removed, each with a policy."""

import copy
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from . import documents, operations
from .calls import Call, RefusedError
from .store import Store, check_etag, etag, now, stamped

if TYPE_CHECKING:
    from tests.gcp.run.agent import Agent
    from tests.gcp.run.balancers import Balancers

    from .place import Place


class Cloud:
    """All that answers a call.

    Attributes:
        place: where it is.
        store: what it keeps.
        agent: what runs instances.
        balancers: load balancers that answer.
    """

    def __init__(self, place: "Place", store: Store, agent: "Agent", balancers: "Balancers") -> None:
        self.place, self.store, self.agent, self.balancers = place, store, agent, balancers

    def later(self, call: Call, work: operations.Work) -> dict[str, Any]:
        """Begin what takes longer than the call."""
        return operations.start(self.store, call, work)


Method = Callable[[Cloud, Call], Any]
Methods = Mapping[str, Method]
"""A method's ID, or `<api>.<its last word>` -> what answers it."""


def get(cloud: Cloud, call: Call) -> dict[str, Any]:
    """The resource of this name."""
    return cloud.store.get(call.api, call.name)


def listed(cloud: Cloud, call: Call) -> dict[str, Any]:
    """All that is below a parent; in one page."""
    return {documents.collection(call.api, call.response): cloud.store.under(call.api, call.name)}


def get_policy(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Who may do what with a resource, which has to be there."""
    cloud.store.get(call.api, call.name)
    return cloud.store.policy(call.api, call.name)


def set_policy(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Change that."""
    cloud.store.get(call.api, call.name)
    return cloud.store.set_policy(call.api, call.name, call.body.get("policy", {}))


def create(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Make a resource, whose ID is a parameter."""
    ident = next(value for key, value in call.query.items() if key.endswith("Id") and key != "requestId")
    name = f"{call.name}/{ident}"
    made = cloud.store.add(call.api, name, stamped({**copy.deepcopy(call.body), "name": name}))
    return _answer(cloud, call, made)


def patch(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Change a resource, by its mask."""
    changed = cloud.store.get(call.api, call.name)
    check_etag(call.body.get("etag"), changed)
    masked(changed, call.body, call.query.get("updateMask"))
    return _answer(cloud, call, changed)


def delete(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Remove a resource."""
    check_etag(call.query.get("etag"), cloud.store.get(call.api, call.name))
    gone = cloud.store.remove(call.api, call.name)
    return _answer(cloud, call, gone) if "Operation" in call.response else {}


def _answer(cloud: Cloud, call: Call, resource: dict[str, Any]) -> dict[str, Any]:
    return cloud.later(call, lambda: resource) if "Operation" in call.response else resource


def masked(resource: dict[str, Any], body: Mapping[str, Any], mask: str | None) -> None:
    """Write into a resource what was sent, and take away what the mask names and was not sent."""
    fields = [each.split(".")[0] for each in mask.split(",")] if mask and mask != "*" else list(body)
    for field in map(_camel, fields):
        if field in body:
            resource[field] = copy.deepcopy(body[field])
        else:
            resource.pop(field, None)
    resource.update(updateTime=now(), etag=etag())


def _camel(field: str) -> str:
    first, *others = field.split("_")
    return first + "".join(each.capitalize() for each in others)


ALWAYS: Methods = {
    "create": create,
    "delete": delete,
    "get": get,
    "getIamPolicy": get_policy,
    "list": listed,
    "patch": patch,
    "setIamPolicy": set_policy,
}
"""The last word of a method's ID -> what answers it where an API has nothing of its own."""


def method(call: Call, methods: Methods) -> Method:
    """What answers a call: by its method, by its last word in its API, or by that alone.

    Raises:
        RefusedError: nothing does.
    """
    found = methods.get(call.method) or methods.get(f"{call.api}.{call.verb}") or ALWAYS.get(call.verb)
    if found is None:
        raise RefusedError("UNIMPLEMENTED", f"{call.method} is not part of the cloud of these tests")
    return found
