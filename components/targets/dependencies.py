"""What services wait for, read from the application: the same for every target that has no order of its own."""

from ..model import App, Service


def in_dependency_order(app: App) -> list[Service]:
    """Services, each after those that it depends on; else in the file's order. The loader has refused cycles."""
    ordered: dict[str, Service] = {}

    def visit(service: Service) -> None:
        if service.name in ordered:
            return
        for name in service.depends_on:
            if name in app.services:
                visit(app.services[name])
        ordered[service.name] = service

    for service in app.services.values():
        visit(service)
    return list(ordered.values())


def runs_to_completion(name: str, app: App) -> bool:
    """Whether another service waits for this one to end with exit code 0."""
    return _awaited(name, app, "service_completed_successfully")


def must_be_healthy(name: str, app: App) -> bool:
    """Whether another service waits for this one to be healthy."""
    return _awaited(name, app, "service_healthy")


def _awaited(name: str, app: App, condition: str) -> bool:
    return any(
        service.depends_on[name].condition == condition
        for service in app.services.values()
        if name in service.depends_on
    )
