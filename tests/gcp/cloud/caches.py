"""Memorystore for Redis: a Redis that runs, in the inside network."""

import copy
import time
import uuid
from typing import Any

from .calls import Call, RefusedError
from .rest import Cloud, Methods, masked
from .store import stamped

_PORT = 6379
_SECONDS = 30.0


def _create(cloud: Cloud, call: Call) -> dict[str, Any]:
    if not call.body.get("tier") or not call.body.get("memorySizeGb"):
        raise RefusedError("INVALID_ARGUMENT", "The fields tier and memory_size_gb are required.")
    name = f"{call.name}/{call.query['instanceId']}"
    made = stamped(
        {"redisVersion": "REDIS_7_2", "connectMode": "DIRECT_PEERING", **copy.deepcopy(call.body), "name": name}
    )
    made.update(state="CREATING", port=_PORT, _auth=str(uuid.uuid4()))
    cloud.store.add("redis", name, made)

    def work() -> dict[str, Any]:
        made["host"] = _run(cloud, name, made)
        made.update(state="READY", currentLocationId=f"{call.name.split('/')[3]}-b")
        return made

    return cloud.later(call, work)


def _run(cloud: Cloud, name: str, instance: dict[str, Any]) -> str:
    """Start it; its address."""
    engine, place = cloud.agent.engine, cloud.place
    password = ["--requirepass", instance["_auth"]] if instance.get("authEnabled") else []
    container = engine.containers.run(
        place.redis, ["redis-server", "--protected-mode", "no", *password], detach=True, network=place.inside,
        name=_container(cloud, name), labels=place.labels, entrypoint="",
    )  # fmt: skip
    end = time.monotonic() + _SECONDS
    while b"Ready to accept connections" not in container.logs():
        if time.monotonic() > end:
            raise RefusedError("FAILED_PRECONDITION", f"redis-server does not come up: {container.logs()!r}")
        time.sleep(0.1)
    container.reload()
    return str(container.attrs["NetworkSettings"]["Networks"][place.inside]["IPAddress"])


def _container(cloud: Cloud, name: str) -> str:
    return f"{cloud.place.prefix}-redis-{name.rpartition('/')[2]}"


def _patch(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = cloud.store.get("redis", call.name)
    masked(found, call.body, call.query["updateMask"])
    return cloud.later(call, lambda: found)


def _delete(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = cloud.store.remove("redis", call.name)

    def work() -> dict[str, Any]:
        cloud.agent.engine.containers.get(_container(cloud, call.name)).remove(force=True, v=True)
        return found

    return cloud.later(call, work)


def _auth(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = cloud.store.get("redis", call.name.rpartition("/")[0])
    return {"authString": found["_auth"] if found.get("authEnabled") else ""}


METHODS: Methods = {
    "redis.projects.locations.instances.create": _create,
    "redis.projects.locations.instances.patch": _patch,
    "redis.projects.locations.instances.delete": _delete,
    "redis.projects.locations.instances.getAuthString": _auth,
}
