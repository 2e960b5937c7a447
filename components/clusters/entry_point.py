"""The entry point of a Swarm: Traefik, as arguments of `docker.Service`. Pure.

It reads its routes from files alone, and never sees the Docker socket. It is one task on one node, which publishes its
own ports: that needs no routing mesh, and keeps the client's address.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from ..errors import Problem, suggest

KEYS = ("certificate", "email", "http", "https", "image", "key", "node")
WHERE = "slipway:cluster.new.ingress"
IMAGE = "traefik:v3.5"
ROUTES = "/routes"
"""Where it sees the applications' files. Traefik watches this folder, and none within it."""
TLS_FILE = f"{ROUTES}/tls.yml"
CERTIFICATE = {"certificate": "/run/secrets/certificate.pem", "key": "/run/secrets/key.pem"}
"""Setting -> where the container sees its content."""
STORE = "/acme"
WEB, SECURE, PING = 8080, 8443, 8082
"""Ports within the container: above 1024, so that no capability is needed."""
PUBLISHED = {"http": 80, "https": 443}
"""Setting -> the port that is published without it."""
GREATEST_PORT = 65535

Ingress = Mapping[str, Any]
"""The settings in `slipway:cluster.new.ingress`."""


def problems(ingress: Ingress) -> list[Problem]:
    """What is wrong with the settings."""
    found = [Problem(f'unknown key "{key}"', WHERE, suggest(key, KEYS)) for key in ingress if key not in KEYS]
    found += [
        Problem(f"{key} is not a string", WHERE, "write a string")
        for key in ("certificate", "email", "image", "key", "node")
        if not isinstance(ingress.get(key, ""), str)
    ]
    if not ingress.get("node"):
        fix = "write the hostname of the node that the entry point is on (`docker node ls` lists them)"
        found.append(Problem("no value for node", WHERE, fix))
    if ("certificate" in ingress) != ("key" in ingress):
        found.append(Problem("certificate and key belong together, and one is missing", WHERE, "give both"))
    if "certificate" in ingress and "email" in ingress:
        found.append(Problem("email and certificate exclude each other", WHERE, "remove one"))
    for name, default in PUBLISHED.items():
        port = ingress.get(name, default)
        if isinstance(port, bool) or not isinstance(port, int) or not 1 <= port <= GREATEST_PORT:
            found.append(Problem(f"{name} is {port!r}, not a port", WHERE, f"write a number from 1 to {GREATEST_PORT}"))
    return found


def constraint(ingress: Ingress) -> str:
    """Where the entry point is, and with it the volume of its routes."""
    return f"node.hostname == {ingress['node']}"


def volume(name: str) -> str:
    """The volume of the applications' routes."""
    return f"{name}-routes"


def labels(name: str) -> list[dict[str, Any]]:
    """Those by which `docker stack ls` and `docker stack ps` show the entry point."""
    return [{"label": "com.docker.stack.namespace", "value": name}]


def service(name: str, ingress: Ingress, *, network: Any, files: Mapping[str, Any], mesh: bool) -> dict[str, Any]:
    """Arguments of `docker.Service`.

    Args:
        name: what names in the Swarm begin with.
        ingress: settings without problems.
        network: ID of the network on which it reaches services.
        files: arguments `secrets` and `configs` of the container: the certificate, where one was given.
        mesh: whether a service has a virtual IP.
    """
    container = {
        "image": ingress.get("image", IMAGE),
        "args": command_line(ingress),
        "labels": labels(name),
        "read_only": True,
        "cap_drops": ["ALL"],
        "healthcheck": {
            "tests": ["CMD", "traefik", "healthcheck", *_ping()],
            "interval": "5s",
            "timeout": "3s",
            "retries": 3,
            "start_period": "20s",
        },
        "stop_grace_period": "30s",
        "mounts": _mounts(name, ingress),
        **files,
    }
    return {
        "name": f"{name}-entry",
        "labels": labels(name),
        "task_spec": {
            "container_spec": container,
            "placement": {"constraints": [constraint(ingress)]},
            "networks_advanceds": [{"id": network}],
        },
        "mode": {"replicated": {"replicas": 1}},
        # the node's port is free again only when the old task has gone
        "update_config": {"parallelism": 1, "order": "stop-first", "failure_action": "rollback", "monitor": "10s"},
        "endpoint_spec": {
            "mode": "vip" if mesh else "dnsrr",
            "ports": [_port("web", WEB, ingress, "http"), _port("websecure", SECURE, ingress, "https")],
        },
        "converge_config": {"delay": "1s", "timeout": "180s"},
    }


def command_line(ingress: Ingress) -> list[str]:
    """Traefik's: routes from files alone, no dashboard, nothing sent home.

    https://doc.traefik.io/traefik/reference/install-configuration/configuration-options/
    """
    args = [
        "--global.checknewversion=false",
        "--global.sendanonymoususage=false",
        "--log.level=INFO",
        f"--entrypoints.web.address=:{WEB}",
        f"--entrypoints.websecure.address=:{SECURE}",
        "--entrypoints.websecure.http.tls=true",
        *_ping(),
        f"--providers.file.directory={ROUTES}",
        "--providers.file.watch=true",
    ]
    if "email" in ingress:
        args += [
            "--entrypoints.websecure.http.tls.certresolver=acme",
            f"--certificatesresolvers.acme.acme.email={ingress['email']}",
            f"--certificatesresolvers.acme.acme.storage={STORE}/acme.json",
            "--certificatesresolvers.acme.acme.httpchallenge.entrypoint=web",
        ]
    return args


def tls_file() -> str:
    """The dynamic configuration that makes a given certificate the one for every host."""
    pair = {"certFile": CERTIFICATE["certificate"], "keyFile": CERTIFICATE["key"]}
    return json.dumps({"tls": {"stores": {"default": {"defaultCertificate": pair}}}}, sort_keys=True)


def encoded(text: str) -> str:
    """What `docker.Secret` and `docker.ServiceConfig` take as their data."""
    return base64.b64encode(text.encode()).decode()


def _ping() -> list[str]:
    return [f"--entrypoints.ping.address=:{PING}", "--ping=true", "--ping.entrypoint=ping"]


def _port(name: str, target: int, ingress: Ingress, key: str) -> dict[str, Any]:
    return {
        "name": name,
        "target_port": target,
        "published_port": ingress.get(key, PUBLISHED[key]),
        "publish_mode": "host",
        "protocol": "tcp",
    }


def _mounts(name: str, ingress: Ingress) -> list[dict[str, Any]]:
    places = {volume(name): ROUTES}
    if "email" in ingress:
        places[f"{name}-certificates"] = STORE
    return [
        {"type": "volume", "source": source, "target": target, "volume_options": {"labels": labels(name)}}
        for source, target in places.items()
    ]
