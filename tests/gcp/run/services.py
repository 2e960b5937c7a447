"""Services of Cloud Run: a revision that is ready gets the traffic, and only then the one before ends."""

from tests.gcp.cloud.calls import NUMBER, Call, RefusedError
from tests.gcp.cloud.rest import Cloud, Methods
from tests.gcp.cloud.store import Store

from .instance import Instance
from .revisions import Kind, Resource

LATEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"


def _count(service: Resource) -> int:
    """As many as it has at the least, and one where it has none: nothing is started by a request here."""
    own, revision = service.get("scaling") or {}, service["template"].get("scaling") or {}
    if own.get("scalingMode") == "MANUAL":
        return int(own.get("manualInstanceCount", 0))
    least = max(own.get("minInstanceCount", 0), revision.get("minInstanceCount", 0), 1)
    most = min(each.get("maxInstanceCount") or 100 for each in (own, revision))
    return int(min(least, most))


def _check(service: Resource) -> None:
    for each in (service.get("scaling") or {}, (service.get("template") or {}).get("scaling") or {}):
        least, most = each.get("minInstanceCount", 0), each.get("maxInstanceCount")
        if most and least > most:
            raise RefusedError("INVALID_ARGUMENT", f"min_instance_count {least} is more than max_instance_count {most}")
    percents = [each.get("percent", 0) for each in service.get("traffic") or ()]
    if percents and sum(percents) != 100:
        raise RefusedError("INVALID_ARGUMENT", f"traffic: percents have to sum up to 100, not {sum(percents)}")


def hosts(service: Resource) -> list[str]:
    """Where it answers: the deterministic one, and the one before.

    https://cloud.google.com/run/docs/triggering/https-request
    """
    name, region = service["name"].rpartition("/")[2], service["name"].split("/")[3]
    return [f"{name}-{NUMBER}.{region}.run.app", f"{name}-abcdefghij-ew.a.run.app"]


def _finish(cloud: Cloud, service: Resource) -> None:
    found = hosts(service)
    traffic = service.get("traffic") or [{"type": LATEST, "percent": 100}]
    serving = []
    for each in traffic:
        latest = each.get("type", LATEST) == LATEST
        full = service["latestReadyRevision"] if latest else f"{service['name']}/revisions/{each['revision']}"
        serving.append(full)
    service.update(
        uri=f"https://{found[1]}",
        urls=[f"https://{each}" for each in found],
        trafficStatuses=[{**each, "type": each.get("type", LATEST)} for each in traffic],
        ingress=service.get("ingress", "INGRESS_TRAFFIC_ALL"),
        _serving=serving,
    )


def at(store: Store, host: str) -> Resource | None:
    """The service that answers at a host."""
    for name, each in store.all("run"):
        if name.split("/")[-2] == "services" and host in hosts(each):
            return each
    return None


def instances(cloud: Cloud, service: Resource) -> list[Instance]:
    """Those that take its requests now; shares by percent are not kept."""
    fleets = [cloud.agent.fleets.get(name) for name in service.get("_serving", ())]
    return [each for fleet in fleets if fleet for each in fleet.ready]


def _variables(name: str, revision: str) -> dict[str, str]:
    return {"K_SERVICE": name, "K_REVISION": revision, "K_CONFIGURATION": name}


KIND = Kind(
    parameter="serviceId",
    serves=True,
    label="service_name",
    logs="cloud_run_revision",
    variables=_variables,
    count=_count,
    finish=_finish,
    check=_check,
)


_REGIONS = ("asia-east1", "europe-north1", "europe-west1", "europe-west4", "us-central1", "us-east1")
"""Some of https://cloud.google.com/run/docs/locations."""


def _locations(_: Cloud, call: Call) -> Resource:
    return {"locations": [{"name": f"{call.name}/{each}", "locationId": each} for each in _REGIONS]}


_METHODS = "run.projects.locations.services"
METHODS: Methods = {
    "run.projects.locations.list": _locations,
    f"{_METHODS}.create": KIND.create,
    f"{_METHODS}.patch": KIND.patch,
    f"{_METHODS}.delete": KIND.delete,
}
