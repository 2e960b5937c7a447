"""What would fail on this Swarm, as far as it can be known before anything is created. Nothing is changed."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import docker
import docker.errors
import requests

from ...access import Images, SwarmAccess
from ...errors import Problem
from ...model import App, Service
from ..docker.engine import TIMEOUT, can_ask, connect, unreachable
from . import jobs, ports, service
from .render import NAMESPACE, STACK, constraint, needs_one_node, service_name

Node = Mapping[str, Any]


def probe(app: App, images: Images, access: SwarmAccess) -> list[Problem]:
    """Ask the Swarm, read-only.

    Asked: does it answer, is it a manager of a Swarm, are images in a registry, are names and ports free, is there a
    node for every service. Skipped where this program cannot ask.
    """
    if not can_ask(access):
        return []
    try:
        with connect(access) as client:
            api: Any = client.api
            problem = _no_manager(api.info().get("Swarm") or {}, access)
            if problem is not None:
                return [problem]
            nodes = [node for node in api.nodes() if _usable(node)]
            services = api.services()
            return [
                *_images(app, images, api),
                *_networks(app, api.networks()),
                *_names(app, services),
                *_ports(app, services),
                *_placed(app, access, nodes),
            ]
    except (docker.errors.DockerException, requests.RequestException, OSError) as error:
        return [unreachable(access, error)]


def _no_manager(swarm: Mapping[str, Any], access: SwarmAccess) -> Problem | None:
    where = f"docker engine {access.host}" if access.host else "docker engine"
    state = swarm.get("LocalNodeState")
    if state in (None, "inactive"):
        return Problem("it is in no Swarm", where, "run `docker swarm init` there, or name a manager's address")
    if state == "locked":
        return Problem("its Swarm is locked", where, "run `docker swarm unlock` there")
    if not swarm.get("ControlAvailable"):
        managers = ", ".join(each["Addr"] for each in swarm.get("RemoteManagers") or ())
        what = "it is a worker of its Swarm, and only managers deploy"
        return Problem(what, where, f"name a manager with slipway:cluster.existing.host (they are {managers})")
    return None


def _usable(node: Node) -> bool:
    return bool(node["Status"]["State"] == "ready" and node["Spec"]["Availability"] == "active")


def _images(app: App, images: Images, api: Any) -> Iterator[Problem]:
    """References that no registry has; silent where the registry cannot be asked, or not in time."""
    end = time.monotonic() + TIMEOUT
    missing: dict[str, bool] = {}
    for name, image in images.items():
        if image.digest is not None or time.monotonic() > end:
            continue
        if image.name not in missing:
            missing[image.name] = _is_missing(image.name, api)
        if missing[image.name]:
            fix = "push it to a registry that every node reaches, or check the name and the tag"
            yield Problem(f'image "{image.name}" is in no registry', app.where(("services", name, "image")), fix)


def _is_missing(image: str, api: Any) -> bool:
    try:
        api.inspect_distribution(image)
    except docker.errors.NotFound:
        return True
    except (docker.errors.APIError, requests.RequestException):
        return False
    return False


def _networks(app: App, there: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Names that something else has: networks have their names for themselves, only within one stack."""
    taken = {each["Name"]: (each.get("Labels") or {}).get(NAMESPACE) for each in there}
    for key, network in app.networks.items():
        name = network.name or f"{app.name}_{key}"
        if not network.external and name in taken and taken[name] != app.name:
            by = f'stack "{taken[name]}"' if taken[name] else "something else"
            where = app.where(("networks", key))
            yield Problem(f'network "{name}" belongs to {by}', where, "choose another name, or write external: true")


def _names(app: App, there: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Services of this name that Slipway did not make."""
    labels = {each["Spec"]["Name"]: each["Spec"].get("Labels") or {} for each in there}
    for name in app.services:
        full = service_name(name, app)
        if full in labels and STACK not in labels[full]:
            fix = f"remove it with `docker stack rm {app.name}`, or choose another slipway:name"
            yield Problem(f'service "{full}" is there already', app.where(("services", name)), fix)


def _ports(app: App, there: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Published ports that another stack's service has."""
    owners = {
        (port.get("PublishedPort"), port.get("Protocol")): each["Spec"]["Name"]
        for each in there
        if (each["Spec"].get("Labels") or {}).get(NAMESPACE) != app.name
        for port in (each.get("Endpoint") or {}).get("Ports") or ()
    }
    for name, each in app.services.items():
        for index, port in enumerate(each.ports):
            owner = owners.get((int(port.published), port.protocol)) if port.published else None
            if owner is not None:
                where = app.where(("services", name, "ports", index))
                yield Problem(
                    f'port {port.published} is taken by service "{owner}"', where, "stop it, or publish another port"
                )


def _placed(app: App, access: SwarmAccess, nodes: Sequence[Node]) -> Iterator[Problem]:
    """Services that no node could run, or that more nodes could run than their volumes allow."""
    runs = {each.name for each in jobs.services(app)}
    for each in app.services.values():
        if each.name not in runs:
            yield from _place(each, app, access, nodes)


def _place(each: Service, app: App, access: SwarmAccess, nodes: Sequence[Node]) -> Iterator[Problem]:
    placement = each.deploy.placement if each.deploy else None
    written = placement.constraints if placement else ()
    path = ("services", each.name, "deploy", "placement", "constraints")
    hopeless = [text for text in written if not any(fulfils(node, text) for node in nodes)]
    for text in hopeless:
        fix = "change it, or label a node with `docker node update --label-add`"
        yield Problem(f'no node fulfils "{text}"', app.where((*path, written.index(text))), fix)
    fitting = [node for node in nodes if all(fulfils(node, text) for text in written)]
    if written and not hopeless and not fitting:
        yield Problem(f"no node fulfils all of {', '.join(written)}", app.where(path), "change them")
    if not fitting:
        return
    if needs_one_node(each, app):
        yield from _one_node(each, app, access, fitting)
    host = [port for port in each.ports if ports.publish_mode(port, access) == "host" and port.published]
    if host and not service.is_global(each) and each.replicas > len(fitting):
        what = f"{each.replicas} tasks want port {host[0].published} of a node, and {len(fitting)} nodes can run them"
        yield Problem(what, app.where(("services", each.name, "ports")), "run fewer replicas, or more nodes")


def _one_node(each: Service, app: App, access: SwarmAccess, fitting: Sequence[Node]) -> Iterator[Problem]:
    pin = constraint(access.volume_node)
    where = app.where(("services", each.name, "volumes"))
    if pin is not None and not any(fulfils(node, pin) for node in fitting):
        yield Problem(
            f'no node fulfils "{pin}", which slipway:cluster.existing.volumeNode asks for', where, "change it"
        )
    if pin is None and len(fitting) > 1:
        names = ", ".join(node["Description"]["Hostname"] for node in fitting)
        fix = "set slipway:cluster.existing.volumeNode to one of them, or write a placement constraint"
        yield Problem(f"its volumes stay on one node, and its tasks may run on {names}", where, fix)


CONSTRAINT = re.compile(r"\s*(?P<key>[\w./-]+)\s*(?P<operator>==|!=)\s*(?P<value>.*?)\s*")
"""https://github.com/moby/swarmkit, `manager/constraint/constraint.go`."""


def fulfils(node: Node, text: str) -> bool:
    """Whether a node fulfils a placement constraint; one that is not understood is left to Swarm."""
    match = CONSTRAINT.fullmatch(text)
    if match is None:
        return True
    found = _attribute(node, match["key"])
    if found is None:
        return True
    return (found.lower() == match["value"].lower()) == (match["operator"] == "==")


def _attribute(node: Node, key: str) -> str | None:
    """A node's attribute; "" for a label that it does not have, None for a key that is not known."""
    description = node["Description"]
    for prefix, labels in (
        ("node.labels.", node["Spec"].get("Labels") or {}),
        ("engine.labels.", (description.get("Engine") or {}).get("Labels") or {}),
    ):
        if key.lower().startswith(prefix):
            return str(labels.get(key[len(prefix) :], ""))
    platform = description.get("Platform") or {}
    known = {
        "node.id": node["ID"],
        "node.hostname": description["Hostname"],
        "node.role": node["Spec"]["Role"],
        "node.platform.os": platform.get("OS", ""),
        "node.platform.arch": platform.get("Architecture", ""),
    }
    return known.get(key.lower())
