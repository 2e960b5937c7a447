"""`x-slipway.ingress`: an application's routes at the Swarm's entry point, as a file that the entry point reads.

The entry point belongs to the cluster's stack (`clusters/swarm.py`) and never sees the Docker socket. An application
adds one file of Traefik's file provider (https://doc.traefik.io/traefik/reference/install-configuration/providers/others/file/)
to the volume that the entry point watches. A task on the entry point's node puts the file there and keeps it: it goes
with the application. Its services join the entry point's network, on which Swarm's own name finds their tasks.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...access import EntryPoint, SwarmAccess
from ...errors import Problem
from ...model import App, Ingress
from ..forms import label_list
from ..ingress import asking, container_port, ingress, secure, without_port
from ..rows import Base64, Ref, Row
from .files import CONFIG_LIMIT
from .service import PLATFORMS

KEY = "slipway-routes"
"""Of the config with the routes, and of the service that keeps them."""
FILE = "/slipway-routes.yml"
FOLDER = "/routes"
SOME_ENTRY = EntryPoint(
    network="[the entry point's network]",
    volume="[the entry point's routes]",
    node="[the entry point's node]",
    image="[the entry point's image]",
)
"""Stands for an entry point where none is asked for."""
RETRIES = 3
"""How often a request that reached no task is tried again: a name may still lead to a task that has just gone."""
KEEPER = f"""
kept={FOLDER}/$APP.$(cksum < {FILE} | tr ' ' -).yml
cp {FILE} {FOLDER}/.$APP.new && mv {FOLDER}/.$APP.new "$kept" || exit 1
for other in {FOLDER}/$APP.*.yml; do test "$other" = "$kept" || rm -f "$other"; done
trap 'rm -f "$kept"; exit 0' TERM INT
while :; do sleep 3600 & wait $!; done
"""
"""The successor's file is there before the predecessor's goes, and each takes away only its own: no moment is without
a route."""


def url(asked: Ingress, address: str, http: int, https: int) -> str:
    """Where the service answers from outside.

    Args:
        asked: what the file says.
        address: of the entry point, for a service without a host of its own.
        http: the entry point's port for HTTP.
        https: the entry point's port for HTTPS.
    """
    scheme, port, default = ("https", https, 443) if secure(asked) else ("http", http, 80)
    shown = "" if port == default else f":{port}"
    return f"{scheme}://{asked.host or address}{shown}{asked.path.rstrip('/')}"


def problems(app: App, access: SwarmAccess) -> Iterator[Problem]:
    """What stands in the way of a route, and only access and the whole service tell."""
    for service, _, path in asking(app):
        if access.entry is None:
            fix = "deploy the Swarm's stack and name it with slipway:cluster.stack, or publish a port"
            yield Problem("this Swarm has no entry point that is known here", app.where(path), fix)
        yield from without_port(app, service, path)


def configuration(app: App, upstream: Callable[[str], str]) -> str:
    """The application's routes, as Traefik's dynamic configuration; JSON, which is YAML too.

    Certificates are the entry point's own business: what it does for its port 443 holds for every router there.

    Args:
        app: the application.
        upstream: from a service's name to the name by which the entry point reaches it.
    """
    routers: dict[str, Any] = {}
    services: dict[str, Any] = {}
    middlewares: dict[str, Any] = {f"{app.name}-retry": {"retry": {"attempts": RETRIES, "initialInterval": "100ms"}}}
    for name, service in app.services.items():
        asked = ingress(service)
        if asked is None:
            continue
        route = f"{app.name}-{name}"
        server = f"http://{upstream(name)}:{container_port(service)}"
        services[route] = {"loadBalancer": {"servers": [{"url": server}], "passHostHeader": True}}
        router: dict[str, Any] = {"rule": _rule(asked), "service": route, "middlewares": [f"{app.name}-retry"]}
        if not secure(asked):
            routers[route] = {**router, "entryPoints": ["web"]}
            continue
        routers[route] = {**router, "entryPoints": ["websecure"]}
        if asked.redirect_http is not False:
            middlewares[f"{app.name}-https"] = {"redirectScheme": {"scheme": "https", "permanent": True}}
            routers[f"{route}-http"] = {**router, "entryPoints": ["web"], "middlewares": [f"{app.name}-https"]}
    http = {"middlewares": middlewares, "routers": routers, "services": services}
    return json.dumps({"http": http}, indent=2, sort_keys=True) + "\n"


def _rule(asked: Ingress) -> str:
    """Traefik's rule: https://doc.traefik.io/traefik/reference/routing-configuration/http/router/rules-and-priority/."""
    path = f"PathPrefix(`{asked.path}`)"
    return path if asked.host is None else f"Host(`{asked.host}`) && {path}"


def rows(app: App, access: SwarmAccess, own: Mapping[str, Any], upstream: Callable[[str], str]) -> Iterator[Row]:
    """The routes of the application, and the service that keeps them; nothing where no service has any."""
    entry = access.entry
    asking = [name for name, service in app.services.items() if ingress(service) is not None]
    if entry is None or not asking:
        return
    content = Base64(configuration(app, upstream), "x-slipway.ingress", CONFIG_LIMIT)
    yield Row(kind="config", key=KEY, args={"data": content, "labels": label_list(own)}, auxiliary=True)
    yield Row(
        kind="service",
        key=KEY,
        args={
            "name": f"{app.name}_{KEY}",
            "labels": label_list(own),
            "task_spec": {"container_spec": _keeper(app, entry, own), "placement": {"constraints": [entry.node]}},
            "mode": {"replicated": {"replicas": 1}},
            "update_config": {"parallelism": 1, "order": "start-first", "failure_action": "rollback"},
            "converge_config": {"delay": "1s", "timeout": "180s"},
        },
        after=tuple(("service", name) for name in asking),
        stop_first=True,
        auxiliary=True,
        unasked=(PLATFORMS,),
    )


def _keeper(app: App, entry: EntryPoint, own: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "image": entry.image,
        "commands": ["sh", "-c", KEEPER],
        "env": {"APP": app.name},
        "labels": label_list(own),
        "read_only": True,
        "cap_drops": ["ALL"],
        "init": True,
        "stop_grace_period": "10s",
        "configs": [
            {
                "config_id": Ref("config", KEY, "id"),
                "config_name": Ref("config", KEY, "name"),
                "file_name": FILE,
                "file_mode": 0o444,
            }
        ],
        "mounts": [{"type": "volume", "source": entry.volume, "target": FOLDER}],
    }
