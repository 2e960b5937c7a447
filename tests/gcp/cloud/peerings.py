"""Service Networking: that Google's own databases have addresses in a network is kept."""

import copy
from typing import Any

from .calls import Call, named
from .rest import Cloud, Methods


def _create(cloud: Cloud, call: Call) -> dict[str, Any]:
    peering = {"peering": "servicenetworking-googleapis-com", "service": "/".join(call.path.split("/")[:2])}
    made = {**copy.deepcopy(call.body), **peering}
    cloud.store.add("servicenetworking", _name(call.path, call.body["network"]), made)
    return cloud.later(call, lambda: made)


def _list(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = cloud.store.find("servicenetworking", _name(call.path, call.query["network"]))
    return {"connections": [found] if found else []}


def _patch(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = cloud.store.get("servicenetworking", _name(call.path.rpartition("/")[0], call.body["network"]))
    found.update(copy.deepcopy(call.body))
    return cloud.later(call, lambda: found)


def _delete(cloud: Cloud, call: Call) -> dict[str, Any]:
    name = _name(call.path.rpartition("/")[0], call.body["consumerNetwork"])
    gone = cloud.store.remove("servicenetworking", name)
    return cloud.later(call, lambda: gone)


def _name(collection: str, network: str) -> str:
    return f"{collection}/{named(network).replace('/', ' ')}"


_METHODS = "servicenetworking.services.connections"
METHODS: Methods = {
    f"{_METHODS}.create": _create,
    f"{_METHODS}.list": _list,
    f"{_METHODS}.patch": _patch,
    f"{_METHODS}.deleteConnection": _delete,
}
