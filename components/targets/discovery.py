"""By which names, and at which ports, the services of an application reach each other.

Compose gives every service its name on its networks, and all of its ports with it. Elsewhere ports are listed: by a
Service on Kubernetes, by a security group on AWS. So what no service declares is read off the values that name it:
`http://api:9000` in another service's environment says that `api` listens on 9000.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..model import App, Container, Path, Port, Service, Text
from ..support import Conflict
from . import dns_names
from .ingress import ingress

NAMED_PORT = re.compile(r"(?<![\w.-])([\w.-]+):(\d{2,5})(?![\w@]|[.-]\w)")
"""`db:5432` in a longer text, and neither `user:5432@host` nor the tag of an image like `db:16-alpine`."""
NAMED_HOST = re.compile(r"(?:^|[/@])([\w.-]+)(?=$|[:/?])")
"""`db` alone, in `http://db/`, or in `user:password@db:5432`."""
HOST_VARIABLE = re.compile(r"(?:HOST(?:NAME)?|SERVER|ADDR(?:ESS)?)$", re.IGNORECASE)
"""`DB_HOST`, which has a `DB_PORT` beside it."""
LOWEST_PORT, HIGHEST_PORT = 20, 65535
"""A number below the ports that applications listen on is a version: `redis:7`, `postgres:16`."""


@dataclass(frozen=True, slots=True)
class ServicePort:
    """A port that a service listens on.

    Attributes:
        number: of the container.
        protocol: tcp, udp or sctp.
        name: where the file gives one.
        app_protocol: what is spoken on it, where the file says so.
    """

    number: int
    protocol: str = "tcp"
    name: str | None = None
    app_protocol: str | None = None


def has_address(container: Container) -> bool:
    """Whether it has an address of its own: not without a network, nor within another service's."""
    mode = container.network_mode or ""
    return mode != "none" and not mode.startswith(("service:", "container:"))


def called(app: App, beside: str = "") -> Mapping[str, Mapping[str, Path]]:
    """Service -> every name that others can call it by, its own first, with the place that gives the name.

    Names are as the file writes them. What is no DNS label, such as an alias with dots, is left out but for the
    service's own name: a cluster has no way to give it.

    Args:
        app: it.
        beside: see `dns_names.label`.
    """
    found: dict[str, dict[str, Path]] = {
        name: {name: ("services", name)} for name, service in app.services.items() if has_address(service)
    }
    for name, alias, path in _aliases(app):
        if name in found and dns_names.is_label(alias.lower(), beside):
            found[name].setdefault(alias, path)
    return found


def _aliases(app: App) -> Iterator[tuple[str, str, Path]]:
    for name, service in app.services.items():
        for key, network in service.networks.items():
            for index, alias in enumerate(network.aliases if network is not None else ()):
                yield name, alias, ("services", name, "networks", key, "aliases", index)
        for index, link in enumerate(service.links):
            other, _, alias = link.partition(":")
            yield other, alias or other, ("services", name, "links", index)
        for key in ("container_name", "hostname"):
            alias = getattr(service, key)
            if alias is not None:
                yield name, alias, ("services", name, key)


def named_ports(app: App, files: Iterable[str] = (), beside: str = "") -> Mapping[str, tuple[int, ...]]:
    """Service -> the TCP ports that the application's values name together with it, ascending.

    Args:
        app: it.
        files: what configs and files of the project contain.
        beside: see `dns_names.label`.
    """
    service_of = {alias.lower(): name for name, aliases in called(app, beside).items() for alias in aliases}
    found: dict[str, set[int]] = {}
    for host, port in _named(app, files):
        name = service_of.get(host.lower())
        if name is not None and LOWEST_PORT <= int(port) <= HIGHEST_PORT:
            found.setdefault(name, set()).add(int(port))
    return {name: tuple(sorted(ports)) for name, ports in found.items()}


def _named(app: App, files: Iterable[str]) -> Iterator[tuple[str, str]]:
    for container in _containers(app):
        for _, text in _texts(container):
            yield from _pairs(text)
        for key, value in container.environment.items():
            port = container.environment.get(HOST_VARIABLE.sub("PORT", key))
            if isinstance(value, str) and isinstance(port, str) and port.isascii() and port.isdigit():
                yield value, port
    for file in files:
        yield from _pairs(file)


def _pairs(text: Text) -> Iterator[tuple[str, str]]:
    for part in (text,) if isinstance(text, str) else text:
        if isinstance(part, str):
            yield from NAMED_PORT.findall(part)


def _containers(app: App) -> Iterator[Container]:
    for service in app.services.values():
        yield service
        yield from service.pre_start
    yield from app.jobs.values()


def _texts(container: Container) -> Iterator[tuple[Path, Text]]:
    """Every value in which one service may name another, with its place below the container."""
    for key, value in container.environment.items():
        if value is not None:
            yield ("environment", key), value
    for key in ("command", "entrypoint"):
        for index, text in enumerate(getattr(container, key) or ()):
            yield (key, index), text
    healthcheck = getattr(container, "healthcheck", None)
    for index, text in enumerate(healthcheck.test if healthcheck is not None else ()):
        yield ("healthcheck", "test", index), text


def ports(service: Service, named: Iterable[int] = ()) -> tuple[ServicePort, ...]:
    """The ports that a service is reached at from inside: published, exposed, asked by its ingress, named by others.

    Args:
        service: it.
        named: of `named_ports`.
    """
    found: dict[tuple[int, str], ServicePort] = {}
    for port in service.ports:
        given = ServicePort(port.target, port.protocol, port.name, port.app_protocol)
        found.setdefault((port.target, port.protocol), given)
    for text in service.expose:
        written, _, protocol = text.partition("/")
        first, _, last = written.partition("-")
        for number in range(int(first), int(last or first) + 1):
            found.setdefault((number, protocol or "tcp"), ServicePort(number, protocol or "tcp"))
    asked = ingress(service)
    for number in (*([asked.port] if asked is not None and asked.port is not None else []), *named):
        found.setdefault((number, "tcp"), ServicePort(number))
    return tuple(found.values())


def published(service: Service) -> tuple[Port, ...]:
    """The ports that are reachable from outside; an address of the loopback means this machine, which no node is."""
    return tuple(port for port in service.ports if not is_loopback(port))


def is_loopback(port: Port) -> bool:
    """Whether a port is published to the host itself only."""
    return port.host_ip is not None and (port.host_ip == "::1" or port.host_ip.startswith("127."))


def outside(port: Port) -> int:
    """The port outside: the first of a range; where the platform may pick one, the container's own."""
    return port.target if port.published is None else int(port.published.partition("-")[0])


def conflicts(app: App, beside: str = "") -> Iterator[Conflict]:
    """Names that two services would share, and values that call a service by a name that no DNS has.

    Args:
        app: it.
        beside: see `dns_names.label`.
    """
    yield from _shared(app, beside)
    yield from _unreachable(app, beside)


def _shared(app: App, beside: str) -> Iterator[Conflict]:
    taken: dict[str, str] = {}
    for name in called(app, beside):
        other = taken.setdefault(dns_names.label(name, beside), name)
        if other != name:
            what = f'"{name}" and "{other}" are both "{dns_names.label(name, beside)}" in the cluster\'s DNS'
            yield Conflict(("services", name), what, "rename one of them")
    yield from shared_aliases(app, beside)


def shared_aliases(app: App, beside: str = "") -> Iterator[Conflict]:
    """Aliases that are the name of another service, or of which two services have the same.

    Args:
        app: it.
        beside: see `dns_names.label`.
    """
    everything = called(app, beside)
    taken = {dns_names.label(name, beside): name for name in reversed([*everything])}
    for name, aliases in everything.items():
        for alias, path in aliases.items():
            other = taken.setdefault(dns_names.label(alias, beside), name)
            if name not in (other, alias):
                yield Conflict(path, f'the name "{alias}" is that of services.{other}', "give it another")


def _unreachable(app: App, beside: str) -> Iterator[Conflict]:
    unknown = {name for name in called(app, beside) if not dns_names.is_label(name.lower(), beside)}
    if not unknown:
        return
    for kind in ("services", "jobs"):
        for name, container in getattr(app, kind).items():
            for path, text in _texts(container):
                for host in sorted(unknown & set(_hosts(text))):
                    label = dns_names.label(host, beside)
                    what = f'"{host}" is no name that DNS has; the service is "{label}" in the cluster'
                    fix = f'rename the service, or give it the network alias "{label}" and write that'
                    yield Conflict((kind, name, *path), what, fix)


def _hosts(text: Text) -> Iterator[str]:
    for part in (text,) if isinstance(text, str) else text:
        if isinstance(part, str):
            yield from NAMED_HOST.findall(part)
            yield from (host for host, _ in NAMED_PORT.findall(part))
