"""Cloud DNS: zones and their records."""

import copy
import uuid
from typing import Any

from .calls import Call, RefusedError
from .rest import Cloud, Methods
from .store import now

_OWN = {"NS", "SOA"}


def _create(cloud: Cloud, call: Call) -> dict[str, Any]:
    name = call.body.get("dnsName", "")
    if not name.endswith("."):
        raise RefusedError("INVALID_ARGUMENT", f"Invalid value for 'entity.managedZone.dnsName': '{name}'")
    path = f"{call.name}/{call.body['name']}"
    made = {
        "kind": "dns#managedZone",
        "id": str(uuid.uuid4().int % 10**18),
        "creationTime": now(),
        "visibility": "public",
        "nameServers": ["ns-cloud-a1.googledomains.com."],
        **copy.deepcopy(call.body),
    }
    cloud.store.add("dns", path, made)
    for kind, value in (
        ("NS", "ns-cloud-a1.googledomains.com."),
        ("SOA", "ns-cloud-a1.googledomains.com. a. 1 1 1 1 1"),
    ):
        _add(cloud, path, {"name": name, "type": kind, "ttl": 21600, "rrdatas": [value]})
    return made


def _delete(cloud: Cloud, call: Call) -> dict[str, Any]:
    if [each for each in cloud.store.under("dns", f"{call.name}/rrsets") if each["type"] not in _OWN]:
        raise RefusedError("INVALID_ARGUMENT", "The resource named 'managedZone' is not empty. (containerNotEmpty)")
    cloud.store.remove("dns", call.name)
    return {}


def _add(cloud: Cloud, zone: str, record: dict[str, Any]) -> dict[str, Any]:
    dns_name = cloud.store.get("dns", zone)["dnsName"]
    if not f".{record['name']}".endswith(f".{dns_name}"):
        raise RefusedError("INVALID_ARGUMENT", f"'{record['name']}' is not in the zone '{dns_name}'")
    made = {"kind": "dns#resourceRecordSet", **copy.deepcopy(record)}
    return cloud.store.add("dns", _path(zone, record), made)


def _path(zone: str, record: Any) -> str:
    return f"{zone}/rrsets/{record['name']} {record['type']}"


def _add_set(cloud: Cloud, call: Call) -> dict[str, Any]:
    return _add(cloud, call.name.rpartition("/")[0], call.body)


def _set(call: Call) -> str:
    return _path(call.name.partition("/rrsets/")[0], call.groups)


def _get_set(cloud: Cloud, call: Call) -> dict[str, Any]:
    return cloud.store.get("dns", _set(call))


def _patch_set(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = cloud.store.get("dns", _set(call))
    found.update(copy.deepcopy(call.body))
    return found


def _delete_set(cloud: Cloud, call: Call) -> dict[str, Any]:
    cloud.store.remove("dns", _set(call))
    return {}


def _list_sets(cloud: Cloud, call: Call) -> dict[str, Any]:
    found = cloud.store.under("dns", call.name)
    wanted = {key: call.query[key] for key in ("name", "type") if key in call.query}
    return {"rrsets": [each for each in found if all(each[key] == value for key, value in wanted.items())]}


def _change(cloud: Cloud, call: Call) -> dict[str, Any]:
    zone = call.name.rpartition("/")[0]
    for each in call.body.get("deletions", ()):
        cloud.store.remove("dns", _path(zone, each))
    for each in call.body.get("additions", ()):
        _add(cloud, zone, each)
    made = {**call.body, "id": str(uuid.uuid4().int % 10**9), "status": "done", "startTime": now()}
    return cloud.store.add("dns", f"{call.name}/{made['id']}", made)


METHODS: Methods = {
    "dns.managedZones.create": _create,
    "dns.managedZones.delete": _delete,
    "dns.resourceRecordSets.create": _add_set,
    "dns.resourceRecordSets.get": _get_set,
    "dns.resourceRecordSets.patch": _patch_set,
    "dns.resourceRecordSets.delete": _delete_set,
    "dns.resourceRecordSets.list": _list_sets,
    "dns.changes.create": _change,
}
