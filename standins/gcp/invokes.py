"""Function calls: after the data sources of magic-modules.

What a service, worker pool or job was asked to be (`templates`, `scalings` and so on) is left out of the answers; what
became of it is in them.
"""

from collections.abc import Mapping
from typing import Any, Final

from standins.gcp import run
from standins.gcp.cloud import Cloud, Request
from standins.gcp.kind import Kind
from standins.resource import Call, StandinError
from standins.server import Invoke
from standins.values import Properties


def _project(call: Call, given: Properties) -> Properties:
    name = given.get("projectId") or _of_provider(call.client, "project")
    found = call.client.find(Request("cloudresourcemanager.v1", "projects.get", {"projectId": name}))
    if found is None:
        raise StandinError(f"project: {name} not found")
    return {
        "id": f"projects/{name}",
        "name": found.get("name", name),
        "number": str(found["projectNumber"]),
        "projectId": found["projectId"],
        "labels": found.get("labels") or {},
    }


def _config(call: Call, _given: Properties) -> Properties:
    cloud: Cloud = call.client
    parts = {"project": cloud.project or "", "region": cloud.region or "", "zone": cloud.zone or ""}
    whole = "/".join(f"{name}s/{value}" for name, value in parts.items() if value)
    return {**parts, "id": whole or "config", "accessToken": cloud.token, "defaultLabels": dict(cloud.labels)}


def _run(kind: Kind) -> Invoke:
    def look(call: Call, given: Properties) -> Properties:
        known = {**given, "project": given.get("project") or _of_provider(call.client, "project")}
        known["location"] = given.get("location") or _of_provider(call.client, "region")
        found = kind.found(call.client, known)
        identity = kind.identity.format_map(known)
        if found is None:
            raise StandinError(f"{identity} not found")
        labels = {"effectiveLabels": found.get("labels") or {}}
        return {**known, "id": identity, "project": known["project"], **kind.read_out(found, known), **labels}

    return look


def _global(what: str, api: str, method: str, parameter: str, outputs: Mapping[str, str]) -> Invoke:
    """What looks a named thing of a project up, in its region where the method has one."""

    def look(call: Call, given: Properties) -> Properties:
        places: dict[str, Any] = {"project": given.get("project") or _of_provider(call.client, "project")}
        if method.startswith("subnetworks"):
            places["region"] = given.get("region") or _of_provider(call.client, "region")
        name = given.get("name") or str(given.get("selfLink", "")).rpartition("/")[2]
        found = call.client.find(Request(api, method, {**places, parameter: name}))
        if found is None:
            raise StandinError(f"{what} {name} not found")
        read = {output: found.get(member) for output, member in outputs.items()}
        return {**places, "name": name, **{output: value for output, value in read.items() if value is not None}}

    return look


def _network(call: Call, given: Properties) -> Properties:
    outputs = {
        "description": "description",
        "selfLink": "selfLink",
        "networkId": "id",
        "subnetworksSelfLinks": "subnetworks",
    }
    found = _global("network", "compute.v1", "networks.get", "network", outputs)(call, given)
    return {**found, "id": f"projects/{found['project']}/global/networks/{found['name']}"}


def _subnetwork(call: Call, given: Properties) -> Properties:
    outputs = {
        "gatewayAddress": "gatewayAddress",
        "ipCidrRange": "ipCidrRange",
        "network": "network",
        "privateIpGoogleAccess": "privateIpGoogleAccess",
        "selfLink": "selfLink",
    }
    found = _global("subnetwork", "compute.v1", "subnetworks.get", "subnetwork", outputs)(call, given)
    place = f"projects/{found['project']}/regions/{found['region']}"
    return {**found, "id": f"{place}/subnetworks/{found['name']}"}


def _zone(call: Call, given: Properties) -> Properties:
    outputs = {"dnsName": "dnsName", "nameServers": "nameServers", "visibility": "visibility", "managedZoneId": "id"}
    found = _global("managed zone", "dns.v1", "managedZones.get", "managedZone", outputs)(call, given)
    return {**found, "id": f"projects/{found['project']}/managedZones/{found['name']}"}


def _secret(call: Call, given: Properties) -> Properties:
    project = given.get("project") or _of_provider(call.client, "project")
    name = f"projects/{project}/secrets/{given['secretId']}"
    found = call.client.find(Request("secretmanager.v1", "projects.secrets.get", {"name": name}))
    if found is None:
        raise StandinError(f"{name} not found")
    return {"id": name, "project": project, "secretId": given["secretId"], "name": found["name"]}


def _storage_account(call: Call, given: Properties) -> Properties:
    project = given.get("project") or _of_provider(call.client, "project")
    found = call.client.send(Request("storage.v1", "projects.serviceAccount.get", {"projectId": project}))
    email = found["email_address"]
    return {"id": email, "project": project, "emailAddress": email, "member": f"serviceAccount:{email}"}


def _of_provider(cloud: Cloud, name: str) -> str:
    found = getattr(cloud, name)
    if not found:
        raise StandinError(f"{name}: required field is not set")
    return str(found)


INVOKES: Final[Mapping[str, Invoke]] = {
    "gcp:cloudrunv2/getJob:getJob": _run(run.Job()),
    "gcp:cloudrunv2/getService:getService": _run(run.Service()),
    "gcp:cloudrunv2/getWorkerPool:getWorkerPool": _run(run.WorkerPool()),
    "gcp:compute/getNetwork:getNetwork": _network,
    "gcp:compute/getSubnetwork:getSubnetwork": _subnetwork,
    "gcp:dns/getManagedZone:getManagedZone": _zone,
    "gcp:organizations/getClientConfig:getClientConfig": _config,
    "gcp:organizations/getProject:getProject": _project,
    "gcp:secretmanager/getSecret:getSecret": _secret,
    "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": _storage_account,
}
"""Token -> what answers it."""
