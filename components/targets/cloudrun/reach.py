"""What a service becomes: a service of Cloud Run where it has a port, a worker pool where not, a job where it ends.

An instance takes requests at one port of one container
(https://cloud.google.com/run/docs/container-contract#port).
"""

from collections.abc import Iterator, Mapping, Sequence

from ...model import App, Container, Job, Service, Text
from ...support import Conflict
from .. import discovery, ingress, workloads
from ..conditions import last
from ..discovery import ServicePort
from ..managed import is_managed
from ..rows import Key
from . import addresses, managed
from .addresses import Form, Named
from .given import Scope

HTTP = 80
"""The port of a URL that names none."""

H2C = ("grpc", "h2c", "http2", "kubernetes.io/h2c")
"""What `app_protocol` says of a port that speaks HTTP/2 without TLS."""


def is_served(scope: Scope, service: Service) -> bool:
    """Whether a service becomes one of Cloud Run, which others may call."""
    return workloads.is_kept_running(scope, service) and port(scope, service) is not None


def ports(scope: Scope, service: Service) -> tuple[ServicePort, ...]:
    """The ports that a service is known to listen on, in the file's order, then those that others name."""
    found = discovery.ports(service, scope.named_ports.get(service.name, ()))
    return found or ((ServicePort(HTTP),) if service.name in by_plain_url(scope) else ())


def port(scope: Scope, service: Service) -> ServicePort | None:
    """The port that requests are handed to: that of the ingress, else the first that is published, else the first.

    None: it has none of TCP.
    """
    found = {each.number: each for each in ports(scope, service) if each.protocol == "tcp"}
    asked = ingress.container_port(service) if ingress.ingress(service) is not None else None
    published = [each.target for each in discovery.published(service) if each.protocol == "tcp"]
    return next((found[number] for number in (asked, *published, *found) if number in found), None)


def key(scope: Scope, service: Service) -> Key:
    """The row of what runs a service: what its dependents wait for."""
    if is_managed(service):
        return managed.key(service)
    if scope.is_run(service):
        return ("Job", service.name)
    return ("Service" if is_served(scope, service) else "WorkerPool", service.name)


# --- who names whom --------------------------------------------------------------------------------------------------


@last
def callees(scope: Scope) -> Mapping[str, str]:
    """Every name by which services are called, in lower case -> the service."""
    return {alias.lower(): name for name, aliases in scope.called.items() for alias in aliases}


Mention = tuple[Service | Job, Named]
"""A service or job, and a place in its values that names a service."""


@last
def mentions(scope: Scope) -> tuple[Mention, ...]:
    """Every place in the application's values that names a service, read once."""
    owners: list[Service | Job] = [*scope.app.services.values(), *scope.app.jobs.values()]
    return tuple((owner, each) for owner in owners for each in _named(scope, owner))


def _named(scope: Scope, owner: Service | Job) -> Iterator[Named]:
    for container in (owner, *steps(owner)):
        for key, text in texts(container):
            yield from addresses.named(addresses.masked(text), callees(scope), key)


@last
def called(scope: Scope) -> Mapping[str, frozenset[str]]:
    """Service or job -> the services that its values name, without itself."""
    found: dict[str, set[str]] = {}
    for owner, each in mentions(scope):
        found.setdefault(owner.name, set()).add(callees(scope)[each.name])
    return {name: frozenset(names - {name}) for name, names in found.items()}


@last
def by_plain_url(scope: Scope) -> frozenset[str]:
    """The services that others name by a URL without a port: `http://api/`."""
    named = (
        (owner.name, callees(scope)[each.name])
        for owner, each in mentions(scope)
        if each.form is Form.URL and each.port is None
    )
    return frozenset(callee for owner, callee in named if callee != owner)


def steps(workload: Service | Job) -> Sequence[Container]:
    """The steps that run before a service; a job has none."""
    return workload.pre_start if isinstance(workload, Service) else ()


def texts(container: Container) -> Iterator[tuple[str, Text]]:
    """Every value in which one service may name another, with what it is the value of: a variable, or an option."""
    for key, value in container.environment.items():
        if value is not None:
            yield key, value
    for words in (container.command, container.entrypoint):
        yield from with_keys(words or ())


def with_keys(words: Sequence[Text]) -> Iterator[tuple[str, Text]]:
    """Each word of a command, with the one before it, which may be an option."""
    yield from zip(("", *map(addresses.masked, words)), words, strict=False)


# --- what is refused -------------------------------------------------------------------------------------------------


def conflicts(app: App) -> Iterator[Conflict]:
    """Names that two services would share: a value can have the address of one of them in its place."""
    yield from discovery.shared_aliases(app, Scope.beside)
