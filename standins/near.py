"""Where a stand-in may send requests: to this machine, and nowhere else."""

import ipaddress
from urllib.parse import urlsplit

from standins.resource import StandinError


def refuse_far(package: str, cloud: str, url: str, setting: str) -> None:
    """Refuse an endpoint of a cloud that is not of this machine.

    Args:
        package: the stand-in's, `aws`.
        cloud: what it stands before, in messages: `AWS`.
        url: the endpoint; "": there is none, and requests would go to the cloud itself.
        setting: what names the endpoint.

    Raises:
        StandinError: it is elsewhere.
    """
    host = urlsplit(url).hostname or ""
    try:
        near = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        near = False
    if not near:
        where = f'"{url}" is not on this machine' if url else f"{setting} is not set"
        fix = f"use the official plugin for {cloud} itself"
        raise StandinError(f"{package}: {where}, and this is a stand-in for tests; {fix}")
