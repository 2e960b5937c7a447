"""Where a service answers from outside, once it is deployed."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from ...model import Ingress, Service
from ..rows import Key, Row

HTTP = 80
ENTRIES = ("Ingress", "HTTPRoute")
"""Kinds that take requests from outside for a host."""


def of(service: Service, rows: Sequence[Row], made: Mapping[Key, Any], address: Any) -> Any:
    """The URL of a service: that of its entry point, else of its first published TCP port; None: it has neither.

    Args:
        service: of the application.
        rows: all that was rendered.
        made: the resources that were made of them.
        address: the name or address at which node ports answer.
    """
    own = [row for row in rows if row.service == service.name]
    asked = service.x_slipway.ingress if service.x_slipway is not None else None
    entry = next((row for row in own if row.kind in ENTRIES), None)
    if asked is not None and entry is not None:
        return _of_entry(asked, entry, made[entry.kind, entry.key])
    for row in own:
        index = _first_tcp(row)
        if index is None:
            continue
        resource: Any = made[row.kind, row.key]
        if row.args["spec"].get("type") == "NodePort":
            port = resource.spec.apply(functools.partial(_node_port, index))
            return pulumi.Output.concat("http://", address, ":", port)
        if row.args["spec"].get("type") == "LoadBalancer":
            number = row.args["spec"]["ports"][index]["port"]
            shown = "" if number == HTTP else f":{number}"
            return pulumi.Output.concat("http://", resource.status.apply(_balanced), shown)
    return None


def _of_entry(asked: Ingress, row: Row, resource: Any) -> Any:
    secure = row.args["spec"].get("tls") if row.kind == "Ingress" else asked.tls != "off"
    scheme, path = "https" if secure else "http", asked.path.rstrip("/")
    if asked.host is not None:
        return f"{scheme}://{asked.host}{path}"
    if row.kind == "HTTPRoute":
        return None  # the Gateway's address is the Gateway's to know
    return pulumi.Output.concat(f"{scheme}://", resource.status.apply(_balanced), path)


def _first_tcp(row: Row) -> int | None:
    """Where a Service's first TCP port is among its ports."""
    ports = row.args["spec"].get("ports", ()) if row.kind == "Service" else ()
    return next((index for index, port in enumerate(ports) if port.get("protocol", "TCP") == "TCP"), None)


def _node_port(index: int, spec: Any) -> str:
    """What the cluster has picked; "" in a preview, where it is not known yet."""
    ports = spec.ports if spec is not None else None
    return str(ports[index].node_port or "") if ports else ""


def _balanced(status: Any) -> str:
    """The address of a load balancer; "" where it is not known yet."""
    given = status.load_balancer.ingress if status is not None and status.load_balancer is not None else None
    return (given[0].hostname or given[0].ip or "") if given else ""
