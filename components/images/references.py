"""What a built image is called: in the Engine, or in the registry that its target pulls from."""

from collections.abc import Iterable

from ..access import Registry
from ..errors import Problem
from ..model import App, Service


def tags(service: Service, app: App, registry: Registry | None = None, *, pushes: bool = False) -> tuple[str, ...]:
    """What the image of a service with `build` is called; the first is what the service runs.

    Loaded into an Engine: the service's `image`, else `<project>-<service>`, as docker compose does. Pushed: the
    service's `image` where it names a registry, else `<prefix>/<project>-<service>`. `build.tags` follow, below the
    prefix where they name no registry: a push of `team/web` would go to Docker Hub.

    Args:
        service: has a `build`.
        app: the application.
        registry: the stack's; None only where nothing needs its prefix, see `unplaced`.
        pushes: whether the target pulls it from a registry.
    """
    first = service.image or f"{app.name}-{service.name}"
    further = service.build.tags if service.build else ()
    if not pushes:
        return tuple(dict.fromkeys((first, *further)))
    if not names_registry(first):
        first = f"{app.name}-{service.name}"
    return tuple(dict.fromkeys(_placed(name, registry) for name in (first, *further)))


def _placed(name: str, registry: Registry | None) -> str:
    return name if registry is None or names_registry(name) else f"{registry.prefix}/{name}"


def names_registry(reference: str) -> bool:
    """Whether an image reference begins with a registry's address: a dot, a port or localhost before the first slash.

    Docker's own rule: https://github.com/distribution/reference (normalize.go).
    """
    host, slash, _ = reference.partition("/")
    return bool(slash) and ("." in host or ":" in host or host == "localhost")


def repository(reference: str) -> str:
    """An image reference without its tag: `localhost:5000/web:1` -> `localhost:5000/web`."""
    head, colon, tag = reference.rpartition(":")
    return head if colon and "/" not in tag else reference


def unplaced(services: Iterable[Service], app: App, target: str, where: str) -> list[Problem]:
    """One problem for all services whose images would need a registry's prefix, where the stack names no registry.

    Args:
        services: have a `build`.
        app: the application.
        target: pulls from a registry.
        where: what the message begins with: `stack swarm`.
    """
    names = [
        service.name
        for service in services
        if not all(names_registry(tag) for tag in tags(service, app, None, pushes=True))
    ]
    if not names:
        return []
    what = f"no value for slipway:registry, and {target} pulls what is built here from one ({', '.join(names)})"
    fix = "run `pulumi config set --path slipway:registry.prefix registry.example.com/team`"
    return [Problem(what, where, fix)]
