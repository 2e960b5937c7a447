"""What the settings say of the project, held against what is there. Read-only."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ...access import CloudRunAccess
from ...errors import Problem, suggest
from ..rows import Row
from . import apis, client
from .managed import DATABASE

WHERE = "slipway:cluster"
OWN_DOMAIN = "run.app"
"""Of Cloud Run's services."""
PEER = "servicenetworking-googleapis-com"
"""What the peering of private services access is called in every network that has it."""
Check = Callable[[client.Client, CloudRunAccess, Sequence[Row]], Iterator[Problem]]
"""Asks one of Google's APIs about the rows of an application."""


def there(asked: client.Client, api: str, path: str, **query: Any) -> dict[str, Any] | None:
    """What is at a path of an API; None: nothing.

    Raises:
        GoogleAuthError, RequestException: Google cannot be asked.
        RefusedError: it says anything else but that there is nothing.
    """
    try:
        return asked.get(api, path, **query)
    except client.RefusedError as error:
        if error.code != client.MISSING:
            raise
        return None


def _apis(asked: client.Client, access: CloudRunAccess, rows: Sequence[Row]) -> Iterator[Problem]:
    """APIs that are off, where the application's stack may not turn them on."""
    if access.enable_apis:
        return
    parent = f"projects/{access.number}"
    names = [f"{parent}/services/{apis.host(api)}" for api in sorted({apis.OF_KIND[row.kind] for row in rows})]
    answer = asked.get("serviceusage", f"v1/{parent}/services:batchGet", names=names)
    off = [str(each["name"]).rpartition("/")[2] for each in answer.get("services", ()) if each["state"] != "ENABLED"]
    if off:
        what = f'of the project "{access.project}", these APIs are off: {", ".join(off)}'
        fix = f"run `gcloud services enable {' '.join(off)} --project {access.project}`, or set enableApis to true"
        yield Problem(what, WHERE, fix)


def _region(asked: client.Client, access: CloudRunAccess, _rows: Sequence[Row]) -> Iterator[Problem]:
    """A region that Cloud Run is not in; the second version of its API does not tell them."""
    answer = there(asked, "run", f"v1/projects/{access.project}/locations", pageSize=100) or {}
    known = [str(each["locationId"]) for each in answer.get("locations", ())]
    if known and access.region not in known:
        yield Problem(f'Cloud Run is not in the region "{access.region}"', WHERE, suggest(access.region, known))


def _network(asked: client.Client, access: CloudRunAccess, rows: Sequence[Row]) -> Iterator[Problem]:
    """The subnetwork from which services call out, where any does."""
    subnetwork = access.subnetwork
    if not isinstance(subnetwork, str) or not any(_calls_out(row) for row in rows):
        return
    begin, _, name = _path(subnetwork).rpartition("/")
    found = there(asked, "compute", f"{begin}/{name}")
    _, project, _, region, _ = begin.split("/")
    if found is None:
        fix = f"run `gcloud compute networks subnets list --project {project}`"
        yield Problem(f'there is no subnetwork "{name}" in {region}', WHERE, fix)
        return
    if isinstance(access.network, str) and _path(str(found.get("network", ""))) != _path(access.network):
        other = _path(str(found.get("network", ""))).rpartition("/")[2]
        yield Problem(f'the subnetwork "{name}" is of the network "{other}"', WHERE, "mend network or subnetwork")
    if access.egress == "private" and not found.get("privateIpGoogleAccess"):
        what = f'the subnetwork "{name}" has no Private Google Access, without which services do not reach each other'
        fix = (
            f"run `gcloud compute networks subnets update {name} --project {project} --region {region} "
            "--enable-private-ip-google-access`"
        )
        yield Problem(what, WHERE, fix)


def _names(asked: client.Client, access: CloudRunAccess, rows: Sequence[Row]) -> Iterator[Problem]:
    """The zone that leads calls between services into the network, where there are any.

    https://cloud.google.com/run/docs/securing/private-networking#from-other-services
    """
    network = access.network
    if not isinstance(network, str) or access.egress != "private" or not any(_calls_another(row) for row in rows):
        return
    _, project, *_, name = _path(network).split("/")
    answer = asked.get("dns", f"dns/v1/projects/{project}/managedZones", dnsName=f"{OWN_DOMAIN}.")
    networks = (
        each.get("networkUrl", "")
        for zone in answer.get("managedZones", ())
        if zone.get("visibility") == "private"
        for each in (zone.get("privateVisibilityConfig") or {}).get("networks", ())
    )
    if _path(network) not in map(_path, networks):
        what = f'the network "{name}" has no private zone for {OWN_DOMAIN}, without which calls between services come'
        fix = "make one, as docs/targets/cloudrun.md says, or set slipway:cloudrun.egress to all"
        yield Problem(f"{what} from outside", WHERE, fix)


def _services(asked: client.Client, access: CloudRunAccess, rows: Sequence[Row]) -> Iterator[Problem]:
    """The way from the network to the networks of Google's services, where a database is to be in one of them.

    https://cloud.google.com/sql/docs/postgres/configure-private-services-access
    """
    network = access.network
    if not isinstance(network, str) or not any(row.kind == DATABASE for row in rows):
        return
    path = _path(network)
    _, project, *_, name = path.split("/")
    found = there(asked, "compute", path)
    if found is None:
        fix = f"run `gcloud compute networks list --project {project}`"
        yield Problem(f'there is no network "{name}"', WHERE, fix)
    elif PEER not in (each.get("name") for each in found.get("peerings", ())):
        what = f'the network "{name}" has no private services access, without which Cloud SQL has no address in it'
        fix = "deploy the platform's stack with managed: true, or make it, as docs/targets/cloudrun.md says"
        yield Problem(what, WHERE, fix)


def _calls_out(row: Row) -> bool:
    return "vpc_access" in _template(row)


def _calls_another(row: Row) -> bool:
    """Whether what runs knows the address of a service of Cloud Run."""
    return _calls_out(row) and any(f".{OWN_DOMAIN}" in text for text in _texts(_template(row)))


def _template(row: Row) -> Mapping[str, Any]:
    """Of instances; empty where there are none."""
    template = row.args.get("template")
    if not isinstance(template, Mapping):
        return {}
    found: Mapping[str, Any] = template.get("template", template)
    return found


def _texts(value: Any) -> Iterator[str]:
    """Every text within a value, as far as it is known."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for element in value.values():
            yield from _texts(element)
    elif isinstance(value, (list, tuple)):
        for element in value:
            yield from _texts(element)


def _path(identifier: str) -> str:
    """`projects/...` of an ID that may begin with the API's address."""
    return identifier[max(identifier.find("projects/"), 0) :]


def _zone(asked: client.Client, access: CloudRunAccess, rows: Sequence[Row]) -> Iterator[Problem]:
    """The zone in which hosts get their records, where any does."""
    if not isinstance(access.zone, str) or not any(row.kind == "Record" for row in rows):
        return
    found = there(asked, "dns", f"dns/v1/projects/{access.project}/managedZones/{access.zone}")
    if found is None:
        fix = f"run `gcloud dns managed-zones list --project {access.project}`"
        yield Problem(f'there is no managed zone "{access.zone}"', WHERE, fix)
    elif str(found.get("dnsName", "")).rstrip(".") != access.zone_name:
        what = f'the managed zone "{access.zone}" is that of {str(found.get("dnsName", "")).rstrip(".")}'
        yield Problem(f"{what}, not of {access.zone_name}", WHERE, "mend zone or zoneName")


def _certificate_map(asked: client.Client, access: CloudRunAccess, rows: Sequence[Row]) -> Iterator[Problem]:
    """The certificates of an HTTPS entry point, where there is one."""
    named = access.certificate_map
    if not isinstance(named, str) or not any(row.kind == "HttpsProxy" for row in rows):
        return
    if there(asked, "certificatemanager", f"v1/{_path(named)}") is None:
        fix = f"run `gcloud certificate-manager maps list --project {access.project}`"
        yield Problem(f'there is no certificate map "{_path(named).rpartition("/")[2]}"', WHERE, fix)


CHECKS: tuple[Check, ...] = (_apis, _region, _network, _names, _services, _zone, _certificate_map)
