"""What a name resolves to in an instance, and from where its calls come.

A private zone of Cloud DNS is seen by instances with VPC access alone, as there. There is no way to the world.
"""

import ipaddress
from collections.abc import Mapping
from typing import Any

from tests.clouds import dns
from tests.gcp.cloud.rest import Cloud

_PRIVATE = ipaddress.ip_network("199.36.153.8/30")
"""private.googleapis.com (https://cloud.google.com/vpc/docs/configure-private-google-access)."""
_RUN = ".run.app"


def serve(cloud: Cloud) -> None:
    """Answer instances, in a thread."""
    dns.serve(cloud.place.gateway, lambda name, asker: resolve(cloud, name.lower().rstrip("."), asker))


def resolve(cloud: Cloud, name: str, asker: str) -> dns.Found | None:
    """The answer for a name."""
    instance = cloud.agent.at(asker)
    has_access = instance is not None and bool(instance.inner_address)
    records = _records(cloud, name) if has_access else None
    if records is not None and not (name.endswith(_RUN) and _are_private(records)):
        return [], records
    if name.endswith(_RUN):
        return [], [cloud.place.inner_gateway if is_inside(cloud, asker) else cloud.place.gateway]
    return None


def is_inside(cloud: Cloud, address: str) -> bool:
    """Whether the calls of an instance to `run.app` go through the VPC network.

    https://cloud.google.com/run/docs/securing/private-networking#from-other-services
    """
    instance = cloud.agent.at(address)
    if instance is None or not instance.inner_address:
        return False
    if instance.spec.template["vpcAccess"].get("egress") == "ALL_TRAFFIC":
        return True
    return _are_private(_records(cloud, f"any{_RUN}") or [])


def _are_private(addresses: list[str]) -> bool:
    return bool(addresses) and all(ipaddress.ip_address(each) in _PRIVATE for each in addresses)


def _records(cloud: Cloud, name: str) -> list[str] | None:
    """The addresses of a name in a private zone."""
    for path, zone in cloud.store.all("dns"):
        if zone.get("visibility") == "private" and path.split("/")[-2] == "managedZones":
            found = _in_zone(cloud.store.under("dns", f"{path}/rrsets"), name)
            if found is not None:
                return found
    return None


def _in_zone(sets: list[dict[str, Any]], name: str) -> list[str] | None:
    wanted: Mapping[str, dict[str, Any]] = {f"{each['name'].rstrip('.')} {each['type']}": each for each in sets}
    for host in (name, f"*.{name.partition('.')[2]}", f"*.{'.'.join(name.split('.')[-2:])}"):
        alias = wanted.get(f"{host} CNAME")
        if alias:
            return _in_zone(sets, alias["rrdatas"][0].rstrip("."))
        if f"{host} A" in wanted:
            return list(wanted[f"{host} A"]["rrdatas"])
    return None
