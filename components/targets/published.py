"""Where a published port answers."""

from typing import Any

import pulumi


def url(host: Any, port: int | str) -> Any:
    """The address of a published port, of a service that speaks HTTP.

    Args:
        host: name or address; an output, where it is not known yet.
        port: on that host.
    """
    if isinstance(host, pulumi.Output):
        return pulumi.Output.concat("http://", host, f":{port}")
    return f"http://{host}:{port}"
