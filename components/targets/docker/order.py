"""In which order a replica is replaced: the old one first (`stop-first`), or the new one first (`start-first`).

Two containers that run at the same time cannot have one name, one host port or one writer's volume. A service whose
file asks for `start-first` gets it where none of these is in the way; the support table reports it where one is.
"""

from ...model import App, Service


def obstacle(service: Service, app: App) -> str | None:
    """What keeps a service from `start-first`; None: nothing does."""
    if service.container_name:
        return f'two containers cannot both be named "{service.container_name}"'
    for port in service.ports:
        if port.published:
            return f"two containers cannot both publish port {port.published}"
    if service.network_mode == "host":
        return "two containers on the host's network cannot both listen on one port"
    for mount in service.volumes:
        volume = app.volumes.get(mount.source or "") if mount.type == "volume" else None
        shared = volume is not None and volume.x_slipway is not None and volume.x_slipway.shared
        if mount.type == "volume" and not mount.read_only and not shared:
            return f'volume "{mount.source or mount.target}" has one writer'
    return None


def wants_start_first(service: Service) -> bool:
    """Whether the file asks for `start-first`."""
    update = service.deploy.update_config if service.deploy else None
    return update is not None and update.order == "start-first"


def start_first(service: Service, app: App) -> bool:
    """Whether the new container comes before the old one goes."""
    return wants_start_first(service) and obstacle(service, app) is None
