"""Values that name another service: what stands in the name's place on Cloud Run, which has no DNS of its own.

A service there answers at `https://SERVICE-NUMBER.REGION.run.app`, which is known before it is made: so two services
may name each other. `http://api:8080/x` becomes that URL. Google's own service in a container's place has an address in
the network, and takes any form. A container next to another is at localhost. In all other forms a name is refused, with
its place: `api:8080` says a port, and requests come at 443, by TLS. Where the stack chose load balancers inside the
network, a name in any form is that of the service's load balancer.
https://cloud.google.com/run/docs/triggering/https-request#deterministic
"""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from ...model import App, Container, Healthcheck, Job, Opaque, Parts, Path, Service, Text, concat
from .. import discovery, sharing
from ..conditions import last, nearest
from ..managed import is_managed
from . import addresses, given, internal_balancers, managed, reach, servers
from .addresses import HTTP_SCHEMES, PLAIN, Form, Named, Span
from .given import Scope

C = TypeVar("C", bound=Container)
Owner = Service | Job
"""The service or job that a container is of."""
Change = tuple[Span, Text]
"""A place in a text, and what stands there instead."""
LOCAL = "localhost"
ADDRESS_KEY = re.compile(r"(?:URL|URI|DSN|HOST|ADDR(?:ESS)?|ENDPOINT|CONNECTION(?:_?STRING)?)$", re.IGNORECASE)
"""A variable that says where something is."""


def rewritten(scope: Scope, container: C, owner: Owner) -> C:
    """A container whose environment, command and entrypoint name other services as Cloud Run has them.

    Args:
        scope: the application.
        container: a service, a job, or a step before a service.
        owner: the service or job that it is of: itself, or the step's service.
    """
    changed: dict[str, Any] = {"environment": _environment(scope, container.environment, owner)}
    for key in ("command", "entrypoint"):
        words = getattr(container, key)
        if words is not None:
            changed[key] = tuple(_value(scope, owner, word, before) for before, word in reach.with_keys(words))
    check = getattr(container, "healthcheck", None)
    if check is not None:
        changed["healthcheck"] = _check(scope, check, owner)
    return dataclasses.replace(container, **changed)


def calls(scope: Scope, owner: Owner) -> frozenset[str]:
    """The services that the values of a service or job name, and those in whose order it is: what it may call."""
    return reach.called(scope).get(owner.name, frozenset()) | set(owner.depends_on)


# --- findings --------------------------------------------------------------------------------------------------------


_scope = last(given.of)
"""The scope of the application that is judged."""


def is_rewritten(app: App, path: Path, value: Any) -> bool:
    """A value that names another service, which has that service's address in its place; see `support.Condition`."""
    return any(_judged(app, path, value))


def is_unreachable(app: App, path: Path, value: Any) -> bool:
    """A value that names another service in a form in which it has no address; see `support.Condition`."""
    return any(changes is None for changes in _judged(app, path, value))


def is_hidden(app: App, path: Path, value: Any) -> bool:
    """A value that is secret as a whole, where the variable says that it is an address; see `support.Condition`."""
    if value is None:
        return False
    owner = getattr(app, str(path[0]))[path[1]]
    others = set(reach.callees(_scope(app)).values()) - {owner.name}
    return bool(others) and addresses.masked(value) == addresses.MASK and ADDRESS_KEY.search(str(path[-1])) is not None


def _judged(app: App, path: Path, value: Any) -> list[list[Change] | None]:
    """What becomes of every name in a value."""
    owner: Owner = getattr(app, str(path[0]))[path[1]]
    if value is None or (isinstance(owner, Service) and is_managed(owner)):
        return []
    scope = _scope(app)
    text = addresses.masked(value)
    found = addresses.named(text, reach.callees(scope), _key_at(app, path))
    return [_changes(scope, owner, each, text) for each in found if not _is_judged_elsewhere(scope, each)]


def _is_judged_elsewhere(scope: Scope, each: Named) -> bool:
    """Whether a name is that of a server that is refused itself: then nothing can be done where it is named."""
    return servers.is_without_http(scope, scope.app.services[reach.callees(scope)[each.name]])


def _key_at(app: App, path: Path) -> str:
    """What a value is the value of: its variable, or the word before it in a command."""
    *_, kind, last_key = path
    if kind == "environment":
        return str(last_key)
    words = getattr(nearest(Container, app, path), str(kind), None)
    return addresses.masked(words[last_key - 1]) if words and isinstance(last_key, int) and last_key > 0 else ""


# --- values ----------------------------------------------------------------------------------------------------------


def _environment(scope: Scope, environment: Mapping[str, Text | None], owner: Owner) -> dict[str, Text | None]:
    found = {key: None if value is None else _value(scope, owner, value, key) for key, value in environment.items()}
    for key, value in environment.items():
        beside = discovery.HOST_VARIABLE.sub("PORT", key)
        callee = reach.callees(scope).get(value.lower()) if isinstance(value, str) else None
        if callee is not None and beside != key and found.get(beside) is not None:
            service = scope.app.services[callee]
            if is_managed(service):
                found[beside] = str(managed.port(service))
    return found


def _value(scope: Scope, owner: Owner, text: Text, key: str) -> Text:
    plain = addresses.masked(text)
    found = addresses.named(plain, reach.callees(scope), key)
    return _replaced(text, [change for each in found for change in _changes(scope, owner, each, plain) or ()])


def _check(scope: Scope, check: Healthcheck, owner: Owner) -> Healthcheck:
    """A health check that calls its own service by name calls what is on the same instance."""
    test = []
    for word in check.test:
        found = addresses.named(addresses.masked(word), reach.callees(scope))
        own = [each for each in found if reach.callees(scope)[each.name] == _instance(scope, owner)]
        test.append(_replaced(word, [(each.host, LOCAL) for each in own]))
    return dataclasses.replace(check, test=tuple(test))


def _changes(scope: Scope, owner: Owner, each: Named, text: str) -> list[Change] | None:
    """What is changed where a service is named; None: it has no address in this form."""
    callee = scope.app.services[reach.callees(scope)[each.name]]
    if callee.name == owner.name and each.form is Form.HOST:
        return []
    if callee.name != owner.name and callee.name == _instance(scope, owner):
        return [(each.host, LOCAL)]
    if is_managed(callee):
        return _of_managed(callee, each, text)
    return _of_served(scope, callee, each, text) if reach.is_served(scope, callee) else None


def _of_served(scope: Scope, callee: Service, each: Named, text: str) -> list[Change] | None:
    scheme = "" if each.scheme is None else text[slice(*each.scheme)].lower()
    if internal_balancers.is_chosen(scope):
        plain = [] if each.scheme is None else [(each.scheme, PLAIN[scheme])]
        return [*plain, (each.host, internal_balancers.host(scope, callee))]
    if each.form is not Form.URL or each.scheme is None:
        return None
    whole = (each.host[0], (each.port or each.host)[1])
    return [(each.scheme, HTTP_SCHEMES[scheme]), (whole, host(scope, callee))]


def _of_managed(callee: Service, each: Named, text: str) -> list[Change]:
    address = Parts([Opaque(managed.address(callee), callee.name, secret=False)])
    if each.port is None or not text[slice(*each.port)].isdigit():
        return [(each.host, address)]
    return [(each.host, address), (each.port, str(managed.port(callee)))]


def host(scope: Scope, callee: Service) -> Text:
    """The host at which a service answers, as a text; the project's number may be known only later."""
    found = scope.host(callee.name)
    if isinstance(found, str):
        return found
    return Parts(part if isinstance(part, str) else Opaque(part, "project", secret=False) for part in found.parts)


def _instance(scope: Scope, owner: Owner) -> str:
    """The service whose instances a container is in."""
    return sharing.network_owner(owner, scope.app) if isinstance(owner, Service) else owner.name


def _replaced(text: Text, changes: Sequence[Change]) -> Text:
    """A text with something else in some places of it; its opaque parts are a character each."""
    if not changes:
        return text
    characters: list[str | Opaque] = []
    for part in (text,) if isinstance(text, str) else text:
        characters += part if isinstance(part, str) else [part]
    for (start, end), instead in sorted(changes, key=lambda change: change[0], reverse=True):
        characters[start:end] = [instead] if isinstance(instead, str) else list(instead)
    parts: list[str | Opaque] = []
    for part in characters:
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    return concat(Parts(parts))
