"""Reading from a Docker Engine: the probe before an update, the reasons of a failure after it. Nothing is changed."""

import contextlib
import importlib.util
import socket
from collections.abc import Iterator
from typing import Any

import docker
import docker.errors
import requests

from ...access import DockerAccess, Images
from ...errors import Problem
from ...model import App
from . import versions
from .ports import external

TIMEOUT = 5
"""Seconds that a question to the Engine may take."""
LOG_LINES = 15
"""How many of a failed container's last log lines are shown."""


@contextlib.contextmanager
def connect(access: DockerAccess) -> Iterator[docker.DockerClient]:
    """A client of the Engine that `access` means.

    Raises:
        docker.errors.DockerException: no Engine answers.
    """
    if access.host is None:
        client = docker.from_env(timeout=TIMEOUT)
    else:
        client = docker.DockerClient(base_url=access.host, timeout=TIMEOUT, use_ssh_client=True)
    try:
        yield client
    finally:
        client.close()


def can_ask(access: DockerAccess) -> bool:
    """Whether this program can ask the Engine itself.

    It cannot where the address is an output, where only the plugin holds the certificates (tcp with TLS) or the options
    of ssh, and over ssh without the package that the client wants for it.
    """
    if access.ca is not None or access.ssh or not isinstance(access.host, str | None):
        return False
    over_ssh = access.host is not None and access.host.startswith("ssh://")
    return not over_ssh or importlib.util.find_spec("paramiko") is not None


def probe(app: App, images: Images, access: DockerAccess) -> list[Problem]:
    """What would fail on this Engine, as far as it can be known before anything is created.

    Asked: does it answer, may we, is it new enough, are the published ports free, are the images there. Read-only;
    skipped where this program cannot ask.
    """
    if not can_ask(access):
        return []
    try:
        with connect(access) as client:
            version = client.version()
            return [
                *versions.problems(app, version["Version"], version["ApiVersion"]),
                *_ports(app, access, client),
                *_images(images, client),
            ]
    except (docker.errors.DockerException, requests.RequestException, OSError) as error:
        return [unreachable(access, error)]


REASONS: tuple[tuple[tuple[str, ...], str, str, str], ...] = (
    (
        ("Permission denied", "PermissionError"),
        "no permission to use it",
        "add your user to the group docker and log in again, or run as root",
        "let the user that slipway:cluster.existing.host names use Docker there",
    ),
    (
        ("FileNotFoundError", "ConnectionRefused", "Connection refused"),
        "it is not running",
        "start Docker, or run `make up`, which brings an Engine where it can",
        "start Docker there, and let it listen at this address",
    ),
    (
        ("NameResolution", "Name or service not known", "nodename nor servname"),
        "no such host",
        "check slipway:cluster.existing.host and DOCKER_HOST",
        "check slipway:cluster.existing.host",
    ),
    (
        ("Invalid bind address", "Invalid host"),
        "no address of an Engine",
        "write unix:///path, tcp://host:2376 or ssh://user@host",
        "write unix:///path, tcp://host:2376 or ssh://user@host",
    ),
    (
        ("timed out", "Timeout"),
        f"it does not answer within {TIMEOUT} s",
        "see whether Docker is busy or hangs",
        "see whether the host is up and lets this machine in",
    ),
)
"""What an error says -> what is wrong, and what to do about it: here, and on another machine."""


def unreachable(access: DockerAccess, error: Exception) -> Problem:
    """What is wrong with an Engine that does not answer, and what to do about it."""
    where = f"docker engine {access.host}" if access.host else "docker engine"
    text = f"{type(error).__name__}: {error}"
    for words, what, here, there in REASONS:
        if any(word in text for word in words):
            return Problem(what, where, there if access.remote else here)
    return Problem(f"it does not answer ({str(error).splitlines()[0] if str(error) else type(error).__name__})", where)


def _ports(app: App, access: DockerAccess, client: docker.DockerClient) -> Iterator[Problem]:
    """Host ports that something else has: another container anywhere, any program on this machine."""
    owners = _published(client)
    for name, service in app.services.items():
        for index, port in enumerate(service.ports):
            for number in range(1, service.replicas + 1):
                published = external(port, number)
                if published is None:
                    continue
                owner = owners.get((published, port.protocol))
                taken = owner is not None and owner[1] != app.name
                if owner is None and not access.remote and port.protocol == "tcp":
                    taken = not _free(port.host_ip or "", published)
                if taken:
                    by = f'container "{owner[0]}"' if owner else "another program"
                    where = app.where(("services", name, "ports", index))
                    yield Problem(f"port {published} is taken by {by}", where, "stop it, or publish another port")


def _published(client: docker.DockerClient) -> dict[tuple[int, str], tuple[str, str]]:
    """(host port, protocol) -> (container, project) of what runs."""
    owners: dict[tuple[int, str], tuple[str, str]] = {}
    for container in client.api.containers():
        for port in container.get("Ports") or ():
            if port.get("PublicPort"):
                project = (container.get("Labels") or {}).get("com.docker.compose.project", "")
                owners[port["PublicPort"], port["Type"]] = (container["Names"][0].lstrip("/"), project)
    return owners


def _free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe_socket:
        probe_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe_socket.bind((host, port))
        except PermissionError:
            return True  # a privileged port: the Engine may have it, this program may not
        except OSError:
            return False
    return True


def _images(images: Images, client: docker.DockerClient) -> Iterator[Problem]:
    """References that neither the Engine nor their registry has; each is asked for once, whoever runs it."""
    users: dict[str, list[str]] = {}
    for service, image in images.items():
        if image.digest is None:
            users.setdefault(image.name, []).append(service)
    for name, services in users.items():
        if not _exists(name, client):
            fix = "check the name and the tag, or log in to its registry"
            for service in services:
                yield Problem(f'image "{name}" does not exist', f"services.{service}.image", fix)


def _exists(image: str, client: docker.DockerClient) -> bool:
    """Whether the Engine or the registry has an image; yes, where the registry cannot be asked."""
    try:
        client.images.get(image)
    except docker.errors.ImageNotFound:
        with contextlib.suppress(docker.errors.APIError, requests.RequestException):
            try:
                client.images.get_registry_data(image)
            except docker.errors.NotFound:
                return False
    return True


def reasons(name: str, access: DockerAccess) -> list[str]:
    """Why a container failed: exit code, last health output, last log lines. Empty where nothing is known."""
    if not can_ask(access):
        return []
    try:
        with connect(access) as client:
            container = client.containers.get(name)
            return [*state(container.attrs["State"]), *_log(container)]
    except (docker.errors.DockerException, requests.RequestException, OSError, KeyError):
        return []


def state(found: dict[str, Any]) -> Iterator[str]:
    """What a container's `State` tells about its failure: exit code, error, last health output."""
    if found.get("Status") == "exited":
        yield f"it exited with code {found.get('ExitCode')}"
    if found.get("Error"):
        yield found["Error"]
    log = (found.get("Health") or {}).get("Log") or []
    if log:
        yield f"last health check (exit code {log[-1]['ExitCode']}): {log[-1]['Output'].strip() or 'no output'}"


def _log(container: Any) -> Iterator[str]:
    lines = container.logs(tail=LOG_LINES).decode(errors="replace").splitlines()
    if lines:
        yield f"last {len(lines)} log lines:"
        yield from (f"  {line}" for line in lines)
